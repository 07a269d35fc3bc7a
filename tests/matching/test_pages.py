"""Pages of rounds: the sentence first, the parts in words, who is left and why; nothing for anybody else."""

import re
import subprocess
import sys

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from rapport.matches.models import Match
from rapport.matching import calling
from rapport.matching.actions import draft_round, publish, write_criteria
from rapport.matching.models import Round
from tests.care.conftest import restrict
from tests.cast import MONDAY, participant, person, staff

RULES = [
    {"code": "interests", "kind": "overlap", "label": "Interests", "weight": 100, "settings": {"trait": "interests"}},
    {"code": "secret", "kind": "overlap", "label": "Somebody alike", "weight": 50}
    | {"settings": {"trait": "identity", "quiet": True}},
]


@pytest.fixture
def people(riverside, newcomer):
    """Ama and Kofi mentor; Ben, Zoe and Eli wait, and Eli is not ready."""
    riverside.criteria.all().delete()
    write_criteria(riverside, {"criterion": [{**rule, "source": "ours"} for rule in RULES]})
    newcomer("Ama", "mentor", interests=["Chess", "Music"], identity=["Orchid"])
    newcomer("Kofi", "mentor", interests=["Football"])
    return {
        "Ben": newcomer("Ben", "mentee", interests=["football"]),
        "Zoe": newcomer("Zoe", "mentee", interests=["music"], identity=["orchid"]),
        "Eli": newcomer("Eli", "mentee", ready=False),
    }


@pytest.fixture
def hill_round(hillside, omar):
    """A round of Hillside, which Omar may see."""
    participant(person("Hanna", hillside), hillside, "mentee")
    return draft_round(hillside, by=omar, at=MONDAY)


def words_of(response):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def rounds(program):
    return reverse("matching:rounds", args=[program.slug])


def test_a_round_is_drafted_looked_at_and_proposed(riverside, people, cora, as_user):
    browser = as_user(cora)

    assert "3 mentees wait for a mentor" in words_of(browser.get(rounds(riverside)))
    drafted = browser.post(rounds(riverside), follow=True)

    said = words_of(drafted)
    assert "2 of 2 find a mentor" in said
    assert "One more is not ready yet." in said
    assert "Interests : both Music · 100 of 100" in said
    assert "Somebody alike : as they asked for · 50 of 50" in said
    assert "orchid" not in said.lower()  # what somebody told about themselves stays untold
    assert "together 150" in said
    assert "Not ready yet: " in said
    assert "Proven: no other plan serves more people" in said

    kept = Round.objects.get()
    done = browser.post(kept.get_absolute_url(), {"do": "publish"}, follow=True)

    assert "2 matches are proposed." in words_of(done)
    assert Match.objects.filter(state=Match.State.PROPOSED, coordinator=cora).count() == 2
    twice = browser.post(kept.get_absolute_url(), {"do": "publish"})
    assert twice.status_code == 409
    assert "This round is no draft any more." in words_of(twice)
    assert Match.objects.count() == 2


LATE = "Mentors with a free place who are not ready yet"


def test_a_mentor_with_a_free_place_who_is_not_ready_is_told_of_with_what_is_missing(
    riverside, people, newcomer, cora, as_user
):
    browser = as_user(cora)
    assert LATE not in words_of(browser.get(rounds(riverside)))
    newcomer("Ife", "mentor", ready=False)
    eve = newcomer("Eve", "mentor", ready=False)
    restrict(cora.person, eve.person, program=riverside, by=cora)  # whom she may not see is in no list of hers

    kept = draft_round(riverside, by=cora, at=timezone.now())
    for address in (rounds(riverside), kept.get_absolute_url()):
        said = words_of(browser.get(address))
        assert f"{LATE} No round looks at them. Ife" in said
        assert "Ife: the background check is missing." in said
        assert "Eve" not in said
    publish(kept, by=cora, at=timezone.now())

    assert LATE not in words_of(browser.get(kept.get_absolute_url()))


def test_a_draft_can_be_dropped(riverside, people, cora, as_user):
    kept = draft_round(riverside, by=cora, at=MONDAY)

    as_user(cora).post(kept.get_absolute_url(), {"do": "drop"})

    assert Round.objects.get().state == Round.State.DROPPED
    assert Match.objects.count() == 0


def test_nobody_else_sees_a_round(riverside, people, cora, omar, hill_round, as_user):
    kept = draft_round(riverside, by=cora, at=MONDAY)
    mentor = staff("Mia", riverside, "mentor")
    others = [omar, mentor, staff("Sam", riverside, "site-lead"), staff("Lea", riverside, "safeguarding-lead")]

    for user in others:
        assert as_user(user).get(rounds(riverside)).status_code == 404
        assert as_user(user).post(rounds(riverside)).status_code == 404
        assert as_user(user).get(kept.get_absolute_url()).status_code == 404
        assert as_user(user).post(kept.get_absolute_url(), {"do": "publish"}).status_code == 404

    assert as_user(omar).get(hill_round.get_absolute_url()).status_code == 200
    crossed = reverse("matching:round", args=["hillside", kept.ref])
    assert as_user(omar).get(crossed).status_code == 404
    assert Round.objects.filter(program=riverside).count() == 1
    assert Match.objects.count() == 0


