"""A private calendar: only one's own meetings, no child's name or place, asked anew at each reading."""

import re
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import ics
import pytest
import time_machine
import vobject
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from rapport.matches.models import Match
from rapport.meetings.actions import add_meeting, excuse, lay_out_meetings, make_plan
from rapport.meetings.actions.feeds import make_feed, open_own_meetings, stop_feed
from rapport.meetings.feeds import public
from rapport.meetings.feeds.public import calendar_of
from rapport.meetings.feeds.seen import seen_by
from rapport.meetings.feeds.writing import feed_of
from rapport.meetings.models import Feed, Meeting, Rearrangement
from rapport.people.actions import say
from rapport.people.models import Guardianship, Participant, Person, Restriction
from rapport.portal.actions import shut_own_pages
from rapport.programs.actions import end_membership
from rapport.programs.models import Program
from tests.care.conftest import restrict
from tests.cast import DAY, MONDAY, open_match, participant, person

pytestmark = pytest.mark.django_db
ZONES = ["America/New_York", "Europe/Berlin", "Australia/Lord_Howe", "Asia/Kathmandu", "UTC"]


@pytest.fixture(autouse=True)
def monday():
    with time_machine.travel(MONDAY, tick=False):
        yield


@pytest.fixture
def tuesdays(match, cora):
    """Laid out four weeks ahead: Tuesdays at half past three."""
    make_plan(
        match, weekday=1, starts_at=time(15, 30), minutes=60, place="Library", from_on=date(2026, 11, 16), by=cora,
        at=MONDAY,
    )  # fmt: skip
    lay_out_meetings(at=MONDAY, limit=50)
    return match


def token_of(somebody, program):
    return make_feed(somebody, program=program, by=None, at=MONDAY)


def read(token, **headers):
    return Client().get(f"/feed/{token}.ics", headers=headers)


def text_of(somebody, program):
    response = read(token_of(somebody, program))
    assert response.status_code == 200
    return response.content.decode()


def by_vobject(text):
    found = vobject.readOne(text)
    return sorted((one.uid.value, one.dtstart.value, one.dtend.value) for one in getattr(found, "vevent_list", []))


def by_ics(text):
    return sorted((one.uid, one.begin.datetime, one.end.datetime) for one in ics.Calendar(text).events)


def laid(match):
    host = "localhost"
    return sorted((f"{one.ref}@{host}", one.starts_at, one.ends_at) for one in Meeting.objects.filter(match=match))


def test_each_sees_their_own_meetings_and_no_name_or_place_of_a_child(tuesdays, ama, ben, grace, cora, omar, hillside):
    texts = {one: text_of(one, tuesdays.program) for one in (ama, ben, grace, cora.person)}
    stranger = text_of(omar.person, tuesdays.program)

    for text in texts.values():
        assert by_vobject(text) == by_ics(text) == laid(tuesdays)
        assert not re.search("Ben|Adler|Grace|Library|Riverside|mentor", text)
    assert re.findall("SUMMARY:(.*)\r\n", texts[ama]) == ["Meeting (your match)"] * 4
    assert re.findall("SUMMARY:(.*)\r\n", texts[ben]) == ["Meeting"] * 4
    assert re.findall("SUMMARY:(.*)\r\n", texts[grace]) == ["Meeting"] * 4
    assert re.findall("SUMMARY:(.*)\r\n", texts[cora.person]) == ["Meeting of Ama"] * 4
    assert by_vobject(stranger) == []


def test_it_is_written_as_calendar_programs_want_it(tuesdays, ama):
    response = read(token_of(ama, tuesdays.program))
    text = response.content.decode()

    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    assert "\n" not in text.replace("\r\n", "")
    assert max(len(line.encode()) for line in text.split("\r\n")) <= 75
    event = text.split("BEGIN:VEVENT")[1]
    for line in (
        "SEQUENCE:0",
        "DTSTART:20261117T153000Z",
        "DTEND:20261117T163000Z",
        "STATUS:CONFIRMED",
        "CLASS:PRIVATE",
    ):
        assert f"\r\n{line}\r\n" in event
    assert "DTSTAMP:" in event
    assert "LAST-MODIFIED:" in event
    assert "VALARM" not in text
    assert "RRULE" not in text
    assert response["Cache-Control"] == "private, no-cache"
    assert not response.cookies


