"""Processes of their own that a test kills at any moment. Django is loaded once, in a parent; each is a fork of it.

A line on the parent's input starts one; its process id is the answer. Nothing is open in it that two could share.
"""

import os
import signal
import subprocess
import sys
import time
from contextlib import contextmanager, suppress

from django.db import connection


def database_address():
    """The test's database by its real address, so that other processes can open it."""
    name = connection.settings_dict["NAME"]
    if connection.vendor == "sqlite":
        return f"sqlite:///{name}"
    return f"postgresql://postgres@/{name}?host={connection.settings_dict['OPTIONS']['host']}"


@contextmanager
def forks_of(module, *, longest, **environment):
    """A function that starts a fork of this module and returns its id; all are gone at the end, or after `longest`."""
    own = {"DATABASE_URL": database_address(), "DJANGO_SETTINGS_MODULE": "rapport.settings", **environment}
    command, running = [sys.executable, "-m", module, str(longest)], []

    def start():
        print(file=parent.stdin, flush=True)
        running.append(int(parent.stdout.readline()))
        return running[-1]

    with subprocess.Popen(
        command, env={**os.environ, **own}, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as parent:
        yield start
        for child in running:
            kill(child)


def kill(child):
    """`kill -9`, and wait until it is gone."""
    with suppress(ProcessLookupError):
        os.kill(child, signal.SIGKILL)
        while True:
            os.kill(child, 0)
            time.sleep(0.001)


def fork_on_request(work):
    """In the parent: fork for each line. A fork does `work()` until its time is over or nobody is there to end it."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # a child that ended leaves nothing behind
    me, seconds = os.getpid(), float(sys.argv[1])
    for _line in sys.stdin:
        child = os.fork()
        if not child:
            until = time.monotonic() + seconds
            while time.monotonic() < until and os.getppid() == me:
                if not work():
                    time.sleep(0.02)
            os._exit(0)
        print(child, flush=True)
