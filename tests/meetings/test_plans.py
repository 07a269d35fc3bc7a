"""Expected meetings stand where the plan says, in the program's own time, and on no closed day."""

import calendar
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rapport.matches import actions as matches
from rapport.matches.models import Pause
from rapport.meetings.actions import add_meeting, lay_out_meetings, log, make_plan
from rapport.meetings.models import Log, Meeting, Plan
from rapport.meetings.questions import unlogged
from rapport.meetings.refusals import (
    AnotherMeetingThen,
    BeforeTheBeginning,
    NoSuchLength,
    NotTheirMeeting,
    NotYet,
    TooFarAhead,
)
from rapport.meetings.rhythm import days_between
from rapport.programs.models import ClosedTime
from tests.cast import DAY, MONDAY

pytestmark = pytest.mark.django_db


@pytest.fixture
def plan(match, cora):
    """Ama and Ben meet on Tuesdays at half past three, from 17 November on."""
    return weekly(match, cora)


def weekly(match, by, *, at=MONDAY, from_on=date(2026, 11, 16), **more):
    return make_plan(
        match, **{"weekday": 1, "starts_at": time(15, 30), "minutes": 60, "from_on": from_on, **more}, by=by, at=at
    )


def lay(at=MONDAY):
    return sum(iter(lambda: lay_out_meetings(at=at, limit=500), 0))


def days(**more):
    return [m.starts_at.strftime("%d %b %H:%M") for m in Meeting.objects.filter(**more).order_by("starts_at")]


def test_four_weeks_stand_ahead_and_a_second_pass_adds_none(plan):
    lay()
    assert lay() == 0

    assert days() == ["17 Nov 15:30", "24 Nov 15:30", "01 Dec 15:30", "08 Dec 15:30"]
    one = Meeting.objects.first()
    assert (one.due_at, one.lapses_at, one.ends_at - one.starts_at) == (one.starts_at, one.ends_at, timedelta(hours=1))


def test_each_week_brings_one_more_and_idle_days_touch_nothing(plan):
    lay()
    assert [lay(MONDAY + n * DAY) for n in range(8)] == [0, 1, 0, 0, 0, 0, 0, 0]


def test_the_hour_stays_across_the_change_of_clocks(match, cora, riverside):
    riverside.time_zone = "America/New_York"
    riverside.save()
    weekly(match, cora, from_on=date(2026, 10, 26), at=datetime(2026, 10, 20, tzinfo=UTC))

    lay(datetime(2026, 10, 26, 12, tzinfo=UTC))

    moments = Meeting.objects.order_by("starts_at").values_list("starts_at", flat=True)
    assert [moment.hour for moment in moments] == [19, 20, 20, 20]


def test_closed_days_are_left_out_and_days_closed_later_are_excused(plan, riverside, lincoln):
    ClosedTime.objects.create(program=riverside, site=lincoln, starts_on=date(2026, 11, 24), ends_on=date(2026, 11, 25))
    lay()
    ClosedTime.objects.create(program=riverside, starts_on=date(2026, 12, 1), ends_on=date(2026, 12, 1))

    assert lay() == 1
    assert lay() == 0

    assert days(excused_at=None) == ["17 Nov 15:30", "08 Dec 15:30"]
    assert days(excused_at__isnull=False) == ["01 Dec 15:30"]


def test_nothing_is_expected_before_the_program_uses_this_house(plan, riverside):
    riverside.using_since_on = date(2026, 11, 20)
    riverside.save()
    lay()
    assert days() == ["24 Nov 15:30", "01 Dec 15:30", "08 Dec 15:30"]


def test_a_new_plan_takes_the_place_of_the_old_one(plan, match, cora):
    lay()

    weekly(match, cora, weekday=3, every_weeks=2, from_on=date(2026, 11, 30))
    lay()

    assert days() == ["17 Nov 15:30", "24 Nov 15:30", "03 Dec 15:30"]
    assert list(Plan.objects.order_by("pk").values_list("until_on", flat=True)) == [date(2026, 11, 29), None]


def test_what_was_spoken_of_stays_when_the_plan_changes(plan, match, cora, ama):
    lay()
    log(Meeting.objects.earliest("starts_at"), ama, True, source="link", by=ama, at=MONDAY + 2 * DAY)

    weekly(match, cora, weekday=4, at=MONDAY + 2 * DAY)

    assert days() == ["17 Nov 15:30"]


