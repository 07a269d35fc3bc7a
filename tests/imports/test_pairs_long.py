"""A long list of pairs: its columns are asked, it comes in by batches, dies anywhere, is stopped, and goes on."""

import csv
import io
from contextlib import suppress
from datetime import date

import pytest
from django.core.files.base import ContentFile
from django.db import transaction

from rapport.audit.models import Event
from rapport.checkins.models import Conversation
from rapport.imports import actions
from rapport.imports.actions import holding
from rapport.imports.models import Deed, Import, Row
from rapport.matches.models import Match, Member
from rapport.meetings.models import Log, Meeting
from rapport.tasks.models import Task
from tests.cast import MONDAY, participant, person
from tests.imports.test_long_work import Killed, until_done
from tests.imports.test_pages import bring

HEADINGS = ["volunteer id", "pupil", "met since", "last met on", "earlier talks", "notes of the office"]
BATCH = 2


@pytest.fixture
def crowd(riverside, cora):
    """Five mentors with an address, and five mentees."""
    for n in range(5):
        participant(person(f"Mentor{n}", riverside, born_on=date(1990, 1, 1)), riverside, "mentor")
        participant(person(f"Child{n}", riverside, born_on=date(2015, 1, 1), family_name="Fein"), riverside, "mentee")
    return riverside


def a_row(n, mentee=None, since="2024-09-09"):
    talk = "2026-10-05 mentor: well" if n % 2 else ""
    return [
        f"mentor{n}@example.org",
        f"Child{n if mentee is None else mentee} Fein",
        since,
        "2026-11-04",
        talk,
        "secret",
    ]


ROWS = [a_row(0), a_row(1), a_row(2), a_row(0), a_row(4, mentee=2), a_row(3), a_row(9), a_row(4)]
TOLD = {"new": 5, "changed": 0, "unchanged": 0, "bad": 3}


def text(rows=ROWS, headings=HEADINGS):
    out = io.StringIO()
    csv.writer(out).writerows([headings, *rows])
    return out.getvalue()


def received(program, by, rows=ROWS):
    file = ContentFile(text(rows).encode(), name="pairs.csv")
    held = actions.hold(file, what="matches", program=program, by=by, at=MONDAY)
    actions.settle(held, chosen={}, by=by, at=MONDAY)
    return held


@pytest.fixture
def small_batches(monkeypatch):
    for module in (actions.staging, actions.applying):
        monkeypatch.setattr(module, "BATCH", BATCH)


def what_stands():
    """Everything a list of pairs left, without keys and random names."""
    people = "match__members__participant__person__given_name"
    return (
        sorted(Match.objects.values_list("state", "begun_on", "spread", "awaits_checks", "coordinator__name")),
        sorted(Member.objects.values_list("participant__person__given_name", "side", "match__begun_on")),
        sorted(Meeting.objects.values_list("starts_at", people)),
        sorted(Log.objects.values_list("source", "person__given_name", "logged_at")),
        sorted(Conversation.objects.values_list("person__given_name", "words", "at")),
        list(Row.objects.order_by("number").values_list("number", "outcome", "reason", "cells__pair")),
        sorted((deed.row.number, sorted(deed.made)) for deed in Deed.objects.select_related("row")),
        list(Task.objects.values_list("reason", "kind")),
        sorted(Event.objects.filter(verb__startswith="match.").values_list("verb", "actor_label")),
    )


def brought(program, by):
    staged = received(program, by)
    until_done()
    staged.refresh_from_db()
    if staged.state == "staged":
        actions.ask_to_apply(staged, by=by, at=MONDAY)
        until_done()
    staged.refresh_from_db()
    return staged


def killed_at(monkeypatch, step_number, do, modules):
    """Do it, dead at this step in the middle of its transaction, before anything of it stands; then go on."""
    left, step = [step_number], holding.step

    def die_in_time(one, **done):
        left[0] -= bool(done)
        if done and left[0] == 0:
            raise Killed
        step(one, **done)

    with monkeypatch.context() as killing:
        for module in modules:
            killing.setattr(module, "step", die_in_time)
        for run in ("first", "second"):
            killing.setattr(holding, "THIS_RUN", run)
            with suppress(Killed):
                do()
    assert left[0] <= 0


