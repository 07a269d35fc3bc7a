"""Moments come back from the database as they went in."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from django.db import DataError, connection, transaction
from django.db.models import DateTimeField, Value
from hypothesis import given
from hypothesis import strategies as st

from rapport.programs.models import Organization

pytestmark = pytest.mark.django_db
ZONES = st.integers(-14, 14).map(lambda hours: timezone(timedelta(hours=hours, minutes=30 * (abs(hours) < 14))))


@given(st.datetimes(datetime(2, 1, 1), datetime(9998, 12, 31), timezones=ZONES | st.just(UTC)))
def test_a_moment_comes_back_as_it_went_in_and_in_utc(riverside, moment):
    [told] = Organization.objects.annotate(said=Value(moment, DateTimeField())).values_list("said", flat=True)[:1]

    assert (told, told.tzinfo) == (moment, UTC)


@pytest.mark.parametrize("words", ["infinity", "0044-03-15 BC", "12000-01-01"])
def test_a_moment_python_has_no_number_for_is_refused_as_before(words):
    if connection.vendor != "postgresql":
        pytest.skip("SQLite keeps moments as words")
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT %s::timestamptz", [words])
        with pytest.raises(DataError, match="timestamp too"):
            cursor.fetchone()
