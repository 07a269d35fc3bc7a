"""A program's settings: every number with where it comes from, changed by those who may; and its closed days."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from rapport.audit.models import Event
from rapport.portal.actions import foretell_next
from rapport.portal.ahead import playing
from rapport.programs.actions import ChangedMeanwhile, change_setting, close_days
from rapport.programs.models import ClosedTime, Limit, Promise, Site
from rapport.programs.starters import starters_of
from tests.cast import MONDAY, staff

pytestmark = pytest.mark.django_db
SETTINGS, CALENDAR = "/p/riverside/settings/", "/p/riverside/calendar/"


@pytest.fixture(autouse=True)
def one_day(monkeypatch):
    monkeypatch.setattr(playing, "DAYS", 1)


@pytest.fixture
def eve(riverside):
    """Evaluates Riverside: sees the program, changes nothing."""
    return staff("Eve", riverside, "evaluator")


def keep(browser, address, data, **more):
    """Look at what a change will do, and keep it."""
    looked = browser.post(SETTINGS + address, data)
    if looked.status_code == 302:  # what it sends is worked out beside the page
        foretell_next()
        return browser.post(looked["Location"], **more)
    return browser.post(SETTINGS + address, {**data, "sure": looked.context["sure"]}, **more)


def limit(code="remind-after"):
    return Limit.objects.get(program__slug="riverside", code=code)


def test_every_number_stands_there_with_its_source(as_user, cora, riverside):
    html = as_user(cora).get(SETTINGS).content.decode()

    for rules in (riverside.promises, riverside.limits, riverside.gate_rules, riverside.point_rules):
        for rule in rules.all():
            assert rule.source.replace("'", "&#x27;") in html
    assert "911; school office 555 0111" in html
    assert "Cora, 555 0100" in html


def test_a_changed_number_keeps_its_source_and_says_who_changed_it(as_user, cora):
    source = limit().source

    response = keep(as_user(cora), "limits/remind-after/", {"value": "5"}, follow=True)

    assert (limit().value, limit().source) == (5, source)
    html = response.content.decode()
    assert "changed from 3 by Cora on" in html
    assert source in html
    [event] = Event.objects.filter(verb="limit.changed")
    assert (event.facts, event.actor_id) == ({"was": {"value": 3}, "now": {"value": 5}}, cora.pk)


def test_the_program_reads_the_new_number_at_once(as_user, cora, riverside):
    keep(as_user(cora), "limits/remind-after/", {"value": "5"})

    assert riverside.limit("remind-after").days == 5


def test_a_promise_is_changed_in_its_own_numbers(as_user, cora):
    data = {"every": "2", "unit": "weeks", "grace_days": "7", "minutes": "90", "hours_a_month": "3.5"}

    keep(as_user(cora), "promises/meet/", data)

    promise = Promise.objects.get(program__slug="riverside", code="meet")
    assert (promise.every, promise.unit, promise.minutes, str(promise.hours_a_month)) == (2, "weeks", 90, "3.50")


@pytest.mark.parametrize(
    ("code", "typed", "said"),
    [
        ("remind-after", "", "Write a number."),
        ("remind-after", "ten", "Write a whole number, such as 7."),
        ("remind-after", "3.5", "Write a whole number, such as 7."),
        ("remind-after", "0", "This must be 1 or more."),
        ("remind-after", "-1", "This must be 1 or more."),
        ("remind-after", "9" * 19, "This must be 3650 or less."),
        ("remind-after", "9" * 5000, "Write a whole number, such as 7."),
        ("remind-after", "1e9", "Write a whole number, such as 7."),
        ("remind-after", "3\x00", "Write a whole number, such as 7."),
        ("quiet-from", "24", "This must be 23 or less."),
    ],
)
def test_a_number_that_cannot_be_is_refused_in_words(as_user, cora, code, typed, said):
    before = limit(code).value

    response = as_user(cora).post(f"{SETTINGS}limits/{code}/", {"value": typed})

    assert response.status_code == 200
    assert said in response.content.decode()
    assert limit(code).value == before


def test_two_who_change_the_same_number_do_not_overwrite_each_other(cora, riverside):
    mine, yours = limit(), limit()
    change_setting(mine, {"value": 5}, by=cora, at=MONDAY)

    with pytest.raises(ChangedMeanwhile):
        change_setting(yours, {"value": 7}, by=cora, at=MONDAY)

    assert limit().value == 5


def test_the_same_number_again_leaves_no_trace(as_user, cora):
    as_user(cora).post(f"{SETTINGS}limits/remind-after/", {"value": "3"})

    assert not Event.objects.filter(verb="limit.changed").exists()


def test_an_evaluator_sees_the_settings_and_changes_nothing(as_user, eve, lincoln):
    browser = as_user(eve)

    assert browser.get(SETTINGS).status_code == 200
    assert browser.get(CALENDAR).status_code == 200
    for address in ("limits/remind-after/", "promises/meet/", "program/", "sites/", f"sites/{lincoln.ref}/"):
        assert browser.get(SETTINGS + address).status_code == 404
        assert browser.post(SETTINGS + address, {"value": "5", "name": "x"}).status_code == 404
    assert browser.post(CALENDAR, {"starts_on": "2026-12-01", "kind": "holiday"}).status_code == 404
    assert (limit().value, ClosedTime.objects.count(), Site.objects.count()) == (3, 0, 1)


def test_another_programs_coordinator_finds_nothing(as_user, omar, cora, riverside, lincoln):
    browser = as_user(omar)

    assert browser.get("/p/hillside/settings/").status_code == 200
    for address in (
        SETTINGS,
        CALENDAR,
        f"{SETTINGS}limits/remind-after/",
        f"/p/hillside/settings/sites/{lincoln.ref}/",
    ):
        assert browser.get(address).status_code == 404


def test_a_site_gets_its_emergency_numbers(as_user, cora, lincoln):
    as_user(cora).post(f"{SETTINGS}sites/{lincoln.ref}/", {"name": "Lincoln School", "emergency_numbers": "112"})
    as_user(cora).post(f"{SETTINGS}sites/", {"name": "Library", "emergency_numbers": "112"})

    assert list(Site.objects.order_by("pk").values_list("name", "emergency_numbers")) == [
        ("Lincoln School", "112"),
        ("Library", "112"),
    ]


def test_two_sites_do_not_share_a_name(as_user, cora, lincoln):
    response = as_user(cora).post(f"{SETTINGS}sites/", {"name": "Lincoln School"})

    assert "There is a site of this name already." in response.content.decode()


def test_closed_days_are_added_and_taken_out(as_user, cora, lincoln):
    browser = as_user(cora)
    data = {"starts_on": "21 12 2099", "ends_on": "3 1 2100", "kind": "holiday", "site": lincoln.ref, "name": "Winter"}

    html = browser.post(CALENDAR, data, follow=True).content.decode()

    [closed] = ClosedTime.objects.all()
    assert (closed.starts_on, closed.ends_on, closed.site) == (date(2099, 12, 21), date(2100, 1, 3), lincoln)
    assert "Winter" in html
    browser.post(f"{CALENDAR}{closed.pk}/opening/")
    assert not ClosedTime.objects.exists()
    assert list(Event.objects.filter(verb__startswith="closed-time").values_list("verb", flat=True)) == [
        "closed-time.added",
        "closed-time.removed",
    ]


def test_a_double_click_closes_once(riverside, cora):
    for _ in range(2):
        close_days(
            riverside, kind="holiday", starts_on=date(2026, 12, 1), ends_on=date(2026, 12, 1), by=cora, at=MONDAY
        )

    assert ClosedTime.objects.count() == 1


@pytest.mark.parametrize(
    ("first", "last", "said"),
    [
        ("", "", "Which day? Write it as 27 3 2026."),
        ("31 11 2026", "", "November has 30 days"),
        ("5 1 2027", "4 1 2027", "The last day comes before the first."),
        ("5 1 2027", "5 1 2037", "That is more than a year."),
        ("soon", "", "Write the day as"),
    ],
)
def test_days_that_cannot_be_are_refused_in_words(as_user, cora, first, last, said):
    response = as_user(cora).post(CALENDAR, {"starts_on": first, "ends_on": last, "kind": "holiday"})

    assert response.status_code == 200
    assert said in response.content.decode()
    assert not ClosedTime.objects.exists()


def test_a_site_of_another_program_cannot_be_closed(as_user, cora, hillside):
    elsewhere = hillside.sites.get().ref

    response = as_user(cora).post(CALENDAR, {"starts_on": "1 12 2026", "kind": "holiday", "site": elsewhere})

    assert "Choose one of the sites of this program." in response.content.decode()
    assert not ClosedTime.objects.exists()


def test_closed_days_of_another_program_cannot_be_opened(as_user, cora, hillside, omar):
    there = close_days(
        hillside, kind="holiday", starts_on=date(2026, 12, 1), ends_on=date(2026, 12, 1), by=omar, at=MONDAY
    )

    for number in (there.pk, 10**30):
        assert as_user(cora).post(f"{CALENDAR}{number}/opening/").status_code == 404

    assert ClosedTime.objects.count() == 1


def test_the_pages_ask_the_database_the_same_number_of_questions(as_user, cora, riverside, lincoln):
    browser = as_user(cora)
    browser.get(SETTINGS)
    counts = []
    for more in (0, 30):
        for number in range(more):
            day = date(2099, 1, 1 + number)
            close_days(riverside, kind="holiday", starts_on=day, ends_on=day, site=lincoln, by=cora, at=MONDAY)
            Limit.objects.create(program=riverside, code=f"more-{number}", value=1, unit="days", source="ours")
        with CaptureQueriesContext(connection) as asked:
            browser.get(SETTINGS)
            browser.get(CALENDAR)
        counts.append(len(asked))

    assert counts[0] == counts[1]


def test_ways_to_begin_a_talk_again_are_the_programs_own_words(as_user, cora, riverside, omar):
    """S4-37: three at least for each side; a line that stays keeps its source."""
    riverside.profile = "event-only"
    riverside.save()
    desk, page = as_user(cora), SETTINGS + "starters/"
    before = {row.words: row.source for row in starters_of(riverside)}
    mentor = [row.words for row in starters_of(riverside) if row.party == "mentor"]

    few = desk.post(page, {"mentor": "One\nTwo\nTwo", "mentee": "A\nB\nC"})
    kept = desk.post(page, {"mentor": "\n".join([*mentor[:2], "", "Shall we have tea?"]), "mentee": "A\nB\nC"})

    assert (few.status_code, kept.status_code) == (422, 302)
    assert "Write from 3 to 10" in few.content.decode()
    assert [(row.party, row.words, row.source) for row in starters_of(riverside)] == [
        *(("mentor", words, before[words]) for words in mentor[:2]),
        ("mentor", "Shall we have tea?", "The program's own words"),
        *(("mentee", words, "The program's own words") for words in "ABC"),
    ]
    assert as_user(omar).get(page).status_code == 404
