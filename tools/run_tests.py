"""Runs the tests twice: on SQLite all of them, on PostgreSQL those that ask a database and no browser.

Both run at once, for each waits now and then for a browser, a child or its last worker; what the second says is shown
when the first has ended. What a worker compiles is kept for all others, and for the next run, whatever this machine
does otherwise. Ends with what was skipped, and why, with where the time went, and with pytest's own closing line of
each run.
"""

import os
import queue
import signal
import subprocess
import sys
import threading
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
DATABASES = ("sqlite", "postgres")
SUMS_UP = ("SKIPPED", "FAILED", "ERROR", "SPENT")
BY_HAND = ("--pdb", "--trace", "-s")  # words of pytest that need the terminal itself
PATIENCE = 60  # seconds that a run gets to take along what it started
COMPILED = {"PYTHONPYCACHEPREFIX": str(ROOT / ".pytest_cache" / "compiled"), "PYTHONDONTWRITEBYTECODE": ""}


def main() -> None:
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda number, _: sys.exit(128 + number))
    full = "--full" in sys.argv[1:]
    rest = [word for word in sys.argv[1:] if word != "--full"]
    by_hand = any(word.startswith(BY_HAND) for word in rest)
    runs = [Run(database, [*spread(rest), *rest], full=full, by_hand=by_hand) for database in DATABASES]
    try:
        for run in runs if not by_hand else ():
            run.begin()
        for run in runs:
            run.show()
    finally:
        for run in runs:
            run.end()
    print()
    for run in runs:
        print("\n".join(f"{run.database}: {line}" for line in run.said if line.startswith(SUMS_UP)))
    print("\n".join(run.said[-1] for run in runs if run.said), flush=True)
    sys.exit(next((run.process.returncode for run in runs if run.process.returncode), 0))


def spread(words: list[str]) -> list[str]:
    """On how many workers each: as many as cores, up to four, so that a core has work while a test waits."""
    alone = any(word.startswith(("-n", *BY_HAND)) for word in words)
    return [] if alone else ["-n", str(max(2, min(os.cpu_count() or 1, 4)))]


class Run:
    """The tests on one database: begun, shown when its turn has come, and taken away however it ends."""

    def __init__(self, database: str, words: list[str], *, full: bool, by_hand: bool):
        self.database, self.by_hand, self.process = database, by_hand, None
        self.command = [sys.executable, "-m", "pytest", "-rsfE", *words]
        self.environment = {
            **os.environ, **COMPILED, "RAPPORT_TEST_DB": database, **({"RAPPORT_FULL": "1"} if full else {}),
        }  # fmt: skip
        self.lines, self.said = queue.SimpleQueue(), []

    def begin(self) -> None:
        self.process = subprocess.Popen(
            self.command, cwd=ROOT, env=self.environment, stdout=None if self.by_hand else subprocess.PIPE, text=True
        )
        threading.Thread(target=self.listen, daemon=True).start()

    def listen(self) -> None:
        """Take what it says as it comes, so that it never waits for us."""
        for line in self.process.stdout or ():
            self.lines.put(line)
        self.lines.put(None)

    def show(self) -> None:
        """To its end, as it goes. Keeps the lines that sum it up."""
        print(f"\n=== {self.database} ===", flush=True)
        if self.process is None:
            self.begin()
        self.tell()
        self.process.wait()

    def tell(self) -> None:
        while (line := self.lines.get()) is not None:
            print(line, end="", flush=True)
            if line.startswith((*SUMS_UP, "=")):
                self.said.append(line.rstrip())

    def end(self) -> None:
        """Whoever is still at it is asked to end, says what it knew, or is made to."""
        if self.process is None or self.process.poll() is not None:
            return
        self.process.terminate()
        try:
            self.process.wait(PATIENCE)
            self.tell()
        except subprocess.TimeoutExpired:
            self.process.kill()


if __name__ == "__main__":
    main()
