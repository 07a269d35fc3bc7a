"""Circles of mentors: set, called off, noted, and missed when they fall silent (requirements S0-06)."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from rapport.access.models import Role
from rapport.core.refs import new_ref
from rapport.events import actions
from rapport.events.actions import SILENT
from rapport.events.circles.questions import seats_seen, silent
from rapport.events.models import Circle, Gathering
from rapport.events.refusals import NotTogether
from rapport.outbox.models import Message
from rapport.people.models import Restriction
from rapport.programs.actions import add_member
from rapport.programs.models import Limit, Site
from rapport.tasks.models import Task
from tests.care.conftest import restrict
from tests.cast import DAY, MONDAY, WEEK, participant, person, staff

HOUR = timedelta(hours=1)


@pytest.fixture
def circle(riverside, cora):
    return actions.begin_circle(riverside, name="Mentors", host=cora, form_id="one", by=cora, at=MONDAY)


@pytest.fixture
def hugo_in(riverside):
    return participant(person("Hugo", riverside), riverside, "mentor")


@pytest.fixture
def ask(circle, cora, ama_in, hugo_in):
    """Ask Ama and Hugo, and Cora herself, to a time."""

    def set_it(starts_at, at=MONDAY):
        people = {"mentors": [ama_in, hugo_in], "colleagues": [cora]}
        return actions.ask_to(circle, starts_at=starts_at, minutes=60, place="Room 3", **people, by=cora, at=at)

    return set_it


def letters():
    return sorted(Message.objects.values_list("kind", "to__given_name"))


def there(time):
    return list(time.seats.order_by("pk").values_list("was_there", flat=True))


def calls():
    return list(Task.objects.open().filter(kind=SILENT).values_list("owner__name", "reason"))


def test_each_mentor_asked_gets_one_letter(ask):
    ask(MONDAY + WEEK)

    assert letters() == [("events/circle", "Ama"), ("events/circle", "Hugo")]


def test_a_time_that_is_over_asks_nobody(ask):
    ask(MONDAY - WEEK)

    assert letters() == []


@pytest.mark.parametrize("who", ["a mentor", "a colleague"])
def test_nobody_is_asked_into_one_room_with_whom_they_are_kept_away_from(who, ask, ama, hugo_in, cora, carl):
    away = hugo_in.person if who == "a mentor" else cora.person
    restrict(away, ama, program=hugo_in.program, by=carl)

    with pytest.raises(NotTogether):
        ask(MONDAY + WEEK)

    assert (letters(), Gathering.objects.count()) == ([], 0)


def test_the_same_form_begins_one_circle_and_the_same_time_is_set_once(circle, riverside, cora, ask):
    again = actions.begin_circle(riverside, name="Mentors", host=cora, form_id="one", by=cora, at=MONDAY)
    ask(MONDAY + WEEK)

    assert again == circle
    with pytest.raises(actions.AnotherThen):
        ask(MONDAY + WEEK)


def test_whoever_heard_of_it_hears_that_it_is_called_off(ask, ama, cora):
    time = ask(MONDAY + WEEK)
    Message.objects.filter(to=ama).update(state=Message.State.ACCEPTED, final_at=MONDAY)

    actions.call_off(time, by=cora, at=MONDAY + DAY)

    assert letters() == [("events/circle", "Ama"), ("events/circle", "Hugo"), ("events/circle-off", "Ama")]
    with pytest.raises(actions.NotAhead):
        actions.call_off(time, by=cora, at=MONDAY + DAY)
    with pytest.raises(actions.NotAhead):
        actions.note(time, took_place=True, by=cora, at=MONDAY + 2 * WEEK)


def test_the_later_word_on_who_was_there_stands(ask, cora):
    time = ask(MONDAY + WEEK)
    ama, hugo, _cora = time.seats.order_by("pk")
    with pytest.raises(actions.StillAhead):
        actions.note(time, took_place=True, by=cora, at=MONDAY + DAY)

    actions.note(time, took_place=True, there=[ama, hugo], notes="All well", by=cora, at=MONDAY + WEEK + HOUR)
    actions.note(time, took_place=True, there=[ama], away=[hugo], notes="Two", by=cora, at=MONDAY + WEEK + 2 * HOUR)

    time.refresh_from_db()
    assert (time.notes, there(time)) == ("Two", [True, False, None])
    actions.note(time, took_place=False, there=[ama], away=[hugo], by=cora, at=MONDAY + WEEK + 3 * HOUR)
    assert there(time) == [None, None, None]


def test_a_silent_circle_becomes_one_call_that_ends_when_it_meets(circle, ask, cora):
    late = MONDAY + 60 * DAY

    assert actions.call_about_circles(at=late - HOUR, limit=500) == 0
    assert actions.call_about_circles(at=late, limit=500) == 1
    assert actions.call_about_circles(at=late + WEEK, limit=500) == 0
    assert calls() == [("Cora", "Mentors has not met since 16 November 2026. Set its next time, or end it.")]

    time = ask(late + WEEK, at=late + DAY)
    actions.note(time, took_place=True, by=cora, at=late + 8 * DAY)
    assert calls() == []
    assert actions.call_about_circles(at=late + WEEK + 60 * DAY, limit=500) == 1


@pytest.mark.parametrize("why", ["a time is set", "it has ended", "the program is over", "the program waits longer"])
def test_nobody_is_called_where_nothing_is_amiss(why, circle, ask, cora, riverside):
    late = MONDAY + 60 * DAY
    if why == "a time is set":
        ask(late + DAY)
    elif why == "it has ended":
        actions.end_circle(circle, by=cora, at=MONDAY + DAY)
    elif why == "the program is over":
        riverside.archived_at = MONDAY
        riverside.save()
    else:
        Limit.objects.filter(program=riverside, code="circle-within").update(value=90)

    assert list(silent(late)) == []


def test_where_the_host_has_left_a_colleague_is_called(circle, cora, carl):
    cora.memberships.update(ends_at=MONDAY)

    actions.call_about_circles(at=MONDAY + 60 * DAY, limit=500)

    assert [owner for owner, _reason in calls()] == ["Carl"]


def test_a_circle_that_nobody_answers_for_keeps_no_other_waiting(riverside, hill_match, omar, cora):
    for program, host in ((hill_match.program, omar), (riverside, cora)):
        actions.begin_circle(program, name="Mentors", host=host, form_id=program.slug, by=host, at=MONDAY)
    hill_match.program.memberships.update(ends_at=MONDAY)

    assert actions.call_about_circles(at=MONDAY + 60 * DAY, limit=1) == 1


def test_an_ended_circle_calls_off_what_was_to_come(circle, ask, cora):
    time = ask(MONDAY + WEEK)

    assert actions.end_circle(circle, by=cora, at=MONDAY + DAY) == 1
    assert actions.end_circle(circle, by=cora, at=MONDAY + DAY) == 0

    time.refresh_from_db()
    assert time.excused_at == MONDAY + DAY
    with pytest.raises(actions.OverAlready):
        ask(MONDAY + 2 * WEEK)


# Pages


@pytest.fixture
def soon(circle, ama_in, hugo_in, cora):
    """A time that has just begun, by the machine's clock."""
    at = timezone.now()
    given = {"mentors": [ama_in, hugo_in], "colleagues": [cora], "minutes": 60, "about": "What went well"}
    return actions.ask_to(circle, starts_at=at - HOUR, **given, by=cora, at=at)


