"""The overview and the lists: figures and rows of what a reader may see, in as many queries for many as for one."""

from datetime import date

import pytest

from rapport.care.models import Finding
from rapport.matches.models import Match
from rapport.people.models import Participant
from tests.care.conftest import restrict
from tests.cast import open_match, participant, person, staff
from tests.portal.conftest import finding


def pairs(program, coordinator, *names):
    """An open match for each pair of names."""
    found = []
    for mentor, mentee in names:
        one = participant(person(mentor, program, born_on=date(1990, 1, 1)), program, "mentor")
        other = participant(person(mentee, program, born_on=date(2014, 1, 1)), program, "mentee")
        found.append(open_match(one, other, coordinator=coordinator))
    return found


@pytest.fixture
def five(story, riverside, cora):
    """Ama and Ben, who need help; and one each to watch, unknown without a finding, steady, and resting."""
    watch, silent, steady, resting = pairs(
        riverside, cora, ("Wes", "Wyn"), ("Una", "Ula"), ("Sid", "Sky"), ("Ray", "Rue")
    )
    finding(watch, "watch", "2 of the last 4 did not happen.")
    finding(watch, "thriving", "They laugh.", rule="voices", level=2)
    finding(steady, "steady", "They met.")
    Match.objects.filter(pk=resting.pk).update(state="paused")
    return [story, watch, silent, steady, resting]


def names(response):
    return sorted(match.title for match, _, _ in response.context["rows"])


def test_the_program_says_first_how_its_matches_are(as_user, five, cora):
    html = as_user(cora).get("/p/riverside/").content.decode()

    assert "5 matches: 1 needs help, 1 to watch, 1 unknown, 1 fine, 1 paused." in html


def test_how_they_are_is_counted_from_what_the_reader_may_know(as_user, five, dele):
    html = as_user(dele).get("/p/riverside/").content.decode()

    assert "5 matches: 2 to watch, 1 unknown, 1 fine, 1 paused." in html


def test_an_evaluator_sees_figures_by_state_and_no_more(as_user, five, riverside):
    html = as_user(staff("Eve", riverside, "evaluator")).get("/p/riverside/").content.decode()

    assert "5 open matches." in html
    assert "How they are" not in html
    assert "Not ready yet" not in html


def test_figures_and_lists_agree(as_user, five, cora, dele):
    for user in (cora, dele):
        browser = as_user(user)
        how = browser.get("/p/riverside/").context["how"]
        for state in ("help", "watch", "unknown", "fine", "paused"):
            assert len(browser.get("/p/riverside/matches/", {"how": state}).context["rows"]) == how[state]


def test_quiet_start_and_what_is_not_ready_are_told_to_who_can_change_it(as_user, riverside, cora, dele, match):
    riverside.quiet_start = True
    riverside.save()

    html, other = (as_user(user).get("/p/riverside/").content.decode() for user in (cora, dele))

    assert "Quiet start." in html
    assert "Not ready yet" in html
    assert "The days on which it is closed" in html
    assert "Not ready yet" not in other


@pytest.mark.parametrize(
    ("query", "wanted"),
    [
        ({}, ["Ama and Ben", "Ray and Rue", "Sid and Sky", "Una and Ula", "Wes and Wyn"]),
        ({"how": "help"}, ["Ama and Ben"]),
        ({"how": "unknown"}, ["Una and Ula"]),
        ({"how": "paused"}, ["Ray and Rue"]),
        ({"state": "active", "q": "w"}, ["Wes and Wyn"]),
        ({"q": "adler"}, ["Ama and Ben"]),
        ({"q": "ama men"}, ["Ama and Ben"]),
        ({"q": "%"}, []),
        ({"state": "closed"}, []),
    ],
)
def test_matches_are_found(as_user, five, cora, query, wanted):
    assert names(as_user(cora).get("/p/riverside/matches/", query)) == wanted


@pytest.mark.parametrize(
    "query",
    [
        {"how": "nonsense"},
        {"before": "x"},
        {"before": "99999999999999999999"},
        {"before": "-1"},
        {"q": "\0"},
        {"q": "a" * 500},
        {"site": "0"},
        {"site": "x"},
        {"coordinator": "9" * 30},
        {"state": "' or 1=1"},
        {"side": "x"},
    ],
)
@pytest.mark.parametrize("where", ["matches", "people"])
def test_a_strange_question_gets_a_page(as_user, five, cora, query, where):
    assert as_user(cora).get(f"/p/riverside/{where}/", query).status_code == 200


