"""A civil service's mentoring network with its real lists, shuffled at will, and people to make rounds of."""

import csv
import json
import random
import subprocess
import sys
from datetime import UTC, date, datetime
from pathlib import Path
from types import SimpleNamespace

import pytest

from rapport.imports.bringing import bring_in
from rapport.onboarding.models import Gate
from rapport.people.models import Guardianship
from rapport.portal.founding import found_program
from rapport.programs import profiles
from tests.cast import LONG_AGO, gates_met, participant, person, staff

LISTS = Path(__file__).parents[1] / "samples" / "uk-civil-service-50"
FILE = profiles.FOLDER.parent / "examples" / "civil-service.toml"
APART = ("test_asking.py", "test_engine.py", "test_instances.py", "test_match_command.py")
ENGINE = [sys.executable, "-m", "rapport.matching.engine"]


@pytest.fixture
def service(house):
    """The network, as its own file says, without people."""
    since = date(2026, 5, 1)
    return found_program(
        slug="civil-service", file=FILE, organization=house, using_since_on=since, by=None, at=LONG_AGO
    )


@pytest.fixture
def marta(service):
    """Coordinates the network."""
    return staff("Marta", service, "coordinator")


def bring_lists(program, folder, *, seed=None):
    """Both sign-up lists, their rows shuffled where a seed is given."""
    for what in ("mentors", "mentees"):
        rows = (LISTS / f"{what}.csv").read_text(encoding="utf-8-sig").splitlines()
        head, people = rows[0], list(csv.reader(rows[1:]))
        if seed is not None:
            random.Random(f"{seed} {what}").shuffle(people)
        copy = folder / f"{what}-{seed}.csv"
        with copy.open("w", newline="") as file:
            csv.writer(file).writerows([next(csv.reader([head])), *people])
        bring_in([copy], what=what, program=program, at=datetime(2026, 5, 2, tzinfo=UTC))


@pytest.fixture
def lists(service, tmp_path):
    bring_lists(service, tmp_path)
    return service


@pytest.fixture
def newcomer(riverside, cora):
    """Makes somebody of Riverside with all gates met: `newcomer("Ama", "mentor", interests=[...])`."""

    def make(name, side, *, program=riverside, capacity=1, ready=True, **traits):
        born = date(1990, 5, 1) if side == "mentor" else date(2015, 4, 2)
        one = participant(person(name, program, born_on=born), program, side, capacity=capacity, traits=traits)
        if ready and side == "mentor":
            gates_met(one, "clearance", "training", by=cora)
        if ready and side == "mentee":
            permitted(one, by=cora)
        return one

    return make


def permitted(child, *, by):
    """A guardian's permission and the child's own yes."""
    adult = person(f"Guardian of {child.person.given_name}", child.program, born_on=date(1985, 2, 3), mail=False)
    Guardianship.objects.create(adult=adult, child=child.person, relation="mother", starts_on=date(2015, 4, 2))
    gates_met(child, "permission", "assent", by=by)
    Gate.objects.filter(participant=child, code="permission").update(given_by=adult)
    Gate.objects.filter(participant=child, code="assent").update(given_by=child.person)


@pytest.fixture(autouse=True)
def engine_here(monkeypatch, request):
    """The engine answers in this process: what a page asks and reads is the same, and no process has to start.

    The tests of the files in APART start it as a process, as a house does.
    """
    from rapport.matching import calling

    if request.path.name not in APART:
        failures = {name: getattr(subprocess, name) for name in ("CalledProcessError", "TimeoutExpired")}
        monkeypatch.setattr(calling, "subprocess", SimpleNamespace(run=answered, **failures))


def answered(command, *, input, **how):
    """What the engine would have written; any other command that a test puts in its place is run."""
    from rapport.matching import engine

    if command != ENGINE:
        return subprocess.run(command, input=input, **how)
    try:
        return SimpleNamespace(stdout=json.dumps(engine.answer(json.loads(input))))
    except Exception as failure:
        raise subprocess.CalledProcessError(1, command, stderr=repr(failure)) from failure
