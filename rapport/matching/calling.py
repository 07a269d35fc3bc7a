"""Calls the engine in a process of its own, so NumPy and Numba never load where pages are served.

It is ended at its limit, and only so many run at once on one machine, whoever started them.
"""

import fcntl
import json
import logging
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from rapport.core.refused import Refused

COMMAND = [sys.executable, "-m", "rapport.matching.engine"]
LOOKS_EVERY = 0.1  # seconds, for a free place

WAITS: ContextVar[Callable | None] = ContextVar("who waits for the engine at a page", default=None)


class NoAnswer(Refused):
    """The engine found no answer that it can prove."""

    sentence = _("The round could not be worked out; nothing was changed. The reason stands in the log.")


class TookTooLong(NoAnswer):
    """It was ended at its limit, or no place came free."""

    sentence = _("This took longer than it may here; nothing was changed. Try it again when less is going on.")


logger = logging.getLogger(__name__)


def ask_engine(problem, question="run", **more):
    """The engine's answer to a question about a problem (`engine.QUESTIONS`). Raises NoAnswer.

    Where a page is marked `asking.patiently`, it is asked for a moment only, and then handed over to the long work.
    """
    text = json.dumps({"question": question, "problem": problem, **more})
    waits = WAITS.get()
    return waits(text) if waits else answer_of(text, settings.ENGINE_LIMIT)


def answer_of(text, seconds):
    """What the engine answers to this JSON within so many seconds. Raises NoAnswer, TookTooLong."""
    started = time.monotonic()
    with a_place(seconds):
        return json.loads(out_of(text, max(seconds - (time.monotonic() - started), LOOKS_EVERY)))


def out_of(text, seconds):
    alone = {**os.environ, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    how = {
        "capture_output": True,
        "text": True,
        "timeout": seconds,
        "cwd": Path(settings.BASE_DIR).parent,
        "env": alone,
    }
    try:
        return subprocess.run(COMMAND, input=text, check=True, **how).stdout  # noqa: S603
    except subprocess.CalledProcessError as failure:
        reason = failure.stderr.strip().rpartition("\n")[2]
        logger.error("the matching engine failed: %s", reason)
        raise NoAnswer(reason) from failure
    except subprocess.TimeoutExpired as failure:
        raise TookTooLong(seconds) from failure


@contextmanager
def a_place(seconds):
    """One of the places that the machine has for engines, held until it ends, however that is. Raises TookTooLong."""
    until = time.monotonic() + seconds
    while (held := taken()) is None:
        if time.monotonic() > until:
            raise TookTooLong(seconds)
        time.sleep(LOOKS_EVERY)
    try:
        yield
    finally:
        held.close()


def taken():
    """A place nobody has, as a file that is locked; nothing where all are taken."""
    folder = settings.RAPPORT_DIR if os.access(settings.RAPPORT_DIR, os.W_OK) else Path(tempfile.gettempdir())
    for n in range(settings.ENGINE_AT_ONCE):
        file = (folder / f"engine-{os.getuid()}-{n}.lock").open("a")
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            file.close()
        else:
            return file
    return None
