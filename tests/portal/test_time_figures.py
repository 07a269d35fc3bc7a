"""Figures on time together of many pairs: as the clock kept them, and of those alone whom the reader may see."""

from datetime import date, timedelta
from fractions import Fraction

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from rapport.care.actions import keep_time, refresh_findings
from rapport.care.models import TimeKept
from rapport.matches.models import Match
from rapport.meetings.models import Meeting
from rapport.programs.models import Site
from tests.care.conftest import AWAY, HELD, SILENT, restrict, weekly
from tests.cast import DAY, MONDAY, open_match, participant, person, staff
from tests.reading import words

TOGETHER = "/p/riverside/together/"
WEEKS = 36  # since they began


def states():
    return dict(TimeKept.objects.values_list("match__members__participant__person__given_name", "state"))


@pytest.fixture
def pairs(match, riverside, cora, carl):
    """Ama and Ben kept it; Kit had a third, Lou nobody knows of, Max began last week."""
    site = Site.objects.create(program=riverside, name="Oak School", emergency_numbers="911")
    found = {"Ben": match}
    for name in ("Kit", "Lou", "Max"):
        mentor = participant(person(f"Mentor of {name}", riverside), riverside, "mentor")
        mentee = participant(person(name, riverside), riverside, "mentee")
        begun_on = date(2026, 11, 9) if name == "Max" else date(2026, 3, 10)
        found[name] = open_match(mentor, mentee, coordinator=carl, begun_on=begun_on)
    Match.objects.exclude(pk=match.pk).update(site=site)
    weekly(match, *[HELD] * WEEKS)
    weekly(found["Kit"], *[HELD] * (WEEKS - 8), *[HELD, AWAY, AWAY] * 2, AWAY, AWAY)
    weekly(found["Lou"], *[HELD] * (WEEKS - 8), *[SILENT] * 8)
    for _n in range(3):
        refresh_findings(at=MONDAY)
    keep_time(at=MONDAY)
    return found


def test_each_pair_is_told_by_what_is_surely_known(pairs):
    known = states()

    assert {name: known[name] for name in pairs} == {"Ben": "kept", "Kit": "help", "Lou": "unknown", "Max": "early"}
    row = TimeKept.objects.get(match=pairs["Kit"])
    assert (row.meetings, row.minutes, row.unknown, row.as_of) == (2, 120, 0, MONDAY)
    assert Fraction(row.promised_minutes, 60) == pytest.approx(7.3, abs=0.3)


def test_many_pairs_cost_no_more_questions_than_one(pairs):
    def asked(rows, at):
        TimeKept.objects.exclude(pk__in=rows).update(next_at=None)
        with CaptureQueriesContext(connection) as made:
            keep_time(at=at)
        return len(made)

    every = list(TimeKept.objects.values_list("pk", flat=True))
    many = asked(every, MONDAY + DAY)

    assert asked(every[:1], MONDAY + 2 * DAY) == many


def test_it_is_reckoned_once_a_day_and_not_for_those_who_ended(pairs):
    assert keep_time(at=MONDAY) == 0
    Match.objects.filter(pk=pairs["Kit"].pk).update(state="closed", ended_on=MONDAY.date())

    assert keep_time(at=MONDAY + DAY) == 4
    assert keep_time(at=MONDAY + 2 * DAY) == 3


def test_the_page_tells_figures_by_site_and_caseload_and_leads_to_the_list(as_user, pairs, cora):
    browser = as_user(cora)

    page = browser.get(TOGETHER)

    said = words(page.text)
    assert "As of 16 November 2026, 09:00." in said

    assert "All together 4 10 + 8 unknown 10 of" in said
    for place in ("Lincoln School 1 8", "Oak School 3", "Carl 3", "Cora 1 8"):
        assert place in said
    assert "Below 50 %" in said
    oak = Site.objects.get(name="Oak School").pk
    assert f'href="/p/riverside/matches/?time=help&amp;site={oak}"' in page.text
    assert "1 match" in words(browser.get(f"/p/riverside/matches/?time=help&site={oak}").text)
    assert "Kit" in browser.get("/p/riverside/matches/?time=help").text
    assert "Kit" not in browser.get("/p/riverside/matches/?time=kept").text


def test_a_site_lead_reads_figures_of_the_own_site_alone(as_user, pairs, riverside):
    lead = staff("Sol", riverside, "site-lead")
    lead.memberships.update(site=riverside.sites.get(name="Lincoln School"))

    said = words(as_user(lead).get(TOGETHER).text)

    assert "All together 1 8" in said
    assert "Oak School" not in said
    assert "Carl" not in said


def test_no_figure_counts_somebody_its_reader_is_kept_away_from(as_user, pairs, cora, carl, riverside):
    kit = pairs["Kit"].mentees[0].person
    restrict(cora.person, kit, program=riverside, by=carl)

    assert "All together 3" in words(as_user(cora).get(TOGETHER).text)


def test_who_sees_no_match_reads_nothing_small(as_user, pairs, riverside):
    browser = as_user(staff("Eve", riverside, "evaluator"))
    assert "They are shown from 10 matches on." in words(browser.get(TOGETHER).text)

    riverside.limits.filter(code="small-cell").update(value=3)
    page = browser.get(TOGETHER)

    assert "All together 4" in words(page.text)
    assert "Lincoln" not in page.text
    assert "/matches/?" not in page.text


def test_who_sees_no_match_reads_no_state_that_few_are_in_and_none_to_reckon_it_from(as_user, pairs, riverside):
    riverside.limits.filter(code="small-cell").update(value=2)
    browser = as_user(staff("Eve", riverside, "evaluator"))

    few = words(browser.get(TOGETHER).text)
    Match.objects.update(site=riverside.sites.get(name="Oak School"))
    TimeKept.objects.filter(match__in=[pairs["Kit"], pairs["Lou"]]).update(state="help")
    TimeKept.objects.filter(match=pairs["Max"]).update(state="kept")
    enough = words(browser.get(TOGETHER).text)

    assert "All together 4 10 + 8 unknown 10 of" in few
    assert "Below 50 %" in few
    assert "too few in one of them" in few
    assert "25 %" not in few
    assert "2 50 % –" in enough
    assert "Oak School 4" in enough
    assert "too few in one of them" not in enough


def test_somebody_of_another_program_finds_nothing(as_user, pairs, omar, hill_match):
    assert as_user(omar).get(TOGETHER).status_code == 404
    assert as_user(omar).get("/p/hillside/together/").status_code == 200


def test_the_number_of_queries_does_not_grow(as_user, pairs, ama_in, cora, riverside, django_assert_max_num_queries):
    browser = as_user(cora)
    browser.get(TOGETHER)
    with django_assert_max_num_queries(60) as one:
        browser.get(TOGETHER)
    before = len(one.captured_queries)
    for n in range(5):
        open_match(ama_in, participant(person(f"Kim{n}", riverside), riverside, "mentee"), coordinator=cora)
    refresh_findings(at=MONDAY + timedelta(minutes=1))
    keep_time(at=MONDAY + timedelta(minutes=1))

    with time_machine.travel(MONDAY + timedelta(minutes=2), tick=False):
        browser.get(TOGETHER)
        with django_assert_max_num_queries(before):
            assert "All together 9" in words(browser.get(TOGETHER).text)
    assert Meeting.objects.exists()
