"""What a change will send is what the clock then sends; to look at it keeps nothing, locks nothing and has no size."""

import os
from collections import Counter
from contextlib import contextmanager
from datetime import date, timedelta

import pytest
from django.db import transaction
from hypothesis import Phase, example, given, settings
from hypothesis import strategies as st

from rapport.audit.models import Event
from rapport.checkins.actions.handing import TALKS
from rapport.checkins.models import Ask, CheckIn
from rapport.clock.actions import deliver, tick
from rapport.core.aside import WritesElsewhere, aside
from rapport.core.months import day_in
from rapport.meetings.models import Plan
from rapport.outbox.models import Message
from rapport.people.models import Restriction
from rapport.portal import actions
from rapport.portal.actions import foretelling
from rapport.portal.ahead import changes, playing
from rapport.portal.ahead.changes import Change
from rapport.portal.models import Forecast
from rapport.programs.actions import ChangedMeanwhile
from rapport.programs.models import ClosedTime, Limit, Program, Promise
from rapport.tasks.models import Task
from tests.cast import LONG_AGO, MONDAY

FULL = bool(os.environ.get("RAPPORT_FULL"))
DAY = timedelta(days=1)
MORNING = MONDAY
SETTINGS = "/p/riverside/settings/"
HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def few_days(monkeypatch, settings, tmp_path):
    """A clock that looks every twelve hours of nine days; by full figures every hour of thirty days."""
    settings.MAILBOX = tmp_path / "mailbox"
    if not FULL:
        monkeypatch.setattr(playing, "GRID", 12 * HOUR)
        monkeypatch.setattr(playing, "DAYS", 9)


@pytest.fixture
def meeting_weekly(match):
    return Plan.objects.create(
        program=match.program, match=match, weekday=1, starts_at="15:30", minutes=60, from_on=date(2026, 11, 1)
    )


def live(program):
    """The clock ticks and the post goes, until those days are over; twice each time, as it looks again so soon."""
    now, until = MORNING, MORNING + playing.DAYS * DAY
    while now <= until:
        for _look in range(2):
            tick(at=now)
            deliver(at=now)
        now = playing.on_the_grid(now + timedelta(seconds=1), program)


def really_sent(program):
    went = Message.objects.filter(program=program, state="accepted", final_at__gte=MORNING)
    return Counter((day_in(m.final_at, program.zone), m.kind, m.to_id) for m in went)


def really_called(program):
    came = Task.objects.filter(program=program, kind__in=TALKS, made_at__gte=MORNING)
    return Counter((day_in(task.made_at, program.zone), task.kind) for task in came)


def talks(played):
    return Counter({(day, kind): n for (day, kind), n in played.calls.items() if kind in TALKS})


LIMITS = {
    "remind-after": (1, 6), "hand-over-after-reminder": (1, 6), "hand-over-after-sending": (1, 6), "ask-hour": (0, 23),
    "asks-in-30-days": (1, 4), "asks-in-30-days-mentor": (1, 5), "quiet-from": (15, 23), "quiet-until": (5, 12),
    "plan-ahead": (1, 28),
}  # fmt: skip


FOUR_DAYS = {"kind": "holiday", "name": "", "starts_on": "2026-11-17", "ends_on": "2026-11-20"}


@st.composite
def change_of_a_setting(draw):
    what = draw(st.sampled_from(["limit", "promise", "off", "close-days", "quiet-end"]))
    if what == "limit":
        code = draw(st.sampled_from(sorted(LIMITS)))
        return what, code, {"value": draw(st.integers(*LIMITS[code]))}
    if what == "close-days":
        first = date(2026, 11, 16) + timedelta(days=draw(st.integers(0, 9)))
        days = {"starts_on": str(first), "ends_on": str(first + timedelta(days=draw(st.integers(0, 7))))}
        return what, "", {"kind": "holiday", "name": "", **days}
    code = draw(st.sampled_from(["ask-mentor", "ask-mentee", "ask-guardian"]))
    if what == "off":
        return "promise", code, {"is_on": False, "why_off": "We talk instead"}
    if what == "promise":
        return what, code, {"every": draw(st.integers(1, 3)), "unit": draw(st.sampled_from(["days", "weeks"]))}
    return what, "", {"quiet_start": False}


def made(said, program):
    what, code, now = said
    if what == "quiet-end":
        Program.objects.filter(pk=program.pk).update(quiet_start=True)
        program.refresh_from_db()
        return Change(what, was={"quiet_start": True}, now=now)
    rule = (Limit if what == "limit" else Promise).objects.filter(program=program, code=code).first()
    return Change(what, code, {name: getattr(rule, name) for name in now} if rule else {}, now)


