"""Whom to call: the child who waits or waited, the guardian who is told, the mentor whose logs are missing."""

from datetime import date, timedelta

import pytest

from rapport.care.actions import refresh_findings
from rapport.care.calls import NO_LOG, TELL, WAITED, WAITING
from rapport.care.calls import SILENT as NOTHING_HEARD
from rapport.care.models import Finding
from rapport.core.months import day_in
from rapport.matches.models import Match, Member, Pause
from rapport.meetings.models import Meeting
from rapport.people.models import Guardianship
from rapport.programs.models import ClosedTime, Limit
from rapport.tasks.actions import finish
from rapport.tasks.models import Task
from tests.care.conftest import AWAY, HELD, SILENT, meeting, said, weekly
from tests.cast import DAY, MONDAY, open_match, participant, person, staff

AWAY_SINCE = date(2026, 11, 3)  # a Tuesday; its tenth open day is Monday the 16th
TENTH = date(2026, 11, 16)


def calls(kind=None):
    """The open calls: (kind, whom, the day it is due)."""
    rows = Task.objects.open().order_by("pressing", "pk").select_related("person", "program")
    rows = rows.filter(kind=kind) if kind else rows
    return [(task.kind, task.person.given_name, day_in(task.due_at, task.program.zone)) for task in rows]


def look(day, hour=6):
    refresh_findings(at=MONDAY + timedelta(days=(day - MONDAY.date()).days, hours=hour - 9), limit=500)


@pytest.fixture
def ama_is_away(match):
    meeting(match, date(2026, 10, 27), HELD)
    meeting(match, AWAY_SINCE, AWAY)
    return match


def test_by_the_tenth_open_day_somebody_talks_with_the_waiting_child_and_the_guardian_is_told(ama_is_away):
    look(TENTH - 2 * DAY)
    assert calls() == []

    look(TENTH - DAY)

    assert calls() == [(WAITING, "Ben", TENTH), (TELL, "Grace", TENTH)]
    assert [task.reason for task in Task.objects.order_by("pressing")] == [
        "Ben is waiting. Ama has been away or silent since 3 November. Say: it is not about you.",
        "Say that Ama has been away since 3 November, and who talks with Ben about it.",
    ]


def test_the_call_goes_to_the_coordinator_of_the_pair_and_rests_on_what_the_team_knows(ama_is_away, cora):
    look(TENTH)

    assert {(task.owner, task.level, task.about) for task in Task.objects.all()} == {(cora, 1, ama_is_away)}


@pytest.mark.parametrize(
    ("day", "due_on"),
    [
        (TENTH, TENTH),
        (TENTH + 12 * DAY, TENTH),
        (TENTH + 13 * DAY, TENTH + 14 * DAY),
        (TENTH + 29 * DAY, TENTH + 28 * DAY),
    ],
)
def test_the_child_is_talked_with_again_every_two_weeks_and_the_guardian_is_told_once(ama_is_away, cora, day, due_on):
    look(TENTH)
    finish(Task.objects.open(), by=cora, at=MONDAY)

    look(day)

    again = [] if due_on == TENTH else [(WAITING, "Ben", due_on)]
    assert calls() == again


def test_an_open_call_to_the_child_is_enough(ama_is_away):
    look(TENTH)
    look(TENTH + 20 * DAY)

    assert calls(WAITING) == [(WAITING, "Ben", TENTH)]


def test_days_on_which_the_school_is_closed_do_not_count(ama_is_away, lincoln):
    ClosedTime.objects.create(
        program=ama_is_away.program, site=lincoln, starts_on=date(2026, 11, 9), ends_on=date(2026, 11, 13)
    )

    look(TENTH)
    assert calls() == []

    look(TENTH + 7 * DAY)
    assert calls(WAITING) == [(WAITING, "Ben", TENTH + 7 * DAY)]


@pytest.mark.parametrize(("sign", "waits"), [("none", True), ("an answer", False)])
def test_silence_counts_as_away_until_the_mentor_gives_a_sign(match, ama, sign, waits):
    meeting(match, date(2026, 10, 27), HELD)
    meeting(match, AWAY_SINCE, SILENT)
    if sign == "an answer":
        said(match, ama, 4, party="mentor", at=MONDAY - DAY)

    look(TENTH)

    assert bool(calls(WAITING)) is waits


