"""Runs the tests twice: on SQLite all of them, on PostgreSQL all but the browser's. Says what was skipped, and why."""

import os
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def main() -> None:
    rest = [word for word in sys.argv[1:] if word != "--full"]
    full = {"RAPPORT_FULL": "1"} if "--full" in sys.argv[1:] else {}
    workers = [] if any(word.startswith(("-n", "--pdb")) for word in rest) else ["-n", str(min(os.cpu_count() or 1, 4))]
    codes = []
    for database, choice in (("sqlite", []), ("postgres", ["-m", "not browser"])):
        print(f"\n=== {database} ===", flush=True)
        start = time.monotonic()
        command = [sys.executable, "-m", "pytest", "-rs", *workers, *choice, *rest]
        environment = {**os.environ, **full, "RAPPORT_TEST_DB": database}
        codes.append(subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode)
        print(f"=== {database}: {time.monotonic() - start:.0f} s ===", flush=True)
    sys.exit(next((code for code in codes if code), 0))


if __name__ == "__main__":
    main()
