"""The single things that happen in a story, beside the weeks that go by: one for each `do` in its events."""

from datetime import datetime, time, timedelta

from rapport.demo import agreements, goals, proposals, script, together
from rapport.events import actions as circles
from rapport.events.circles.questions import mentors_for
from rapport.matches import actions as matches
from rapport.matches.actions.feedback import say_feedback
from rapport.matches.models import Match, Point
from rapport.meetings import actions as meetings
from rapport.meetings.actions import outings
from rapport.meetings.actions.feeds import make_feed
from rapport.meetings.actions.practice import put_good_practice
from rapport.meetings.models import Meeting
from rapport.meetings.outings.standing import standing_of
from rapport.meetings.sheet.day import sheet_of
from rapport.meetings.sheet.whose import pairs_at
from rapport.meetings.telling import More
from rapport.safeguarding import actions as safeguarding


def pause(telling, event) -> None:
    """A pair rests for a while."""

    def do(*, at: datetime) -> None:
        match, pair = telling.pair_of(event["mentor"])
        on = at.astimezone(telling.program.zone).date()
        matches.pause(
            match, reason=event["reason"], starts_on=on, back_on=telling.story.day(event["back"]),
            by=telling.staff[pair.coordinator], at=at,
        )  # fmt: skip

    telling.plan(telling.story.moment(event["when"]), do)


def close(telling, event) -> None:
    """A pair that met in the story's weeks says goodbye."""
    pair = script.pair(telling.story, cells(event))
    telling.play(pair)

    def do(*, at: datetime) -> None:
        match, by = telling.match_of(pair), telling.staff[pair.coordinator]
        points = list(match.points.untouched().required_for(Point.Moment.CLOSE))
        matches.tick(points, words="Talked with each of them, apart.", by=by, at=at)
        on = at.astimezone(telling.program.zone).date()
        matches.close(match, reason=event["reason"], note=event["note"], ended_on=on, by=by, at=at)

    telling.plan(telling.story.moment(event["when"]), do)


def propose(telling, event) -> None:
    """Two people are proposed to each other, and it has not begun."""
    pair = script.pair(telling.story, cells(event), event.get("missing", ""))
    at, by = telling.story.moment(event["when"]), telling.staff[pair.coordinator]
    telling.plan(at - timedelta(days=14), telling.come, pair, by)
    telling.plan(at - timedelta(days=7), telling.bring_papers, pair, by)
    telling.plan(at, telling.propose, pair, by)


def ask_each(telling, event) -> None:
    """Two people are proposed to each other, and each side is asked in turn: who said what, a day apart."""
    propose(telling, event)
    moment = telling.story.moment(event["when"]) + timedelta(minutes=20)

    def let_go(*, at: datetime) -> None:
        match, pair = telling.pair_of(cells(event)[0])
        proposals.let_go(match, by=telling.staff[pair.coordinator], at=at)

    def hear(party, says, way, *, at: datetime) -> None:
        match, pair = telling.pair_of(cells(event)[0])
        proposals.hear(match, party, says=says, way=way, by=telling.staff[pair.coordinator], at=at)

    telling.plan(moment, let_go)
    for days, (party, says, way) in enumerate(event["said"], start=1):
        telling.plan(moment + timedelta(days=days), hear, party, says, way)


def set_aside(telling, event) -> None:
    """A proposal that does not begin."""
    propose(telling, event)

    def do(*, at: datetime) -> None:
        mentor = cells(event)[0]
        match, pair = telling.pair_of(mentor)
        matches.set_aside(match, words=event["words"], by=telling.staff[pair.coordinator], at=at)

    telling.plan(telling.story.moment(event["when"]) + timedelta(days=5), do)


def hold(telling, event) -> None:
    """Somebody tells of a worry about a pair; the lead reads it and holds all contact. To everybody else it rests."""

    def do(*, at: datetime) -> None:
        match, pair = telling.pair_of(event["mentor"])
        child = telling.people.participants["mentee", pair.mentees[0].name].person
        lead = telling.program.duty.lead
        concern = safeguarding.raise_concern(
            program=telling.program, words=event["words"], cause_key=f"told:{match.ref}", subject=child, match=match,
            raised_by_label=event["told_by"], by=lead, at=at,
        )  # fmt: skip
        safeguarding.acknowledge(concern, by=lead, at=at + timedelta(minutes=20))
        safeguarding.hold_contact(concern, by=lead, at=at + timedelta(minutes=25))
        concern.refresh_from_db()
        safeguarding.note(concern, words=event["note"], by=lead, at=at + timedelta(minutes=40))

    telling.plan(telling.story.moment(event["when"]), do)


def sheet(telling, event) -> None:
    """A school hands in its day sheet on paper a week later: it says the same as the mentors did."""

    def do(*, at: datetime) -> None:
        site, by = telling.program.sites.get(name=event["site"]), telling.staff[event["who"]]
        site.program, on = telling.program, telling.story.day(event["of"])
        rows = sheet_of(pairs_at(site, by, at), site, on).rows
        taps = [meetings.Tap(row.meeting, "here", row.seen) for row in rows if row.meeting.kept_at]
        said_by = meetings.somebody(by, telling.program, by=by, at=at)
        meetings.mark(taps, said_by=said_by, source="paper", form_id=f"sheet:{on}", by=by, at=at)

    telling.plan(telling.story.moment(event["when"]), do)


