"""A list of pairs is taken back while nothing hangs on them: exactly what it did, by the worker, killed or not."""

from datetime import date, time

import pytest
from django.db import transaction
from django.utils import timezone

from rapport.care.actions import refresh_findings
from rapport.checkins.actions import OldTalk, gather_asks, plan_check_ins, remember
from rapport.core.actions import beat
from rapport.imports import actions, uploads
from rapport.imports.actions import taking_back
from rapport.imports.actions.applying import AlreadyDone
from rapport.imports.models import Deed, Import
from rapport.matches.actions import pause
from rapport.matches.models import Match
from rapport.meetings.actions import add_meeting, make_plan
from rapport.meetings.models import Log, Meeting
from rapport.safeguarding.actions import raise_concern
from rapport.tasks.models import Task
from tests.cast import DAY, MONDAY, WEEK, participant, person
from tests.imports.test_long_work import until_done
from tests.imports.test_pairs import PAIR, a_list, bring, known, row
from tests.imports.test_pairs_long import brought, crowd, killed_at
from tests.imports.test_undo import tables

__all__ = ["a_list", "crowd", "known"]


def without_tasks():
    """Every row besides the call about checks, which ends with a word and stays as such."""
    return {name: rows for name, rows in tables().items() if not name.startswith("tasks.")}


@pytest.fixture
def staged(a_list, riverside, known):
    """Ama and Ben, with three meetings and two talks."""
    bring(a_list(PAIR), riverside)
    return Import.objects.get()


def undo(staged, by=None):
    return actions.undo(staged, by=by, at=MONDAY + DAY)


def test_import_then_undo_is_as_before(a_list, riverside, known):
    before = without_tasks()
    bring(a_list(PAIR), riverside)
    assert without_tasks() != before

    assert undo(Import.objects.get()) == (1, 0)

    assert without_tasks() == before
    assert not Task.objects.open().exists()


def test_what_a_fuller_list_added_is_taken_from_a_pair_that_stays(a_list, riverside, known):
    bring(a_list(row()), riverside)
    before = without_tasks()
    bring(a_list(PAIR), riverside)

    assert undo(Import.objects.latest("pk")) == (1, 0)

    assert without_tasks() == before


def test_a_list_is_taken_back_once_a_later_one_about_the_same_pair_is(a_list, riverside, known):
    before = without_tasks()
    bring(a_list(row()), riverside)
    bring(a_list(PAIR), riverside)
    first, second = Import.objects.order_by("pk")

    assert undo(first) == (0, 1)
    assert undo(second) == (1, 0)
    assert undo(first) == (1, 0)

    assert without_tasks() == before


def test_what_the_house_works_out_of_a_pair_goes_with_it(a_list, riverside, known, cora):
    kofi = participant(person("Kofi", riverside, born_on=date(1990, 1, 1)), riverside, "mentor")
    ella = participant(person("Ella", riverside, born_on=date(1995, 1, 1)), riverside, "mentee")
    bring(a_list(row(mentor="kofi@example.org", mentee="ella@example.org")), riverside)
    plan_check_ins(at=MONDAY + DAY, limit=100)
    refresh_findings(at=MONDAY + DAY, limit=100)

    asked_too = Match.objects.with_people().get()
    assert asked_too.check_ins.filter(ask=None).exists()
    assert undo(Import.objects.get()) == (1, 0)
    assert (kofi.places.count(), ella.places.count(), Match.objects.count()) == (0, 0, 0)


def paused(match, cora):
    pause(match, reason="holidays", starts_on=MONDAY.date(), by=cora, at=MONDAY)


def planned(match, cora):
    make_plan(match, weekday=2, starts_at=time(15), minutes=60, from_on=MONDAY.date(), by=cora, at=MONDAY)


def met(match, cora):
    add_meeting(match, starts_at=MONDAY + DAY, minutes=60, by=cora, at=MONDAY)


def said_otherwise(match, cora):
    Log.objects.filter(meeting__match=match).update(source="link")


def more_remembered(match, cora):
    remember([OldTalk(match, match.mentors[0].person, date(2026, 9, 1))], by=cora, at=MONDAY)


def a_worry(match, cora):
    raise_concern(program=match.program, match=match, words="canary", cause_key="c", by=cora, at=MONDAY)