@pytest.mark.django_db
@settings(max_examples=40, phases=[Phase.explicit, Phase.generate] if FULL else [Phase.explicit])
@example(said=("close-days", "", FOUR_DAYS), weekly=True)  # what lapses then leaves people free to be asked that day
@given(said=change_of_a_setting(), weekly=st.booleans())
def test_what_is_said_is_what_the_clock_then_sends(said, weekly, request, transactional_rounds):
    with transactional_rounds():
        riverside, cora = request.getfixturevalue("riverside"), request.getfixturevalue("cora")
        if weekly:
            asks = Promise.objects.filter(program=riverside, kind="check-in")
            asks.update(every=1, unit="weeks", first_days=[], grace_days=5)
        change = made(said, riverside)
        tick(at=MORNING)

        played = playing.play(riverside, change, by=cora, at=MORNING)
        changes.apply(change, riverside, by=cora, at=MORNING)
        live(Program.objects.get(pk=riverside.pk))

        assert really_sent(riverside) == played.sent
        assert really_called(riverside) == talks(played)


@pytest.fixture
def transactional_rounds(match, meeting_weekly):
    """Each round of the property begins with the same pair, and takes back what it did."""

    @contextmanager
    def one_round():
        with transaction.atomic():
            yield
            transaction.set_rollback(True)

    return one_round


# Pages


def looked(browser, address, data):
    """Look at a change, let it be worked out, and read the page."""
    address = browser.post(address, data)["Location"]
    actions.foretell_next()
    return browser.get(address), address


@pytest.fixture
def short(monkeypatch):
    monkeypatch.setattr(playing, "DAYS", 2)


def test_a_promise_switched_off_is_looked_at_first_and_says_why(as_user, cora, match, riverside):
    ask = Promise.objects.get(program=riverside, code="ask-mentor")
    Promise.objects.filter(pk=ask.pk).update(every=1, unit="weeks", first_days=[], grace_days=5)
    browser, data = as_user(cora), {"every": "1", "unit": "weeks", "grace_days": "5", "is_on": "no"}

    silent = browser.post(f"{SETTINGS}promises/ask-mentor/", data)
    page, address = looked(browser, f"{SETTINGS}promises/ask-mentor/", {**data, "why_off": "We talk every week"})

    assert "Say why, in a few words." in silent.content.decode()
    assert any("withdrawn" in said for said in page.context["said"])
    assert {(row.person.given_name, row.is_more) for row in page.context["rows"]} == {("Ama", False)}
    browser.post(address)
    ask.refresh_from_db()
    assert (ask.is_on, ask.why_off) == (False, "We talk every week")


@pytest.mark.usefixtures("short")
def test_closed_days_are_looked_at_and_then_kept(as_user, cora, match, meeting_weekly, riverside):
    data = {"starts_on": "2026-11-17", "ends_on": "2026-11-18", "kind": "holiday", "site": "", "name": "Snow"}

    page, address = looked(as_user(cora), "/p/riverside/calendar/ahead/", data)

    assert page.context["what"] == "Closed from 17 November 2026 to 18 November 2026"
    assert not ClosedTime.objects.exists()
    as_user(cora).post(address)
    closed = ClosedTime.objects.get(program=riverside)
    assert (closed.name, closed.site) == ("Snow", None)
    page, address = looked(as_user(cora), f"/p/riverside/calendar/{closed.pk}/ahead/", {})
    as_user(cora).post(address)
    assert not ClosedTime.objects.exists()


@pytest.mark.usefixtures("short")
def test_the_end_of_quiet_start_says_what_goes_out_after_it_and_is_pressed_elsewhere(as_user, cora, match, riverside):
    Program.objects.filter(pk=riverside.pk).update(quiet_start=True)
    tick(at=MORNING)

    page, address = looked(as_user(cora), "/p/riverside/outbox/quiet/ahead/", {})

    assert page.status_code == 200
    assert as_user(cora).post(address).status_code == 404
    assert Program.objects.get(pk=riverside.pk).quiet_start


@pytest.mark.usefixtures("short")
def test_nothing_of_a_look_stays_and_others_do_not_find_it(as_user, cora, carl, omar, match, hill_match):
    tick(at=MORNING)
    counts = [model.objects.count() for model in (Message, Task, CheckIn, Ask, Event)]

    page, address = looked(as_user(cora), f"{SETTINGS}limits/quiet-from/", {"value": "18"})

    assert [model.objects.count() for model in (Message, Task, CheckIn, Ask, Event)] == counts
    assert page.status_code == 200
    for somebody in (carl, omar):
        assert as_user(somebody).get(address).status_code == 404
        assert as_user(somebody).post(address).status_code == 404
    theirs = {place.participant.person_id for place in hill_match.members.all()}
    assert not theirs & {person for _day, _kind, person in playing.play(match.program, at=MORNING).sent}


@pytest.mark.usefixtures("short")
def test_what_somebody_changed_meanwhile_is_not_kept(as_user, cora, match, riverside):
    _page, address = looked(as_user(cora), f"{SETTINGS}limits/remind-after/", {"value": "5"})
    Limit.objects.filter(program=riverside, code="remind-after").update(value=2)

    assert as_user(cora).post(address).status_code == 409
    assert riverside.limits.get(code="remind-after").value == 2


