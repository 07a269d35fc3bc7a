"""How far somebody's word may go: staff only, until they say otherwise, and again at once when they take it back."""

from datetime import date

import pytest
import time_machine

from rapport.people.actions import say
from rapport.people.models import Guardianship, Restriction
from rapport.people.questions import MayShare, may_share
from tests.cast import DAY, MONDAY, person

STAFF_ONLY = MayShare()


@pytest.fixture(autouse=True)
def monday():
    with time_machine.travel(MONDAY, tick=False):
        yield MONDAY


def said(program, about, giver, purpose, is_given, at, by):
    say(
        program=program, person=about, given_by=giver, purpose=purpose, is_given=is_given, text_version="1",
        language="en", channel="link", given_at=at, by=by, at=at,
    )  # fmt: skip


def test_staff_only_until_each_says_otherwise(riverside, match, ama, ben, grace, cora):
    def now(one=ben, at=MONDAY):
        return may_share([ama, ben], program=riverside, at=at)[one.pk]

    assert (now(ama), now()) == (STAFF_ONLY, STAFF_ONLY)
    said(riverside, ben, grace, "tell-partner", True, MONDAY - 9 * DAY, cora)
    assert now() == STAFF_ONLY  # what Ben says is Ben's to give
    said(riverside, ben, ben, "tell-partner", True, MONDAY - 8 * DAY, cora)
    assert now() == MayShare(tell_partner=True)
    said(riverside, ben, grace, "research", True, MONDAY - 7 * DAY, cora)
    assert now() == MayShare(tell_partner=True, in_reports=True)
    said(riverside, ben, ben, "publish", True, MONDAY - 6 * DAY, cora)
    assert not now().publish  # a guardian says yes, too
    said(riverside, ben, grace, "publish", True, MONDAY - 5 * DAY, cora)
    assert now() == MayShare(True, True, True)

    said(riverside, ben, grace, "publish", False, MONDAY - 4 * DAY, cora)
    said(riverside, ben, ben, "tell-partner", False, MONDAY - 3 * DAY, cora)
    assert now() == MayShare(in_reports=True)
    assert now(at=MONDAY - 5 * DAY) == MayShare(True, True, True)  # dated: what held then is known
    said(riverside, ama, ama, "publish", True, MONDAY - DAY, cora)
    assert now(ama) == MayShare(publish=True)  # a grown-up says it alone
    with pytest.raises(AttributeError):
        STAFF_ONLY.publish = True


@pytest.mark.parametrize("why", ["another adult", "no right to consent", "kept away"])
def test_only_a_guardian_who_may_consent_lets_something_of_a_child_be_published(why, riverside, match, ben, cora, dele):
    adult = person("Gus", riverside, born_on=date(1980, 1, 1))
    if why != "another adult":
        consents = why != "no right to consent"
        Guardianship.objects.create(adult=adult, child=ben, consents=consents, starts_on=date(2015, 4, 2))
    if why == "kept away":
        Restriction.objects.create(
            program=riverside, kept_away=adult, subject=ben, reason="a court", starts_on=date(2026, 1, 1),
            review_on=date(2027, 1, 1), recorded_by=dele, recorded_at=MONDAY,
        )  # fmt: skip
    for giver in (ben, adult):
        riverside.consents.create(
            person=ben, given_by=giver, purpose="publish", is_given=True, given_at=MONDAY - DAY, recorded_by=cora
        )

    assert not may_share([ben], program=riverside, at=MONDAY)[ben.pk].publish
