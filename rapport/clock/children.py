"""Child processes of `rapport serve`: started by subprocess, never by fork; a dead one starts again, with back-off."""

import os
import signal
import subprocess
import sys
import threading
import time

LONGEST_WAIT = 60.0
PARENT = "RAPPORT_PARENT"
WELL_AFTER = 30.0  # a child that lived this long was well; its next death is a first one again


class Child:
    """One child, and when it may be started again."""

    def __init__(self, arguments: list[str]):
        self.arguments = arguments
        self.process: subprocess.Popen | None = None
        self.started_at = self.not_before = 0.0
        self.wait = 1.0

    def keep_alive(self, now: float) -> None:
        if self.process and self.process.poll() is None:
            return
        if self.process and not self.not_before:
            self.wait = 1.0 if now - self.started_at > WELL_AFTER else min(self.wait * 2, LONGEST_WAIT)
            self.not_before = now + self.wait
            print(f"rapport: {self.arguments[-1]} ended; again in {self.wait:.0f} s", file=sys.stderr, flush=True)
        if now >= self.not_before:
            self.start(now)

    def start(self, now: float) -> None:
        environment = {**os.environ, PARENT: str(os.getpid())}
        self.process = subprocess.Popen(  # noqa: S603
            [sys.executable, "-m", "rapport", *self.arguments], env=environment, start_new_session=True
        )
        self.started_at, self.not_before = now, 0.0

    def stop(self) -> None:
        if self.process and self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)

    def wait_for_end(self, seconds: float) -> None:
        if not self.process:
            return
        try:
            self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def keep(children: list[Child], seconds: float = 20.0) -> None:
    """Keep them alive until TERM or INT; then forward TERM, and wait for each."""
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    while not stop.is_set():
        for child in children:
            child.keep_alive(time.monotonic())
        stop.wait(0.5)
    for child in children:
        child.stop()
    for child in children:
        child.wait_for_end(seconds)


def end_with_parent() -> None:
    """A child whose parent was killed ends by itself, so that nothing of an install outlives it unseen."""
    parent = int(os.environ.get(PARENT, "0"))
    if parent:
        threading.Thread(target=watch, args=(parent,), daemon=True).start()


def watch(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(1)
    os.kill(os.getpid(), signal.SIGTERM)
