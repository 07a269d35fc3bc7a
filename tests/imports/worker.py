"""Starts processes that do the long work until they are killed; run by test_long_work.py. Each is a fork.

A line on the input starts one; its process id is the answer. Nothing is open in the parent that two could share.
"""

import os
import signal
import sys
import time

import django

django.setup()

from rapport.imports.actions import work_next  # noqa: E402


def work(parent, until):
    """Work until the end, slowly, so that whoever kills us meets us at it; or until nobody is there to end us."""
    while time.monotonic() < until and os.getppid() == parent:
        if not work_next(tell=lambda _staged: time.sleep(0.05)):
            time.sleep(0.02)


signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # a child that ended leaves nothing behind
me, seconds = os.getpid(), float(sys.argv[1])
for _line in sys.stdin:
    child = os.fork()
    if not child:
        work(me, time.monotonic() + seconds)
        os._exit(0)
    print(child, flush=True)
