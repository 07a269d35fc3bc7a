"""Runs the command line as a process of its own, without waiting for Python and Django to be read in anew each time.

One parent for each worker of the tests has read in what Rapport stands on, nothing of Rapport itself and no setting.
Each run is a fork of it, with its own words, environment, folder and end. What starts otherwise than by a fork is
told by `tests/clock/test_serve.py` and one line of `tests/clock/test_command_line.py`, which start a real process.
"""

import atexit
import gc
import importlib
import json
import os
import runpy
import subprocess
import sys
import threading
import traceback
from contextlib import suppress
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from tests import migrated

ROOT = Path(__file__).resolve().parents[1]
OWN = ("rapport", "tests", "sqlite3", "pysqlite3", "django.db.backends.sqlite3")  # settings choose the SQLite
WHAT_IT_STANDS_ON = """
import sys, django; django.setup(); import rapport.urls, rapport.core.cli; print(*sys.modules)
"""
SPENT: list = []  # seconds of the processor, of each run


@cache
def parent():
    """The parent, started when it is first needed."""
    untold = {name: said for name, said in os.environ.items() if name not in ("DJANGO_SETTINGS_MODULE", "DATABASE_URL")}
    running = subprocess.Popen(
        [sys.executable, "-m", "tests.warm"], cwd=ROOT, env=untold, text=True,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE,
    )  # fmt: skip
    atexit.register(running.communicate)
    return running


def run(module, *line, cwd=ROOT, env):
    """Run a module to its end, as `python -m` does. Returns the finished process, with its words as text."""
    with TemporaryDirectory(prefix="rapport-run-") as place:
        said = [Path(place) / name for name in ("out", "err")]
        order = {"module": module, "line": [str(word) for word in line], "cwd": str(cwd), "env": env}
        print(json.dumps({**order, "said": [str(file) for file in said]}), file=parent().stdin, flush=True)
        code, seconds = json.loads(parent().stdout.readline())
        SPENT.append(seconds)
        return subprocess.CompletedProcess([module, *line], code, *[file.read_text() for file in said])


def read_in():
    """Import what an install imports and that needs no setting."""
    with TemporaryDirectory(prefix="rapport-run-") as place:
        told = {**os.environ, "RAPPORT_DIR": place, "DJANGO_SETTINGS_MODULE": "rapport.settings"}
        names = subprocess.check_output([sys.executable, "-c", WHAT_IT_STANDS_ON], cwd=ROOT, env=told, text=True)
    for name in names.split():
        if not any(name == own or name.startswith(own + ".") for own in OWN):
            with suppress(Exception):  # what asks for settings or models is read in by each run
                importlib.import_module(name)
    assert not {"sqlite3", "pysqlite3", "rapport"} & set(sys.modules)


def become(module, line, cwd, env, said):
    """In a fork: be this process, and no other."""
    for number, name in ((0, os.devnull), *zip((1, 2), said, strict=True)):
        handle = os.open(name, os.O_RDWR | os.O_CREAT, 0o600)
        os.dup2(handle, number)
        os.close(handle)
    os.environ.clear()
    os.environ.update(env)
    os.chdir(cwd)
    sys.path[0] = cwd
    sys.argv[1:] = line
    return ended(module)


def ended(module):
    """Run the module, and do what Python does at an end, but for taking every object apart. Returns the code."""
    code = 0
    try:
        runpy.run_module(module, run_name="__main__", alter_sys=True)
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else int(bool(end.code))
        if code and not isinstance(end.code, int):
            print(end.code, file=sys.stderr)
    except BaseException:
        traceback.print_exc()
        code = 1
    threading._shutdown()
    atexit._run_exitfuncs()
    for stream in (sys.stdout, sys.stderr):
        stream.flush()
    return code


def serve():
    """In the parent: a fork for each line, and its code when it has ended."""
    for order in sys.stdin:
        child = os.fork()
        if not child:
            os._exit(become(**json.loads(order)))
        _pid, end, used = os.wait4(child, 0)
        print(json.dumps([os.waitstatus_to_exitcode(end), used.ru_utime + used.ru_stime]), flush=True)


if __name__ == "__main__":
    read_in()
    sys.pycache_prefix = sys.pycache_prefix or f"{os.environ['RAPPORT_DIR']}/compiled"
    sys.dont_write_bytecode = False
    migrated.reuse()
    gc.freeze()
    serve()
