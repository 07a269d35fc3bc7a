"""The pages of what people need: one person's, writing one thing down, and the list of who lacks what."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from rapport.onboarding.models import Gate
from tests.cast import gates_met, participant, person


def place(name, *args, program="riverside"):
    return reverse(f"onboarding:{name}", args=[program, *args])


def text(page):
    return page.content.decode()


def test_one_persons_page_says_what_is_there_and_what_is_not(as_user, cora, ama_in):
    gates_met(ama_in, "training", by=cora)

    page = as_user(cora).get(place("gates", ama_in.ref))

    assert "Ama still needs 1 thing" in text(page)
    assert "Ama: the background check is missing." in text(page)
    assert "4 h" in text(page)
    assert "Seen by Cora on 5 January 2026." in text(page)


def test_a_clearance_is_written_down_with_who_saw_it(as_user, cora, ama_in):
    said = {"met_on": "2 11 2026", "valid_until_on": "2 11 2028", "way": "paper", "note": "0042/26"}

    page = as_user(cora).post(place("gate", ama_in.ref, "clearance"), said)

    gate = Gate.objects.get()
    assert page.status_code == 302
    assert (gate.met_on, gate.valid_until_on) == (date(2026, 11, 2), date(2028, 11, 2))
    assert (gate.seen_by, gate.how) == (cora, "on paper: 0042/26")
    assert "until 2 November 2028" in text(as_user(cora).get(place("gates", ama_in.ref)))


@pytest.mark.parametrize(
    ("code", "changed", "sentence"),
    [
        ("clearance", {"valid_until_on": ""}, "Until when does it count"),
        ("clearance", {"valid_until_on": "1 11 2026"}, "The last day lies before the first."),
        ("clearance", {"met_on": "1 1 2090"}, "It cannot be after"),
        ("clearance", {"way": ""}, "Choose how it came to you."),
        ("clearance", {"way": "voice", "note": ""}, "Who was the witness?"),
        ("training", {"hours": "NaN"}, "Enter a number."),
        ("training", {"hours": "1e309"}, "Ensure"),
        ("training", {"hours": ""}, "How many hours?"),
        ("training", {"hours": "-1"}, "Ensure"),
        ("training", {"note": "a\u202eb"}, "reading order"),
    ],
)
def test_what_is_not_right_is_said_and_nothing_kept(as_user, cora, ama_in, code, changed, sentence):
    said = {"met_on": "2 11 2026", "valid_until_on": "2 11 2028", "way": "paper", "hours": "2.5"} | changed

    page = as_user(cora).post(place("gate", ama_in.ref, code), said)

    assert page.status_code == 422
    assert sentence in text(page)
    assert Gate.objects.count() == 0


def test_training_is_written_down_in_hours(as_user, cora, ama_in):
    as_user(cora).post(place("gate", ama_in.ref, "training"), {"met_on": "2 11 2026", "hours": "2.5", "way": "person"})

    assert Gate.objects.get().hours == Decimal("2.50")


def test_permission_is_given_by_a_guardian_who_may(as_user, cora, ben_in, grace, ama):
    said = {"met_on": "2 11 2026", "way": "paper"}
    browser = as_user(cora)
    assert "Grace Adler" in text(browser.get(place("gate", ben_in.ref, "permission")))

    assert browser.post(place("gate", ben_in.ref, "permission"), said | {"given_by": ama.ref}).status_code == 422
    assert browser.post(place("gate", ben_in.ref, "permission"), said | {"given_by": grace.ref}).status_code == 302
    assert Gate.objects.get().given_by == grace


def test_without_a_guardian_who_may_the_page_says_so(as_user, cora, ben_in):
    page = as_user(cora).get(place("gate", ben_in.ref, "permission"))

    assert "No guardian may give it yet" in text(page)


def test_the_list_names_who_lacks_what_by_key_and_in_as_many_queries(as_user, cora, riverside, ama_in):
    gates_met(ama_in, "clearance", "training", by=cora)
    browser = as_user(cora)
    join(riverside, 3)
    few = count(browser, place("queue"))
    join(riverside, 60)
    assert count(browser, place("queue")) == few

    first = browser.get(place("queue"))
    last = browser.get(place("queue"), {"after": first.context["more"]})
    assert (len(first.context["rows"]), len(last.context["rows"])) == (50, 13)
    assert "Ama" not in text(first)
    for odd in ("x", "-1", "9" * 30, "\u0663"):
        assert browser.get(place("queue"), {"after": odd, "side": odd}).status_code == 200


def join(program, many):
    for n in range(many):
        participant(person(f"Mo{n}", program, mail=False), program, "mentor")


def count(browser, address):
    browser.get(address)
    with CaptureQueriesContext(connection) as asked:
        browser.get(address)
    return len(asked)


def test_omar_and_those_without_the_right_meet_nothing(as_user, omar, dele, hill_match, ama_in):
    hugo = hill_match.members.get(side="mentor").participant
    for user in (omar, dele):
        browser = as_user(user)
        for address in (place("gates", ama_in.ref), place("gate", ama_in.ref, "clearance"), place("queue")):
            assert browser.get(address).status_code == 404
            assert browser.post(address).status_code == 404
    assert as_user(omar).get(place("gates", ama_in.ref, program="hillside")).status_code == 404
    assert as_user(omar).get(place("gates", hugo.ref, program="hillside")).status_code == 200
    assert "Ama" not in text(as_user(omar).get(place("queue", program="hillside")))
