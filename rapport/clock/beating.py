"""A process that does long work says that it lives, from a thread of its own: one piece may take many minutes."""

import logging
import threading
from contextlib import contextmanager

from django.db import DatabaseError, connection
from django.utils import timezone

from rapport.core.actions import beat

log = logging.getLogger(__name__)

EVERY = 15.0  # seconds


@contextmanager
def beating(name: str):
    """Beat under this name until it is left."""
    over = threading.Event()
    thread = threading.Thread(target=beat_until, args=(name, over), daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def beat_until(name: str, over: threading.Event) -> None:
    while not over.is_set():
        try:
            beat(name, at=timezone.now())
        except DatabaseError:
            log.exception("%s goes on, and could not say so", name)
        finally:
            connection.close()
        over.wait(EVERY)