def test_in_a_pause_the_child_is_not_forgotten(match):
    meeting(match, date(2026, 11, 3), HELD)
    Match.objects.filter(pk=match.pk).update(state="paused")
    Pause.objects.create(program=match.program, match=match, starts_on=date(2026, 11, 5))

    look(date(2026, 11, 18))

    assert calls(WAITING) == [(WAITING, "Ben", date(2026, 11, 18))]


def test_where_there_are_children_this_call_cannot_be_switched_off(ama_is_away):
    Limit.objects.filter(code__startswith="waiting-child").delete()

    look(TENTH)

    assert calls(WAITING) == [(WAITING, "Ben", TENTH)]


@pytest.mark.parametrize("which", ["is not told", "ended"])
def test_a_guardian_who_is_not_to_be_told_is_not_called(ama_is_away, which):
    changes = {"is_told": False} if which == "is not told" else {"ends_on": date(2026, 11, 1)}
    Guardianship.objects.update(**changes)

    look(TENTH)

    assert calls() == [(WAITING, "Ben", TENTH)]


def test_the_calls_are_taken_back_when_they_meet_again(ama_is_away):
    look(TENTH)
    meeting(ama_is_away, date(2026, 11, 17), HELD)

    look(date(2026, 11, 18))

    assert calls() == []
    assert set(Task.objects.values_list("excuse", flat=True)) == {"They meet again, or the mentor was heard of."}


def test_one_missing_log_is_unknown_and_the_second_in_a_row_is_one_call(match):
    weekly(match, HELD, SILENT, last=date(2026, 11, 3))
    look(date(2026, 11, 9))
    assert calls(NO_LOG) == []

    meeting(match, date(2026, 11, 10), SILENT)
    look(date(2026, 11, 11))

    assert calls(NO_LOG) == [(NO_LOG, "Ama", date(2026, 11, 11))]


def test_a_mentor_of_two_gets_one_call_that_lists_both(match, riverside, ama_in, cora):
    zoe = participant(person("Zoe", riverside, born_on=date(2014, 1, 1)), riverside, "mentee")
    other = open_match(ama_in, zoe, coordinator=cora)
    weekly(match, HELD, SILENT, SILENT)
    weekly(other, HELD, SILENT, SILENT)

    refresh_findings(at=MONDAY, limit=1)
    refresh_findings(at=MONDAY, limit=1)

    assert [task.reason for task in Task.objects.filter(kind=NO_LOG)] == [
        "No word yet on meetings with Ben and Zoe: 3 November and 10 November. Unknown, not missed: ask once."
    ]


def test_two_mentors_of_one_child_are_each_called(match, riverside):
    kofi = participant(person("Kofi", riverside, born_on=date(1990, 1, 1)), riverside, "mentor")
    Member.objects.create(program=riverside, match=match, participant=kofi, side="mentor")
    weekly(match, HELD, SILENT, SILENT)

    look(TENTH)

    assert [whom for _kind, whom, _on in calls(NO_LOG)] == ["Ama", "Kofi"]


def test_a_call_for_logs_says_more_as_weeks_go_by_and_goes_when_the_logs_come(match):
    weekly(match, HELD, SILENT, SILENT)
    look(date(2026, 11, 11))
    latest = meeting(match, date(2026, 11, 17), SILENT)
    look(date(2026, 11, 18))
    assert [task.reason for task in Task.objects.filter(kind=NO_LOG)] == [
        "No word yet on meetings with Ben: 3 November, 10 November and 17 November. Unknown, not missed: ask once."
    ]

    Meeting.objects.filter(pk=latest.pk).update(kept_at=latest.ends_at)
    look(date(2026, 11, 19))

    assert calls(NO_LOG) == []
    assert Task.objects.get(kind=NO_LOG).excuse == "The logs came in."


