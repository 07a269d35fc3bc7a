"""What is done with tasks: add, finish, put off, hand over, drop, open again. One being a list of one."""

from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from operator import attrgetter
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from rapport.access.rights import Right
from rapport.audit.actions import record_many
from rapport.core.about import type_of
from rapport.core.months import day_in
from rapport.core.refused import Refused
from rapport.programs.models import Program
from rapport.tasks.models import SEALED, Task, Word

BATCH = 500


class NotInPast(Refused):
    """A task can only be put off to a moment ahead."""

    sentence = _("Choose a day that is still to come.")


class StaysWithThoseNamed(Refused):
    """A safety task is neither put off nor handed round (security.md §2.2, level 4)."""

    sentence = _(
        "A safety task stays with those named for it. Another lead can be named on the page of who reads worries."
    )


class EndsOnItsPage(Refused):
    """What must be read is not done by a press on the desk."""

    sentence = _("This is done where it is read. Open it.")


class CannotTakeIt(Refused):
    """The other person has no Today desk in this program."""

    sentence = _("This person has no Today desk in this program.")


class TooLateToUndo(Refused):
    """Undo is open on the same day, to the one who did it."""

    sentence = _("This can be undone on the same day only, by whoever did it.")


@dataclass(frozen=True)
class NewTask:
    """A task to be: who must do what about whom by when, and why. `cause_key` names its cause: one task each."""

    program: Any
    kind: str
    owner: Any
    person: Any
    about: Any
    reason: str
    due_at: datetime | None
    late_at: datetime | None
    cause_key: str
    pressing: int = 5
    minutes: int = 10
    level: int = 2
    ends_with_match: bool = True
    ends_on_its_page: bool = False


@transaction.atomic
def add_tasks(rows, *, by, at):
    """Put tasks on desks; a cause that has its task already gets no second one. Returns the tasks really added."""
    added = []
    rows = list(rows)
    for start in range(0, len(rows), BATCH):
        tasks = [task_of(row, at) for row in rows[start : start + BATCH]]
        Task.objects.bulk_create(tasks, ignore_conflicts=True)
        added += Task.objects.filter(ref__in=[task.ref for task in tasks]).order_by("pk")
    tell("task.added", added, by=by, at=at)
    return added


@transaction.atomic
def finish(tasks, *, note="", by, at):
    """Say that these are done. Returns how many were still open."""
    return settle(tasks, Word.Verb.DONE, {"kept_at": at}, note=note, by=by, at=at)


@transaction.atomic
def say_done(task, *, note="", by, at):
    """Take one's own task off the desk. Returns how many were still open. Raises EndsOnItsPage."""
    if task.ends_on_its_page:
        raise EndsOnItsPage(task)
    return finish(task, note=note, by=by, at=at)


@transaction.atomic
def drop(tasks, *, note, by, at):
    """Say that these are no longer needed, and why. Returns how many were still open."""
    return settle(tasks, Word.Verb.DROPPED, {"excused_at": at, "excuse": note[:200]}, note=note, by=by, at=at)


@transaction.atomic
def snooze(tasks, *, until, note="", by, at):
    """Put these off to a moment ahead. Returns how many. Raises NotInPast, StaysWithThoseNamed."""
    if until <= at:
        raise NotInPast(tasks)
    refuse_sealed(tasks)
    return settle(tasks, Word.Verb.SNOOZED, {"snoozed_until": until}, note=note, by=by, at=at)


@transaction.atomic
def hand_over(tasks, *, to, note="", by, at):
    """Give these to a colleague with a desk in their program. Returns how many.

    Raises CannotTakeIt, StaysWithThoseNamed.
    """
    refuse_sealed(tasks)
    for program_id in {task.program_id for task in listed(tasks)}:
        if not Program.objects.visible_to(to, Right.TASK_DO, at).filter(pk=program_id).exists():
            raise CannotTakeIt(to)
    changes = {"owner": to, "snoozed_until": None}
    return settle(tasks, Word.Verb.HANDED_OVER, changes, note=note, by=by, at=at, to=to.pk)