def test_a_resting_pair_is_excused_when_the_day_comes(plan, match, riverside):
    lay()
    match.state = "paused"
    match.save()
    Pause.objects.create(program=riverside, match=match, starts_on=date(2026, 11, 20))

    lay(MONDAY + 8 * DAY)

    assert days(excuse="the match rested") == []  # not before it would have begun
    lay(MONDAY + 9 * DAY)
    assert days(excuse="the match rested") == ["24 Nov 15:30"]


def test_who_goes_on_before_the_hour_is_expected_at_that_hour(plan, match, cora):
    lay()
    tuesday = MONDAY + 8 * DAY
    matches.pause(match, reason="", starts_on=date(2026, 11, 23), by=cora, at=MONDAY + 7 * DAY)
    lay(tuesday - timedelta(hours=1))

    matches.resume(match, by=cora, at=tuesday)
    lay(tuesday + DAY)

    assert days(excused_at__isnull=False) == []


def test_an_ended_match_expects_nothing_more(plan, match):
    match.state, match.ended_on = "closed", date(2026, 11, 16)
    match.save()
    lay()
    assert (days(), lay()) == ([], 0)


@given(
    from_on=st.dates(date(2026, 1, 1), date(2028, 12, 31)), weekday=st.integers(0, 6), weeks=st.integers(1, 8),
    skip=st.integers(0, 400), length=st.integers(0, 200),
)  # fmt: skip
def test_days_are_those_of_a_slow_look_at_every_day(from_on, weekday, weeks, skip, length):
    plan = Plan(from_on=from_on, weekday=weekday, every_weeks=weeks)
    after, until = from_on + skip * DAY - DAY, from_on + (skip + length) * DAY

    slow, count, day = [], 0, from_on
    while day <= until:
        if calendar.weekday(day.year, day.month, day.day) == weekday:
            if count % weeks == 0 and day > after:
                slow.append(day)
            count += 1
        day += DAY

    assert days_between(plan, after, until) == slow


@pytest.mark.parametrize(
    "zone", ["Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Africa/Casablanca", "UTC"]
)
def test_a_year_of_tuesdays_is_always_at_half_past_two(match, cora, riverside, zone):
    riverside.time_zone = zone
    riverside.save()
    weekly(match, cora, starts_at=time(2, 30), weekday=6)
    for n in range(0, 365, 20):
        lay(MONDAY + n * DAY)

    local = [m.astimezone(ZoneInfo(zone)) for m in Meeting.objects.values_list("starts_at", flat=True)]
    assert len(local) == len({one.date() for one in local}) >= 55
    odd = [one for one in local if (one.hour, one.minute) != (2, 30)]
    assert len(odd) <= 1  # the Sunday on which that time does not exist


