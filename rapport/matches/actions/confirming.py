"""A pair from before Rapport with a child in it waits until a named person has confirmed its checks.

By a press, not by itself: the last gate may be a yes by link at night, and with it questions to a child and a child's
data begin to move; so somebody of the program looks at both sides once, as with every match that begins, under the same
locks and by the same question (`Readiness`). The task stays on the desk until then.
"""

from collections import defaultdict

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import ngettext

from rapport.access.models import User
from rapport.access.rights import Right
from rapport.audit.actions import record_many
from rapport.core.months import day_in
from rapport.core.own_words import spoken_as
from rapport.core.refused import Refused
from rapport.matches.actions.beginning import NotReady, lock
from rapport.matches.actions.moving import NotAllowedNow, user_of
from rapport.matches.models import Change, Match
from rapport.matches.questions import lacks_for
from rapport.programs.models import Program
from rapport.tasks.actions import NewTask, add_tasks, finish, reword
from rapport.tasks.models import Task

KIND = "matches/checks-to-confirm"
PRESSING = 3
MINUTES = 10
NAMED = 4  # pairs named in one sentence
CONFIRMED = "checks-confirmed"  # what the history says of this step


class AlreadyConfirmed(Refused):
    """Nothing of this match waits to be confirmed."""

    sentence = lazy("The checks of this pair are confirmed already, or the pair has ended.")


@transaction.atomic
def confirm(matches, *, by, at):
    """Say that permission and checks of these pairs are recorded; what is promised to them begins today.

    `by`: a named person, never the clock. Raises NotReady with every reason, AlreadyConfirmed; then none is confirmed.
    """
    matches = sorted([matches] if isinstance(matches, Match) else matches, key=lambda match: match.pk)
    if user_of(by) is None:
        raise NotAllowedNow(matches)
    for match in matches:
        lock(match)
        match.refresh_from_db(fields=["state", "coordinator", "awaits_checks"])
    reasons = [lack.sentence for lacks in lacks_for(matches, at).values() for lack in lacks]
    if reasons:
        raise NotReady(matches, reasons)
    for match in matches:
        settle(match, by=by, at=at)
    record_many("match.confirmed", about=matches, by=by, at=at)
    for program in {match.program for match in matches}:
        tell_coordinators(program, {m.coordinator_id for m in matches if m.program_id == program.pk}, by=by, at=at)


def settle(match, *, by, at):
    """Nothing before today is due of it: until now it was nobody's to ask. Raises AlreadyConfirmed."""
    facts = {"awaits_checks": False, "counts_from_on": day_in(at, match.program.zone), "begun_at": at}
    if not to_confirm().filter(pk=match.pk).update(**facts):
        raise AlreadyConfirmed(match)
    for name, value in facts.items():
        setattr(match, name, value)
    Change.objects.create(
        program_id=match.program_id, match=match, state_before=match.state, state=match.state, at=at, by=user_of(by),
        words=CONFIRMED,
    )  # fmt: skip


@transaction.atomic
def call_about_checks(*, at, limit):
    """Keep the tasks true where a pair ended or went to a colleague. Returns how many came or went.

    Coordinators who may see none of the pairs that wait for them are passed over.
    """
    waiting = set(to_confirm().values_list("program", "coordinator").distinct())
    called = set(Task.objects.open().filter(kind=KIND).values_list("program", "owner"))
    wrong = sorted(waiting ^ called)
    batches = (wrong[start : start + limit] for start in range(0, len(wrong), limit))
    return next((told for batch in batches if (told := tell_each(batch, at=at))), 0)


def tell_anew(users, *, at):
    """Say anew what these are to confirm: they may see less than before. Returns how many tasks came or went."""
    called = Task.objects.open().filter(kind=KIND, owner__in=users).order_by("pk")
    return tell_each(list(called.values_list("program", "owner")), at=at)


def tell_each(pairs, *, at):
    """For each (program, coordinator) of these."""
    wrong = defaultdict(set)
    for program, user in pairs:
        wrong[program].add(user)
    found = Program.objects.in_bulk(wrong)
    return sum(tell_coordinators(found[program], users, by=None, at=at) for program, users in wrong.items())


def to_confirm():
    return Match.objects.open().filter(awaits_checks=True)


def tell_coordinators(program, coordinators, *, by, at):
    """One task for each of these that names the pairs they are to confirm; over when none is left.

    Returns how many tasks came or went.
    """
    users = User.objects.filter(pk__in=coordinators).order_by("pk")
    waiting = {user: theirs(program, user, at) for user in users}
    pairs = {user: told for user, told in waiting.items() if told[1]}
    open_ = {t.owner_id: t for t in Task.objects.open().filter(program=program, kind=KIND, owner__in=coordinators)}
    new = [task_of(program, user, *told, at) for user, told in pairs.items() if user.pk not in open_]
    reword({open_[user.pk]: sentence(*told) for user, told in pairs.items() if user.pk in open_}, by=by, at=at)
    over = [open_[user.pk] for user in waiting if user not in pairs and user.pk in open_]
    added = add_tasks(new, by=by, at=at) if new else []
    return len(added) + (finish(over, note=_("None is left."), by=by, at=at) if over else 0)


def theirs(program, user, at):
    """What this coordinator is to confirm, without what they may no longer see: the first few, and how many."""
    found = to_confirm().filter(program=program, coordinator=user).visible_to(user, Right.MATCH_EDIT, at)
    return list(found.with_people().order_by("pk")[:NAMED]), found.count()


def task_of(program, user, matches, number, at):
    earlier = Task.objects.filter(program=program, kind=KIND, owner=user).count()
    return NewTask(
        program=program, kind=KIND, owner=user, person=None, about=None, reason=sentence(matches, number), due_at=at,
        late_at=None, cause_key=f"checks:{program.slug}:{user.pk}:{matches[0].ref}:{earlier}", pressing=PRESSING,
        minutes=MINUTES, level=1, ends_on_its_page=True,
    )  # fmt: skip


def sentence(matches, number):
    """Confirm the checks of Ama and Ben; Kofi and Lily; and 12 more pairs."""
    names = "; ".join(match.title for match in matches)
    more = number - len(matches)
    if more > 0:
        names += "; " + ngettext("and %(n)d more pair", "and %(n)d more pairs", more) % {"n": more}
    with spoken_as(matches[0].program):
        return _("Confirm the checks of %(pairs)s: permission and the mentor's check.") % {"pairs": names}
