"""A dated yes: a call in time with the question ready to be asked anew, and from its end on it counts as a no."""

import re
from datetime import timedelta

import pytest
import time_machine

from rapport.checkins.models import CheckIn
from rapport.matches.actions.gates import call_about_lost_gates
from rapport.matches.actions.renewing import call_to_ask_again
from rapport.onboarding.actions import record_gate
from rapport.onboarding.models import ConsentAsk
from rapport.outbox.models import Message
from rapport.outbox.questions import refusing
from rapport.people.actions import keep_away, say
from rapport.people.questions import refused
from rapport.programs.models import Limit
from rapport.tasks.actions import finish
from rapport.tasks.models import Task
from tests.care.conftest import asked as check_in_of
from tests.cast import DAY, LONG_AGO, MONDAY, participant, person

pytestmark = pytest.mark.django_db
LAST_DAY = MONDAY.date() + timedelta(days=21)  # 7 December
END = MONDAY.replace(hour=0) + 22 * DAY  # the midnight after it


def call(at=MONDAY):
    return call_to_ask_again(at=at, limit=100)


def reasons():
    return list(Task.objects.open().filter(kind="matches/consent-ends").values_list("reason", flat=True))


@pytest.fixture
def dated(match, ben_in, ben, grace, riverside, cora):
    """Grace said yes to Ben taking part, and to photos, until 7 December."""
    record_gate(
        ben_in, code="permission", is_met=True, met_on=LONG_AGO.date(), valid_until_on=LAST_DAY, given_by=grace,
        how="paper", by=cora, at=LONG_AGO,
    )  # fmt: skip
    word(riverside, ben, grace, "photo")
    return match


def word(program, child, giver, purpose, *, at=LONG_AGO, expires_at=END, is_given=True):
    return say(
        program=program, person=child, given_by=giver, purpose=purpose, is_given=is_given, given_at=at,
        expires_at=expires_at, by=giver, at=at,
    )  # fmt: skip


def test_the_coordinator_is_called_three_weeks_before_and_asks_by_one_press(dated, ben_in, grace, cora, as_user):
    assert call(MONDAY - DAY) == 0
    assert (call(), call()) == (1, 0)

    task = Task.objects.get()
    assert (task.owner, task.person, task.about) == (cora, grace, ben_in)
    assert task.reason == (
        "Grace's yes for Ben (take part and photos) counts until 7 December 2026, then as a no. Ask again in time."
    )
    with time_machine.travel(MONDAY, tick=False):
        browser = as_user(cora)
        desk = browser.get("/p/riverside/today/").text
        address = f"/p/riverside/gates/{ben_in.ref}/consents/?of={grace.ref}"
        assert address in desk
        form = browser.get(address).context["form"]
        assert not ConsentAsk.objects.exists()  # nothing goes out by itself
        sent = {name: form[name].value() for name in ("form_id", "person", "purposes", "way")}
        browser.post(address, sent | {"counts_until_on": form["counts_until_on"].value()})

    ask = ConsentAsk.objects.get()
    assert (ask.person, ask.purposes) == (grace, ["join", "photo"])
    assert ask.counts_until_on - LAST_DAY == LAST_DAY - LONG_AGO.date()
    assert Message.objects.filter(kind="onboarding/permission", to=grace).count() == 1


def test_what_was_said_anew_ends_the_call_and_what_ran_out_says_so(dated, ben_in, ben, grace, riverside, cora):
    call()
    assert call(END + DAY) == 1
    assert reasons() == [
        "Grace's yes for Ben (take part and photos) ran out on 7 December 2026 and counts as a no. "
        "Ask again, or leave it at that."
    ]

    now = END + 2 * DAY
    record_gate(ben_in, code="permission", is_met=True, met_on=now.date(), given_by=grace, how="paper", by=cora, at=now)
    word(riverside, ben, grace, "photo", at=now, expires_at=now + 365 * DAY)
    call(now)
    assert reasons() == []
    assert call(now + DAY) == 0


def test_a_call_that_was_done_comes_no_second_time(dated, cora):
    call()
    finish(Task.objects.open(), by=cora, at=MONDAY)

    assert [call(MONDAY + n * DAY) for n in (1, 20, 23, 40)] == [0, 0, 0, 0]


def test_how_long_before_is_the_programs_own_number(dated, riverside):
    Limit.objects.filter(code="consent-ends").update(value=7)
    assert call() == 0
    assert call(MONDAY + 14 * DAY) == 1

    Limit.objects.filter(code="consent-ends").delete()
    Task.objects.all().delete()
    assert call() == 1  # the profile's


def test_nobody_is_called_about_a_word_that_is_no_longer_theirs(dated, ben, grace, riverside, dele):
    keep_away(
        program=riverside, kept_away=grace, subject=ben, reason="A court order", document="", starts_on=LONG_AGO.date(),
        review_on=LAST_DAY, by=dele, at=MONDAY,
    )  # fmt: skip

    assert call() == 0


def test_without_a_match_whoever_records_permissions_is_called(riverside, cora, omar, hillside):
    zoe = person("Zoe", riverside, born_on=LONG_AGO.date().replace(year=2000))
    zoe_in = participant(zoe, riverside, "mentee")
    word(riverside, zoe, zoe, "research")

    call()

    task = Task.objects.get()
    assert (task.owner, task.about) == (cora, zoe_in)
    assert task.reason == "Zoe's own yes (research) counts until 7 December 2026, then as a no. Ask again in time."


def said_on_pages(as_user, user, participant, at):
    """What the page of somebody and that of their permission say of the end."""
    addresses = (participant.get_absolute_url(), f"/p/riverside/gates/{participant.ref}/consents/")
    with time_machine.travel(at, tick=False):
        browser = as_user(user)
        said = [set(re.findall(r"(?:until|ran out on) 7 Dec 2026", browser.get(one).text)) for one in addresses]
    assert said[0] == said[1]
    return said[0]


def test_from_its_end_on_a_dated_yes_counts_as_a_no(dated, ben, ben_in, grace, riverside, cora, as_user):
    word(riverside, ben, grace, "messages")
    word(riverside, ben, grace, "share-basics")
    check_in_of(dated, grace, party="guardian", due_at=MONDAY)
    before, after = END - timedelta(minutes=1), END

    assert refused("share-basics", [ben.pk], program=riverside, at=before) == set()
    assert refused("share-basics", [ben.pk], program=riverside, at=after) == {ben.pk}
    assert ben.pk not in refusing([ben], riverside, before)
    assert ben.pk in refusing([ben], riverside, after)
    assert CheckIn.objects.asking(before).exists()
    assert not CheckIn.objects.asking(after).exists()
    assert call_about_lost_gates(at=before, limit=100) == 0
    assert said_on_pages(as_user, cora, ben_in, before) == {"until 7 Dec 2026"}
    assert said_on_pages(as_user, cora, ben_in, after) == {"ran out on 7 Dec 2026"}
    assert (call_about_lost_gates(at=after, limit=100), call_about_lost_gates(at=after + DAY, limit=100)) == (1, 0)
    lost = Task.objects.get(kind="matches/gate-lost/permission")
    assert (lost.owner, lost.reason) == (
        cora, "Ben: the guardian's permission ran out on 7 December 2026. Pause the match until there is a new one."
    )  # fmt: skip
