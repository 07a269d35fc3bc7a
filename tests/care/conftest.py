"""The life of a pair, day by day: plans, meetings and answers, made without their story."""

from datetime import date, datetime, time, timedelta

import pytest
import time_machine
from django.urls import reverse

from rapport.checkins.models import Answer, CheckIn
from rapport.meetings.models import Meeting, Plan
from rapport.people.actions import keep_away
from rapport.tasks.actions import NewTask, add_tasks
from tests.cast import BEGUN_ON, DAY, LONG_AGO, MONDAY, open_match, participant, person

HELD, AWAY, SILENT = "held", "away", "silent"


def plan_of(match):
    plan, _made = Plan.objects.get_or_create(
        program=match.program, match=match, weekday=1, starts_at=time(15), minutes=60, from_on=BEGUN_ON
    )
    return plan


def meeting(match, on, how=HELD, *, planned=True, child_waited=None, cause=None):
    """One meeting of an hour at three: held, the mentor away, or nobody says anything."""
    starts_at = datetime.combine(on, time(15), tzinfo=MONDAY.tzinfo)
    ends_at = starts_at + timedelta(hours=1)
    facts = {HELD: {"kept_at": ends_at}, AWAY: {"missed_at": ends_at, "cause": "mentor-away"}, SILENT: {}}[how]
    facts |= {"cause": cause} if cause else {}
    return Meeting.objects.create(
        program=match.program, match=match, plan=plan_of(match) if planned else None, starts_at=starts_at,
        ends_at=ends_at, due_at=starts_at, lapses_at=ends_at, child_waited=child_waited, **facts,
    )  # fmt: skip


def weekly(match, *hows, last=date(2026, 11, 10)):
    """Weekly meetings up to the last Tuesday; the latest is named last."""
    weeks = range(len(hows) - 1, -1, -1)
    return [meeting(match, last - timedelta(weeks=week), how) for week, how in zip(weeks, hows, strict=True)]


def said(match, somebody, feeling, *, party="mentee", level=2, at=MONDAY - timedelta(days=1), instance=0, **more):
    """An answer to a check-in of its own."""
    asked = CheckIn.objects.create(
        program=match.program, match=match, person=somebody, party=party, instance=instance, state="answered",
        due_at=at - timedelta(days=1), late_at=at + timedelta(days=6), kept_at=at,
    )  # fmt: skip
    return Answer.objects.create(
        program=match.program, check_in=asked, feeling=feeling, level=level, answered_at=at, form_id=f"f{asked.pk}",
        **more,
    )  # fmt: skip


def asked(match, somebody, *, party="mentor", instance=0, due_at=MONDAY - timedelta(days=1)):
    return CheckIn.objects.create(
        program=match.program, match=match, person=somebody, party=party, instance=instance, due_at=due_at,
        late_at=due_at + timedelta(days=7),
    )  # fmt: skip


def pair(program, mentor, mentee, *, coordinator):
    """One more pair of this program."""
    one = participant(person(mentor, program, born_on=date(1990, 1, 1)), program, "mentor")
    other = participant(person(mentee, program, born_on=date(2014, 1, 1)), program, "mentee")
    return open_match(one, other, coordinator=coordinator)


def todo(owner, program, reason="Call her.", *, somebody=None, about=None, due_at=MONDAY, late_at=None, **more):
    more = {"kind": "tests/todo", "cause_key": f"{owner.pk}:{reason}"} | more
    return add_tasks(
        [
            NewTask(
                program=program, owner=owner, person=somebody, about=about, reason=reason, due_at=due_at,
                late_at=late_at or due_at + timedelta(days=1), **more,
            )
        ],
        by=None,
        at=LONG_AGO,
    )[0]  # fmt: skip


def restrict(kept_away, subject, *, program, by, starts_on=None):
    """An order that keeps one person away from another, from this day, or since that Monday."""
    return keep_away(
        program=program, kept_away=kept_away, subject=subject, reason="court order 17", document="",
        starts_on=starts_on or MONDAY.date(), review_on=MONDAY.date() + 60 * DAY, by=by, at=MONDAY,
    )  # fmt: skip


@pytest.fixture
def on_monday():
    """The pages' clock stands at that Monday morning."""
    with time_machine.travel(MONDAY, tick=False):
        yield


@pytest.fixture
def desk_of(as_user, on_monday):
    """The whole Today page of somebody, as text."""

    def read(user, slug="riverside", address="care:today", **more):
        return as_user(user).get(reverse(address, args=[slug]), **more)

    return read


@pytest.fixture
def open_as(as_user, live_server):
    """Open an address in a real browser's page as somebody, signed in."""

    def go(page, user, name, *args):
        cookies = {name: cookie.value for name, cookie in as_user(user).cookies.items()}
        page.context.add_cookies([{"name": k, "value": v, "url": live_server.url} for k, v in cookies.items()])
        page.goto(live_server.url + reverse(name, args=["riverside", *args]))
        return page

    return go


@pytest.fixture
def queries(db):
    """How many queries an act takes, when everything that is kept in memory is warm."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def count(act):
        act()
        with CaptureQueriesContext(connection) as caught:
            act()
        return len(caught)

    return count
