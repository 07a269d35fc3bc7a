"""A copy made while people work opens again in an empty place, whole, silent, and only if it is what it was."""

import json
import os
import random
import shutil
import threading
import zipfile
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
from django.db import connection
from django.utils import timezone

from rapport.audit.actions import record, seal_next
from rapport.clock.backup import back_up, check
from rapport.clock.backup.checking import MANIFEST, SEAL
from rapport.clock.backup.place import row_counts, sha256
from rapport.clock.backup.refusals import BackupDamaged, CannotWrite, NotABackup
from rapport.clock.timetable import seal_the_trail
from rapport.outbox import kinds
from rapport.outbox.actions import queue
from rapport.outbox.models import Message
from rapport.people.actions import add_person
from tests.cast import MONDAY
from tests.clock.conftest import rapport, rows
from tests.conftest import FULL

DAMAGES = 200 if FULL else 20
DAMAGED = "This is no whole backup of Rapport: it is damaged, or it is something else."
WRITERS, EACH = 4, 60 if FULL else 25
CHANGED_BY_RESTORE = {"audit_event", "django_session"}  # the restore itself is written down; sessions end


@pytest.fixture
def files(settings, tmp_path):
    """Some stored files, one with an odd name in a folder of its own."""
    folder = tmp_path / "stored"
    (folder / "letters").mkdir(parents=True)
    (folder / "letters" / "Grüße an Ben.txt").write_bytes(b"hello")
    (folder / "empty.bin").write_bytes(b"")
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {**settings.STORAGES["default"], "OPTIONS": {"location": folder}},
    }
    return folder


@pytest.fixture
def place(tmp_path):
    """An empty place to restore into, on the same kind of database, and a way to ask it."""
    with Place(tmp_path / "restored") as one:
        yield one


class Place:
    """Where a copy is brought: a folder, with PostgreSQL a new database as well."""

    def __init__(self, folder):
        self.folder, self.environment = folder, {}

    def __enter__(self):
        if connection.vendor == "postgresql":
            self.name = f"restored_{os.getpid()}_{random.randrange(10**6)}"
            self.server("CREATE DATABASE " + self.name)
            host = connection.settings_dict["OPTIONS"]["host"]
            self.environment = {"DATABASE_URL": f"postgresql://postgres@/{self.name}?host={host}"}
        return self

    def __exit__(self, *_):
        if self.environment:
            self.server(f"DROP DATABASE {self.name} WITH (FORCE)")

    def server(self, statement):
        given = connection.get_connection_params()
        address = {key: given[key] for key in ("host", "user", "dbname") if given.get(key)}
        with psycopg.connect(**address, autocommit=True) as database:
            database.execute(statement)

    def rapport(self, *line):
        return rapport(*line, "--dir", self.folder, **self.environment)

    def ask(self, statement):
        if not self.environment:
            return rows(self.folder, statement)
        with psycopg.connect(self.environment["DATABASE_URL"]) as database:
            return database.execute(statement).fetchall()

    def counts(self, tables):
        return {table: self.ask(f'SELECT count(*) FROM "{table}"')[0][0] for table in tables}


@contextmanager
def writers(program, by):
    """Threads that bring people in, as staff do, until the copy is made; each is a person and a row of the trail."""
    stop, errors = threading.Event(), []

    def write(number):
        try:
            for n in range(EACH):
                add_person(
                    organization=program.organization, given_name="Newcomer", family_name=f"{number}-{n}",
                    email=f"new{number}-{n}@example.org", by=by, at=timezone.now(),
                )  # fmt: skip
                seal_the_trail(at=MONDAY, limit=50)
                if stop.is_set():
                    break
        except Exception as error:
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=write, args=(number,)) for number in range(WRITERS)]
    for thread in threads:
        thread.start()
    yield
    stop.set()
    for thread in threads:
        thread.join()
    assert [
        error for error in errors if "Sealed" not in type(error).__name__ and "Integrity" not in type(error).__name__
    ] == []


@pytest.mark.django_db(transaction=True)
def test_a_copy_made_while_people_write_opens_whole_and_silent_in_an_empty_place(
    match, cora, ama, files, tmp_path, place
):
    waiting_messages(match, ama)
    file = tmp_path / "copy.zip"

    with writers(match.program, cora):
        manifest = back_up(file, at=MONDAY)
    done = place.rapport("restore", file)

    assert done.returncode == 0, done.stderr
    assert file.stat().st_mode & 0o077 == 0
    counts = {table: number for table, number in manifest["counts"].items() if table not in CHANGED_BY_RESTORE}
    assert place.counts(counts) == counts
    people = place.ask("SELECT count(*) FROM people_person WHERE given_name = 'Newcomer'")
    assert place.ask("SELECT count(*) FROM audit_event WHERE verb = 'person.added'") == people
    assert place.rapport("audit", "verify").returncode == 0
    assert place.ask("SELECT DISTINCT state FROM outbox_message") == [("held",)]
    assert place.ask("SELECT DISTINCT quiet_start FROM programs_program") in ([(1,)], [(True,)])
    assert place.ask("SELECT count(*) FROM audit_event WHERE verb = 'program.restored'") == [(1,)]
    assert [file.name for file in sorted((place.folder / "files").rglob("*.*"))] == ["empty.bin", "Grüße an Ben.txt"]
    assert sends_nothing(place)