def test_a_child_who_waited_for_nothing_is_talked_with_the_same_day(match):
    meeting(match, date(2026, 11, 10), AWAY, child_waited=True)

    look(date(2026, 11, 11))

    assert calls(WAITED) == [(WAITED, "Ben", date(2026, 11, 11))]
    assert Task.objects.get(kind=WAITED).reason == (
        "Ben waited on 10 November, and Ama did not come. Talk with Ben today."
    )


def test_a_child_who_says_they_waited_is_talked_with_though_the_mentor_says_they_met(match):
    meeting(match, date(2026, 11, 10), HELD, child_waited=True)

    look(date(2026, 11, 11))

    assert calls(WAITED) == [(WAITED, "Ben", date(2026, 11, 11))]
    assert Task.objects.get(kind=WAITED).reason == (
        "Ben may have waited on 10 November, though they met by another word. Talk with Ben today."
    )


@pytest.mark.parametrize(
    ("how", "waited", "day"),
    [(AWAY, False, 11), (AWAY, None, 11), (HELD, False, 11), (AWAY, True, 25)],
    ids=["nobody waited", "not known", "they met", "long ago"],
)
def test_no_call_where_no_child_waited(match, how, waited, day):
    meeting(match, date(2026, 11, 10), how, child_waited=waited)

    look(date(2026, 11, day))

    assert calls(WAITED) == []


def test_a_match_that_is_over_asks_for_no_call(ama_is_away):
    Match.objects.filter(pk=ama_is_away.pk).update(state="closed")

    look(TENTH)

    assert calls() == []


def test_hillside_is_looked_at_by_itself(ama_is_away, hill_match, omar):
    meeting(hill_match, AWAY_SINCE, AWAY)

    look(TENTH)

    assert [task.person.given_name for task in Task.objects.filter(owner=omar)] == ["Hanna"]


def test_somebody_who_coordinates_no_pair_gets_no_call(ama_is_away, riverside):
    other = staff("Cleo", riverside, "coordinator")

    look(TENTH)

    assert not Task.objects.filter(owner=other).exists()


# Nothing heard of anybody


def test_after_sixty_open_days_without_a_word_from_anybody_there_is_one_call_until_somebody_speaks(match, ben, cora):
    said(match, ben, 4, at=MONDAY)
    last = MONDAY.date()
    look(last + 84 * DAY)
    assert calls(NOTHING_HEARD) == []
    look(last + 85 * DAY)
    look(last + 86 * DAY)

    assert calls(NOTHING_HEARD) == [(NOTHING_HEARD, "Ama", last + 85 * DAY)]
    reason = "Nothing was heard of Ama and Ben since 16 November. Ask how they are, and whether they meet."
    assert Task.objects.get(kind=NOTHING_HEARD).reason == reason

    said(match, ben, 4, at=MONDAY + 86 * DAY, instance=1)
    look(last + 87 * DAY)
    assert calls(NOTHING_HEARD) == []


def test_a_pair_that_meets_as_it_needs_is_not_asked_after_before_ninety_days(match, ama, riverside):
    """Months one to six are promised, then they meet as they need (S2-34): nothing is late, and none is below."""
    riverside.promises.filter(kind="meeting").update(every=1, unit="months", minutes=60, until_month=6)
    Limit.objects.filter(program=riverside, code="silent").update(value=40)
    meeting(match, MONDAY.date(), HELD)
    for day, called in ((58, False), (90, False), (91, True)):
        look(MONDAY.date() + day * DAY)
        assert bool(calls(NOTHING_HEARD)) == called, day
    assert not Finding.objects.now().filter(says="help").exists()


def test_silence_that_has_a_call_already_or_a_reason_makes_none(match):
    meeting(match, MONDAY.date() - 120 * DAY, HELD)
    weekly(match, SILENT, SILENT)
    look(MONDAY.date())
    assert (len(calls(NO_LOG)), calls(NOTHING_HEARD)) == (1, [])
    Meeting.objects.filter(kept_at=None).delete()
    pause = Pause.objects.create(program=match.program, match=match, starts_on=MONDAY.date(), reason="other")
    look(MONDAY.date())
    assert calls(NOTHING_HEARD) == []
    pause.delete()
    Limit.objects.filter(program=match.program, code="silent").delete()
    look(MONDAY.date() + DAY)
    assert calls(NOTHING_HEARD) == []