def test_what_runs_aside_writes_nothing_real(riverside):
    with pytest.raises(WritesElsewhere), aside({}):
        Program.objects.update(name="Elsewhere")

    assert Program.objects.get(pk=riverside.pk).name == "Riverside mentoring"


@pytest.mark.usefixtures("short")
def test_a_look_that_ended_its_process_is_taken_up_again_three_times(match, riverside, cora, monkeypatch):
    change = Change("limit", "remind-after", {"value": 3}, {"value": 4})
    look = actions.look_ahead(change, program=riverside, by=cora, at=MORNING)
    monkeypatch.setattr(foretelling, "LEASE", -HOUR)  # whoever took it was killed, and its lease is over
    monkeypatch.setattr(foretelling, "work_out", lambda *_args, **_more: None)

    taken = [actions.foretell_next() for _time in range(4)]

    look.refresh_from_db()
    assert taken == [1, 1, 1, 0]
    assert look.state == Forecast.State.FAILED


def test_looks_are_thrown_away_after_a_day(riverside, cora):
    change = Change("limit", "remind-after", {"value": 3}, {"value": 4})
    actions.look_ahead(change, program=riverside, by=cora, at=MORNING)

    assert actions.forget_forecasts(at=MORNING + HOUR, limit=500) == 0
    assert actions.forget_forecasts(at=MORNING + 2 * DAY, limit=500) == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("short")
def test_while_a_look_is_worked_out_others_write(match, riverside, cora):
    """The write lock is nobody's meanwhile: the progress itself is written by another connection."""
    change = Change("limit", "remind-after", {"value": 3}, {"value": 4})
    look = actions.look_ahead(change, program=riverside, by=cora, at=MORNING)

    assert actions.foretell_next(tell=actions.tell_beside) == 1

    look.refresh_from_db()
    assert (look.state, look.days_played) == (Forecast.State.DONE, 4)


@pytest.mark.usefixtures("short")
def test_a_look_is_kept_once(match, riverside, cora):
    days = {"starts_on": "2026-11-17", "ends_on": "2026-11-18", "kind": "holiday", "name": "Snow"}
    look = actions.look_ahead(Change("close-days", now=days), program=riverside, by=cora, at=MORNING)
    Forecast.objects.update(state=Forecast.State.DONE)

    actions.keep_change(look, by=cora, at=MORNING)
    ClosedTime.objects.all().delete()  # somebody opened them again, and the first press comes a second time
    with pytest.raises(ChangedMeanwhile):
        actions.keep_change(look, by=cora, at=MORNING + HOUR)

    assert not ClosedTime.objects.exists()


@pytest.mark.parametrize(("code", "value"), [("best-time-wait", "1"), ("waited-told", "1")])
def test_what_moves_a_letter_or_a_call_is_looked_at_first(code, value, as_user, cora, match):
    """Until when a letter waits for its reader's best time, and how long a child who waited is told of."""
    page = as_user(cora).post(f"{SETTINGS}limits/{code}/", {"value": value})

    assert page.url.startswith("/p/riverside/settings/ahead/")
    assert changes.is_read_by_care(Change(**Forecast.objects.get().change), match.program) == (code == "waited-told")


def test_a_press_made_twice_is_one_look(riverside, cora, carl):
    change = Change("limit", "remind-after", {"value": 3}, {"value": 4})

    first, again = (actions.look_ahead(change, program=riverside, by=cora, at=MORNING) for _press in range(2))
    other = actions.look_ahead(change, program=riverside, by=carl, at=MORNING)
    Forecast.objects.update(state=Forecast.State.DONE)
    later = actions.look_ahead(change, program=riverside, by=cora, at=MORNING + HOUR)

    assert (first == again, first == other, first == later) == (True, False, False)


@pytest.mark.usefixtures("short")
def test_no_figure_counts_somebody_the_reader_is_kept_away_from(as_user, cora, carl, ama, match, riverside):
    asks = Promise.objects.filter(program=riverside, code="ask-mentor")
    asks.update(every=1, unit="weeks", first_days=[], grace_days=5)
    Restriction.objects.create(
        program=riverside, kept_away=cora.person, subject=ama, reason="court", starts_on=date(2026, 1, 1),
        review_on=date(2036, 1, 1), recorded_by=carl, recorded_at=LONG_AGO,
    )  # fmt: skip
    data = {"every": "1", "unit": "weeks", "grace_days": "5", "is_on": "no", "why_off": "We talk"}

    seen, _address = looked(as_user(carl), f"{SETTINGS}promises/ask-mentor/", data)
    barred, _address = looked(as_user(cora), f"{SETTINGS}promises/ask-mentor/", data)

    assert any("withdrawn" in said for said in seen.context["said"])
    assert barred.context["said"][0].startswith("Nothing that is sent in the next")
    assert not barred.context["rows"]