def waiting_messages(match, ama):
    kinds.kind("tests/hello", purpose="messages", wanted=lambda messages, at: messages)
    for number in range(3):
        queue("tests/hello", to=ama, about=match, key=f"hello:{number}", at=MONDAY)
    Message.objects.filter(dedupe_key="hello:1").update(state="claimed", lease_until=MONDAY, claimed_by="gone:1")
    kinds.KINDS.pop("tests/hello")


def sends_nothing(place):
    done = place.rapport("tick", "--deliver", "--json")
    assert done.returncode == 0, done.stderr
    letters = list((place.folder / "mailbox").glob("*")) if (place.folder / "mailbox").exists() else []
    return json.loads(done.stdout)["done"]["messages are handed over"] == 0 and letters == []


@pytest.mark.django_db(transaction=True)
def test_a_restored_copy_can_be_copied_again(match, files, tmp_path, place):
    back_up(tmp_path / "copy.zip", at=MONDAY)
    place.rapport("restore", tmp_path / "copy.zip")

    done = place.rapport("backup", tmp_path / "again.zip")

    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("Copied and verified: ")


@pytest.mark.django_db(transaction=True)
def test_the_manifest_counts_what_is_there(match, files, tmp_path):
    manifest = back_up(tmp_path / "copy.zip", at=MONDAY)

    assert check(tmp_path / "copy.zip") == manifest
    assert manifest["counts"] == row_counts()
    assert (manifest["made_at"], list(manifest["files"])) == (
        MONDAY.isoformat(),
        ["empty.bin", "letters/Grüße an Ben.txt"],
    )


def damages(whole, chance):
    """Endless ways to harm a file: one bit, a cut, a hole, a swap, something behind it."""
    while True:
        at, length = chance.randrange(len(whole)), chance.randrange(1, 2000)
        yield whole[:at] + bytes([whole[at] ^ 1 << chance.randrange(8)]) + whole[at + 1 :]
        yield whole[:at]
        yield whole[:at] + whole[at + length :] if at + length <= len(whole) else whole[:-1]
        yield whole[:at] + bytes(min(length, len(whole) - at)) + whole[at + length :]
        yield whole + bytes([chance.randrange(256)]) * length


@pytest.fixture(scope="session")
def made_once(install, tmp_path_factory):
    """A copy that the verb made of an install; nobody changes it."""
    file = tmp_path_factory.mktemp("made") / "copy.zip"
    done = rapport("backup", file, "--dir", install)
    assert (done.returncode, done.stderr) == (0, "")
    return file


@pytest.fixture
def made(made_once, tmp_path):
    """The same, to do with as one likes."""
    return Path(shutil.copy(made_once, tmp_path / "copy.zip"))


def test_a_damaged_copy_is_refused_whatever_is_wrong_with_it(made, tmp_path):
    whole, chance = made.read_bytes(), random.Random(28)
    harmed = tmp_path / "harmed.zip"

    outcomes = {}
    for number, damage in zip(range(DAMAGES), damages(whole, chance), strict=False):
        if damage == whole:
            continue
        harmed.write_bytes(damage)
        try:
            check(harmed)
            outcomes[number] = "accepted"
        except BackupDamaged as refusal:
            outcomes[number] = str(refusal)

    assert len(outcomes) > DAMAGES * 0.9
    assert set(outcomes.values()) <= {str(NotABackup("")), DAMAGED}


def reseal(file):
    """Give a changed copy a right seal again, as somebody who knows the form could."""
    body = file.read_bytes()[:-SEAL]
    file.write_bytes(body + b"0" * SEAL)
    file.write_bytes(body + sha256(file, len(body)).encode())


def rewritten(made, change):
    """The copy with some parts changed: `change` takes {name: content} and changes it."""
    with zipfile.ZipFile(made) as zipped:
        parts = {name: zipped.read(name) for name in zipped.namelist()}
    change(parts)
    with zipfile.ZipFile(made, "w") as zipped:
        for name, content in parts.items():
            zipped.writestr(name, content)
        zipped.comment = b"0" * SEAL
    reseal(made)
    return made


def said(parts, **changes):
    parts[MANIFEST] = json.dumps(json.loads(parts[MANIFEST]) | changes).encode()


