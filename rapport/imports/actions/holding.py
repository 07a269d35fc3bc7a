"""Who works on an import: one process at a time, by a lease. It is taken, renewed with each batch and given back.

Whoever dies on the way lets the lease run out; a process that is seen to be dead is not waited for. A batch and the
renewal are one transaction, so a batch is either in and counted or neither, and nobody else can do it again.
"""

import os
import secrets
from collections.abc import Callable
from datetime import timedelta

from django.db.models import Q
from django.utils import timezone

from rapport.core.machine import this_machine
from rapport.imports.models import Import

LEASE = timedelta(seconds=60)  # of the machine's time; a batch takes less than one of them
THIS_RUN = secrets.token_hex(4)


class Interrupted(Exception):
    """Somebody asked to stop, or another process goes on in our place."""


def never() -> bool:
    return False


def nobody_listens(_staged: Import) -> None:
    """Progress nobody looks at."""


Stop = Callable[[], bool]
Tell = Callable[[Import], None]


def me() -> str:
    """This process on this machine, told from one of the same number before it."""
    return f"{this_machine()}:{os.getpid()}:{THIS_RUN}"


def is_gone(name: str) -> bool:
    """Whether this process ran on this machine and does so no more. Of other machines we know nothing."""
    host, pid, _run = name.split(":")
    if host != this_machine() or name == me():
        return False
    if int(pid) == os.getpid():
        return True
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        pass
    return False


def is_held(staged: Import) -> bool:
    """Whether some process works on it now."""
    return bool(staged.lease_until and staged.lease_until > timezone.now() and not is_gone(staged.leased_by))


def free() -> Q:
    """Imports nobody works on now."""
    names = Import.objects.under_way().exclude(leased_by="").values_list("leased_by", flat=True).distinct()
    gone = [name for name in names if is_gone(name)]
    return Q(lease_until=None) | Q(lease_until__lt=timezone.now()) | Q(leased_by__in=gone)


def take(staged: Import) -> bool:
    """Become the one who works on it. False where somebody else is."""
    mine = {"lease_until": timezone.now() + LEASE, "leased_by": me()}
    if not Import.objects.under_way().filter(free(), pk=staged.pk).update(**mine):
        return False
    staged.refresh_from_db()
    return True


def step(staged: Import, **done) -> None:
    """Note what this batch did, in its transaction, and keep the lease. Raises Interrupted; the batch is undone."""
    held = Import.objects.filter(pk=staged.pk, state=staged.state, leased_by=me(), stop_asked_at=None)
    if not held.update(lease_until=timezone.now() + LEASE, **done):
        raise Interrupted(staged)
    for name, value in done.items():
        setattr(staged, name, value)


def let_go(staged: Import) -> None:
    """Give the lease back, so that the next process need not wait for it."""
    Import.objects.filter(pk=staged.pk, leased_by=me()).update(lease_until=None, leased_by="")