def asked(match, cora):
    """Grown-ups, and two weeks gone by."""
    plan_check_ins(at=MONDAY + 9 * WEEK, limit=100)
    gather_asks(at=MONDAY + 9 * WEEK, limit=100)


MET = "A meeting of theirs has been written down since."
SOMETHING = "Something has been recorded about them since."
HANGS = [
    (paused, "Their match has been paused since."),
    (planned, "It has been planned since when they meet."),
    (met, MET),
    (said_otherwise, MET),
    (more_remembered, SOMETHING),
    (a_worry, SOMETHING),
]


@pytest.mark.parametrize(("happens", "reason"), HANGS)
def test_a_pair_stays_where_something_hangs_on_it_and_the_list_says_what(staged, cora, happens, reason):
    happens(Match.objects.with_people().get(), cora)
    before = tables()

    assert undo(staged, by=cora) == (0, 1)
    assert (Deed.objects.get().stays, tables()) == (reason, before)


def test_a_pair_that_was_asked_stays(a_list, riverside, known, cora):
    participant(person("Kofi", riverside, born_on=date(1990, 1, 1)), riverside, "mentor")
    participant(person("Ella", riverside, born_on=date(1995, 1, 1)), riverside, "mentee")
    bring(a_list(row(mentor="kofi@example.org", mentee="ella@example.org")), riverside)
    asked(Match.objects.get(), cora)

    assert undo(Import.objects.get(), by=cora) == (0, 1)
    assert Deed.objects.get().stays == "They have been asked how it goes."


def test_a_second_press_changes_nothing(staged):
    undo(staged)

    with pytest.raises(AlreadyDone):
        undo(staged)


def test_wherever_it_dies_the_end_is_the_same(crowd, cora, monkeypatch):
    staged = brought(crowd, cora)
    last = Match.objects.with_people().latest("pk")
    pause(last, reason="holidays", starts_on=MONDAY.date(), by=cora, at=MONDAY)
    monkeypatch.setattr(taking_back, "BATCH", 2)

    def do():
        if Import.objects.get().state == "applied":
            actions.ask_to_undo(Import.objects.get(), by=cora, at=MONDAY + DAY)
        until_done()

    for batch in range(1, 6):  # three batches, one that finds nothing more, and the end
        begin = transaction.savepoint()
        killed_at(monkeypatch, batch, do, [taking_back])
        staged.refresh_from_db()
        assert (staged.state, staged.rows_undone, list(Match.objects.all())) == ("undone", 5, [last])
        assert (Deed.objects.exclude(undone_at=None).count(), Deed.objects.exclude(stays="").count()) == (4, 1)
        assert Meeting.objects.exclude(match=last).count() == 0
        transaction.savepoint_rollback(begin)


# By the page


def test_a_long_list_is_taken_back_by_the_worker_with_progress(as_user, crowd, cora, omar, monkeypatch):
    staged = brought(crowd, cora)
    monkeypatch.setattr(uploads, "ROWS_AT_ONCE", 3)
    beat("work", at=timezone.now())
    coras, where = as_user(cora), f"/p/riverside/imports/{staged.ref}/"

    assert "The pairs of this list are no pairs any more" in coras.get(where + "undo/").content.decode()
    assert as_user(omar).post(where + "undo/").status_code == 404
    coras.post(where + "undo/")
    page = coras.get(where).content.decode()
    assert "This list is being taken back." in page
    assert "0 of 5 rows have been looked at." in page
    assert "Stop" not in page
    assert coras.post(where, {"do": "stop"}).status_code == 409
    assert Match.objects.count() == 5
    until_done()

    assert "This list was taken back: 5 are as before, 0 stay." in coras.get(where).content.decode()
    assert Match.objects.count() == 0


def test_what_goes_wrong_on_the_way_back_is_said_and_can_be_tried_again(crowd, cora, monkeypatch):
    staged = brought(crowd, cora)
    actions.ask_to_undo(staged, by=cora, at=MONDAY + WEEK)
    with monkeypatch.context() as broken:
        broken.setattr(taking_back, "undo_batch", lambda _staged: 1 / 0)
        until_done()
    stopped = Import.objects.get()
    assert (stopped.state, "on our side" in stopped.trouble) == ("applied", True)

    assert undo(stopped, by=cora) == (5, 0)
