"""Bringing a staged list in batch by batch, stopping on the way, and dropping it."""

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from rapport.audit.actions import record
from rapport.core.refused import Refused
from rapport.imports.actions import nightly
from rapport.imports.actions.cells import from_cells
from rapport.imports.actions.columns import let_the_file_go
from rapport.imports.actions.deeds import close_made_sites, note_deeds
from rapport.imports.actions.gone import call_about_gone
from rapport.imports.actions.holding import LEASE, Interrupted, Stop, Tell, me, never, nobody_listens, step
from rapport.imports.actions.logs import AT_ONCE, bringing_logs
from rapport.imports.actions.pairs import bringing_pairs
from rapport.imports.actions.rosters import bringing_roster
from rapport.imports.actions.staging import BATCH, SIDES, added
from rapport.imports.models import Import, Row
from rapport.imports.proposing import LOGS
from rapport.imports.questions import counted
from rapport.people.actions import enroll
from rapport.people.enrolling import Outcome
from rapport.programs.models import Organization

State = Import.State


class AlreadyDone(Refused):
    """The list was brought in or dropped before."""

    sentence = _("This list has been dealt with already.")


def apply_list(staged, *, stop: Stop = never, tell: Tell = nobody_listens, by, at):
    """Bring a staged list in, batch by batch; each batch is whole or not there. Returns counts by outcome.

    Raises AlreadyDone, Interrupted. After a crash whoever works next goes on with the batch that was not in.
    """
    ask_to_apply(staged, here=True, by=by, at=at)
    apply_on(staged, stop=stop, tell=tell)
    return {outcome: staged.counts[outcome] for outcome in Outcome}


@transaction.atomic
def ask_to_apply(staged, *, here=False, by, at):
    """Let a staged list, or the rest of one that was stopped, be brought in: by whoever works next, or here by us.

    Raises AlreadyDone.
    """
    lease = {"lease_until": timezone.now() + LEASE, "leased_by": me()} if here else {}
    asked = {"asked_at": at, "asked_by": by, "stop_asked_at": None, "trouble": ""}
    ready = Import.objects.filter(pk=staged.pk, state__in=[State.STAGED, State.STOPPED])
    if not ready.update(state=State.APPLYING, **asked, **lease):
        raise AlreadyDone(staged)
    staged.refresh_from_db()
    staged.counts = staged.counts or counted([staged])[staged.pk]
    record("import.begun", about=staged, by=by, at=at)


def apply_on(staged, *, stop: Stop = never, tell: Tell = nobody_listens):
    """Bring in what is not in yet. Raises Interrupted."""
    bring = BRINGING.get(staged.what, bringing_people)(staged)
    wanted = staged.rows.exclude(outcome=Outcome.BAD).order_by("number")
    size = AT_ONCE if staged.what == LOGS else BATCH
    while rows := list(wanted.filter(number__gt=staged.applied_to)[:size]):
        if stop():
            raise Interrupted(staged)
        apply_batch(staged, rows, bring)
        tell(staged)
    finish(staged, by=staged.asked_by, at=staged.asked_at, counts=staged.counts)


@transaction.atomic
def apply_batch(staged, rows, bring):
    """Bring one batch in; `bring` writes on each row what it did. All of it stands, and is counted, or nothing."""
    before = added(staged.counts, rows, sign=-1)
    step(staged)
    one_at_a_time(staged.program.organization_id)
    bring(rows)
    so_far = staged.rows_applied + len(rows)
    step(staged, counts=added(before, rows), applied_to=rows[-1].number, rows_applied=so_far)


def bringing_people(staged):
    """What brings a batch of rows of this list in, and writes on a row what it did where it is not what was
    foretold."""

    def bring(rows):
        newcomers = [from_cells(row.cells) for row in rows]
        asked = {"by": staged.asked_by, "at": staged.asked_at}
        done = enroll(newcomers, program=staged.program, side=SIDES[staged.what], **asked)
        note_deeds(zip(rows, done, strict=True))
        otherwise = []
        for row, planned in zip(rows, done, strict=True):
            told = (planned.outcome, planned.column, planned.reason)
            if (row.outcome, row.column, row.reason) != told:
                row.outcome, row.column, row.reason = told
                otherwise.append(row)
        Row.objects.bulk_update(otherwise, ["outcome", "column", "reason"], batch_size=BATCH)

    return bring


BRINGING = {"matches": bringing_pairs, "roster": bringing_roster, LOGS: bringing_logs}  # the others are people


def one_at_a_time(organization_id):
    """Two lists that name the same new person must not both add them. On SQLite a transaction waits anyway."""
    if connection.vendor == "postgresql":
        Organization.objects.select_for_update(no_key=True).get(pk=organization_id)


@transaction.atomic
def finish(staged, *, by, at, counts):
    """All of it is in. Raises AlreadyDone."""
    open_ = Import.objects.filter(pk=staged.pk, state__in=[State.STAGED, State.APPLYING])
    if not open_.update(state=State.APPLIED, applied_at=at, lease_until=None, leased_by=""):
        raise AlreadyDone(staged)
    staged.state = State.APPLIED
    let_the_file_go(staged)
    if staged.what == "roster":
        call_about_gone(staged, at=at)
        nightly.settle(staged, is_in=True, by=by, at=at)
    record("import.applied", about=staged, by=by, at=at, **{str(k): v for k, v in counts.items()})


@transaction.atomic
def drop(staged, *, by, at):
    """Forget a staged list; nobody was touched by it. Raises AlreadyDone."""
    waiting = Import.objects.filter(pk=staged.pk, state__in=[State.STAGED, State.MAPPING])
    if not waiting.update(state=State.DROPPED, counts={}):
        raise AlreadyDone(staged)
    staged.rows.all().delete()
    let_the_file_go(staged)
    close_made_sites(staged)
    nightly.settle(staged, is_in=False, by=by, at=at)
    record("import.dropped", about=staged, by=by, at=at)
