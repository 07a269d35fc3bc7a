"""Calls to whoever looks after a proposed match: what somebody said to it, and what is to be done now."""

from collections import defaultdict
from datetime import time

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import override

from rapport.access.rights import Right
from rapport.core.languages import OF_STAFF
from rapport.core.months import day_in, moment
from rapport.matches.calling import with_owners
from rapport.tasks.actions import NewTask, add_tasks, finish
from rapport.tasks.models import Task

MORE, NO, LATE, PAPER, TALK, NOT_ME, NOT_ME_BEGUN, NOBODY, ALL_YES = (
    "matching/wants-to-know", "matching/said-no", "matching/no-answer", "matching/on-paper", "matching/talk",
    "matching/not-me", "matching/not-me-begun", "matching/nobody-to-ask", "matching/all-yes",
)  # fmt: skip
REASONS = {
    MORE: lazy("%(who)s would like to know more before saying yes to %(pair)s: talk with them."),
    NO: lazy("%(who)s said no to %(pair)s. The page of the proposal says what is next: choose who is asked."),
    LATE: lazy("%(who)s did not answer about %(pair)s in time. Talk with them, or choose who is asked next."),
    PAPER: lazy("No letter reaches %(who)s, who is to be asked about %(pair)s. Print the sheet, or ask in a talk."),
    TALK: lazy("%(who)s would rather talk, or have it on paper: the proposal of %(pair)s. Call them."),
    NOT_ME: lazy("The address of %(who)s reaches somebody else. Find the right one: the proposal of %(pair)s."),
    NOT_ME_BEGUN: lazy(
        "%(pair)s have begun, and the yes of %(who)s may be somebody else's: their link was read by another. Talk with "
        "%(who)s today whether they want it, and decide with them. Nothing ends by itself."
    ),
    NOBODY: lazy("Nobody may say yes for %(who)s just now. Find out who may: the proposal of %(pair)s."),
    ALL_YES: lazy("All said yes to %(pair)s. See what is still missing before they begin."),
}
ANSWERED = [MORE, NO, LATE, PAPER, TALK]
END_OF_DAY = time(23, 59)


def call(rows, kind, *, cause, at):
    """One task for each of these (match, person), due today, on the desk of whoever looks after the match: of another
    where they stand too near to that person.

    `cause` makes it one of its kind: the same is called about once. Returns what was added.
    """
    rows, beside = list(rows), defaultdict(list)
    for match, person in rows:
        beside[match].append(person.pk)
    owners = dict(with_owners(beside, at, others=Right.MATCH_EDIT, beside=beside))
    tasks = [task_of(match, person, kind, owners[match], cause, at) for match, person in rows if match in owners]
    return add_tasks(tasks, by=None, at=at) if tasks else []


@override(OF_STAFF)
def task_of(match, person, kind, owner, cause, at):
    zone = match.program.zone
    names = {"who": person.first_name, "pair": match.title}
    return NewTask(
        program=match.program, kind=kind, owner=owner, person=person, about=match, reason=REASONS[kind] % names,
        due_at=at, late_at=moment(day_in(at, zone), END_OF_DAY, zone),
        cause_key=f"{kind}:{match.ref}:{person.pk}:{cause}", pressing=4,
    )  # fmt: skip


def taken_back(match, *, at):
    """Not all said yes, after all: nobody looks any more at what is missing before they begin."""
    tasks = Task.objects.open().filter(kind=ALL_YES, about_id=match.pk)
    return finish(list(tasks), note=_("A yes does not count any more."), by=None, at=at)


def no_longer(match, person, *, kinds=ANSWERED, by, at):
    """They answered: what was to be done about it is done."""
    mine = Task.objects.open().filter(kind__in=kinds, person=person, about_id=match.pk)
    return finish(list(mine), note=_("They answered."), by=by, at=at)
