"""Brings Tabler from npm, purges the participants' style sheet, and collects every static file, compressed."""

import os
import re
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
TABLER = ROOT / "node_modules" / "@tabler" / "core" / "dist" / "css"
VENDOR = ROOT / "rapport" / "core" / "static" / "vendor"
SHEETS = ["tabler.min.css", "tabler.rtl.min.css"]


def main() -> None:
    npm = [shutil.which("npm") or npm_of_the_wheel()]
    bring_packages(npm)
    VENDOR.mkdir(parents=True, exist_ok=True)
    for name in SHEETS:
        (VENDOR / name).write_text(without_map((TABLER / name).read_text()))
    run(shutil.which("node") or str(Path(npm[0]).with_name("node")), str(ROOT / "tools" / "purge.mjs"))
    collect()


def bring_packages(npm: list[str]) -> None:
    """What package-lock.json names, once for each lock: a changed template needs no network."""
    stamp, lock = ROOT / "node_modules" / ".stamp", (ROOT / "package-lock.json").read_text()
    if not stamp.exists() or stamp.read_text() != lock:
        run(*npm, "ci", "--no-audit", "--no-fund", "--loglevel=error")
        stamp.write_text(lock)


def npm_of_the_wheel() -> str:
    """The npm that a Python package carries, for machines without one."""
    lock = ROOT / "requirements" / "node.txt"
    pip = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check"]
    run(*pip, "install", "--require-hashes", "-r", str(lock))
    return str(Path(sysconfig.get_path("scripts")) / "npm")


def without_map(css: str) -> str:
    return re.sub(r"/\*# sourceMappingURL=.*?\*/", "", css)


def collect() -> None:
    """Static files with their digest in their name, gzipped, ready to be sent as they are."""
    shutil.rmtree(ROOT / "rapport" / "collected", ignore_errors=True)
    environment = {**os.environ, "RAPPORT_DIR": str(ROOT / ".venv")}
    run(sys.executable, "-m", "rapport", "collectstatic", "--noinput", "--verbosity", "0", env=environment)


def run(*command: str, env: dict[str, str] | None = None) -> None:
    done = subprocess.run(command, cwd=ROOT, env=env, check=False)
    if done.returncode:
        sys.exit(
            f"bin/setup: {Path(command[0]).name} {' '.join(command[1:3])} ended with {done.returncode}; see above."
        )


if __name__ == "__main__":
    main()
