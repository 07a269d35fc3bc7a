"""What the command answers: 0 done, 1 refused with the reason, 2 wrong usage; and which folders it touches."""

import os
import subprocess
import sys

import pytest

from tests.clock.conftest import ROOT, environment, rapport

VERBS = ["admit", "audit", "backup", "demo", "import", "keys", "match", "program", "reply", "restore"]
VERBS += ["serve", "status", "tick"]


@pytest.mark.parametrize("verb", VERBS)
def test_each_verb_explains_itself_with_an_example(verb):
    done = rapport(verb, "--help")

    assert (done.returncode, done.stderr) == (0, "")
    assert f"Example: rapport {verb}" in done.stdout


@pytest.mark.parametrize("line", [["backup", "--help"], ["dance"]])
def test_started_anew_it_says_the_same_as_in_these_tests(tmp_path, line):
    """`tests/warm.py` saves each run the reading in of Python and Django."""
    line = [*line, "--dir", str(tmp_path)]
    command = [sys.executable, "-m", "rapport", *line]

    anew = subprocess.run(command, cwd=ROOT, env=environment(), capture_output=True, text=True, check=False)

    warm = rapport(*line)
    assert (anew.returncode, anew.stdout, anew.stderr) == (warm.returncode, warm.stdout, warm.stderr)


def test_without_a_verb_it_lists_every_verb():
    done = rapport()

    listed = [line.split()[0] for line in done.stdout.splitlines() if line.startswith("  ")]
    assert (done.returncode, listed) == (0, VERBS)


@pytest.mark.parametrize(
    ("line", "code", "words"),
    [
        (["dance"], 2, "there is no verb 'dance'"),
        (["tick", "--at"], 2, "expected one argument"),
        (["tick", "--at", "yesterday"], 2, "'yesterday' is no moment; write it like 2026-11-23T09:00."),
        (["status", "--yaml"], 2, "unrecognized arguments: --yaml"),
        (["serve", "--only", "everything"], 2, "invalid choice"),
        (["backup"], 2, "required: file"),
        (["restore", "missing.zip"], 1, "There is no file 'missing.zip'."),
        (["status", "--dir"], 2, "--dir needs the name of a folder"),
        (["--dir=", "status"], 2, "--dir needs the name of a folder"),
        (["--dir", " ", "status"], 2, "--dir needs the name of a folder"),
    ],
)
def test_wrong_usage_is_2_and_a_refusal_is_1_with_one_sentence(install, line, code, words):
    line = line if any("--dir" in word for word in line) else [*line, "--dir", install]

    done = rapport(*line)

    assert done.returncode == code
    assert words in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("place", ["first", "last", "middle", "joined"])
def test_the_folder_may_be_named_anywhere_on_the_line(install, place):
    folder = str(install)
    lines = {
        "first": ["--dir", folder, "status", "--json"],
        "last": ["status", "--json", "--dir", folder],
        "middle": ["status", "--dir", folder, "--json"],
        "joined": ["status", f"--dir={folder}", "--json"],
    }

    done = rapport(*lines[place])

    assert done.returncode == 0, done.stderr
    assert '"slug": "riverside"' in done.stdout


@pytest.mark.parametrize("verb", [["status"], ["tick"], ["backup", "copy.zip"], ["audit", "verify"]])
def test_a_folder_that_is_no_install_is_refused_and_left_alone(tmp_path, verb):
    (tmp_path / "letter.txt").write_text("something of mine")

    done = rapport(*verb, "--dir", tmp_path, cwd=tmp_path)

    name = tmp_path.name
    words = f"rapport {verb[0]}: {name} is no Rapport folder. Name one with --dir, or make one with `rapport serve`.\n"
    assert (done.returncode, done.stderr) == (1, words)
    assert os.listdir(tmp_path) == ["letter.txt"]


def test_a_folder_that_is_missing_is_not_made_by_asking_about_it(tmp_path):
    done = rapport("status", "--dir", tmp_path / "nowhere")

    assert done.returncode == 1
    assert not (tmp_path / "nowhere").exists()


def test_a_file_in_the_place_of_the_folder_is_one_line(tmp_path):
    (tmp_path / "file").write_text("")

    done = rapport("serve", "--dir", tmp_path / "file")

    assert (done.returncode, len(done.stderr.splitlines())) == (1, 1)


def test_a_database_that_is_none_is_one_line(tmp_path):
    (tmp_path / "rapport.sqlite3").write_text("this is no database, it is a letter" * 100)

    done = rapport("status", "--dir", tmp_path)

    assert (done.returncode, done.stderr) == (1, "rapport status: file is not a database\n")


@pytest.mark.parametrize("port", ["0", "70000", "-1", "many"])
def test_a_port_that_cannot_be_is_refused_before_anything_is_made(tmp_path, port):
    done = rapport("serve", "--port", port, "--dir", tmp_path / "new")

    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "new").exists()