def test_the_signed_out_are_asked_to_sign_in(riverside, client):
    assert client.get(rounds(riverside)).status_code == 302
    assert client.post(rounds(riverside)).status_code == 302
    assert Round.objects.count() == 0


def test_staff_kept_away_from_a_child_see_no_trace_of_the_pair(riverside, people, cora, as_user):
    restrict(cora.person, people["Zoe"].person, program=riverside, by=cora)
    kept = draft_round(riverside, by=cora, at=MONDAY)

    said = words_of(as_user(cora).get(kept.get_absolute_url()))

    assert "1 of 1 finds a mentor" in said
    assert "Zoe" not in said
    as_user(cora).post(kept.get_absolute_url(), {"do": "publish"})
    assert [match.mentees[0].person.given_name for match in Match.objects.with_people()] == ["Ben"]


@pytest.mark.parametrize(
    "query", ["?after=x", "?after=1-", "?after=-1-2", "?after=9999999999999999999999-1", "?before=-1"]
)
def test_addresses_made_up_by_hand_do_no_harm(riverside, people, cora, as_user, query):
    kept = draft_round(riverside, by=cora, at=MONDAY)

    assert as_user(cora).get(kept.get_absolute_url() + query).status_code == 200
    assert as_user(cora).get(rounds(riverside) + query).status_code == 200
    assert as_user(cora).post(kept.get_absolute_url(), {"do": "nonsense"}).status_code == 200
    assert as_user(cora).get(reverse("matching:round", args=["riverside", "zzzzzzzzzzzz"])).status_code == 404


def test_an_engine_that_fails_is_said_on_the_page_and_changes_nothing(riverside, people, cora, as_user, monkeypatch):
    monkeypatch.setattr(calling, "COMMAND", [sys.executable, "-c", "raise SystemExit(3)"])

    answer = as_user(cora).post(rounds(riverside))

    assert answer.status_code == 409
    assert "The round could not be worked out" in words_of(answer)
    assert Round.objects.count() == 0


def test_pages_ask_the_same_number_of_questions_for_few_and_for_many(riverside, newcomer, cora, as_user):
    browser, counts = as_user(cora), []
    for start, end in ((0, 3), (3, 6), (6, 40)):
        for n in range(start, end):
            newcomer(f"Ama{n}", "mentor")
            newcomer(f"Ben{n}", "mentee", ready=n % 3 > 0)
        kept = draft_round(riverside, by=cora, at=MONDAY)
        with CaptureQueriesContext(connection) as asked:
            assert browser.get(kept.get_absolute_url()).status_code == 200
            assert browser.get(rounds(riverside)).status_code == 200
        counts.append(len(asked))

    assert counts[1] == counts[2]


def test_a_long_round_pages_by_key(riverside, newcomer, cora, as_user):
    riverside.criteria.all().delete()
    for n in range(60):
        newcomer(f"Ama{n}", "mentor")
        newcomer(f"Ben{n}", "mentee")
    kept = draft_round(riverside, by=cora, at=MONDAY)
    browser = as_user(cora)

    first = browser.get(kept.get_absolute_url()).content.decode()
    [more] = re.findall(r'rel="next" href="(\?after=[^"]+)"', first)
    second = browser.get(kept.get_absolute_url() + more).content.decode()

    assert (first.count("<h3"), second.count("<h3")) == (50, 10)


def test_the_web_process_never_loads_the_numbers(riverside, people, cora, as_user, monkeypatch):
    monkeypatch.setattr(calling, "subprocess", subprocess)  # the engine as a process, as a house starts it
    for name in ("numpy", "numba"):
        monkeypatch.setitem(sys.modules, name, None)  # importing it here would fail

    drafted = as_user(cora).post(rounds(riverside), follow=True)

    assert "2 of 2 find a mentor" in words_of(drafted)


def test_nothing_of_the_house_loads_the_numbers_when_it_starts():
    said = (
        "import os, sys, django; os.environ['DJANGO_SETTINGS_MODULE'] = 'rapport.settings'; django.setup();"
        "from django.urls import get_resolver; get_resolver().url_patterns;"
        "print({'numpy', 'numba'} & set(sys.modules))"
    )

    told = subprocess.run([sys.executable, "-c", said], capture_output=True, text=True, check=True)

    assert told.stdout.splitlines()[-1] == "set()"
