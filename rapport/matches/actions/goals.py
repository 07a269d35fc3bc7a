"""Goals: said, taken in steps, told how it goes, reached or let go. Words stay as they were said.

The same press of a button counts once (`form_id`). A match that is over keeps its goals to be read. What a young person
writes is read by somebody of the program the same day.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from rapport.access.models import User
from rapport.audit.actions import record, record_many
from rapport.core.months import day_in
from rapport.core.refused import Refused
from rapport.matches.actions.reading import have_read
from rapport.matches.actions.wanting import settle
from rapport.matches.goals_letters import LETTER
from rapport.matches.models import Goal, GoalSeen, GoalTask, Growth, Headway, Match, Seen, Way
from rapport.outbox.actions import queue
from rapport.outbox.questions import reachable


class NotWritable(Refused):
    """The match is over or has not begun: its goals can be read, and nothing is added."""

    sentence = _("This pair is not together just now. What is here can be read; nothing is added.")


class GoalEnded(Refused):
    """It was reached or let go meanwhile."""

    sentence = _("This goal was reached or let go already. Look at it again.")


class NoGoalOfTheirs(Refused):
    """Whose goal it would be is not a mentee of this match."""

    sentence = _("Choose one of the mentees of this match.")


@dataclass(frozen=True)
class Heard:
    """Who said something (None: the program itself), how it came, and on which day."""

    person: Any
    way: str
    on: date | None = None


def user_or_none(by):
    return by if isinstance(by, User) else None


def facts_of(heard, match, by, at):
    on = heard.on or day_in(at, match.program.zone)
    return {
        "person": heard.person, "way": heard.way, "said_on": on, "written_by": user_or_none(by), "made_at": at,
        "program_id": match.program_id,
    }  # fmt: skip


def hold_open(match):
    """Keep the match as it is until this is written. Raises NotWritable."""
    states = [Match.State.PROPOSED, *Match.OPEN]
    if not Match.objects.select_for_update().filter(pk=match.pk, state__in=states, awaits_checks=False).exists():
        raise NotWritable(match)


def hold_goal(goal):
    """The same for an open goal. Raises NotWritable, GoalEnded."""
    hold_open(goal.match)
    if not Goal.objects.open().select_for_update().filter(pk=goal.pk).exists():
        raise GoalEnded(goal)


@transaction.atomic
def add_goal(match, *, mentee, words, worded_by, level, heard, form_id, by, at) -> Goal:
    """Write down a goal in the words it was said in, and who may see it. Raises NotWritable, NoGoalOfTheirs.

    What the family or the program adds is for everybody in it (requirements.md S3-02, S3-17).
    """
    hold_open(match)
    if mentee.pk not in {one.pk for one in match.mentees}:
        raise NoGoalOfTheirs(match)
    facts = facts_of(heard, match, by, at) | {"words": words, "worded_by": worded_by, "level": level}
    goal, is_new = Goal.objects.get_or_create(form_id=form_id, defaults={"match": match, "mentee": mentee, **facts})
    if is_new:
        record("goal.said", about=goal, by=by, at=at, worded_by=str(worded_by), way=str(heard.way), seen_by=int(level))
        have_read(match, heard.person, words, by=by, at=at)
        settle(match, by=user_or_none(by), at=at)
    return goal


@transaction.atomic
def add_step(goal, *, words, person=None, form_id, by, at) -> GoalTask:
    """Add one small step on the way. Raises NotWritable, GoalEnded."""
    hold_goal(goal)
    facts = {"goal": goal, "words": words, "person": person, "made_by": user_or_none(by), "made_at": at}
    step, is_new = GoalTask.objects.get_or_create(form_id=form_id, defaults={"program_id": goal.program_id, **facts})
    if is_new:
        record("goal.step-added", about=goal, by=by, at=at)
        have_read(goal.match, person, words, by=by, at=at)
    return step


@transaction.atomic
def tick_step(step, *, is_done, person=None, by, at):
    """Say that a step is done, or is not after all. Returns whether that was new. Raises NotWritable, GoalEnded."""
    hold_goal(step.goal)
    facts = {"done_at": at, "done_by": user_or_none(by), "done_by_person": person}
    there = GoalTask.objects.filter(pk=step.pk, done_at__isnull=bool(is_done))
    moved = there.update(**(facts if is_done else dict.fromkeys(facts)))
    if moved:
        record("goal.step-done" if is_done else "goal.step-not-done", about=step.goal, by=by, at=at, step=step.ref)
    return bool(moved)


@transaction.atomic
def say_headway(goal, *, value="", obstacle="", words="", heard, form_id, by, at) -> Headway:
    """Write down how it goes with a goal, as one of them says: for staff alone, each is heard apart (S0-10, S3-41).

    Raises NotWritable, GoalEnded.
    """
    hold_goal(goal)
    facts = facts_of(heard, goal.match, by, at)
    facts |= {"goal": goal, "value": value, "obstacle": obstacle, "words": words, "level": Seen.STAFF}
    row, is_new = Headway.objects.get_or_create(form_id=form_id, defaults=facts)
    if is_new:
        record("goal.headway", about=goal, by=by, at=at, way=str(heard.way))
        have_read(goal.match, heard.person, obstacle, words, by=by, at=at)
    return row


@transaction.atomic
def say_headway_of_many(said, *, heard, by, at) -> list[Headway]:
    """The same of several goals at once, in a fixed number of queries: `said` is {goal: (value, form_id)}.

    A goal that ended meanwhile, or whose pair is not together, is left out. Returns what is new.
    """
    written = {goal.pk: told for goal, told in said.items()}
    goals = Goal.objects.open().filter(pk__in=written, match__awaits_checks=False)
    goals = goals.filter(match__state__in=[Match.State.PROPOSED, *Match.OPEN]).select_related("match__program")
    goals = list(goals.select_for_update(of=("self", "match")).order_by("pk"))
    known = set(Headway.objects.filter(form_id__in=[form for _value, form in written.values()]).values_list("form_id"))
    rows = [
        Headway(
            goal=goal, value=written[goal.pk][0], form_id=written[goal.pk][1], level=Seen.STAFF,
            **facts_of(heard, goal.match, by, at),
        )
        for goal in goals
        if (written[goal.pk][1],) not in known
    ]  # fmt: skip
    Headway.objects.bulk_create(rows)
    record_many("goal.headway", about=[row.goal for row in rows], by=by, at=at, way=str(heard.way))
    return rows


@transaction.atomic
def say_growth(goal, *, moment, value, heard, by, at) -> Growth:
    """Write down where they say they stand, 1 to 5; a newer word on the same moment replaces the older (S2-28).

    One that is reached has an end to tell of. Raises NotWritable.
    """
    hold_open(goal.match)
    goal.growth.filter(moment=moment, replaced_at=None).update(replaced_at=at)
    facts = facts_of(heard, goal.match, by, at)
    row = Growth.objects.create(goal=goal, moment=moment, value=value, **facts)
    record("goal.growth", about=goal, by=by, at=at, moment=str(moment))
    return row


@transaction.atomic
def end_goal(goal, *, ending, words="", on=None, by, at):
    """A goal is reached, or let go. Raises NotWritable, GoalEnded."""
    hold_goal(goal)
    on = on or day_in(at, goal.match.program.zone)
    facts = {"ended_at": at, "ended_on": on, "ending": ending, "ending_words": words, "ended_by": user_or_none(by)}
    if not Goal.objects.open().filter(pk=goal.pk).update(**facts):
        raise GoalEnded(goal)
    record(f"goal.{ending}", about=goal, by=by, at=at, on=str(on))


@transaction.atomic
def take_up_again(goal, *, by, at):
    """A goal that was reached or let go is one of theirs again. Returns whether it was over. Raises NotWritable."""
    hold_open(goal.match)
    none = {"ended_at": None, "ended_on": None, "ending": "", "ending_words": "", "ended_by": None}
    moved = Goal.objects.filter(pk=goal.pk, ended_at__isnull=False).update(**none)
    if moved:
        record("goal.taken-up-again", about=goal, by=by, at=at)
    return bool(moved)


@transaction.atomic
def hand_out(match, *, person, by, at):
    """Send somebody of the match, or a guardian, the page of goals; once a day. Returns whether a letter goes.

    Whoever cannot be written to is given the sheet, with equal standing. Raises NotWritable.
    """
    hold_open(match)
    if not reachable([person], program=match.program, at=at)[person.pk]:
        return False
    day = day_in(at, match.program.zone)
    queue(LETTER, to=person, about=match, program=match.program, key=f"goals:{match.ref}:{person.ref}:{day}", at=at)
    record("goals.handed-out", about=match, by=by, at=at, to=person.pk)
    return True


@transaction.atomic
def see_goal(goal, *, person, way=Way.LINK, by, at):
    """A guardian says that they have seen this goal. Returns whether that was new (S3-02)."""
    _row, is_new = GoalSeen.objects.get_or_create(
        goal=goal, person=person, defaults={"program_id": goal.program_id, "way": way, "seen_at": at}
    )
    if is_new:
        record("goal.seen", about=goal, by=by, at=at)
    return is_new