def test_wherever_it_dies_the_end_is_the_same(crowd, cora, monkeypatch, small_batches):
    def do():
        staged = Import.objects.first() or received(crowd, cora)
        until_done()
        staged.refresh_from_db()
        if staged.state == "staged":
            actions.ask_to_apply(staged, by=cora, at=MONDAY)
            until_done()

    begin = transaction.savepoint()
    do()
    expected = what_stands()
    transaction.savepoint_rollback(begin)
    for batch in range(1, 9):  # four steps of reading and the last, three of bringing in
        begin = transaction.savepoint()
        killed_at(monkeypatch, batch, do, (actions.staging, actions.applying))
        staged = Import.objects.get()
        assert (staged.state, staged.counts) == ("applied", TOLD)
        assert what_stands() == expected
        transaction.savepoint_rollback(begin)
    assert [reason for _number, outcome, reason, _pair in expected[5] if outcome == "bad"] == [
        "This is the same pair as in row 2.",
        "Child2 has an open match.",
        "There is no mentor mentor9@example.org in this program. Bring the people in first.",
    ]


def test_stopped_on_the_way_what_is_in_stays_and_the_rest_can_follow(crowd, cora, small_batches):
    staged = received(crowd, cora)
    until_done()
    actions.ask_to_apply(Import.objects.get(), by=cora, at=MONDAY)

    actions.work_next(tell=lambda one: actions.ask_to_stop(one, by=cora, at=MONDAY) if not one.stop_asked_at else None)

    staged.refresh_from_db()
    assert (staged.state, staged.rows_applied, Match.objects.count()) == ("stopped", 2, 2)
    actions.ask_to_apply(staged, by=cora, at=MONDAY)
    until_done()
    assert (Import.objects.get().state, Import.objects.get().counts, Match.objects.count()) == ("applied", TOLD, 5)


# By the page


@pytest.fixture
def coras(as_user, cora):
    return as_user(cora)


def test_its_columns_are_asked_and_remembered(coras, crowd):
    where = bring(coras, text(ROWS[:2]), what="matches").url
    staged = Import.objects.get()
    again = bring(coras, text(ROWS[1:3]), what="matches", name="next.csv").url

    assert "This list would add 2 and change 0." in coras.get(where).content.decode()
    assert staged.mapping["left_out"] == {"notes of the office": "left out on purpose"}
    assert "secret" not in str(list(Row.objects.values_list("cells", flat=True)))
    assert Import.objects.latest("pk").mapping["as_last_time"]
    assert "Taken as last time." in coras.get(again).content.decode()


def columns_of(browser, rows, headings):
    sent = ContentFile(text(rows, headings).encode(), name="pairs.csv")
    return browser.post("/p/riverside/imports/new/", {"what": "matches", "sent": sent}).url


def test_a_column_nobody_knows_is_said_and_one_that_is_missing_refused(coras, crowd):
    where = columns_of(coras, [a_row(0)[:3]], ["volunteer", "who is looked after", "met since"])
    form = coras.get(where).context["form"]
    said = {name: form[name].value() for name in form.names}

    page = coras.post(where, said)
    assert page.status_code == 422
    assert "There is no column for the mentee in this list." in page.content.decode()
    chosen = next(name for name, heading in form.names.items() if heading == "who is looked after")
    assert coras.post(where, said | {chosen: "mentee"}).status_code == 302
    assert Import.objects.get().counts["new"] == 1


def test_days_that_can_be_read_in_two_ways_are_asked_and_remembered(coras, crowd):
    rows = [[*a_row(0, since="3/4/2024")[:3]], [*a_row(1, since="5/6/2024")[:3]]]
    headings = ["volunteer", "pupil", "met since"]
    where = columns_of(coras, rows, headings)
    form = coras.get(where).context["form"]
    said = {name: form[name].value() for name in form.names}
    day = next(name for name, heading in form.names.items() if heading == "met since")

    refused = coras.post(where, said)
    coras.post(where, said | {day: "begun_on.month_first"})
    staged = Import.objects.get()
    actions.apply_list(staged, by=None, at=MONDAY)

    assert (said[day], refused.status_code) == ("?", 422)
    assert sorted(Match.objects.values_list("begun_on", flat=True)) == [date(2024, 3, 4), date(2024, 5, 6)]
    again = columns_of(coras, [a_row(2, since="6/7/2024")[:3]], headings)
    assert again.endswith(f"/{Import.objects.latest('pk').ref}/")


def test_omar_neither_names_nor_sees_the_columns_of_a_list_of_pairs(as_user, coras, omar, hillside, crowd):
    where = columns_of(coras, ROWS, HEADINGS)

    for address in (where, where.replace("riverside", "hillside")):
        assert as_user(omar).get(address).status_code == 404
        assert as_user(omar).post(address, {"c0": "mentor"}).status_code == 404
    assert Import.objects.get().state == "mapping"