@transaction.atomic
def pass_on(owners, *, note="", at):
    """Rapport itself gives each of these open tasks to somebody else: {task: user}. Returns how many."""
    moved = 0
    for to in set(owners.values()):
        tasks = [task for task, owner in owners.items() if owner == to and task.level < SEALED]
        changes = {"owner": to, "snoozed_until": None}
        moved += settle(tasks, Word.Verb.HANDED_OVER, changes, note=note, by=None, at=at, to=to.pk)
    return moved


@transaction.atomic
def reopen(task, *, note="", by, at):
    """Take back what `by` last did with this task today. Raises TooLateToUndo."""
    task = Task.objects.select_for_update(of=("self",)).get(pk=task.pk)  # nobody adds a word until this one stands
    last = task.words.order_by("-at", "-pk").first()
    zone = task.program.zone
    if last is None or last.verb not in TAKEN_BACK or last.by_id != by.pk or day_in(last.at, zone) != day_in(at, zone):
        raise TooLateToUndo(task)
    changes = {name: by if name == "owner" else empty for name, empty in TAKEN_BACK[last.verb].items()}
    Task.objects.filter(pk=task.pk).update(**changes)
    note_down([task], Word.Verb.REOPENED, note=note, by=by, at=at)


@transaction.atomic
def reword(reasons, *, by, at):
    """Let open tasks say their reason anew: {task: reason}. Those that say it already are left alone."""
    changed = [task for task, reason in reasons.items() if task.reason != reason[:300]]
    for task in changed:
        task.reason = reasons[task][:300]
    Task.objects.open().bulk_update(changed, ["reason"], batch_size=BATCH)
    tell("task.reworded", changed, by=by, at=at)


TAKEN_BACK = {  # what was done: what taking it back empties; an owner becomes again whoever gave it away
    Word.Verb.DONE: {"kept_at": None},
    Word.Verb.DROPPED: {"excused_at": None, "excuse": ""},
    Word.Verb.SNOOZED: {"snoozed_until": None},
    Word.Verb.HANDED_OVER: {"owner": None},
}


def settle(tasks, verb, changes, *, note, by, at, **facts):
    """Move those still open and still their owner's, with a dated word for each."""
    asked = listed(tasks)
    still = Task.objects.open().filter(pk__in=[task.pk for task in asked])
    owners = {task.pk: task.owner_id for task in asked}
    moved = [task for task in still.select_for_update(of=("self",)) if owners[task.pk] == task.owner_id]
    Task.objects.open().filter(pk__in=[task.pk for task in moved]).update(**changes)
    note_down(moved, verb, note=note, by=by, at=at, **facts)
    return len(moved)


def note_down(tasks, verb, *, note, by, at, **facts):
    """A word on each task, and a row in the trail."""
    who = by if getattr(by, "is_authenticated", False) else None
    Word.objects.bulk_create([Word(task=task, verb=verb, at=at, by=who, note=note[:500]) for task in tasks])
    tell(f"task.{verb}", tasks, by=by, at=at, **facts)


def tell(verb, tasks, *, by, at, **facts):
    """One row of the trail for each task, at the task's own level."""
    for level, group in groupby(sorted(tasks, key=attrgetter("level")), key=attrgetter("level")):
        record_many(verb, about=list(group), by=by, at=at, level=level, **facts)


def refuse_sealed(tasks):
    if any(task.level >= SEALED for task in listed(tasks)):
        raise StaysWithThoseNamed(tasks)


def listed(tasks):
    return [tasks] if isinstance(tasks, Task) else list(tasks)


def task_of(row, at):
    """An unsaved task."""
    return Task(
        program=row.program,
        kind=row.kind,
        owner=row.owner,
        person=row.person,
        about_type=type_of(row.about) if row.about is not None else None,
        about_id=getattr(row.about, "pk", None),
        reason=str(row.reason)[:300],
        due_at=row.due_at,
        late_at=row.late_at,
        cause_key=row.cause_key,
        pressing=row.pressing,
        minutes=row.minutes,
        level=row.level,
        ends_with_match=row.ends_with_match,
        ends_on_its_page=row.ends_on_its_page,
        made_at=at,
    )
