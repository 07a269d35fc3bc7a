"""A long list is read and brought in by a process of its own, which may die, or be stopped, at any moment."""

import time
from contextlib import suppress

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from rapport.clock.figures import status
from rapport.core import machine
from rapport.core.actions import beat
from rapport.core.refused import Refused
from rapport.imports import actions, uploads
from rapport.imports.actions import holding, working
from rapport.imports.bringing import Stopped, bring_in
from rapport.imports.models import Import, Row
from rapport.people.models import ContactPoint, Participant, Person
from rapport.programs.models import Program
from tests.cast import MONDAY, staff
from tests.forks import forks_of, kill
from tests.imports.test_pages import as_taken

HEADINGS = "id,first name,last name,email\n"
LONGEST = 60  # seconds


def lines(number, bad=()):
    return HEADINGS + "".join(
        f"s{n},Given{n % 7},Family{n % 11},{'nowhere' if n in bad else f'person{n}@example.org'}\n"
        for n in range(number)
    )


def received(program, number, bad=(), by=None):
    file = ContentFile(lines(number, bad).encode(), name="people.csv")
    return told(file, program, by=by)


def told(file, program, by=None):
    """A list that was kept, and whose columns are what they look like."""
    held = actions.hold(file, what="mentors", program=program, by=by, at=MONDAY)
    actions.settle(held, chosen={}, by=by, at=MONDAY)
    return held


def until_done(stop=holding.never):
    while actions.work_next(stop=stop):
        pass


def what_stands():
    """Everything the list left, without keys and random names."""
    return (
        sorted(Person.objects.values_list("given_name", "family_name", "external_ids__value", "added_at")),
        sorted(ContactPoint.objects.values_list("value", "is_private", "person__external_ids__value")),
        sorted(Participant.objects.values_list("person__external_ids__value", "side", "joined_at")),
        list(Row.objects.order_by("number").values_list("number", "outcome", "reason")),
    )


@pytest.fixture
def workers():
    """Start processes that do the long work, and get their ids; all are gone at the end."""
    with forks_of("tests.imports.worker", longest=LONGEST) as start:
        yield start


def wait_for(staged, claim):
    until = time.monotonic() + LONGEST
    while time.monotonic() < until:
        staged.refresh_from_db()
        if claim(staged):
            return
        time.sleep(0.005)
    raise AssertionError((staged.state, staged.counts, staged.rows_applied, staged.trouble))


@pytest.mark.django_db(transaction=True)
def test_killed_while_reading_and_while_bringing_in_it_goes_on_and_nothing_comes_twice(riverside, workers):
    staged = received(riverside, 1500, bad=[3, 700])

    first = workers()
    wait_for(staged, lambda one: one.rows_read)
    kill(first)
    second = workers()
    wait_for(staged, lambda one: one.state == "staged")
    actions.ask_to_apply(staged, by=None, at=MONDAY)
    wait_for(staged, lambda one: one.rows_applied)
    kill(second)
    workers()
    wait_for(staged, lambda one: one.state == "applied")

    assert staged.counts == {"new": 1498, "changed": 0, "unchanged": 0, "bad": 2}
    assert (Person.objects.count(), Participant.objects.count(), Row.objects.count()) == (1498, 1498, 1500)
    assert len(set(ContactPoint.objects.values_list("value", flat=True))) == ContactPoint.objects.count() == 1498


@pytest.fixture
def small_batches(monkeypatch):
    for module in (actions.staging, actions.applying):
        monkeypatch.setattr(module, "BATCH", 50)


class Killed(BaseException):
    """What no part of the program catches."""


@pytest.mark.parametrize("batch", range(1, 9))
def test_wherever_it_dies_the_end_is_the_same(riverside, monkeypatch, batch, small_batches):
    """Dead in the middle of any transaction, before anything of it stands."""
    staged, left = received(riverside, 200, bad=[9]), [batch]
    step = holding.step

    def die_in_time(one, **done):
        left[0] -= bool(done)
        if done and left[0] == 0:
            raise Killed
        step(one, **done)

    for module in (actions.staging, actions.applying):
        monkeypatch.setattr(module, "step", die_in_time)
    for run in ("first", "second", "third"):
        monkeypatch.setattr(holding, "THIS_RUN", run)
        with suppress(Killed):
            until_done()
            staged.refresh_from_db()
            if staged.state == "staged":
                actions.ask_to_apply(staged, by=None, at=MONDAY)
                until_done()

    staged.refresh_from_db()
    assert (staged.state, staged.counts) == ("applied", {"new": 199, "changed": 0, "unchanged": 0, "bad": 1})
    people, points, participants, rows = what_stands()
    assert [len(one) for one in (people, points, participants, rows)] == [199, 199, 199, 200]
    assert len({one[2] for one in people}) == 199