def test_what_was_read_already_is_not_sent_again(tuesdays, ama):
    token = token_of(ama, tuesdays.program)
    first = read(token)
    again = read(token, **{"if-none-match": first["ETag"]})
    excuse(Meeting.objects.all()[:1], excuse="closed", by=None, at=MONDAY)
    changed = read(token, **{"if-none-match": first["ETag"]})

    assert (again.status_code, again.content) == (304, b"")
    assert changed.status_code == 200
    assert "STATUS:CANCELLED" in changed.content.decode()
    assert Client().head(f"/feed/{token}.ics").status_code == 200
    assert Client().post(f"/feed/{token}.ics").status_code == 405


def test_what_is_moved_keeps_its_name_and_its_number_rises(tuesdays, ama):
    token, one = token_of(ama, tuesdays.program), Meeting.objects.order_by("starts_at").first()
    Rearrangement.objects.create(
        program=one.program, meeting=one, what="moved", said_at=MONDAY, was_at=one.starts_at, now_at=one.starts_at + DAY
    )
    Meeting.objects.filter(pk=one.pk).update(starts_at=one.starts_at + DAY, ends_at=one.ends_at + DAY)
    text = read(token).content.decode()

    moved = next(event for event in text.split("BEGIN:VEVENT") if one.ref in event)
    assert "SEQUENCE:1\r\n" in moved
    assert "DTSTART:20261118T153000Z" in moved
    assert "LAST-MODIFIED:20261116T090000Z" in moved
    assert by_vobject(text) == by_ics(text) == laid(tuesdays)


def test_a_place_stands_there_where_everybody_is_grown_and_nobody_protected(tuesdays, ama, ben, cora):
    Person.objects.filter(pk=ben.pk).update(born_on=date(2000, 1, 1))
    before = text_of(ama, tuesdays.program)
    away = person("Rolf", tuesdays.program)
    kept_away(away, ben, tuesdays.program, cora)

    assert before.count("LOCATION:Library\r\n") == 4
    assert "LOCATION" not in text_of(ama, tuesdays.program)


def kept_away(somebody, subject, program, by, at=MONDAY):
    return Restriction.objects.create(
        program=program, kept_away=somebody, subject=subject, reason="court", starts_on=at.date(),
        review_on=at.date() + 30 * DAY, recorded_by=by, recorded_at=at,
    )  # fmt: skip


LOST = {
    "the match ended": lambda m, p, c: Match.objects.filter(pk=m.pk).update(state="closed", ended_on=MONDAY.date()),
    "its checks wait": lambda m, p, c: Match.objects.filter(pk=m.pk).update(awaits_checks=True),
    "a yes was taken back": lambda m, p, c: m.mentees[0].gates.filter(code="permission").update(is_met=False),
    "kept away": lambda m, p, c: kept_away(p, m.mentees[0].person, m.program, c),
    "no longer told": lambda m, p, c: Guardianship.objects.filter(adult=p).update(is_told=False),
    "ended": lambda m, p, c: Guardianship.objects.filter(adult=p).update(ends_on=MONDAY.date()),
    "the child is 18": lambda m, p, c: Person.objects.filter(pk=m.mentees[0].person_id).update(
        born_on=date(2008, 11, 16)
    ),
    "the child left": lambda m, p, c: Participant.objects.filter(pk=m.mentees[0].pk).update(left_at=MONDAY),
}


