"""The page of an ask knows of its pairs at hand what every other page is told of them, whatever stands between."""

from datetime import timedelta

import pytest

from rapport.checkins.whom import Circle
from rapport.matches.models import Match, heard_or_known
from rapport.onboarding.actions import record_gate
from rapport.onboarding.models import Gate
from rapport.people.models import Restriction
from tests.cast import DAY, MONDAY

pytestmark = pytest.mark.django_db
TODAY = MONDAY.date()


def keep(away, subject, cora, *, ends_on=None):
    Restriction.objects.create(
        program=subject.participations.get().program, kept_away=away, subject=subject, reason="A ruling.",
        starts_on=TODAY, review_on=TODAY + 90 * DAY, ends_on=ends_on, recorded_by=cora, recorded_at=MONDAY,
    )  # fmt: skip


def no(ben_in, cora, code="permission", **more):
    record_gate(ben_in, code=code, is_met=False, met_on=TODAY, by=cora, at=MONDAY)


def run_out(ben_in, cora):
    no(ben_in, cora)
    Gate.objects.filter(participant=ben_in).update(is_met=True, valid_until_on=TODAY - timedelta(days=1))


CASES = {  # what stands between them, and who still knows of the pair
    "nothing": (lambda *_: None, {"Ama", "Ben", "Grace"}),
    "a yes taken back": (lambda ben_in, ama, ben, grace, cora: no(ben_in, cora), set()),
    "a yes that ran out": (lambda ben_in, ama, ben, grace, cora: run_out(ben_in, cora), set()),
    "a check that is not clear": (
        lambda ben_in, ama, ben, grace, cora: no(ben_in, cora, "training"), {"Ama", "Ben", "Grace"},
    ),
    "the mentor is kept away": (lambda ben_in, ama, ben, grace, cora: keep(ama, ben, cora), set()),
    "the mother is kept away": (lambda ben_in, ama, ben, grace, cora: keep(grace, ben, cora), {"Ama", "Ben"}),
    "that is long over": (
        lambda ben_in, ama, ben, grace, cora: keep(ama, ben, cora, ends_on=TODAY - timedelta(days=3)),
        {"Ama", "Ben", "Grace"},
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_what_is_known_of_a_pair_at_hand_is_what_every_page_is_told(case, match, ben_in, ama, ben, grace, cora):
    between, knows = CASES[case]
    between(ben_in, ama, ben, grace, cora)

    assert {one.given_name for one in (ama, ben, grace) if told(one)[1]} == knows
    for state in ("active", "paused", "closed"):
        for awaits_checks in (False, True):
            Match.objects.filter(pk=match.pk).update(state=state, awaits_checks=awaits_checks)
            for one in (ama, ben, grace):
                rows = (Match.objects.heard_from(one, MONDAY), Match.objects.known_to(one, MONDAY))
                assert told(one) == tuple(set(some.values_list("pk", flat=True)) for some in rows)


def told(person):
    at_hand = list(Match.objects.with_people())
    return heard_or_known(at_hand, person, MONDAY, is_torn=Circle(at_hand).is_torn)
