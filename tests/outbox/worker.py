"""Starts processes that deliver until they are killed; run by test_kill.py. Django is loaded once, each is a fork.

A line on the input starts one; its process id is the answer. Nothing is open in the parent that two could share.
"""

import os
import signal
import sys
import time
from pathlib import Path

import django
from django.conf import settings

settings.TEMPLATES[0]["DIRS"] = [Path(__file__).with_name("templates")]
django.setup()

from django.utils import timezone  # noqa: E402

from rapport.outbox import kinds  # noqa: E402
from rapport.outbox.actions import deliver_next  # noqa: E402


def work(parent, until):
    """Deliver until the end, or until nobody is there to end it."""
    while time.monotonic() < until and os.getppid() == parent:
        if not deliver_next(at=timezone.now(), limit=5):
            time.sleep(0.02)


kinds.kind("tests/thanks", purpose=kinds.ESSENTIAL, wanted=lambda messages, at: messages, urgent=True)
signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # a child that ended leaves nothing behind
me, seconds = os.getpid(), float(sys.argv[1])
for _line in sys.stdin:
    child = os.fork()
    if not child:
        work(me, time.monotonic() + seconds)
        os._exit(0)
    print(child, flush=True)
