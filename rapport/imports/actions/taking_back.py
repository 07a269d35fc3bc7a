"""Taking an import back: asked for, done batch by batch by whoever works, gone on with after a crash."""

from django.db import transaction
from django.db.models import Exists, Q
from django.utils import timezone

from rapport.audit.actions import record
from rapport.imports.actions import undoing, undoing_logs, undoing_pairs
from rapport.imports.actions.applying import AlreadyDone
from rapport.imports.actions.deeds import close_made_sites
from rapport.imports.actions.gone import forget_gone
from rapport.imports.actions.holding import LEASE, Interrupted, Stop, Tell, me, never, nobody_listens, step
from rapport.imports.models import Deed, Import, Row
from rapport.imports.proposing import LOGS, PAIRS

BATCH = 500
State = Import.State
STATES = (State.APPLIED, State.STOPPED)
UNDOING = {PAIRS: undoing_pairs, LOGS: undoing_logs}  # the others are people


def undo(staged, *, by, at):
    """Take back what a list did, here and now. Returns how many went and how many stay. Raises AlreadyDone."""
    ask_to_undo(staged, here=True, by=by, at=at)
    undo_on(staged)
    return gone_of(staged), stays_of(staged).count()


@transaction.atomic
def ask_to_undo(staged, *, here=False, by, at):
    """Let a list that is in be taken back, or what stayed of one that was: by whoever works next, or here by us.

    Raises AlreadyDone.
    """
    lease = {"lease_until": timezone.now() + LEASE, "leased_by": me()} if here else {}
    asked = {"undo_asked_at": at, "undo_asked_by": by, "stop_asked_at": None, "trouble": ""}
    stayed = stays_of(staged)
    ready = Import.objects.filter(pk=staged.pk)
    ready = ready.filter(Q(state__in=STATES) | Q(Exists(stayed), state=State.UNDONE))
    if not ready.update(state=State.UNDOING, rows_undone=gone_of(staged), **asked, **lease):
        raise AlreadyDone(staged)
    staged.refresh_from_db()
    Row.objects.filter(pk__in=stayed.values("row")).update(reason="")
    stayed.update(stays="")
    record("import.asked-to-undo", about=staged, by=by, at=at)


def gone_of(staged):
    return Deed.objects.filter(row__source=staged).exclude(undone_at=None).count()


def stays_of(staged):
    """What could not be taken back; it is tried again once what held it is gone, such as what a later list did."""
    return Deed.objects.filter(row__source=staged, undone_at=None).exclude(stays="")


def undo_on(staged, *, stop: Stop = never, tell: Tell = nobody_listens):
    """Take back what still stands, each batch whole or not at all. Whoever something hangs on stays, with the reason.

    Raises Interrupted.
    """
    while True:
        if stop():
            raise Interrupted(staged)
        if not undo_batch(staged):
            break
        tell(staged)
    finish_undo(staged)


@transaction.atomic
def undo_batch(staged):
    """Take back the last deeds that stand. Returns how many were looked at. Raises Interrupted."""
    step(staged)
    standing = Deed.objects.filter(row__source=staged, undone_at=None, stays="")
    deeds = list(standing.order_by("-pk").select_related("row")[:BATCH])
    of = UNDOING.get(staged.what, undoing)
    of.hold_still(deeds)
    reasons = of.why_they_stay(deeds)
    of.take_back([deed for deed in deeds if deed.pk not in reasons], deeds)
    for deed in deeds:
        deed.stays = deed.row.reason = str(reasons.get(deed.pk, ""))
        deed.undone_at = None if deed.stays else staged.undo_asked_at
    Deed.objects.bulk_update(deeds, ["stays", "undone_at"], batch_size=BATCH)
    Row.objects.bulk_update({deed.row for deed in deeds if deed.stays}, ["reason"], batch_size=BATCH)
    step(staged, rows_undone=staged.rows_undone + len(deeds))
    return len(deeds)


@transaction.atomic
def finish_undo(staged):
    """All of it has been looked at. Raises Interrupted."""
    step(staged, state=State.UNDONE)
    Import.objects.filter(pk=staged.pk).update(lease_until=None, leased_by="")
    gone, stay = gone_of(staged), stays_of(staged).count()
    close_made_sites(staged)
    forget_gone(staged, by=staged.undo_asked_by, at=staged.undo_asked_at)
    record("import.undone", about=staged, by=staged.undo_asked_by, at=staged.undo_asked_at, gone=gone, stay=stay)
