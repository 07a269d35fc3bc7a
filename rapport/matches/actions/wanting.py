"""A pair without a goal in the mentee's own words is talked about once, by whoever coordinates it (S3-17).

Nobody who takes part is reminded. The task is for one talk with the mentor; it is never made again for the same pair.
"""

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _
from django.utils.translation import override

from rapport.core.about import type_of
from rapport.core.languages import OF_STAFF
from rapport.core.months import day_in
from rapport.core.own_words import spoken_as
from rapport.matches.calling import with_owners
from rapport.matches.models import Goal, Match, Member
from rapport.programs.models import Program
from rapport.tasks.actions import NewTask, add_tasks, finish
from rapport.tasks.days import of_day
from rapport.tasks.models import Task

KIND = "matches/goal-wanted"
PRESSING, MINUTES = 7, 10
LEVEL = 2  # whether a young person has said a goal is read by whoever reads their answers


@transaction.atomic
def call_about_goals(*, at, limit):
    """A task for each active pair whose mentee has said no goal of their own within `goal-within` of the first day.

    Pairs from before Rapport have that long from the day they came in. Returns how many were made.
    """
    programs = Program.objects.open().with_limits()
    tasks = [task_of(match, owner, at) for match, owner in owned(programs, at, limit)]
    return len(add_tasks(tasks, by=None, at=at)) if tasks else 0


def owned(programs, at, most):
    """So many of their pairs with whom to call; one that nobody may be called about keeps no other waiting."""
    found, last = [], 0
    waiting = without_a_goal(programs, at).select_related("program", "coordinator").with_people()
    while len(found) < most and (matches := list(waiting.filter(pk__gt=last)[:most])):
        found += with_owners(matches, at)
        last = matches[-1].pk
    return found[:most]


def without_a_goal(programs, at):
    """Their pairs that nobody was called about yet, as a query."""
    waited = Q(pk__in=[])
    for program in programs:
        last_day = day_in(at, program.zone) - program.limit("goal-within")
        if last_day >= program.using_since_on:
            came = Q(counts_from_on=None) | Q(counts_from_on__lte=last_day)
            waited |= came & Q(program=program, begun_on__lte=last_day)
    matches = Match.objects.active().confirmed().filter(waited)
    called = Task.objects.filter(about_type=type_of(Match), about_id=OuterRef("pk"), kind=KIND)
    return matches.filter(Exists(silent(OuterRef("pk"))), ~Exists(called)).order_by("pk")


def silent(match):
    """The mentees of a match who have said no goal of their own in it."""
    said = Goal.objects.worded_by_the_mentee().filter(match=OuterRef("match"), mentee=OuterRef("participant"))
    return Member.objects.filter(~Exists(said), match=match, side="mentee")


@override(OF_STAFF)
def task_of(match, owner, at):
    mentor = match.mentors[0].person
    with spoken_as(match.program):
        words = _("%(pair)s: no goal in the mentee's own words yet. Ask %(mentor)s whether they have talked about one.")
    return NewTask(
        program=match.program, kind=KIND, owner=owner, person=mentor, about=match,
        reason=words % {"pair": match.title, "mentor": mentor.first_name}, cause_key=f"goal-wanted:{match.ref}",
        pressing=PRESSING, minutes=MINUTES, level=LEVEL, **of_day(day_in(at, match.program.zone), match.program.zone),
    )  # fmt: skip


def settle(match, *, by, at):
    """A mentee has said a goal: where all of them have, nobody need ask any more."""
    tasks = list(Task.objects.open().about(match).filter(kind=KIND))
    if tasks and not silent(match.pk).exists():
        finish(tasks, note=_("A goal was said."), by=by, at=at)
