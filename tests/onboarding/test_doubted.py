"""A yes pressed where somebody else reads: whose it was is known by the question it was pressed to, and what was said
before it stands, at every place that reads it."""

import pytest
import time_machine
from django.urls import reverse

from rapport.matches.actions.gates import withdraw_gate
from rapport.matches.models import Match
from rapport.onboarding import actions as onboarding
from rapport.onboarding.consenting import texts_of
from rapport.onboarding.models import Gate
from rapport.people.models import Consent, ContactPoint
from rapport.tasks.models import Task
from tests.cast import DAY, MONDAY
from tests.onboarding.conftest import NOON, asked, link_to, say_by_link

pytestmark = pytest.mark.django_db
HOUR = DAY / 24


@pytest.fixture
def two_letters(mailbox, ben_in, grace, cora):
    """Grace was asked twice: by the address of long ago, and an hour later by the one she reads."""
    old = asked(ben_in, grace, "join", "photo", by=cora)
    old_path = link_to(mailbox, "grace")
    ContactPoint.objects.filter(person=grace, kind="email").update(value="grace@elsewhere.example")
    new = asked(ben_in, grace, "join", "photo", by=cora, at=MONDAY + HOUR)
    return {"old": (old, old_path), "new": (new, link_to(mailbox, "grace", at=MONDAY + HOUR))}


def press(reader, letter, at, say):
    with time_machine.travel(at, tick=False):
        assert not say_by_link(reader, letter[1], join=say, photo=say).context.get("refusal")


def not_hers(letter, at=NOON):
    onboarding.not_them(letter[0], at=at)


def write_down(ask, say, at, by):
    said = [onboarding.Said(one.text, say == "yes") for one in texts_of(ask, "en")]
    onboarding.answer_consent(ask, said=said, channel="paper", evidence="Cora", by=by, at=at)


def counts(child):
    return sorted(Consent.objects.filter(person=child).valid(NOON + DAY).values_list("purpose", flat=True))


def refused(child):
    return sorted(Consent.objects.filter(person=child).refused(NOON + DAY).values_list("purpose", flat=True))


def test_a_yes_at_the_old_address_counts_no_more_though_she_had_answered_at_the_new_one_before(
    two_letters, reader, ben
):
    press(reader, two_letters["new"], MONDAY + 2 * HOUR, "no")
    press(reader, two_letters["old"], MONDAY + 2.5 * HOUR, "yes")
    assert (counts(ben), refused(ben)) == (["join", "photo"], [])

    not_hers(two_letters["old"])

    assert (counts(ben), refused(ben)) == ([], ["join", "photo"])


def test_what_she_pressed_where_she_reads_stands_though_the_same_was_pressed_elsewhere_that_day(
    two_letters, reader, ben
):
    press(reader, two_letters["old"], MONDAY + 2 * HOUR, "yes")
    press(reader, two_letters["new"], MONDAY + 2.5 * HOUR, "yes")

    not_hers(two_letters["old"])

    assert counts(ben) == ["join", "photo"]
    assert Gate.objects.get(code="permission").astray_at is None


@pytest.mark.parametrize("how", ["on paper", "told to staff"])
def test_a_no_before_it_holds_the_gate_and_the_match_again(how, two_letters, match, reader, ben, ben_in, grace, cora):
    ask = two_letters["old"][0]
    if how == "on paper":
        write_down(ask, "no", MONDAY + HOUR, cora)
    else:
        withdraw_gate(ben_in, code="permission", given_by=grace, how="by phone", by=cora, at=MONDAY + HOUR)
    Task.objects.all().delete()
    press(reader, two_letters["old"], MONDAY + 2 * HOUR, "yes")
    assert Match.objects.unhindered(NOON).filter(pk=match.pk).exists()

    not_hers(two_letters["old"])

    gate = Gate.objects.get(code="permission")
    assert (gate.is_met, gate.astray_at, gate.given_by) == (False, None, grace)
    assert not Match.objects.unhindered(NOON).filter(pk=match.pk).exists()
    reasons = " ".join(Task.objects.filter(kind="matches/gate-lost/permission").values_list("reason", flat=True))
    assert "Permission for Ben was taken back" in reasons


def test_a_coordinator_reads_the_no_that_stands_beside_the_yes_that_is_to_be_confirmed(
    two_letters, reader, ben_in, cora, as_user
):
    write_down(two_letters["new"][0], "no", MONDAY + 1.5 * HOUR, cora)
    press(reader, two_letters["old"], MONDAY + 2 * HOUR, "yes")
    not_hers(two_letters["old"])

    page = as_user(cora).get(reverse("onboarding:consents", args=["riverside", ben_in.ref]))

    said = [(word.purpose, word.is_given, word.astray_at is not None) for word in page.context["words"]]
    assert said == [
        ("join", False, False), ("join", True, True), ("photo", False, False), ("photo", True, True),
    ]  # fmt: skip


def test_of_words_from_before_each_knew_its_question_all_that_may_have_been_pressed_there_count_no_more(
    two_letters, reader, ben
):
    press(reader, two_letters["new"], MONDAY + 2 * HOUR, "yes")
    Consent.objects.update(about_type=None, about_id=None)

    not_hers(two_letters["old"])

    assert (counts(ben), refused(ben)) == ([], [])
    assert Gate.objects.get(code="permission").astray_at is not None
