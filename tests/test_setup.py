"""Starting on a strange machine: which Python is taken, how an environment is made, and what a second run does."""

import importlib.util
import os
import shutil
import stat
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture
def machine(tmp_path):
    """A machine with nothing but a shell, and a clone whose setup only says that it was called."""
    (tmp_path / "clone" / "bin").mkdir(parents=True)
    (tmp_path / "clone" / "tools").mkdir()
    (tmp_path / "path").mkdir()
    shutil.copy(ROOT / "bin" / "setup", tmp_path / "clone" / "bin" / "setup")
    (tmp_path / "clone" / "tools" / "setup.py").write_text("import os, sys; print(os.environ['AS'], *sys.argv[1:])")
    for tool in ("sh", "dirname"):
        (tmp_path / "path" / tool).symlink_to(shutil.which(tool))
    return tmp_path


def python(machine, name, *, works):
    """Put a Python of this name on the machine; one that does not work answers like one built without ssl."""
    file = machine / "path" / name
    file.write_text(f'#!/bin/sh\nAS={name} exec {sys.executable} "$@"\n' if works else "#!/bin/sh\nexit 1\n")
    file.chmod(file.stat().st_mode | stat.S_IXUSR)
    return file


def set_up(machine, *arguments, **environment):
    done = subprocess.run(
        [str(machine / "path" / "sh"), str(machine / "clone" / "bin" / "setup"), *arguments],
        env={"PATH": str(machine / "path"), **environment}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    return done.returncode, done.stdout, done.stderr


@pytest.mark.parametrize(
    ("there", "taken"),
    [
        ({"python3.11": True, "python3": True}, "python3.11"),
        ({"python3.11": False, "python3.12": True}, "python3.12"),
        ({"python3.11": False, "python3.12": False, "python3.13": True}, "python3.13"),
        ({"python3": True}, "python3"),
    ],
)
def test_the_first_python_that_really_works_is_taken(machine, there, taken):
    for name, works in there.items():
        python(machine, name, works=works)

    assert set_up(machine, "--dev") == (0, f"{taken} --dev\n", "")


def test_the_python_that_was_named_goes_first(machine):
    python(machine, "python3.11", works=True)
    mine = python(machine, "mine", works=True)

    assert set_up(machine, PYTHON=str(mine)) == (0, "mine\n", "")


def test_without_any_it_says_what_to_install(machine):
    python(machine, "python3", works=False)

    code, out, err = set_up(machine)

    assert (code, out) == (1, "")
    assert err == (
        "Rapport needs Python 3.11, 3.12 or 3.13 (with ssl and sqlite3). Install one, or name it: "
        "PYTHON=/path/to/python3 bin/setup\n"
    )


@pytest.fixture
def setup(tmp_path, monkeypatch):
    """tools/setup.py itself, on an empty clone, with every command written down instead of run."""
    spec = importlib.util.spec_from_file_location("tools_setup", ROOT / "tools" / "setup.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    (tmp_path / "requirements").mkdir()
    for name in ("requirements/base.txt", "requirements/dev.txt", "pyproject.toml"):
        (tmp_path / name).write_text(name)
    monkeypatch.setattr(module, "ROOT", tmp_path)
    monkeypatch.setattr(module, "VENV", tmp_path / ".venv")
    monkeypatch.setattr(module, "PYTHON", tmp_path / ".venv" / "bin" / "python")
    (tmp_path / ".venv").mkdir()
    module.commands = []
    monkeypatch.setattr(module, "call", lambda *command: module.commands.append(command))
    monkeypatch.setattr(module, "say", lambda text: None)
    return module


def test_a_second_run_installs_nothing(setup):
    setup.install(setup.ROOT / "requirements" / "base.txt")
    first = len(setup.commands)

    setup.install(setup.ROOT / "requirements" / "base.txt")

    assert (first, len(setup.commands)) == (2, 2)


def test_what_tests_need_comes_on_top_and_stays(setup):
    for name in ("base.txt", "dev.txt", "base.txt"):
        setup.install(setup.ROOT / "requirements" / name)

    assert [command[-1].rpartition("/")[2] for command in setup.commands[::2]] == ["base.txt", "dev.txt"]


def test_a_new_lock_is_installed(setup):
    lock = setup.ROOT / "requirements" / "base.txt"
    setup.install(lock)
    lock.write_text("django==5.2.20")

    setup.install(lock)

    assert len(setup.commands) == 4


def test_the_packages_are_checked_by_their_hashes_and_the_project_comes_without_looking_further(setup):
    setup.install(setup.ROOT / "requirements" / "base.txt")

    packages, project = setup.commands
    assert "--require-hashes" in packages
    assert {"--no-deps", "--no-build-isolation", "-e"} <= set(project)


@pytest.mark.parametrize("works", ["with_ensurepip", "with_another_pip", "with_the_system_s_package"])
def test_the_ways_to_an_environment_are_tried_in_turn(setup, monkeypatch, works):
    tried = []
    for way in ("with_ensurepip", "with_another_pip", "with_the_system_s_package"):
        monkeypatch.setattr(setup, way, lambda way=way: tried.append(way) or way == works)

    setup.make_environment()

    assert tried[-1] == works


def test_where_no_way_works_one_line_says_what_to_install(setup, monkeypatch):
    for way in ("with_ensurepip", "with_another_pip", "with_the_system_s_package"):
        monkeypatch.setattr(setup, way, lambda: False)

    with pytest.raises(SystemExit) as ending:
        setup.make_environment()

    said = ending.value.code
    assert said.startswith("Rapport needs a pip to begin with: install python3-venv (Debian: apt-get install ")
    assert "\n" not in said
    assert not setup.VENV.exists()


def test_an_ordinary_user_never_reaches_for_the_systems_packages(setup, monkeypatch):
    monkeypatch.setattr(setup.os, "geteuid", lambda: 1000)
    monkeypatch.setattr(setup.subprocess, "run", lambda *_, **__: pytest.fail("something was run"))

    assert setup.with_the_system_s_package() is False


def test_nothing_asks_for_more_power():
    files = [*(ROOT / "bin").iterdir(), ROOT / ".ci" / "run", *(ROOT / "tools").glob("*.py")]

    assert [file.name for file in files if file.is_file() and "sudo" in file.read_text()] == []
    assert [file.name for file in (ROOT / "bin").iterdir() if not os.access(file, os.X_OK)] == []


def test_the_engine_is_compiled_once_until_it_changes(setup):
    kernels = setup.ROOT / "rapport" / "matching" / "engine" / "kernels.py"
    kernels.parent.mkdir(parents=True)
    for text in ("one", "one", "two"):
        kernels.write_text(text)
        setup.compile_engine()

    assert [command[1:] for command in setup.commands] == [("-m", "rapport.matching.engine", "--warm")] * 2