def test_in_an_archived_program_nothing_is_done(riverside, cora):
    staged = received(riverside, 10)
    until_done()
    actions.ask_to_apply(staged, by=cora, at=MONDAY)
    reading = received(riverside, 20)
    Program.objects.filter(pk=riverside.pk).update(archived_at=MONDAY)

    assert actions.work_next() == 0
    assert (Import.objects.get(pk=staged.pk).state, Import.objects.get(pk=reading.pk).state) == ("applying", "reading")
    assert Participant.objects.count() == 0

    Program.objects.filter(pk=riverside.pk).update(archived_at=None)
    assert actions.work_next() == 1


def test_two_processes_do_not_work_on_the_same_list(riverside):
    staged = received(riverside, 10)
    assert actions.take(staged)
    Import.objects.update(leased_by="elsewhere:1:run")

    assert actions.work_next() == 0
    assert not actions.take(staged)


def test_two_machines_whose_names_begin_the_same_are_two(monkeypatch):
    name = "import-worker-of-the-house-"
    monkeypatch.setattr(machine.socket, "gethostname", lambda: f"{name}1")
    other = holding.me().replace(holding.THIS_RUN, "another")
    assert holding.is_gone(other)

    monkeypatch.setattr(machine.socket, "gethostname", lambda: f"{name}2")
    assert not holding.is_gone(other)


def test_of_a_machine_before_it_was_started_anew_we_know_nothing(monkeypatch, tmp_path):
    before = holding.me().replace(holding.THIS_RUN, "another")
    monkeypatch.setattr(machine, "BOOT", tmp_path / "boot_id")
    assert not holding.is_gone(before)  # where nothing tells how often it was started
    assert holding.is_gone(holding.me().replace(holding.THIS_RUN, "another"))

    machine.BOOT.write_text("another start")
    assert not holding.is_gone(before)


@pytest.mark.parametrize("trouble", [Refused(), ValueError("a stumble")])
def test_whoever_lost_the_lease_does_not_end_the_work_of_who_has_it(riverside, monkeypatch, trouble):
    staged = received(riverside, 10)
    actions.take(staged)

    def lost_meanwhile(*_, **__):
        Import.objects.update(leased_by="elsewhere:1:run")
        raise trouble

    monkeypatch.setattr(working, "read_kept", lost_meanwhile)
    actions.go_on(staged)

    still = Import.objects.get()
    assert (still.state, still.leased_by, still.trouble) == ("reading", "elsewhere:1:run", "")
    assert default_storage.exists(still.kept_file)


def test_whoever_lost_the_lease_leaves_the_stop_to_who_has_it(riverside, cora):
    staged = received(riverside, 10)
    actions.take(staged)
    Import.objects.update(leased_by="elsewhere:1:run")
    actions.ask_to_stop(Import.objects.get(), by=cora, at=MONDAY)

    actions.go_on(staged)

    assert (Import.objects.get().state, Import.objects.get().leased_by) == ("reading", "elsewhere:1:run")


def test_whoever_lost_the_lease_writes_nothing_more(riverside):
    staged = received(riverside, 10)
    actions.take(staged)
    Import.objects.update(leased_by="elsewhere:1:run")

    actions.go_on(staged)

    assert (Row.objects.count(), Import.objects.get().state) == (0, "reading")


def test_stopped_on_the_way_what_is_in_stays_and_the_rest_can_follow(riverside, cora, small_batches):
    staged = received(riverside, 120)
    until_done()
    actions.ask_to_apply(staged, by=cora, at=MONDAY)

    actions.work_next(tell=lambda one: actions.ask_to_stop(one, by=cora, at=MONDAY) if not one.stop_asked_at else None)

    staged.refresh_from_db()
    assert (staged.state, staged.rows_applied, Person.objects.exclude(external_ids=None).count()) == (
        "stopped",
        50,
        50,
    )

    actions.ask_to_apply(staged, by=cora, at=MONDAY)
    until_done()

    staged.refresh_from_db()
    assert (staged.state, staged.counts["new"]) == ("applied", 120)