def test_from_a_new_circle_to_who_was_there(riverside, cora, ama_in, hugo_in, as_user):
    desk, here = as_user(cora), "/p/riverside/circles/"
    empty = desk.get(here).content.decode()
    typed = {"form_id": new_ref(), "name": "Mentors", "site": "", "host": cora.pk}

    circle = desk.post(f"{here}new/", typed).url
    ahead = timezone.now() + WEEK
    asked = {"starts_at": f"{ahead:%Y-%m-%d} 15:30", "minutes": "60", "mentors": [ama_in.pk], "colleagues": [cora.pk]}
    time = desk.post(f"{circle}next/", asked).url

    assert "No circle yet" in empty
    assert "Ama Mensah" in desk.get(time).content.decode()
    assert "Hugo" not in desk.get(time).content.decode()
    assert "Call it off" in desk.get(time).content.decode()
    assert desk.post(f"{time}", {"took_place": "yes"}).status_code == 409


def test_who_was_there_is_noted_on_its_page(soon, cora, as_user):
    desk, seats = as_user(cora), list(soon.seats.order_by("pk"))

    sent = desk.post(soon.get_absolute_url(), {"took_place": "yes", "there": [seats[0].pk], "notes": "A good hour"})

    assert sent.status_code == 302
    assert "A good hour" in desk.get(soon.get_absolute_url()).content.decode()
    assert there(soon) == [True, False, False]


@pytest.mark.parametrize(
    ("page", "typed", "words"),
    [
        ("next/", {"starts_at": "2026-12-01 15:00", "minutes": "60"}, "Ask at least one mentor."),
        ("next/", {"starts_at": "2026-02-30 15:00", "minutes": "60", "mentors": ["1"]}, "2 2026"),
        ("next/", {"starts_at": "2026-12-01 15:00", "minutes": "9" * 30, "mentors": ["x"]}, "from 1 to 1440"),
        ("time", {"took_place": "perhaps"}, "Choose one of these."),
        ("time", {"took_place": "yes", "there": ["999999", "x"]}, "Choose one of these."),
        ("time", {"took_place": "yes", "notes": "a\u0000b"}, "cannot be shown"),
    ],
)
def test_what_makes_no_sense_is_said(page, typed, words, circle, soon, cora, as_user):
    address = soon.get_absolute_url() if page == "time" else circle.get_absolute_url() + page

    told = as_user(cora).post(address, typed)

    assert told.status_code == 422
    if words != "2 2026":
        assert words in told.content.decode()
    soon.refresh_from_db()
    assert (Gathering.objects.count(), soon.kept_at) == (1, None)