WRONG = {
    "no manifest": lambda parts: parts.pop(MANIFEST),
    "a manifest that is a list": lambda parts: parts.update({MANIFEST: b"[1, 2]"}),
    "a manifest that is no JSON": lambda parts: parts.update({MANIFEST: b"\xff\xfe{"}),
    "no database": lambda parts: parts.pop("rapport.sqlite3"),
    "another database": lambda parts: parts.update({"rapport.sqlite3": b"SQLite format 3\0 and nothing behind it"}),
    "one part too many": lambda parts: parts.update({"files/stranger.txt": b"hello"}),
    "a missing file": lambda parts: said(parts, files={"gone.txt": "0" * 64}),
    "a file outside": lambda parts: said(parts, files={"../../outside.txt": "0" * 64}),
    "a later format": lambda parts: said(parts, format=2),
    "a newer Rapport": lambda parts: said(parts, migrations=["core.0999_something_later"]),
    "another kind of database": lambda parts: said(parts, database="rapport.pgdump"),
}


@pytest.mark.parametrize("wrong", WRONG)
def test_a_copy_that_says_something_else_is_refused_and_nothing_is_touched(made, tmp_path, wrong):
    rewritten(made, WRONG[wrong])

    done = rapport("restore", made, "--dir", tmp_path / "new")

    assert done.returncode == 1
    assert (len(done.stderr.splitlines()), done.stdout) == (1, "")
    assert not (tmp_path / "new").exists()
    assert not (tmp_path / "outside.txt").exists()


FOREIGN = {
    "an empty file": b"",
    "a letter": b"Dear Ben, it is not about you." * 9,
    "an end of a zip": b"PK\x05\x06" + b"\0" * 18,
    "noise": random.Random(1).randbytes(5000),
}


@pytest.mark.parametrize("kind", FOREIGN)
def test_any_other_file_is_no_backup(tmp_path, kind):
    file = tmp_path / "photo.zip"
    file.write_bytes(FOREIGN[kind])

    done = rapport("restore", file, "--dir", tmp_path / "new")

    assert done.returncode == 1
    assert done.stderr.startswith("rapport restore: This is no ")
    assert not (tmp_path / "new").exists()


def test_somebody_elses_zip_is_no_backup(tmp_path):
    file = tmp_path / "photos.zip"
    with zipfile.ZipFile(file, "w") as zipped:
        zipped.writestr("river.jpg", b"a picture")

    with pytest.raises(BackupDamaged, match="This is no whole backup of Rapport"):
        check(file)


def test_an_empty_file_says_so():
    assert str(NotABackup("file")) == "This is no backup of Rapport; nothing was touched."


def test_a_place_that_holds_something_is_refused(made, install, tmp_path):
    (tmp_path / "taken").mkdir()
    (tmp_path / "taken" / "letter.txt").write_text("mine")

    for folder in (install, tmp_path / "taken"):
        done = rapport("restore", made, "--dir", folder)
        assert done.returncode == 1
        assert done.stderr.startswith("rapport restore: There is something here already.")
    assert os.listdir(tmp_path / "taken") == ["letter.txt"]


def test_a_folder_to_write_to_that_is_missing_is_one_line(install, tmp_path):
    done = rapport("backup", tmp_path / "nowhere" / "copy.zip", "--dir", install)

    assert (done.returncode, done.stderr) == (1, "rapport backup: There is no folder 'nowhere' to write to.\n")


def test_a_disk_that_takes_nothing_is_one_line(install):
    done = rapport("backup", "/proc/copy.zip", "--dir", install)

    assert done.returncode == 1
    assert done.stderr.startswith("rapport backup: It cannot be written there: ")
    assert len(done.stderr.splitlines()) == 1


def test_a_copy_that_could_not_be_made_leaves_the_one_before(made, install, monkeypatch, tmp_path):
    before = made.read_bytes()

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("rapport.clock.backup.making.copy_everything", full)
    with pytest.raises(CannotWrite, match="No space left on device"):
        back_up(made, at=MONDAY)

    assert made.read_bytes() == before
    assert [one.name for one in Path(tmp_path).iterdir()] == ["copy.zip"]


def test_a_place_that_cannot_be_written_is_one_line(made):
    done = rapport("restore", made, "--dir", "/proc/new")

    assert done.returncode == 1
    assert done.stderr.startswith("rapport restore: It cannot be written there: ")
    assert len(done.stderr.splitlines()) == 1


@pytest.mark.django_db(transaction=True)
def test_a_trail_that_was_broken_before_is_told_and_does_not_keep_the_rest_from_its_owner(match, cora, tmp_path, place):
    from tests.audit.test_trail import without_triggers

    record("match.paused", about=match, by=cora, at=MONDAY)
    while seal_next():
        pass
    without_triggers("UPDATE audit_event SET verb = %s WHERE position = 1", "nothing.happened")
    back_up(tmp_path / "copy.zip", at=MONDAY)

    done = place.rapport("restore", tmp_path / "copy.zip")

    assert (done.returncode, "WARNING: the audit trail was broken" in done.stderr) == (0, True)
    assert place.rapport("audit", "verify").returncode == 1