def test_omar_finds_his_own_and_nothing_of_riverside(as_user, five, omar, hill_match):
    browser = as_user(omar)

    assert browser.get("/p/riverside/matches/").status_code == browser.get("/p/riverside/people/").status_code == 404
    assert names(browser.get("/p/hillside/matches/")) == ["Hugo and Hanna"]
    assert names(browser.get("/p/hillside/matches/", {"q": "Ama"})) == []


def test_match_support_find_their_caseload_alone(as_user, five, riverside):
    mia = staff("Mia", riverside, "match-support")
    Match.objects.filter(pk=five[1].pk).update(coordinator=mia)
    browser = as_user(mia)

    assert names(browser.get("/p/riverside/matches/")) == ["Wes and Wyn"]
    assert sorted(str(one) for one, _ in browser.get("/p/riverside/people/").context["rows"]) == ["Wes", "Wyn"]
    assert "1 match: 1 to watch." in browser.get("/p/riverside/").content.decode()


def test_staff_kept_away_find_nobody(as_user, five, cora, dele, ben):
    restrict(cora.person, ben, program=five[0].program, by=dele)
    browser = as_user(cora)

    assert "Ama and Ben" not in names(browser.get("/p/riverside/matches/"))
    assert "Ben Adler" not in browser.get("/p/riverside/people/").content.decode()
    assert "4 matches: 1 to watch, 1 unknown, 1 fine, 1 paused." in browser.get("/p/riverside/").content.decode()


@pytest.mark.parametrize(
    ("query", "wanted"),
    [
        ({"side": "mentor", "placed": "yes"}, ["Ama Mensah", "Ray", "Sid", "Una", "Wes"]),
        ({"placed": "no"}, ["Nia"]),
        ({"ready": "ready"}, ["Ama Mensah", "Ben Adler"]),
        ({"ready": "lacking", "q": "r"}, ["Ray", "Rue"]),
        ({"q": "ben a"}, ["Ben Adler"]),
    ],
)
def test_people_are_found(as_user, five, cora, grace, riverside, query, wanted):
    participant(person("Nia", riverside, born_on=date(2014, 1, 1)), riverside, "mentee")
    five[0].mentees[0].gates.filter(code="permission").update(given_by=grace)

    rows = as_user(cora).get("/p/riverside/people/", query).context["rows"]

    assert sorted(one.person.full_name for one, _ in rows) == wanted


def test_lists_page_by_key(as_user, riverside, cora):
    pairs(riverside, cora, *((f"M{n:02}", f"Y{n:02}") for n in range(55)))
    browser = as_user(cora)

    first = browser.get("/p/riverside/matches/")
    rest = browser.get("/p/riverside/matches/" + first.context["older"])
    people = browser.get("/p/riverside/people/")
    others = browser.get("/p/riverside/people/" + people.context["older"])

    assert [(len(page.context["rows"]), page.context["all"]) for page in (first, rest)] == [(50, 55), (5, 55)]
    assert [(len(page.context["rows"]), page.context["all"]) for page in (people, others)] == [(50, 110), (50, 110)]
    keys = [one.pk for page in (people, others) for one, _ in page.context["rows"]]
    assert keys == sorted(set(keys), reverse=True)
    assert rest.context["older"] == ""
    assert set(names(first)).isdisjoint(names(rest))
    assert len(people.context["rows"]) == 50
    assert people.context["older"]


@pytest.mark.parametrize("address", ["/p/riverside/", "/p/riverside/matches/", "/p/riverside/people/"])
def test_the_number_of_queries_does_not_grow(as_user, story, riverside, cora, address, django_assert_max_num_queries):
    browser = as_user(cora)
    browser.get(address)
    with django_assert_max_num_queries(60) as one:
        browser.get(address)
    for match in pairs(riverside, cora, *((f"M{n:02}", f"Y{n:02}") for n in range(30))):
        finding(match, "watch", "x")

    with django_assert_max_num_queries(len(one.captured_queries)):
        browser.get(address)
    assert Finding.objects.count() == 32
    assert Participant.objects.count() == 62
