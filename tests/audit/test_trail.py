"""The trail tells who did what, and shows when somebody meddled with it."""

import pytest
from django.db import DatabaseError, connection, transaction

from rapport.audit import triggers
from rapport.audit.actions import record, record_read, seal_next, verify
from rapport.audit.models import Event
from tests.cast import MONDAY


@pytest.fixture
def trail(riverside, cora):
    """Ten rows at least, sealed."""
    for number in range(10):
        record("match.paused", about=riverside, by=cora, at=MONDAY, number=number)
    seal_all()
    return list(Event.objects.order_by("position"))


def seal_all():
    while seal_next(limit=4):
        pass


def without_triggers(statement, *values):
    """Meddle with the table as somebody with root would."""
    with connection.cursor() as cursor:
        for off in triggers.SQLITE_OFF if connection.vendor == "sqlite" else triggers.POSTGRESQL_OFF:
            cursor.execute(off)
        cursor.execute(statement, values)


def test_a_row_names_who_did_what_to_which_record_of_which_program(riverside, cora):
    record("match.paused", about=riverside, by=cora, at=MONDAY, until="Thursday")

    event = Event.objects.latest("pk")

    assert (event.verb, event.actor_label, event.program_id) == ("match.paused", "user: Cora", riverside.pk)
    assert (event.about_type, event.about_id, event.facts) == ("programs.program", riverside.pk, {"until": "Thursday"})


def test_what_the_clock_does_by_itself_is_named_so(riverside):
    record("ask.sent", about=riverside, by=None, at=MONDAY)

    assert Event.objects.latest("pk").actor_label == "Rapport"


def test_reading_something_sealed_leaves_a_row(riverside, dele):
    record_read("concern.read", about=riverside, by=dele, at=MONDAY, level=4)

    event = Event.objects.latest("pk")

    assert (event.kind, event.level, event.actor_label) == ("read", 4, "user: Dele")


def test_a_sealed_trail_verifies_and_reports_its_unsealed_tail(trail, riverside, cora):
    record("match.closed", about=riverside, by=cora, at=MONDAY)

    found = verify()

    assert (found["rows"], found["unsealed"], found["broken"]) == (len(trail), 1, None)


@pytest.mark.parametrize(
    "statement", ["UPDATE audit_event SET verb = 'x'", "UPDATE audit_event SET seal = ''", "DELETE FROM audit_event"]
)
def test_the_database_refuses_to_change_or_lose_a_row(trail, statement):
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)

    assert verify()["broken"] is None


def test_an_edited_row_is_found(trail):
    without_triggers("UPDATE audit_event SET actor_label = 'user: Omar' WHERE position = %s", 5)

    assert verify()["broken"] == "row 5 was changed"


def test_a_missing_row_is_found(trail):
    without_triggers("DELETE FROM audit_event WHERE position = %s", 5)

    assert verify()["broken"] == "row 5 is missing"


def test_a_cut_tail_shows_against_a_head_kept_elsewhere(trail):
    head = verify()["head"]

    without_triggers("DELETE FROM audit_event WHERE position > %s", len(trail) - 3)

    assert verify()["broken"] is None
    assert verify()["head"] != head


def test_sealing_twice_changes_nothing(trail):
    before = verify()

    seal_all()

    assert verify() == before
