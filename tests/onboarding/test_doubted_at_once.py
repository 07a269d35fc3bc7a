"""Somebody presses yes while somebody else says that they read that letter: no yes slips past."""

import pytest

from rapport.onboarding import actions as onboarding
from rapport.onboarding.consenting import texts_of
from rapport.outbox.actions import issue_link
from rapport.people.models import Consent, Person
from tests.cast import DAY, MONDAY
from tests.onboarding.conftest import NOON, asked
from tests.people.test_merging_at_once import at_once

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_yes_pressed_at_that_moment_is_refused_or_counts_no_more(ben_in, grace, cora):
    for _again in range(8):
        ask = asked(ben_in, grace, "join", "photo", by=cora, at=MONDAY)
        issue_link(purpose="consent", person=grace, about=ask, program=ben_in.program, at=MONDAY, expires_at=NOON + DAY)
        said = [onboarding.Said(one.text, True) for one in texts_of(ask, "en")]

        outcomes = at_once(
            lambda: onboarding.answer_consent(ask, said=said, by=Person.objects.get(pk=grace.pk), at=NOON),  # noqa: B023
            lambda: onboarding.not_them(ask, at=NOON),  # noqa: B023
        )

        assert outcomes[1] == "done"
        assert not Consent.objects.valid(NOON).exists()
