"""What more than a pair do in a story: groups that meet, and days on which people get to know each other."""

from datetime import datetime, timedelta

from rapport.demo import script
from rapport.events import actions as events
from rapport.events.groups.questions import pairs_of_teams
from rapport.events.models import Group
from rapport.matches.models import Match
from rapport.people.models import Participant
from rapport.programs.models import Program


def group(telling, event) -> None:
    """Young people do something together each week; one stays away, one is offered a place, and it gets stuck."""
    first = telling.story.moment(event["first"])

    def begin(*, at: datetime) -> None:
        program, by, here = telling.program, telling.staff[event["host"]], telling.people.participants
        lead, site = here["mentor", event["lead"]].person, program.sites.get(name=event["site"])
        told = {"name": event["name"], "purpose": event["purpose"], "room": event["room"]}
        made = events.begin_group(program, **told, lead=lead, host=by, site=site, form_id=event["name"], by=by, at=at)
        people = [here["mentor", event["lead"]], *(here["mentee", name] for name in event["who"])]
        events.take_in(made, people, by=by, at=at)
        events.set_times(
            made, starts_at=first, minutes=90, place=event["place"], plan=event["plan"], every_weeks=1,
            until_on=telling.story.day(event["until"]), by=by, at=at,
        )  # fmt: skip

    telling.plan(telling.story.moment(event["when"]), begin)
    for week in range(event["weeks"]):
        telling.plan(first + timedelta(weeks=week, minutes=80), mark, telling, event)
    telling.plan(telling.story.moment(event["stuck"]), stick, telling, event)
    telling.plan(telling.story.moment(event["offer"]), offer, telling, event)


def mark(telling, event, *, at: datetime) -> None:
    """Whoever leads it taps who is there, on the day itself."""
    made = of(telling, event)
    session = made.sessions.filter(starts_at__lte=at).order_by("-starts_at")[0]
    week = round((session.starts_at - telling.story.moment(event["first"])) / timedelta(weeks=1))
    for row in made.members.inside().select_related("participant__person"):
        was_there = week not in event["away"].get(str(row.participant.person), [])
        events.mark_presence(
            session, row.participant, was_there=was_there, seen=None, said_by=made.lead, by=made.lead, at=at
        )


def stick(telling, event, *, at: datetime) -> None:
    """Its lead says that it is stuck, and that a pair would like a word."""
    made = of(telling, event)
    pairs = dict.fromkeys(pairs_of_teams([made.pk])[made.pk], "word")
    events.say_headway(made, says="stuck", pairs=pairs, said_by=made.lead, form_id="stuck", by=made.host, at=at)


def offer(telling, event, *, at: datetime) -> None:
    people = [one for name in event["offered"] for one in named(telling, name)]
    events.offer_places(of(telling, event), people, by=telling.staff[event["host"]], at=at)


def of(telling, event):
    return Group.objects.select_related("program", "lead", "host").get(form_id=event["name"])


def event_day(telling, event) -> None:
    """One day on which people meet: asked by letter, some say yes, some come, and pairs begin."""
    pairs = [script.pair(telling.story, script.rows(row)[0]) for row in event.get("pairs", [])]
    begins, asked_at = telling.story.moment(event["begins"]), telling.story.moment(event["when"])
    for pair in pairs:
        telling.plan(asked_at - timedelta(days=7), telling.come, pair, telling.staff[event["host"]])
        telling.plan(asked_at - timedelta(days=3), telling.bring_papers, pair, telling.staff[event["host"]])

    def ask(*, at: datetime) -> None:
        by, program = telling.staff[event["host"]], telling.program
        told = {name: event[name] for name in ("name", "about", "place", "room", "minutes")}
        day = events.make_day(program, **told, starts_at=begins, host=by, form_id=event["name"], by=by, at=at)
        events.invite(day, [one for name in event["asked"] for one in named(telling, name)], by=by, at=at)

    telling.plan(asked_at, ask)
    telling.plan(asked_at + timedelta(days=2), say, telling, event)
    telling.plan(begins + timedelta(hours=3), come_and_pair, telling, event, pairs)


def named(telling, name) -> list[Participant]:
    return [one for (_side, who), one in telling.people.participants.items() if who == name]


def day_of(telling, event):
    return Program.objects.get(pk=telling.program.pk).event_days.select_related("program").get(form_id=event["name"])


def say(telling, event, *, at: datetime) -> None:
    """A yes or a no by link; for a child a guardian says it."""
    guardians = telling.people.guardians
    for row in day_of(telling, event).invitations.select_related("day", "participant__person"):
        name = str(row.participant.person)
        if name in event["silent"]:
            continue
        who = guardians.get(name, row.participant.person)
        events.answer_invitation(row, is_coming=name not in event["declined"], said_by=who, by=who, at=at)


def come_and_pair(telling, event, pairs, *, at: datetime) -> None:
    """At the door, and who talked with whom there."""
    day, by, here = day_of(telling, event), telling.staff[event["host"]], telling.people.participants
    for row in day.invitations.filter(state="coming").select_related("day", "participant__person"):
        events.mark_came(row, came=str(row.participant.person) not in event["stayed_away"], by=by, at=at)
    for pair in pairs:
        mentor, mentee = here["mentor", pair.mentor.name], here["mentee", pair.mentees[0].name]
        match = events.note_pair(day, mentor=mentor, mentee=mentee, by=by, at=at).match
        telling.pairs[match.pk] = (match, pair)
        if not Match.objects.open().filter(pk=match.pk).exists():
            telling.begin(pair, by, at=at)