def test_stopped_while_it_is_read_nothing_is_left(riverside, cora, django_capture_on_commit_callbacks, small_batches):
    staged = received(riverside, 120)
    name = staged.kept_file

    with django_capture_on_commit_callbacks(execute=True):
        actions.ask_to_stop(staged, by=cora, at=MONDAY)

    assert (Import.objects.get().state, Row.objects.count(), default_storage.exists(name)) == ("dropped", 0, False)


def test_stopped_while_it_is_brought_in_its_file_is_gone(riverside, cora, django_capture_on_commit_callbacks):
    staged = actions.hold(
        ContentFile(lines(10).encode(), name="people.csv"), what="mentors", program=riverside, by=cora, at=MONDAY
    )
    actions.settle(staged, chosen={}, is_as_last_time=True, by=cora, at=MONDAY)
    until_done()
    actions.ask_to_apply(staged, by=cora, at=MONDAY)
    name = staged.kept_file
    assert default_storage.exists(name)

    with django_capture_on_commit_callbacks(execute=True):
        actions.ask_to_stop(staged, by=cora, at=MONDAY)

    stopped = Import.objects.get()
    assert (stopped.state, stopped.kept_file, default_storage.exists(name)) == ("stopped", "", False)


def test_told_to_end_it_gives_the_list_back(riverside, small_batches):
    staged = received(riverside, 120)
    actions.work_next(stop=lambda: Row.objects.count() >= 50)

    staged.refresh_from_db()
    assert (staged.state, staged.rows_read, staged.leased_by) == ("reading", 50, "")

    until_done()
    staged.refresh_from_db()
    assert (staged.state, staged.rows_read, Row.objects.count()) == ("staged", 120, 120)


def test_the_file_is_kept_only_until_it_has_been_read(riverside, django_capture_on_commit_callbacks):
    staged = received(riverside, 10)
    assert default_storage.exists(staged.kept_file)

    with django_capture_on_commit_callbacks(execute=True):
        until_done()

    assert (default_storage.exists(staged.kept_file), Import.objects.get().kept_file) == (False, "")


def test_a_list_that_breaks_off_says_why_and_leaves_no_row(riverside, small_batches):
    file = ContentFile((lines(600) + 's9,"Ama,Mensah,ama@example.org\n').encode(), name="people.csv")
    told(file, riverside)

    until_done()

    failed = Import.objects.get()
    assert (failed.state, Row.objects.count(), failed.kept_file) == ("failed", 0, "")
    assert failed.trouble.startswith("Row 602 cannot be read")


def test_a_file_that_is_gone_says_so(riverside):
    staged = received(riverside, 10)
    default_storage.delete(staged.kept_file)

    until_done()

    assert Import.objects.get().trouble == "Its reading was cut off, and the file is gone. Bring it again."


def test_what_goes_wrong_on_our_side_is_not_tried_for_ever(riverside, monkeypatch):
    received(riverside, 10)
    monkeypatch.setattr(working, "read_kept", lambda *_, **__: 1 / 0)

    until_done()

    assert (Import.objects.get().state, actions.work_next()) == ("failed", 0)
    assert "on our side" in Import.objects.get().trouble


def test_status_tells_of_a_list_that_waits_for_nobody(riverside):
    received(riverside, 10)

    assert "a list waits, and nobody does the long work" in status(at=timezone.now())["warnings"]


# By the page


@pytest.fixture
def coras(as_user, cora):
    return as_user(cora)


@pytest.fixture
def long_lists(monkeypatch):
    """What counts as long is short, and somebody does the long work."""
    monkeypatch.setattr(uploads, "BYTES_AT_ONCE", 100)
    monkeypatch.setattr(uploads, "ROWS_AT_ONCE", 3)
    beat("work", at=timezone.now())


def sent(browser, number=20):
    file = SimpleUploadedFile("people.csv", lines(number).encode(), content_type="text/csv")
    return as_taken(browser, browser.post("/p/riverside/imports/new/", {"what": "mentors", "sent": [file]}))