@pytest.mark.parametrize("why", LOST)
def test_whoever_lost_it_reads_an_empty_calendar_and_not_why(tuesdays, grace, cora, why):
    token = token_of(grace, tuesdays.program)
    full, match = read(token).content, Match.objects.with_people().get(pk=tuesdays.pk)
    LOST[why](match, grace, cora)
    empty = read(token)

    assert full.count(b"VEVENT") == 8
    assert empty.status_code == 200
    assert b"VEVENT" not in empty.content
    assert by_vobject(empty.content.decode()) == []
    assert empty.content == read(token_of(person("Zoe", match.program), match.program)).content


def test_an_address_that_somebody_kept_away_may_know_shows_nothing_until_it_is_made_anew(tuesdays, ben, ama, cora):
    old, mentors = token_of(ben, tuesdays.program), token_of(ama, tuesdays.program)
    with time_machine.travel(MONDAY + DAY, tick=False):
        kept_away(person("Rolf", tuesdays.program), ben, tuesdays.program, cora, MONDAY + DAY)
        shown = [read(token).content.count(b"BEGIN:VEVENT") for token in (old, mentors)]
    with time_machine.travel(MONDAY + 2 * DAY, tick=False):
        new = make_feed(ben, program=tuesdays.program, by=None, at=MONDAY + 2 * DAY)

        assert shown == [0, 4]
        assert read(new).content.count(b"BEGIN:VEVENT") == 4


def test_a_child_whose_guardian_wants_no_messages_has_none_here_either(tuesdays, ben, grace):
    say(program=tuesdays.program, person=ben, given_by=grace, purpose="messages", is_given=False, text_version="1",
        language="en", channel="link", evidence="", given_at=MONDAY, by=grace, at=MONDAY)  # fmt: skip

    assert by_ics(text_of(ben, tuesdays.program)) == []
    assert len(by_ics(text_of(grace, tuesdays.program))) == 4


def test_a_rest_reads_as_called_off_whatever_its_reason(tuesdays, ama):
    Match.objects.filter(pk=tuesdays.pk).update(state="paused")

    text = text_of(ama, tuesdays.program)
    assert text.count("STATUS:CANCELLED") == 4
    assert text.count("SUMMARY:Called off: Meeting (your match)") == 4


def test_a_guardian_of_two_tells_them_apart_by_numbers(tuesdays, grace, riverside, cora):
    ada = person("Ida", riverside, born_on=date(2014, 1, 1))
    Guardianship.objects.create(adult=grace, child=ada, starts_on=date(2014, 1, 1))
    other = open_match(participant(person("Noor", riverside, born_on=date(1980, 1, 1)), riverside, "mentor"),
                       participant(ada, riverside, "mentee"), coordinator=cora)  # fmt: skip
    add_meeting(other, starts_at=MONDAY + 3 * DAY, minutes=60, by=cora, at=MONDAY)

    text = text_of(grace, riverside)
    assert sorted(set(re.findall("SUMMARY:(.*)\r\n", text))) == ["Meeting (1)", "Meeting (2)"]
    kept_away(grace, Person.objects.get(given_name="Ben"), riverside, cora)
    assert re.findall("SUMMARY:(.*)\r\n", text_of(grace, riverside)) == ["Meeting (2)"]


def test_a_stopped_address_is_like_none_and_a_new_one_stops_the_old(tuesdays, ama, cora):
    first = token_of(ama, tuesdays.program)
    second = token_of(ama, tuesdays.program)
    stop_feed(ama, program=tuesdays.program, by=cora, at=MONDAY)
    answers = [read(token) for token in (first, second, "A" * 22, "short")]
    third = token_of(ama, tuesdays.program)
    Program.objects.filter(pk=tuesdays.program.pk).update(archived_at=MONDAY)

    assert {(one.status_code, one.content) for one in [*answers, read(third)]} == {(404, b"")}
    assert Feed.objects.filter(token_hash__in=[first, second]).count() == 0
    assert Feed.objects.live().count() == 1


