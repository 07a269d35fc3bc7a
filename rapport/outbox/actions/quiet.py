"""Quiet start: what waits until a person lets it go, one by one, by kind from now on, or for good."""

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from rapport.audit.actions import record, record_many
from rapport.core.refused import Refused
from rapport.outbox.kinds import KINDS, always_waiting, never_waiting
from rapport.outbox.models import LetGo, Message
from rapport.programs.actions import change_setting
from rapport.programs.models import Program

BATCH = 500
State = Message.State


class NobodyLooked(Refused):
    """A kind of which this person was shown no message is not let go: they could not know what it says."""

    sentence = _("Look at a message of this kind first. Then you can let the kind go.")


class ReadOneByOne(Refused):
    """Somebody reads each message of this kind before it leaves, whatever the program says."""

    sentence = _("Each of these is read before it leaves. Release them one by one.")


@transaction.atomic
def release(messages, *, by, at):
    """Let messages that wait go out: a queryset, already narrowed to what this person may see. Returns how many.

    Each is judged again at delivery: whether it is still wanted, consent, restriction, address, hour.
    """
    waiting, released = list(messages.held().order_by("pk").values_list("pk", flat=True)), 0
    for start in range(0, len(waiting), BATCH):
        held = list(Message.objects.held().filter(pk__in=waiting[start : start + BATCH]).select_for_update())
        Message.objects.filter(pk__in=[m.pk for m in held]).update(state=State.PENDING, next_at=at, released_at=at)
        record_many("message.released", about=held, by=by, at=at)
        released += len(held)
    return released


def release_all(messages, *, by, at):
    """The same for many at one press: what a person reads one by one stays for that. Returns how many."""
    return release(messages.exclude(kind__in=always_waiting()), by=by, at=at)


@transaction.atomic
def let_kind_go(kind, *, program, seen, by, at):
    """From now on messages of this kind do not wait. Returns whether it is new; twice is once.

    `seen` is a message of this kind that this person was shown. Raises NobodyLooked, ReadOneByOne. Of kinds
    that never wait, and of those that nobody sends, nothing is let go.
    """
    known = KINDS.get(kind)
    if known is None or known.never_waits or seen is None or (seen.kind, seen.program_id) != (kind, program.pk):
        raise NobodyLooked(kind)
    if known.always_waits:
        raise ReadOneByOne(kind)
    now = Program.objects.select_for_update().get(pk=program.pk)  # two who press at once take turns
    if not now.quiet_start:
        return False
    row, made = LetGo.objects.get_or_create(
        program=program, kind=kind, ended_at=None, defaults={"since_at": at, "by": by}
    )
    if made:
        record("kind.let-go", about=row, by=by, at=at, kind=kind)
    return made


@transaction.atomic
def hold_kind_again(kind, *, program, by, at):
    """From now on messages of this kind wait again, also those that have not left yet. Returns whether they went."""
    return bool(end_letting_go(LetGo.objects.live().filter(program=program, kind=kind), by=by, at=at))


@transaction.atomic
def end_quiet(program, *, waiting=None, by, at):
    """From now on everything goes out by itself; `waiting` (a queryset) goes, too, what else waits stays, and what a
    person reads one by one.

    Returns (whether quiet start ended, how many were released). Raises ChangedMeanwhile.
    """
    ended = change_setting(program, {"quiet_start": False}, by=by, at=at)
    if not ended:
        return False, 0
    end_letting_go(LetGo.objects.live().filter(program=program), by=by, at=at)
    return True, release_all(waiting, by=by, at=at) if waiting is not None else 0


@transaction.atomic
def begin_quiet(program, *, by, at):
    """From now on everything waits, also what has not left yet. Returns whether it is new. Raises ChangedMeanwhile."""
    return change_setting(program, {"quiet_start": True}, by=by, at=at)


def end_letting_go(rows, *, by, at):
    """Within the caller's transaction: these kinds wait again."""
    ended = list(rows.order_by("pk").select_for_update())
    LetGo.objects.filter(pk__in=[row.pk for row in ended]).update(ended_at=at)
    for row in ended:
        record("kind.held-again", about=row, by=by, at=at, kind=row.kind)
    return len(ended)


def programs_that_let_go(kind):
    """Ids of the programs where this kind does not wait, quiet start or not."""
    return set(LetGo.objects.live().filter(kind=kind).values_list("program", flat=True))


def hold_what_nobody_let_go(*, at):
    """What is due in a quiet program, though nobody let it go, waits: quiet start may have begun after it was queued.

    This is the last word before a letter leaves, so it asks again what queueing asked.
    """
    quiet = Program.objects.filter(quiet_start=True).values("pk")
    due = Message.objects.due(at).filter(program__in=quiet, released_at=None, is_urgent=False)
    let_go = LetGo.objects.live().filter(program=OuterRef("program"), kind=OuterRef("kind"))
    due = due.exclude(kind__in=never_waiting()).filter(~Exists(let_go))
    return due.update(state=State.HELD, why="")


def free_what_never_waits(*, at):
    """What no quiet start holds, yet a restore held, goes once its program writes to people again.

    It stands on no list of what waits, for its mere number would tell of safety; delivery asks if it is still wanted.
    """
    loud = Program.objects.filter(quiet_start=False).values("pk")
    held = Message.objects.held().filter(Q(is_urgent=True) | Q(kind__in=never_waiting()), program__in=loud)
    return held.update(state=State.PENDING, next_at=at)
