"""A school's roster by night: exactly what changed, nothing of a broken file, and much at once waits for a person."""

import pytest
import time_machine
from django.core.management import CommandError, call_command

from rapport.core.refused import Refused
from rapport.imports import actions
from rapport.imports.models import Import
from rapport.tasks.models import Task
from tests.cast import DAY, MONDAY
from tests.imports.school import differences, next_year, school, write_set
from tests.imports.test_sync import bring, everything, told

pytestmark = pytest.mark.django_db
PUPILS = 60


def night(files, at):
    """The line of the machine's timetable. Returns the code it ends with, and what it says."""
    with time_machine.travel(at, tick=False):
        try:
            call_command("import", *map(str, files), "--program", "riverside", "--as", "roster")
        except CommandError as error:
            return error.returncode, str(error)
        except Refused as refusal:  # the verb ends with 1 and says so
            return 1, str(refusal)
    return 0, ""


def calls():
    return list(Task.objects.open().filter(kind__startswith="imports/roster-").order_by("pk"))


def but_tasks():
    """All that stands, but what somebody is called about, and who signed in to read it."""
    others = ("tasks.", "access.", "sessions.", "usersessions.", "mfa.", "account.", "core.")
    return {label: rows for label, rows in everything().items() if not label.startswith(others)}


@pytest.fixture
def first(tmp_path, riverside, cora):
    """The first night, and the folder."""
    made = school(PUPILS)
    files = write_set(tmp_path / "set", made)
    assert night(files, MONDAY)[0] == 0
    return made, files


def test_a_night_later_it_does_exactly_what_changed(first, tmp_path, riverside):
    made, files = first
    old = write_set(tmp_path / "old", made)
    write_set(tmp_path / "set", next_year(made, each=1))

    with time_machine.travel(MONDAY + DAY, tick=False):
        rehearsed = told(bring(files, riverside, at=MONDAY + DAY, dry_run=True))
    assert night(files, MONDAY + DAY) == (0, "")

    assert rehearsed == differences(old[0].parent, files[0].parent)
    before = everything()
    assert night(files, MONDAY + 2 * DAY) == (0, "")
    assert everything() == before
    assert calls() == []


@pytest.mark.parametrize("broken", ["empty", "gone", "cut", "torn", "garbage"])
def test_a_broken_file_changes_nothing_and_is_told(first, cora, as_user, broken):
    _made, files = first
    users = next(file for file in files if file.name == "users.csv")
    whole = users.read_bytes()
    before = but_tasks()
    if broken == "gone":
        users.unlink()
    else:
        users.write_bytes(
            {
                "empty": b"",
                "cut": b"".join(whole.splitlines(True)[:30]),
                "torn": whole[: len(whole) // 5],
                "garbage": bytes(range(256)) * 40,
            }[broken]
        )

    codes = [night(files, MONDAY + n * DAY)[0] for n in (1, 2)]

    assert codes == ([3, 3] if broken == "cut" else [1, 1])
    assert but_tasks() == before
    [task] = calls()
    last = Import.objects.latest("pk")
    assert (task.owner, task.kind, last.state) == (
        (cora, "imports/roster-waits", "staged") if broken == "cut" else (cora, "imports/roster-broken", "failed")
    )
    with time_machine.travel(MONDAY + 2 * DAY, tick=False):
        assert "Look at it" in as_user(cora).get("/p/riverside/today/").text
        assert f"/imports/{last.ref}/" in as_user(cora).get("/p/riverside/imports/").text
        assert as_user(cora).get(f"/p/riverside/imports/{task.about.ref}/").status_code == 200

    users.write_bytes(whole)  # the next night all is whole again
    assert night(files, MONDAY + 3 * DAY) == (0, "")
    assert (but_tasks(), calls()) == (before, [])
    assert Import.objects.filter(state="staged").count() == 0


def test_much_at_once_waits_until_a_person_brings_it_in(first, riverside, cora):
    made, files = first
    write_set(files[0].parent, next_year(made, each=6))
    before = but_tasks()

    code, words = night(files, MONDAY + DAY)

    assert code == 3
    assert words.startswith("The school's roster would take something from ")
    assert but_tasks() == before
    assert [call.about for call in calls()] == [Import.objects.latest("pk")]
    waiting = Import.objects.latest("pk")
    actions.apply_list(waiting, by=cora, at=MONDAY + DAY)  # the school did change so: a person says
    assert (calls(), but_tasks() == before) == ([], False)
    assert night(files, MONDAY + 2 * DAY) == (0, "")


def test_how_much_is_too_much_is_the_programs_to_say(first, riverside):
    made, files = first
    write_set(files[0].parent, next_year(made, each=6))
    riverside.limits.filter(code="roster-takes-away").update(value=100)

    assert night(files, MONDAY + DAY) == (0, "")
