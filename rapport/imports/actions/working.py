"""Long work on imports: taken up by whoever is free, gone on with after a crash, stopped when somebody asks."""

import logging

from django.core.files.storage import default_storage
from django.db import OperationalError, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from rapport.audit.actions import record
from rapport.core.refused import Refused
from rapport.imports.actions import holding
from rapport.imports.actions.applying import AlreadyDone, apply_on
from rapport.imports.actions.holding import Interrupted, Stop, Tell, is_held, never, nobody_listens
from rapport.imports.actions.staging import read_on
from rapport.imports.actions.taking_back import undo_on
from rapport.imports.files import Unreadable, open_table
from rapport.imports.models import Import

log = logging.getLogger(__name__)
State = Import.State
MOST_ROWS = 200_000  # of a list that came through the page


def work_next(*, stop: Stop = never, tell: Tell = nobody_listens) -> int:
    """Do the next import that waits, to its end or until `stop()`. Returns how many it took; 0 when none is left."""
    waiting = Import.objects.under_way().filter(holding.free(), program__archived_at=None)
    for staged in waiting.order_by("pk").select_related("program"):
        if holding.take(staged):
            go_on(staged, stop=stop, tell=tell)
            return 1
    return 0


def go_on(staged, *, stop: Stop = never, tell: Tell = nobody_listens) -> None:
    """Do what is left of an import this process holds. What cannot go on says why, and waits for a person."""
    try:
        if staged.state == State.READING:
            read_kept(staged, stop=stop, tell=tell)
        elif staged.state == State.APPLYING:
            apply_on(staged, stop=stop, tell=tell)
        else:
            undo_on(staged, stop=stop, tell=tell)
    except Interrupted:
        if not settle_stop(staged):
            holding.let_go(staged)
    except Refused as refusal:
        cannot_go_on(staged, str(refusal))
    except OperationalError:
        raise  # the database is away or busy: when the lease is over somebody tries again
    except Exception:
        log.exception("import %s stumbled", staged.ref)
        cannot_go_on(staged, _("Something went wrong on our side. Whoever runs this install finds it in the log."))


def read_kept(staged, *, stop, tell):
    """Read a list from the file that was kept for it. Raises Unreadable, Interrupted."""
    if not staged.kept_file or not default_storage.exists(staged.kept_file):
        raise Unreadable(None, _("Its reading was cut off, and the file is gone. Bring it again."))
    with default_storage.open(staged.kept_file) as file:
        read_on(staged, open_table(file.file).at_most(MOST_ROWS), stop=stop, tell=tell)


def ask_to_stop(staged, *, by, at) -> None:
    """Let it end after the batch it is at: what is in stays in. Half taken back helps nobody. Raises AlreadyDone."""
    on_the_way = Import.objects.filter(pk=staged.pk, state__in=[State.READING, State.APPLYING])
    moved = on_the_way.filter(stop_asked_at=None).update(stop_asked_at=at)
    if not moved:
        raise AlreadyDone(staged)
    staged.refresh_from_db()
    record("import.asked-to-stop", about=staged, by=by, at=at)
    if not is_held(staged):
        settle_stop(staged)


def stop_here(staged, *, by, at) -> None:
    """End what this process is at, because whoever waits for it gave up. What is in stays in."""
    ask_to_stop(staged, by=by, at=at)
    settle_stop(staged)


def settle_stop(staged) -> bool:
    """End what somebody asked to stop, where we work on it or nobody does.

    A list being read is dropped; one being brought in keeps what is in.
    """
    ours = Import.objects.under_way().filter(holding.free() | Q(leased_by=holding.me()), pk=staged.pk)
    asked = ours.exclude(stop_asked_at=None).first()
    if asked is None:
        return False
    return end(asked, State.DROPPED if asked.state == State.READING else State.STOPPED)


def cannot_go_on(staged, why) -> None:
    """It stops where it is; what was to be taken back can be tried again."""
    is_in = staged.state == State.UNDOING and staged.applied_at is not None
    state = State.FAILED if staged.state == State.READING else State.APPLIED if is_in else State.STOPPED
    end(staged, state, trouble=why[:300])


@transaction.atomic
def end(staged, state, **more) -> bool:
    """Leave the way, unless somebody else works on it by now.

    Its file goes; so do the rows of a list that was not read to its end.
    """
    ended = Import.objects.filter(pk=staged.pk, state=staged.state, leased_by=staged.leased_by)
    if not ended.update(state=state, lease_until=None, leased_by="", kept_file="", **more):
        return False
    record(
        f"import.{'not-undone' if staged.state == State.UNDOING else state}",
        about=staged,
        by=None,
        at=timezone.now(),
        rows_in=staged.rows_applied,
    )
    if staged.kept_file:
        transaction.on_commit(lambda: default_storage.delete(staged.kept_file))
    if state in (State.DROPPED, State.FAILED):
        staged.rows.all().delete()
        Import.objects.filter(pk=staged.pk).update(counts={})
    return True