def test_the_page_says_how_far_it_is_and_then_what_it_found(coras, riverside, long_lists):
    where = sent(coras).url
    page = coras.get(where).content.decode()
    assert "This list is being read." in page
    assert '<noscript><meta http-equiv="refresh" content="5"></noscript>' in page
    assert "Nobody works on it" not in page

    until_done()
    assert "This list would add 20 and change 0." in coras.get(where).content.decode()

    coras.post(where, {"do": "apply"})
    assert "0 of 20 rows are in." in coras.get(where).content.decode()

    until_done()
    line = coras.get(where, headers={"HX-Request": "true"})
    assert (line.headers["HX-Refresh"], line.content) == ("true", b"")
    assert "This list added 20 and changed 0." in coras.get(where).content.decode()


def test_the_line_alone_is_renewed(coras, riverside, long_lists):
    where = sent(coras).url

    line = coras.get(where, headers={"HX-Request": "true"}).content.decode()

    assert "It waits to be read." in line
    assert "<html" not in line


def test_stopping_by_the_page(coras, riverside, long_lists):
    where = sent(coras).url
    until_done()
    coras.post(where, {"do": "apply"})

    coras.post(where, {"do": "stop"})

    assert "This list was stopped: 0 of 20 rows are in." in coras.get(where).content.decode()
    assert coras.post(where, {"do": "stop"}).status_code == 409
    coras.post(where, {"do": "apply"})
    until_done()
    assert Participant.objects.count() == 20


def test_where_nobody_does_the_long_work_it_is_done_at_once(coras, riverside, long_lists):
    beat("work", at=timezone.now() - timezone.timedelta(minutes=2))

    where = sent(coras).url
    coras.post(where, {"do": "apply"})

    assert (Import.objects.get().state, Participant.objects.count()) == ("applied", 20)


def test_where_whoever_did_the_long_work_is_gone_the_page_says_so(coras, riverside, long_lists):
    where = sent(coras).url
    beat("work", at=timezone.now() - timezone.timedelta(minutes=2))

    assert "Nobody works on it just now." in coras.get(where).content.decode()


def test_strangers_neither_see_nor_stop_it(as_user, coras, omar, riverside, hillside, long_lists):
    where = sent(coras).url

    for stranger in (omar, staff("Eve", riverside, "evaluator")):
        assert as_user(stranger).get(where).status_code == 404
        assert as_user(stranger).post(where, {"do": "stop"}).status_code == 404
    assert Import.objects.get().stop_asked_at is None


# By the command


def test_the_same_command_again_brings_in_the_rest(riverside, tmp_path, small_batches):
    file = tmp_path / "people.csv"
    file.write_text(lines(120))

    with pytest.raises(Stopped) as stopped:
        bring_in([file], what="mentors", program=riverside, stop=lambda: Person.objects.count() >= 50, at=MONDAY)
    again = bring_in([file], what="mentors", program=riverside, at=MONDAY)

    assert str(stopped.value) == "Stopped: 50 of 120 rows are in. The same command again brings in the rest."
    assert (again["rows"], again["created"], again["unchanged"], again["bad"]) == (120, 70, 50, [])
    assert Person.objects.count() == 120


def test_given_up_while_reading_nothing_is_left(riverside, tmp_path, small_batches):
    file = tmp_path / "people.csv"
    file.write_text(lines(120))

    with pytest.raises(Stopped):
        bring_in([file], what="mentors", program=riverside, stop=lambda: Row.objects.count() >= 50, at=MONDAY)

    assert (Import.objects.count(), Row.objects.count(), Person.objects.count()) == (0, 0, 0)


def test_progress_is_told_batch_by_batch(riverside, tmp_path, small_batches):
    file, told = tmp_path / "people.csv", []
    file.write_text(lines(120))

    bring_in(
        [file], what="mentors", program=riverside, at=MONDAY,
        tell=lambda one: told.append((one.state, one.rows_read, one.rows_applied)),
    )  # fmt: skip

    assert told == [
        ("reading", 50, 0), ("reading", 100, 0), ("reading", 120, 0),
        ("applying", 120, 50), ("applying", 120, 100), ("applying", 120, 120),
    ]  # fmt: skip
