"""What a log tells: one check for every way in, nothing lost by a later word, and a look where a person should look."""

from datetime import timedelta

import pytest

from rapport.matches import actions as matches
from rapport.meetings.actions import log
from rapport.meetings.models import FormerLog, Log, Meeting, Outing, OutingWord
from rapport.meetings.refusals import (
    AnotherDay,
    NoSuchActivity,
    NoSuchCompany,
    NoSuchLength,
    NoSuchPlace,
    NoSuchTechnique,
    NotYet,
    TooLong,
)
from rapport.meetings.telling import More
from rapport.programs.models import ActivityRule
from rapport.safeguarding.models import TriageItem
from rapport.tasks.models import Task
from tests.cast import DAY, MONDAY

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture
def meeting(match):
    return met_on(match, 1)


def met_on(match, days_ago):
    starts_at = MONDAY - days_ago * DAY
    return Meeting.objects.create(
        program=match.program, match=match, starts_at=starts_at, ends_at=starts_at + HOUR, due_at=starts_at,
        lapses_at=starts_at + HOUR,
    )  # fmt: skip


def tell(meeting, person, happened=True, *, at=MONDAY, source="page", **told):
    return log(meeting, person, happened, source=source, by=person, at=at, **told)


WHOLE = More(
    place="the library", mode="school", company=("staff",), activity="reading", activity_words="a book on whales",
    is_new_experience=True, technique="questions", shared="We read. Bring the next one!", was_prepared=True,
    opinion="He likes it more than he says.",
)  # fmt: skip


def test_facts_words_and_opinion_stand_apart(meeting, ama):
    said = tell(meeting, ama, minutes=50, feeling=4, words="Tired at first.", more=WHOLE)

    said.refresh_from_db()
    assert (said.minutes, said.words, said.opinion) == (50, "Tired at first.", "He likes it more than he says.")
    assert (said.place, said.company, said.activity, said.technique) == (
        "the library", ["staff"], "reading", "questions"
    )  # fmt: skip


@pytest.mark.parametrize(
    ("told", "refusal"),
    [
        ({"minutes": 1800}, NoSuchLength),
        ({"more": More(began_at=MONDAY + HOUR)}, NotYet),
        ({"more": More(began_at=MONDAY - 3 * DAY)}, AnotherDay),
        ({"more": More(mode="moon")}, NoSuchPlace),
        ({"more": More(company=("nobody-known",))}, NoSuchCompany),
        ({"more": More(technique="hypnosis")}, NoSuchTechnique),
        ({"more": More(activity="sky-diving")}, NoSuchActivity),
        ({"more": More(shared="x" * 10_001)}, TooLong),
        ({"more": More(place="x" * 121)}, TooLong),
        ({"words": "x" * 10_001}, TooLong),
    ],
)
def test_what_makes_no_sense_is_said_and_nothing_is_kept(meeting, ama, told, refusal):
    with pytest.raises(refusal) as said:
        tell(meeting, ama, **told)

    assert str(said.value)
    assert not Log.objects.exists()


def test_a_quick_word_keeps_what_was_told_at_length_and_a_no_takes_it_away(meeting, ama):
    tell(meeting, ama, minutes=50, feeling=4, words="Tired.", more=WHOLE)

    again = tell(meeting, ama, minutes=60, source="link")
    assert (again.minutes, again.words, again.activity, again.feeling) == (60, "Tired.", "reading", 4)

    never = tell(meeting, ama, False, cause="closed")
    assert (never.minutes, never.activity, never.company, never.words) == (None, "", [], "")
    assert [former.said["activity"] for former in FormerLog.objects.all()] == ["reading", "reading"]


def test_sent_twice_is_once_and_a_late_retry_takes_no_newer_words_place(meeting, ama):
    tell(meeting, ama, minutes=50, form_id="one")
    tell(meeting, ama, minutes=50, form_id="one", at=MONDAY + DAY)
    tell(meeting, ama, minutes=30, form_id="two", at=MONDAY + DAY)
    tell(meeting, ama, minutes=50, form_id="one", at=MONDAY + 2 * DAY)

    assert (Log.objects.get().minutes, Meeting.objects.get().minutes) == (30, 30)
    assert FormerLog.objects.count() == 1


def test_what_staff_look_at_is_a_task_once_for_each_pair_and_kind(match, ama, cora):
    for days in (1, 8):
        tell(met_on(match, days), ama, more=More(activity="outing"))
    tell(met_on(match, 15), ama, more=More(activity="reading", mode="school"))

    task = Task.objects.get()
    assert (task.owner, task.kind) == (cora, "meetings/look")
    assert "An outing" in task.reason
    assert not TriageItem.objects.exists()


def test_what_the_program_says_no_to_goes_to_who_looks_after_safety_and_nobody_is_accused(match, ama, dele):
    tell(met_on(match, 1), ama, more=More(activity="car"))
    tell(met_on(match, 2), ama, more=More(mode="home"))

    items = TriageItem.objects.order_by("pk")
    assert [item.what for item in items] == [
        "What they did is not on the program's list: A drive in a car. Look at it.",
        "Where they met is for staff to look at: at somebody's home. Look at it.",
    ]
    assert not Task.objects.filter(kind="meetings/look").exists()


def test_a_file_of_a_program_with_children_cannot_allow_what_its_profile_forbids(match, riverside, ama, dele):
    ActivityRule.objects.filter(program=riverside, code="car").update(says="yes")

    tell(met_on(match, 1), ama, more=More(activity="car"))

    assert TriageItem.objects.count() == 1


def test_an_outing_a_guardian_said_yes_to_needs_no_second_look(meeting, ama, ben, grace, riverside):
    outing = Outing.objects.create(
        program=riverside, match=meeting.match, what="the zoo", place="the zoo", starts_at=meeting.starts_at,
        ends_at=meeting.ends_at, transport="walk", asked_at=MONDAY, changed_at=MONDAY, form_id="1",
    )  # fmt: skip
    word = {"program": riverside, "outing": outing, "version": 1, "child": ben, "said_by": grace, "channel": "link"}
    OutingWord.objects.create(**word, is_yes=True, said_at=MONDAY)
    tell(meeting, ama, more=More(mode="public"))
    assert not Task.objects.filter(kind="meetings/look").exists()

    OutingWord.objects.create(**word, is_yes=False, said_at=MONDAY + HOUR)
    tell(meeting, ama, minutes=55, more=More(mode="public"))
    assert Task.objects.filter(kind="meetings/look").count() == 1


def test_a_meeting_while_a_lead_holds_the_pair_is_read_by_a_lead(match, ama, dele):
    matches.hold(match, by=dele, at=MONDAY - 3 * DAY)

    tell(met_on(match, 1), ama)

    assert TriageItem.objects.count() == 1


def test_a_word_that_a_machine_may_have_pressed_calls_nobody(meeting, ama, dele):
    tell(meeting, ama, is_suspect=True, more=More(activity="car"))

    assert not TriageItem.objects.exists()