def test_a_colleague_who_left_reads_nothing(tuesdays, cora):
    token = token_of(cora.person, tuesdays.program)
    cora.is_active = False
    cora.save()

    assert read(token).status_code == 404


def test_who_reads_without_end_is_told_to_wait(tuesdays, ama, monkeypatch):
    monkeypatch.setattr(public, "READS", 3)
    token = token_of(ama, tuesdays.program)

    assert [read(token).status_code for _ in range(4)] == [200, 200, 200, 429]


def test_more_meetings_cost_no_more_queries(tuesdays, grace, cora):
    def asked(somebody):
        feed = Feed.objects.live().select_related("person__user", "program").get(person=somebody)
        with CaptureQueriesContext(connection) as some:
            calendar_of(feed, MONDAY)
        return len(some)

    people = (grace, cora.person)
    for one in people:
        token_of(one, tuesdays.program)
    few = [asked(one) for one in people]
    for week in range(5, 30):
        add_meeting(tuesdays, starts_at=MONDAY + week * 7 * DAY, minutes=60, by=None, at=MONDAY)

    assert [asked(one) for one in people] == few


def test_the_page_gives_shows_once_and_stops(tuesdays, grace):
    page = f"/k/{open_own_meetings(grace, program=tuesdays.program, at=MONDAY)}/"
    seen = Client().get(page).content.decode()
    given = Client().post(page, {"what": "new"}).content.decode()
    token = re.search(r"/feed/([\w-]{22})\.ics", given)[1]
    later = Client().get(page).content.decode()
    Client().post(page, {"what": "stop"})

    assert "Ben" in seen
    assert "Tuesday 17 November, 15:30" in seen
    assert "Library" in seen
    assert "webcal://localhost" in given
    assert token not in later
    assert read(token).status_code == 404
    with time_machine.travel(MONDAY + timedelta(hours=2), tick=False):
        assert Client().get(page).status_code == 404


def test_staff_see_and_take_those_they_look_after(tuesdays, cora, omar, as_user):
    browser = as_user(cora)
    here = f"/p/{tuesdays.program.slug}/meetings/caseload/"

    assert "Tuesday 17 November" in browser.get(here).content.decode()
    assert "webcal://" in browser.post(here, {"what": "new"}).content.decode()
    assert as_user(omar).get(here).status_code == 404


@given(
    zone=st.sampled_from(ZONES),
    plans=st.lists(
        st.tuples(st.integers(0, 6), st.times(), st.integers(1, 400), st.integers(1, 3)), min_size=1, max_size=3
    ),
    from_on=st.dates(date(2026, 1, 1), date(2027, 12, 31)),
    place=st.text(max_size=100),
)
def test_whatever_is_laid_out_two_programs_read_it_to_the_second(
    zone, plans, from_on, place, riverside, ama, ben, cora
):
    """Through the change of clocks both ways: instant by instant, name by name."""
    Program.objects.filter(pk=riverside.pk).update(time_zone=zone, using_since_on=date(2025, 1, 1))
    program = Program.objects.get(pk=riverside.pk)
    mentor = person("Mia", program, mail=False, born_on=date(1980, 1, 1))
    mentee = Participant.objects.filter(person=ben).first() or participant(ben, program, "mentee")
    match = open_match(participant(mentor, program, "mentor"), mentee, coordinator=cora, begun_on=date(2025, 12, 1))
    match.program = program
    at = datetime.combine(from_on, time(12), tzinfo=ZoneInfo(zone))
    for n, (weekday, starts_at, minutes, weeks) in enumerate(plans):
        start = from_on + n * 14 * DAY
        make_plan(match, weekday=weekday, starts_at=starts_at.replace(microsecond=0), minutes=minutes,
                  every_weeks=weeks, place=place, from_on=start, by=cora, at=at)  # fmt: skip
        lay_out_meetings(at=at + n * 14 * DAY, limit=50)
    rows = seen_by(mentor, program, at, since=at - DAY)
    text = feed_of(rows).decode()

    wanted = [row for row in laid(match) if row[2] > at - DAY]
    assert by_vobject(text) == by_ics(text) == wanted