def test_nobodys_notes_are_lost_unread(ask, cora, carl, as_user):
    """Carl opened the page before Cora noted it; the same said twice is one."""
    time = ask(timezone.now() - DAY)
    pages, typed = [as_user(user) for user in (cora, carl)], {"took_place": "yes", "notes": "Ask for more books."}
    seen = ""
    first = [pages[0].post(time.get_absolute_url(), typed | {"seen": seen}).status_code for _press in range(2)]

    late = pages[1].post(time.get_absolute_url(), typed | {"seen": seen, "notes": "All is well."})

    assert (first, late.status_code) == ([302, 302], 409)
    assert "Read what they wrote before yours takes its place." in late.text
    assert [words in late.text for words in ("Ask for more books.", "All is well.")] == [True, True]
    time.refresh_from_db()
    assert (time.notes, time.noted_by) == ("Ask for more books.", cora)
    assert pages[1].post(time.get_absolute_url(), typed | {"seen": time.noted_as}).status_code == 302
    time.refresh_from_db()
    assert time.noted_by == carl
    assert pages[1].post(time.get_absolute_url(), typed | {"seen": "x" * 50}).status_code == 422


def test_omar_of_hillside_finds_none_of_it(circle, soon, omar, hillside, as_user):
    own = actions.begin_circle(hillside, name="Of the hill", host=omar, form_id="two", by=omar, at=MONDAY)
    browser = as_user(omar)

    assert browser.get(own.get_absolute_url()).status_code == 200
    for address in (circle.get_absolute_url(), soon.get_absolute_url()):
        assert browser.get(address).status_code == 404
        assert browser.get(address.replace("riverside", "hillside")).status_code == 404
    assert "Of the hill" in browser.get("/p/hillside/circles/").content.decode()


def test_a_site_lead_begins_and_sees_circles_of_their_site_alone(circle, riverside, lincoln, as_user):
    lena = staff("Lena", riverside)
    add_member(
        lena, program=riverside, role=Role.objects.get(slug="site-lead"), site=lincoln, by=None, at=MONDAY - WEEK
    )
    browser, other = as_user(lena), Site.objects.create(program=riverside, name="Other")
    typed = {"name": "Ours", "host": lena.pk}

    assert browser.get(circle.get_absolute_url()).status_code == 404
    for site in ("", other.pk):
        assert browser.post("/p/riverside/circles/new/", {**typed, "site": site}).status_code == 422
    assert browser.post("/p/riverside/circles/new/", {**typed, "site": lincoln.pk}).status_code == 302
    assert list(Circle.objects.visible_to(lena).values_list("name", flat=True)) == ["Ours"]


def test_whoever_is_kept_away_from_a_mentor_does_not_meet_their_name(soon, riverside, ama, cora, carl, as_user):
    day = (timezone.now() - WEEK).date()
    Restriction.objects.create(
        program=riverside, kept_away=carl.person, subject=ama, reason="A court order", starts_on=day, review_on=day,
        recorded_by=cora, recorded_at=MONDAY,
    )  # fmt: skip

    page = as_user(carl).get(soon.get_absolute_url()).content.decode()

    assert ("Ama" in page, "Hugo" in page) == (False, True)
    assert len(seats_seen(soon, carl, timezone.now())) == 2


def test_many_circles_cost_no_more_questions(circle, soon, riverside, cora, as_user, django_assert_num_queries):
    browser = as_user(cora)
    with CaptureQueriesContext(connection) as few:
        browser.get("/p/riverside/circles/")
    for n in range(5):
        actions.begin_circle(riverside, name=f"No {n}", host=cora, form_id=f"n{n}", by=cora, at=MONDAY)
    with django_assert_num_queries(len(few)):
        browser.get("/p/riverside/circles/")


def test_a_time_to_come_costs_the_same_for_few_asked_and_for_many(
    circle, ama_in, riverside, cora, as_user, django_assert_num_queries
):
    def asked(mentors, in_days):
        at = timezone.now()
        given = {"mentors": mentors, "colleagues": [cora], "minutes": 60}
        return actions.ask_to(circle, starts_at=at + in_days * DAY, **given, by=cora, at=at).get_absolute_url()

    more = [participant(person(f"M{n}", riverside), riverside, "mentor") for n in range(5)]
    few, many, browser = asked([ama_in], 7), asked([ama_in, *more], 8), as_user(cora)
    with CaptureQueriesContext(connection) as caught:
        browser.get(few)

    with django_assert_num_queries(len(caught)):
        page = browser.get(many).text

    assert [one.get_absolute_url() in page for one in more] == [True] * 5
