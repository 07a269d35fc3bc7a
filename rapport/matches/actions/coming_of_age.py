"""Somebody in a match turns 18: the coordinator is called in time, and until their own agreement is written down.

The match goes on; what a guardian may ends by itself that day (`Guardianship.is_living`). The program's limits say how
long before the day the first call comes, and how often it comes again.
"""

from datetime import timedelta

from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import override

from rapport.core.languages import OF_STAFF
from rapport.core.months import add_months, day_in
from rapport.matches.calling import with_owners
from rapport.matches.models import Match, Member
from rapport.onboarding.gatekeeping import BEFORE_18
from rapport.onboarding.models import Gate
from rapport.people.models import ADULT_AT, grown_on
from rapport.programs.models import Program
from rapport.tasks.actions import NewTask, add_tasks, drop, reword
from rapport.tasks.days import of_day
from rapport.tasks.models import Task

KIND, AGAIN_CHILD = "matches/turns-18", "matches/is-a-child"
AGAIN = "turning-18-again"
PRESSING = 3
YEAR = timedelta(days=366)  # whoever was grown up long before is asked when they come in


@transaction.atomic
def call_about_turning_18(*, at, limit):
    """One task for each open match with somebody who is soon 18, and again until their own agreement is written down.

    Returns how many tasks were made, reworded or dropped.
    """
    programs = {p.pk: p for p in Program.objects.open().filter(limits__code=BEFORE_18).with_limits()}
    before = max((p.limit(BEFORE_18) for p in programs.values()), default=None)
    if before is None:
        return 0
    places = [place for place in coming(at, before, programs) if is_due(place, at)]
    standing = {(task.about_id, task.person_id): task for task in Task.objects.open().filter(kind=KIND)}
    wanted = {(place.match_id, place.participant.person_id): place for place in places}
    over = [task for key, task in standing.items() if key not in wanted]
    if over:
        drop(over, note=_("It is written down, or their birthday is another one."), by=None, at=at)
    new_words = {standing[key]: words_of(place, at)[:300] for key, place in wanted.items() if key in standing}
    new_words = {task: words for task, words in new_words.items() if task.reason != words}
    if new_words:
        reword(new_words, by=None, at=at)
    new = [place for key, place in wanted.items() if key not in standing][:limit]
    return len(over) + len(new_words) + len(add_tasks(tasks_of(new, at), by=None, at=at))


def coming(at, before, programs):
    """Places in open matches of those who are 18 within this time, or since a year, with what they said themselves."""
    born = [add_months(day, -12 * ADULT_AT) for day in (at.date() - YEAR, at.date() + before + timedelta(days=1))]
    near = Member.objects.filter(participant__person__born_on__range=born, match__state__in=Match.OPEN)
    rows = list(near.filter(program__in=programs).select_related("participant__person", "match"))
    own = Gate.objects.counted().filter(
        participant__in={row.participant_id for row in rows}, code=Gate.Code.CONSENT, is_met=True
    )
    said = dict(own.values_list("participant", "met_on"))
    for row in rows:
        row.match.program = programs[row.program_id]
        row.birthday, row.said_on = grown_on(row.participant.person.born_on), said.get(row.participant_id)
    return rows


def is_due(place, at):
    """Soon 18, or 18 since they began, and nothing said for themselves as a grown-up or shortly before."""
    program, on = place.match.program, day_in(at, place.match.program.zone)
    first = place.birthday - program.limit(BEFORE_18)
    began_young = place.match.begun_on is not None and place.match.begun_on < place.birthday
    return first <= on and began_young and (place.said_on is None or place.said_on < first)


def words_of(place, at):
    said = {"name": place.participant.person.first_name, "day": date_format(place.birthday, "j F Y")}
    if day_in(at, place.match.program.zone) < place.birthday:
        words = _("%(name)s turns 18 on %(day)s: ask for their own agreement. From that day on no guardian is asked.")
    else:
        words = _("%(name)s is 18 since %(day)s: write down their own agreement. No guardian is asked any more.")
    return words % said


def tasks_of(places, at):
    """One each; where one was done and nothing is written down, the next comes after a while."""
    matches = list({place.match_id: place.match for place in places}.values())
    found = {
        m.pk: m
        for m in Match.objects.filter(pk__in=[m.pk for m in matches])
        .with_people()
        .select_related("coordinator", "program")
    }
    owners = {match.pk: owner for match, owner in with_owners(found.values(), at)}
    return [task_of(place, owners[place.match_id], at) for place in places if place.match_id in owners]


def again_after(program):
    row = program.limits_by_code.get(AGAIN)
    return row.measure if row else YEAR


@override(OF_STAFF)
def task_of(place, owner, at):
    match, person = place.match, place.participant.person
    times = (day_in(at, match.program.zone) - place.birthday) // again_after(match.program)
    return NewTask(
        program=match.program, kind=KIND, owner=owner, person=person, about=match, reason=words_of(place, at),
        cause_key=f"turns-18:{match.ref}:{person.ref}:{place.birthday}:{max(times, -1)}", pressing=PRESSING,
        **of_day(max(place.birthday, day_in(at, match.program.zone)), match.program.zone) | {"due_at": at},
    )  # fmt: skip


@transaction.atomic
def call_about_a_child(participant, *, at):
    """Whoever counted as grown up counts as a child again: the coordinators of their open matches are called."""
    places = Member.objects.filter(participant=participant, match__state__in=Match.OPEN).values("match")
    found = Match.objects.filter(pk__in=places).select_related("program", "coordinator").with_people()
    words = _(
        "%(name)s counts as a child again, for the birth date was put right. Look at what a child needs to have, "
        "and pause until it is there."
    ) % {"name": participant.person.first_name}
    tasks = [
        NewTask(
            program=match.program, kind=AGAIN_CHILD, owner=owner, person=participant.person, about=match, reason=words,
            due_at=at, late_at=None, pressing=1,
            cause_key=f"child-again:{match.ref}:{participant.ref}:{day_in(at, match.program.zone)}",
        )
        for match, owner in with_owners(found, at)
    ]  # fmt: skip
    return add_tasks(tasks, by=None, at=at)
