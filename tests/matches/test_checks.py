"""The page on which a named person confirms the checks of pairs from before Rapport, and where it is read."""

from datetime import date

import pytest

from rapport.checkins import actions as checkins
from rapport.matches import actions
from rapport.matches.models import Match
from rapport.matches.taking_over import OldPair
from rapport.meetings import actions as meetings
from rapport.tasks.models import Task
from tests.cast import DAY, MONDAY, gates_met, participant, person, staff

ADDRESS = "/p/riverside/matches/checks/to-confirm/"
TWO_YEARS_AGO = date(2024, 9, 9)


@pytest.fixture
def taken(ama_in, ben_in, grace, cora, riverside):
    row = OldPair(ama_in, ben_in, TWO_YEARS_AGO, cora, agreed_on=date(2024, 9, 20), met_before=34)
    return actions.take_over([row], program=riverside, by=cora, at=MONDAY)[0]


def all_gates(match, by):
    gates_met(match.mentors[0], "clearance", "training", by=by)
    gates_met(match.mentees[0], "permission", "assent", by=by)


def test_the_page_says_what_is_missing_and_where_to_put_it_right(as_user, cora, taken, ben_in):
    page = as_user(cora).get(ADDRESS).content.decode()

    assert "Ama and Ben" in page
    assert "No guardian&#x27;s permission stands for Ben." in page
    assert f"/people/{ben_in.ref}/gates/" in page or "Put it right" in page
    assert "not yet" in page


def test_a_press_confirms_and_the_desk_is_done(as_user, cora, taken):
    all_gates(taken, cora)
    browser = as_user(cora)
    desk = browser.get("/p/riverside/today/").content.decode()

    done = browser.post(ADDRESS, {"pair": taken.ref}, follow=True).content.decode()

    assert ADDRESS in desk
    assert "Ama and Ben: confirmed. What was promised to them begins today." in done
    assert "Nothing to confirm" in done
    assert (Match.objects.get().awaits_checks, Task.objects.get().kept_at is not None) == (False, True)
    assert browser.post(ADDRESS, {"pair": taken.ref}).status_code == 409


def test_a_press_without_the_gates_is_refused_with_the_reason(as_user, cora, taken):
    response = as_user(cora).post(ADDRESS, {"pair": taken.ref})

    assert response.status_code == 409
    assert "No guardian&#x27;s permission stands for Ben." in response.content.decode()
    assert Match.objects.get().awaits_checks


@pytest.mark.parametrize(
    "sent", [{}, {"pair": ""}, {"pair": "\x00"}, {"pair": ["x" * 5000] * 60}, {"pair": "a' or 1=1"}]
)
def test_a_strange_press_confirms_nothing(as_user, cora, taken, sent):
    all_gates(taken, cora)

    assert as_user(cora).post(ADDRESS, sent).status_code == 409
    assert Match.objects.get().awaits_checks


def test_omar_and_those_without_the_right_confirm_nothing(
    as_user, cora, omar, dele, hill_match, riverside, hillside, taken
):
    all_gates(taken, cora)
    eve = staff("Eve", riverside, "evaluator")

    for user in (omar, eve):
        assert as_user(user).get(ADDRESS).status_code == 404
        assert as_user(user).post(ADDRESS, {"pair": taken.ref}).status_code == 404
    there = as_user(omar).post("/p/hillside/matches/checks/to-confirm/", {"pair": taken.ref})

    assert (there.status_code, Match.objects.get(pk=taken.pk).awaits_checks) == (409, True)


def test_the_match_page_reads_before_rapport(as_user, cora, taken, riverside):
    match = Match.objects.select_related("program", "coordinator").with_people().get()
    meetings.remember({match: [date(2026, 10, 28)]}, by=cora, at=MONDAY)
    talk = checkins.OldTalk(match, match.mentors[0].person, date(2026, 10, 5), "all is well")
    checkins.remember([talk], by=cora, at=MONDAY)

    page = as_user(cora).get(match.get_absolute_url()).content.decode()

    for words in (
        "They came in from before Rapport, with checks to confirm.", "Before anything is asked",
        "Met, before Rapport.", "Talked with Ama, before Rapport.", "all is well",
        "They had met since 9 September 2024. They had met 34 times by then. They agreed how on 20 September 2024.",
        "Together since 9 September 2024",
    ):  # fmt: skip
        assert words in page, words
    assert "h held" not in page  # nothing before is counted


def test_a_pair_that_goes_to_a_colleague_or_ends_takes_its_task_along(taken, cora, riverside):
    eve = staff("Eve", riverside, "coordinator")
    actions.assign([taken], coordinator=eve, by=cora, at=MONDAY)
    while actions.call_about_checks(at=MONDAY, limit=100):
        pass
    first = list(Task.objects.open().values_list("owner__name", flat=True))

    Match.objects.update(state="closed", ended_on=date(2026, 11, 16))
    while actions.call_about_checks(at=MONDAY + DAY, limit=100):
        pass

    assert (first, Task.objects.open().count()) == (["Eve"], 0)


def test_many_pairs_are_one_task_and_one_page_in_a_fixed_number_of_queries(
    as_user, cora, riverside, taken, django_assert_max_num_queries
):
    rows = [
        OldPair(
            participant(person(f"M{n}", riverside, born_on=date(1990, 1, 1)), riverside, "mentor"),
            participant(person(f"C{n}", riverside, born_on=date(2015, 1, 1)), riverside, "mentee"), TWO_YEARS_AGO, cora,
        )
        for n in range(12)
    ]  # fmt: skip
    browser = as_user(cora)
    browser.get(ADDRESS)
    with django_assert_max_num_queries(60) as few:
        browser.get(ADDRESS)
    actions.take_over(rows, program=riverside, by=cora, at=MONDAY)
    with django_assert_max_num_queries(len(few.captured_queries)):
        browser.get(ADDRESS)

    assert Task.objects.open().get().reason == (
        "Confirm the checks of Ama and Ben; M0 and C0; M1 and C1; M2 and C2; and 9 more pairs: permission and the "
        "mentor's check."
    )