def test_staff_stop_an_address_and_make_one_to_take_home(tuesdays, grace, ben_in, cora, omar, as_user):
    token = token_of(grace, tuesdays.program)
    here, browser = f"/p/{tuesdays.program.slug}/meetings/calendars/{ben_in.ref}/", as_user(cora)
    listed = browser.get(here).content.decode()
    stopped = browser.post(here, {"who": grace.ref, "what": "stop"})
    given = browser.post(here, {"who": grace.ref, "what": "new"}).content.decode()

    assert "Grace Adler" in listed
    assert token not in listed
    assert (stopped.status_code, read(token).status_code) == (200, 404)
    assert read(re.search(r"/feed/([\w-]{22})\.ics", given)[1]).content.count(b"BEGIN:VEVENT") == 4
    odd = ({"who": "x", "what": "new"}, {"who": grace.ref})
    assert [browser.post(here, data).status_code for data in odd] == [404, 404]
    assert as_user(omar).get(here).status_code == 404


@pytest.fixture
def tim(riverside, grace, carl):
    """Grace's other child, who came later and meets Max on Wednesdays."""
    child = person("Tim", riverside, born_on=date(2014, 1, 1))
    Guardianship.objects.create(adult=grace, child=child, starts_on=date(2014, 1, 1))
    max_in = participant(person("Max", riverside, born_on=date(1990, 1, 1)), riverside, "mentor")
    match = open_match(max_in, participant(child, riverside, "mentee"), coordinator=carl)
    add_meeting(match, starts_at=MONDAY + 2 * DAY, minutes=60, by=None, at=MONDAY)
    return child


def test_what_staff_gave_shows_no_pair_they_do_not_reach_and_ends_with_their_work_here(tuesdays, grace, cora, tim):
    """Cora has read the address she printed for Grace; she is kept away from Tim, who came later."""
    program = tuesdays.program
    given, own = (make_feed(grace, program=program, by=cora, at=MONDAY), None)
    events = [read(given).text.count("BEGIN:VEVENT")]
    restrict(cora.person, tim, program=program, by=cora)
    events.append(read(given).text.count("BEGIN:VEVENT"))
    end_membership(cora.memberships.get(), by=None, at=MONDAY)
    events.append(read(given).text.count("BEGIN:VEVENT"))
    own = make_feed(grace, program=program, by=None, at=MONDAY)

    assert events == [5, 4, 0]
    assert read(own).text.count("BEGIN:VEVENT") == 4


def test_what_was_made_by_a_link_ends_by_itself_and_with_not_me(tuesdays, grace, cora):
    def taken():
        page = f"/k/{open_own_meetings(grace, program=tuesdays.program, at=MONDAY)}/"
        given = Client().post(page, {"what": "new"}).text
        return re.search(r"/feed/([\w-]{22})\.ics", given)[1], given

    token, page = taken()
    assert "It is read until 24 February 2027; after that, take a new one here." in page
    with time_machine.travel(MONDAY + 99 * DAY, tick=False):
        soon = read(token).status_code
    with time_machine.travel(MONDAY + 100 * DAY, tick=False):
        over = read(token).status_code
        assert "Get a private address" in Client().get(f"/k/{own_at(grace, tuesdays.program)}/").text
    token, _page = taken()
    shut_own_pages(grace, program=tuesdays.program, at=MONDAY)

    assert (soon, over, read(token).status_code) == (200, 404, 404)
    kept = token_of(grace, tuesdays.program)
    shut_own_pages(grace, program=tuesdays.program, at=MONDAY)
    assert read(kept).status_code == 200


def own_at(somebody, program):
    return open_own_meetings(somebody, program=program, at=timezone.now())
