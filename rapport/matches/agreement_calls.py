"""Calls to whoever looks after a match about its agreement: what somebody said to it, and what is to be done now."""

from datetime import time

from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import override

from rapport.access.rights import Right
from rapport.core.languages import OF_STAFF
from rapport.core.months import day_in, moment
from rapport.matches.calling import owner_of
from rapport.tasks.actions import NewTask, add_tasks
from rapport.tasks.models import Task

SAID_NO, CALL_ME, NOT_ME, ON_PAPER, TO_CONFIRM, WAITING = (
    "matches/agreement-no", "matches/agreement-call", "matches/agreement-not-me", "matches/agreement-paper",
    "matches/agreement-to-confirm", "matches/agreement-waits",
)  # fmt: skip
REASONS = {
    SAID_NO: lazy("%(who)s did not sign the agreement of %(pair)s and said why. Read it, and talk with them."),
    CALL_ME: lazy("%(who)s would like something else in the agreement of %(pair)s, or would rather talk: call them."),
    NOT_ME: lazy("The address of %(who)s reaches somebody else. Find the right one: the agreement of %(pair)s."),
    TO_CONFIRM: lazy(
        "%(who)s is to sign the agreement of %(pair)s again on paper or by voice: somebody else reads that address and "
        "may have pressed it. Talk with %(who)s today. Nothing ends by itself."
    ),
    ON_PAPER: lazy("The letter to %(who)s about an agreement did not arrive. Print the sheet: %(pair)s."),
    WAITING: lazy("The agreement of %(pair)s waits for signatures. Its page says whose: talk with them."),
}
END_OF_DAY = time(23, 59)


@override(OF_STAFF)
def call(ask, kind, *, cause="", at):
    """One task for each cause, due today, on the desk of whoever looks after them. Returns what was added."""
    match = ask.agreement.match
    owner = owner_of(match, at, others=Right.MATCH_EDIT, beside=[ask.person_id])
    if owner is None:
        return []
    end = moment(day_in(at, match.program.zone), END_OF_DAY, match.program.zone)
    names = {"who": ask.person.first_name, "pair": match.title}
    task = NewTask(
        program=match.program, kind=kind, owner=owner, person=ask.person, about=match, reason=(REASONS[kind] % names),
        due_at=at, late_at=end, cause_key=f"{kind}:{ask.ref}:{cause}", pressing=4,
    )  # fmt: skip
    return add_tasks([task], by=None, at=at)


def standing(ask):
    """Open calls to this person about this match's agreement, which their signature ends."""
    kinds = [CALL_ME, ON_PAPER, SAID_NO, TO_CONFIRM]
    return list(Task.objects.open().filter(kind__in=kinds, person=ask.person_id, about_id=ask.agreement.match_id))
