"""Runs the tests twice: on SQLite all of them, on PostgreSQL those that ask a database and no browser.

What a worker compiles is kept for all others, and for the next run, whatever this machine does otherwise.
Ends with what was skipped, and why, with where the time went, and with pytest's own closing line of each run.
"""

import os
import signal
import subprocess
import sys
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
    codes, closing = [], []
    for database in DATABASES:
        print(f"\n=== {database} ===", flush=True)
        code, said = run(database, [*spread(rest), *rest], full=full)
        codes.append(code)
        closing.append((database, said))
    print()
    for database, said in closing:
        print("\n".join(f"{database}: {line}" for line in said if line.startswith(SUMS_UP)))
    print("\n".join(said[-1] for _database, said in closing if said), flush=True)
    sys.exit(next((code for code in codes if code), 0))


def spread(words: list[str]) -> list[str]:
    """On how many workers: one more than cores, for many tests wait for a browser or a child; up to four."""
    alone = any(word.startswith(("-n", *BY_HAND)) for word in words)
    return [] if alone else ["-n", str(min((os.cpu_count() or 1) + 1, 4))]


def run(database: str, words: list[str], *, full: bool) -> tuple[int, list[str]]:
    """One run to its end, shown as it goes. Returns its code and the lines that sum it up."""
    environment = {**os.environ, **COMPILED, "RAPPORT_TEST_DB": database, **({"RAPPORT_FULL": "1"} if full else {})}
    shown = None if any(word.startswith(BY_HAND) for word in words) else subprocess.PIPE
    said = []
    process = subprocess.Popen(
        [sys.executable, "-m", "pytest", "-rsfE", *words], cwd=ROOT, env=environment, stdout=shown, text=True
    )
    try:
        for line in process.stdout or ():
            print(line, end="", flush=True)
            if line.startswith((*SUMS_UP, "=")):
                said.append(line.rstrip())
        return process.wait(), said
    finally:
        end(process)


def end(process: subprocess.Popen) -> None:
    """Whoever is still at it is asked to end, and then made to."""
    if process.poll() is None:
        process.terminate()
        try:
            print(process.communicate(timeout=PATIENCE)[0] or "")
        except subprocess.TimeoutExpired:
            process.kill()


if __name__ == "__main__":
    main()
