"""What changes between the page and the press, and what a day is where the program is."""

from datetime import UTC, date, datetime

import pytest

from rapport.people.actions import change_guardianship, end_guardianship
from rapport.people.actions.guarding import ChangedMeanwhile, as_it_stands
from rapport.people.models import Guardianship, Restriction, kept_from
from tests.care.conftest import restrict
from tests.cast import DAY, MONDAY

pytestmark = pytest.mark.django_db


def test_a_page_that_lay_open_brings_no_ended_guardianship_back(grace, ben, cora):
    row = Guardianship.objects.get(adult=grace, child=ben)
    seen = as_it_stands(row)
    end_guardianship(row, ends_on=MONDAY.date(), by=cora, at=MONDAY)
    row.refresh_from_db()

    with pytest.raises(ChangedMeanwhile):
        change_guardianship(
            row, relation="mother", starts_on=row.starts_on, ends_on=None, is_told=True, consents=True,
            sees_progress=False, seen=seen, by=cora, at=MONDAY + DAY,
        )  # fmt: skip

    row.refresh_from_db()
    assert row.ends_on == MONDAY.date()


@pytest.mark.parametrize(
    ("at", "is_kept_away"),
    [
        (datetime(2026, 11, 24, 9, tzinfo=UTC), False),
        (datetime(2026, 11, 24, 21, tzinfo=UTC), True),  # nine in the morning of the 25th in Auckland
        (datetime(2026, 11, 25, 9, tzinfo=UTC), True),
        (datetime(2026, 11, 27, 9, tzinfo=UTC), True),  # the evening of the 26th in Honolulu
        (datetime(2026, 11, 27, 13, tzinfo=UTC), False),
    ],
)
def test_a_restriction_holds_wherever_its_day_has_begun_and_until_it_is_over_everywhere(
    riverside, cora, ben, dele, at, is_kept_away
):
    restrict(cora.person, ben, program=riverside, by=dele, starts_on=date(2026, 11, 25))
    Restriction.objects.update(ends_on=date(2026, 11, 27))

    assert (ben.pk in set(kept_from(cora, at))) is is_kept_away
