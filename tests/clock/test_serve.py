"""`rapport serve`, as it really runs: four children, pages that answer, and an end that leaves nothing behind."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from tests.clock.conftest import ROOT, environment, free_port, rapport

LONG = 120  # seconds: a first start migrates, half a minute of the processor on a slow machine


class Served:
    """One running install."""

    def __init__(self, folder):
        self.folder, self.port = folder, free_port()
        self.process = subprocess.Popen(
            [sys.executable, "-m", "rapport", "serve", "--dir", str(folder), "--port", str(self.port)],
            env=environment(), cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip

    def get(self, path):
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=10) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as answer:
            return answer.code, answer.read().decode()
        except OSError:
            return 0, ""

    def children(self):
        """{part: process id} of the children that run now."""
        found = {}
        for place in Path("/proc").glob("[0-9]*"):
            try:
                words = (place / "cmdline").read_bytes().decode().split("\0")
                parent = (place / "stat").read_text().rpartition(")")[2].split()[1]
            except OSError:
                continue
            if int(parent) == self.process.pid and "--only" in words:
                found[words[words.index("--only") + 1]] = int(place.name)
        return found


def wait_for(claim, seconds=LONG):
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if claim():
            return True
        time.sleep(0.2)
    return False


@pytest.fixture
def served(tmp_path):
    """A first start, in a folder that is not there yet."""
    yield from running_in(tmp_path / "data")


@pytest.fixture
def served_again(install, tmp_path):
    """A start in a folder that has its tables."""
    yield from running_in(shutil.copytree(install, tmp_path / "data"))


def running_in(folder):
    if not Path("/proc/self/stat").exists():
        pytest.skip("there is no /proc here to look for children in")
    running = Served(folder)
    yield running
    if running.process.poll() is None:
        running.process.send_signal(signal.SIGTERM)
        running.process.wait(LONG)
    running.process.stdout.close()
    running.process.stderr.close()


def is_gone(pid):
    try:
        return "Z" in Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return True


def test_it_serves_heals_and_ends(served):
    """One story, because starting takes a while: pages, status, a killed child, the end."""
    assert wait_for(lambda: served.get("/healthz") == (200, '{"well": true}'))
    assert served.get("/account/login/")[0] == 200
    assert served.get("/no-such-page/")[0] == 404
    before = served.children()
    assert sorted(before) == ["clock", "deliver", "web", "work"]

    said = json.loads(rapport("status", "--json", "--dir", served.folder).stdout)
    assert (sorted(said["heartbeats"]), said["warnings"]) == (["clock", "deliver", "work"], [])

    os.kill(before["web"], signal.SIGKILL)
    assert wait_for(lambda: served.children().get("web", before["web"]) != before["web"])
    assert wait_for(lambda: served.get("/healthz")[0] == 200)
    children = served.children()

    served.process.send_signal(signal.SIGTERM)
    assert served.process.wait(LONG) == 0
    assert all(is_gone(pid) for pid in children.values())
    assert (served.folder / "keys" / "secret_key").stat().st_mode & 0o077 == 0
    assert (served.folder / "rapport.sqlite3").stat().st_mode & 0o077 == 0


def test_children_end_when_the_one_who_started_them_is_killed(served_again):
    assert wait_for(lambda: served_again.get("/healthz")[0] == 200)
    children = served_again.children()
    assert sorted(children) == ["clock", "deliver", "web", "work"]

    served_again.process.kill()

    assert wait_for(lambda: all(is_gone(pid) for pid in children.values()))


def test_a_port_in_use_is_one_line_and_nothing_is_made(tmp_path):
    import socket

    with socket.create_server(("127.0.0.1", 0)) as place:
        port = place.getsockname()[1]
        done = rapport("serve", "--port", port, "--dir", tmp_path / "data")

    words = f"rapport serve: Port {port} is taken or cannot be used. Choose another with --port.\n"
    assert (done.returncode, done.stderr) == (1, words)
    assert not (tmp_path / "data").exists()


@pytest.mark.parametrize(
    ("name", "value"), [("RAPPORT_HOSTS", "*"), ("RAPPORT_DEBUG", "perhaps"), ("DATABASE_URL", "oracle:nowhere")]
)
def test_unsafe_or_wrong_settings_do_not_start(tmp_path, name, value):
    done = rapport("serve", "--port", free_port(), "--dir", tmp_path / "data", **{name: value})

    assert done.returncode == 1
    assert "Traceback" not in done.stderr


def test_the_status_of_an_install_in_words(install):
    done = rapport("status", "--dir", install)

    lines = done.stdout.splitlines()
    assert (done.returncode, done.stderr) == (0, "")
    assert lines[:2] == ["riverside: Riverside mentoring (youth-one-to-one)", "  0 mentors, 0 mentees"]
    assert "WARNING: riverside: a safeguarding lead who reads worries" in lines
