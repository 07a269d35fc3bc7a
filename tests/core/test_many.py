"""A value of its own for each of many rows, by one statement, alike on both databases."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from rapport.audit.actions import seal_next
from rapport.audit.models import Event
from rapport.checkins.models import Rhythm
from rapport.core.many import write_each
from tests.cast import DAY, MONDAY

pytestmark = pytest.mark.django_db


@pytest.fixture
def rhythms(match, hill_match):
    return [Rhythm.objects.create(match=one, program=one.program, next_at=MONDAY) for one in (match, hill_match)]


def test_each_row_gets_its_own_and_nothing_is_a_value_too(rhythms, django_assert_num_queries):
    first, second = rhythms
    first.next_at, first.looked_until_at = MONDAY + DAY, MONDAY
    second.next_at, second.looked_until_at = None, None

    with django_assert_num_queries(1):
        assert write_each(rhythms, ["next_at", "looked_until_at"]) == 2

    rows = Rhythm.objects.order_by("pk").values_list("next_at", "looked_until_at")
    assert list(rows) == [(MONDAY + DAY, MONDAY), (None, None)]


def test_what_somebody_wrote_meanwhile_stays(rhythms):
    first, _second = rhythms
    Rhythm.objects.filter(pk=first.pk).update(looked_until_at=MONDAY)
    for one in rhythms:
        one.looked_until_at = MONDAY + DAY

    assert write_each(rhythms, ["looked_until_at"], while_empty="looked_until_at") == 1

    assert list(Rhythm.objects.order_by("pk").values_list("looked_until_at", flat=True)) == [MONDAY, MONDAY + DAY]


def test_nothing_to_write_is_nothing_written(django_assert_num_queries):
    with django_assert_num_queries(0):
        assert write_each([], ["next_at"]) == 0


def test_rows_are_found_by_their_keys_whatever_the_figures_of_a_table_say():
    """Counted while it held little, SQLite read the whole trail for each row to seal: 14 s for 28 000."""
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL finds them by their keys")
    write_down(3)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE audit_event")
    write_down(100)

    with CaptureQueriesContext(connection) as asked:
        assert seal_next() == 103
    [update] = [one["sql"].partition("UPDATE")[2] for one in asked if "UPDATE" in one["sql"]]
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN QUERY PLAN UPDATE{update.replace('%s', '1')}")
        steps = [step[3] for step in cursor.fetchall()]

    assert steps == ["SEARCH audit_event USING INTEGER PRIMARY KEY (rowid=?)"]


def write_down(how_many):
    Event.objects.bulk_create(Event(verb="match.closed", at=MONDAY, actor_label="Cora") for _ in range(how_many))
