"""The processes that keep the clock, deliver and do the long work, each until it is told to stop."""

import gc
import logging
import signal
import threading
from collections.abc import Callable

from django.db import close_old_connections
from django.utils import timezone

log = logging.getLogger(__name__)

EVERY_SECONDS = {"clock": 20, "deliver": 5, "work": 2}
STOP = threading.Event()  # set by TERM; long work looks at it between two batches


def collect_rarely() -> None:
    """Rows come and go by batches and hardly ever in circles: Python's collector would look at them for nothing.

    Measured: an eighth of a pass over 100 000 matches, and about a tenth of a heavy page.
    """
    gc.freeze()
    gc.set_threshold(100_000, 50, 100)


def run(name: str, once: Callable[..., object]) -> None:
    """Call `once(at=now)` again and again until TERM. What goes wrong is logged, and tried again at the next turn."""
    collect_rarely()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: STOP.set())
    while not STOP.is_set():
        close_old_connections()
        try:
            once(at=timezone.now())
        except Exception:
            log.exception("%s stumbled; it goes on in %s s", name, EVERY_SECONDS[name])
        STOP.wait(EVERY_SECONDS[name])