def circle(telling, event) -> None:
    """Mentors of a site meet among themselves, and are asked to the next time."""

    def do(*, at: datetime) -> None:
        program, by = telling.program, telling.staff[event["host"]]
        site = program.sites.get(name=event["site"])
        one = circles.begin_circle(program, name=event["name"], host=by, site=site, form_id=event["name"], by=by, at=at)
        asked = {"mentors": list(mentors_for(one, by, at)), "colleagues": [by], "place": event["place"], "minutes": 60}
        met = circles.ask_to(one, starts_at=at - timedelta(hours=2), about=event["about"], **asked, by=by, at=at)
        seats = list(met.seats.order_by("pk"))
        circles.note(met, took_place=True, there=seats[1:], away=seats[:1], notes=event["notes"], by=by, at=at)
        circles.ask_to(one, starts_at=telling.story.moment(event["next"]), **asked, by=by, at=at)

    telling.plan(telling.story.moment(event["when"]), do)


def outing(telling, event) -> None:
    """A mentor asks for an outing, and the child's guardian says yes; the mentor takes the calendar address, too."""

    def do(*, at: datetime) -> None:
        match, pair = telling.pair_of(event["mentor"])
        mentor = telling.people.participants["mentor", pair.mentor.name].person
        begins = telling.story.moment(event["leaves"])
        made = outings.ask_for_outing(
            match, person=mentor, form_id=event["what"], what=event["what"], place=event["place"], starts_at=begins,
            ends_at=begins + timedelta(hours=event["hours"]), transport=event["transport"], company="", by=mentor,
            at=at,
        )  # fmt: skip
        for one in standing_of(made, at).says:
            outings.say_to_outing(
                made, child=one.child, person=one.guardian, is_yes=True, version=made.version, by=one.guardian,
                at=at + timedelta(hours=3),
            )  # fmt: skip
        make_feed(mentor, program=telling.program, by=None, at=at)

    telling.plan(telling.story.moment(event["when"]), do)


def next_time(telling, event) -> None:
    """What a pair wants to talk about and agreed to do, when both are free, and a meeting that the mentor moved."""

    def do(*, at: datetime) -> None:
        match, pair = telling.pair_of(event["mentor"])
        mentor = telling.people.participants["mentor", pair.mentor.name]
        mentee = telling.people.participants["mentee", pair.mentees[0].name]
        for one, kind, words in ((mentee, "topic", event["topic"]), (mentor, "agreed", event["agreed"])):
            meetings.add_to_agenda(match, kind=kind, words=words, person=one.person, by=one.person, at=at)
        for one, spans in ((mentor, event["mentor_free"]), (mentee, event["mentee_free"])):
            times = [(day, time.fromisoformat(first), time.fromisoformat(last)) for day, first, last in spans]
            meetings.say_free_times(one, times, by=one.person, at=at)
        later = Meeting.objects.untouched().filter(match=match, starts_at__gt=at + timedelta(days=event["later"]))
        meeting = later.order_by("starts_at").first()
        new = meeting.starts_at + timedelta(days=1)
        meetings.move_meeting(meeting, starts_at=new, person=mentor.person, by=mentor.person, at=at)

    telling.plan(telling.story.moment(event["when"]), do)


def goal(telling, event) -> None:
    """A pair works at the goal that the mentee said."""

    def do(*, at: datetime) -> None:
        match, pair = telling.pair_of(event["mentor"])
        on = at.astimezone(telling.program.zone).date()
        found = Match.objects.select_related("program").with_people().get(pk=match.pk)
        goals.work_at_it(found, event, on=on, by=telling.staff[pair.coordinator], at=at)

    telling.plan(telling.story.moment(event["when"]), do)


def cells(event) -> list[str]:
    return [cell.strip() for cell in event["pair"].split("|")]


def agreement(telling, event) -> None:
    """How a pair goes about it, in writing."""

    def do(*, at: datetime) -> None:
        match, pair = telling.pair_of(event["mentor"])
        agreements.agree(match, event, by=telling.staff[pair.coordinator], at=at)

    telling.plan(telling.story.moment(event["when"]), do)


def feedback(telling, event) -> None:
    """A mentee tells what helps and what could be different, and wants it passed on."""

    def do(*, at: datetime) -> None:
        match, pair = telling.pair_of(event["mentor"])
        found = Match.objects.select_related("program", "coordinator").with_people().get(pk=match.pk)
        to, child = (telling.people.participants[side].person for side in sides(pair))
        told = {"helps": event["helps"], "change": event["change"], "may_pass": True, "form_id": f"helps:{match.ref}"}
        heard = goals.Heard(child, "paper")
        say_feedback(found, to=to, **told, heard=heard, by=telling.staff[pair.coordinator], at=at)

    telling.plan(telling.story.moment(event["when"]), do)


def sides(pair):
    return ("mentor", pair.mentor.name), ("mentee", pair.mentees[0].name)


def good_practice(telling, event) -> None:
    """A mentor tells of a way that worked; staff put it, without a name, where all mentors read it."""

    def do(*, at: datetime) -> None:
        match, pair = telling.pair_of(event["mentor"])
        mentor, by = telling.people.participants["mentor", pair.mentor.name].person, telling.staff[pair.coordinator]
        meeting = Meeting.objects.filter(match=match, kept_at__isnull=False).latest("starts_at")
        more = More(technique=event["technique"], opinion=event["told"], is_good_practice=True)
        log = meetings.log(meeting, mentor, True, minutes=60, more=more, source="page", by=mentor, at=at)
        put_good_practice(log, words=event["words"], by=by, at=at)

    telling.plan(telling.story.moment(event["when"]), do)


HAPPENINGS = {
    "agreement": agreement,
    "next-time": next_time,
    "goal": goal,
    "pause": pause,
    "close": close,
    "propose": propose,
    "ask-each": ask_each,
    "set-aside": set_aside,
    "hold": hold,
    "sheet": sheet,
    "circle": circle,
    "outing": outing,
    "group": together.group,
    "event-day": together.event_day,
    "feedback": feedback,
    "good-practice": good_practice,
}