class TestLogs:
    """Who is believed, and that nobody becomes a no-show on one voice."""

    @pytest.fixture
    def meeting(self, plan):
        lay()
        return Meeting.objects.earliest("starts_at")

    def said(self, meeting, *words):
        for n, (person, happened, source, more) in enumerate(words):
            log(meeting, person, happened, source=source, by=person, at=MONDAY + 2 * DAY + n * DAY, **more)
        meeting.refresh_from_db()
        return "held" if meeting.kept_at else "missed" if meeting.missed_at else "unknown"

    def test_the_table_of_voices(self, meeting, ama, ben, grace):
        def told(*words):
            Log.objects.all().delete()
            Meeting.objects.update(kept_at=None, missed_at=None, child_waited=None)
            return self.said(meeting, *words)

        yes, no, waited = (ama, True, "link", {}), (ama, False, "link", {}), {"child_waited": True}
        assert [
            told(yes), told(no), told((ben, True, "page", {})), told((ben, False, "page", {})),
            told((grace, False, "link", {})), told((grace, False, "staff", {})), told(yes, (ben, False, "page", {})),
            told(no, (ben, True, "page", {})), told((grace, False, "link", waited)),
            told((grace, False, "link", waited), yes),
            told((ama, False, "link", {"is_suspect": True})),
        ] == [
            "held", "missed", "held", "unknown", "unknown", "missed", "held", "unknown", "missed", "held", "unknown",
        ]  # fmt: skip

    def test_both_words_are_kept(self, meeting, ama, ben):
        self.said(meeting, (ama, True, "link", {"minutes": 75}), (ben, False, "page", {"words": "nobody came"}))
        assert list(Log.objects.order_by("pk").values_list("happened", "level")) == [(True, 1), (False, 2)]
        assert meeting.minutes == 75

    def test_once_said_a_waiting_child_is_not_unsaid_by_the_mentor(self, meeting, ama, grace):
        self.said(meeting, (grace, False, "link", {"child_waited": True}), (ama, True, "link", {"child_waited": False}))
        assert meeting.child_waited

    def test_what_makes_no_sense_is_refused_and_nothing_is_kept(self, meeting, match, ama, cora, hill_match, omar):
        stranger = hill_match.members.first().participant.person
        at = MONDAY + 2 * DAY
        for wrong, refusal in [
            ({"at": MONDAY}, NotYet), ({"minutes": 30 * 60}, NoSuchLength), ({"minutes": 0}, NoSuchLength),
            ({"person": stranger}, NotTheirMeeting),
        ]:  # fmt: skip
            told = {"person": ama, "at": at, "minutes": 60} | wrong
            with pytest.raises(refusal):
                log(meeting, told.pop("person"), True, source="staff", by=cora, **told)
        assert not Log.objects.exists()

    def test_a_meeting_outside_the_plan(self, meeting, match, cora):
        new = add_meeting(match, starts_at=MONDAY - DAY, minutes=30, by=cora, at=MONDAY)
        assert new.plan is None
        for starts_at, refusal in [
            (MONDAY - DAY, AnotherMeetingThen), (MONDAY - 400 * DAY, BeforeTheBeginning),
            (MONDAY + 900 * DAY, TooFarAhead),
        ]:  # fmt: skip
            with pytest.raises(refusal):
                add_meeting(match, starts_at=starts_at, minutes=30, by=cora, at=MONDAY)
        assert "Look at the year" in str(TooFarAhead(match))


class TestPages:
    """Cora plans and records; Omar finds nothing."""

    def test_cora_plans_and_omar_meets_a_stranger(self, as_user, match, cora, omar):
        path = f"/p/riverside/meetings/of/{match.ref}/plan/"
        typed = {"weekday": "2", "starts_at": "15:30", "minutes": "60", "every_weeks": "1", "from_on": "1 12 2026"}
        typed["mode"] = "school"
        browser = as_user(cora)

        assert browser.get(path).status_code == 200
        assert browser.post(path, typed | {"starts_at": "25:99", "minutes": "1e309"}).status_code == 422
        assert browser.post(path, typed).status_code == 302

        assert str(Plan.objects.get()) == "every 1 week(s) on day 2 at 15:30"
        assert as_user(omar).get(path).status_code == 404

    def test_cora_adds_one_and_says_who_told_her(self, as_user, match, cora, omar, grace, ben):
        browser, path = as_user(cora), f"/p/riverside/meetings/of/{match.ref}/meeting/"
        assert browser.post(path, {"starts_at": "31 4 2026 15:30", "minutes": "60"}).status_code == 422
        assert browser.post(path, {"starts_at": "1 1 2020 15:30", "minutes": "60"}).status_code == 409
        browser.post(path, {"starts_at": "30 4 2026 15:30", "minutes": "60"})
        meeting = Meeting.objects.get()
        page = f"/p/riverside/meetings/{meeting.ref}/"

        assert browser.get(page).status_code == 200
        told = {"person": grace.ref, "happened": "no", "cause": "mentor-away", "child_waited": "yes"}
        assert browser.post(page, told).status_code == 302

        meeting.refresh_from_db()
        assert (meeting.missed_at is not None, meeting.child_waited, meeting.said_by) == (True, True, grace)
        assert as_user(omar).get(page).status_code == 404


def test_a_form_asks_for_meetings_as_far_back_as_the_program_says(match, hill_match, riverside, cora, omar):
    for one, by in ((match, cora), (hill_match, omar)):
        add_meeting(one, starts_at=MONDAY - 30 * DAY, minutes=60, by=by, at=MONDAY)
    assert not unlogged(MONDAY).exists()

    riverside.limits.filter(code="meetings-asked-back").update(value=40)

    assert [meeting.match for meeting in unlogged(MONDAY)] == [match]
