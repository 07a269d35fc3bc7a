"""Weeks of a program, by ticking: asks at the promised cadence, each step once, no storm, whoever ticks."""

from collections import Counter
from datetime import date, time, timedelta

import pytest

from rapport.checkins.actions import answer, gather_asks, plan_check_ins, take_due_steps, talked
from rapport.checkins.models import Answer, Ask, CheckIn, Rest
from rapport.clock.actions import deliver, tick
from rapport.meetings.actions import make_plan
from rapport.meetings.models import Meeting
from rapport.outbox.models import Message
from rapport.people.models import ContactPoint, Guardianship, Restriction
from rapport.programs.actions import make_program
from rapport.tasks.models import Task
from tests.at_once import at_once
from tests.cast import LONG_AGO, open_match, participant, person, staff
from tests.checkins.conftest import BEGUN, DAY, MORNING, ask_of, live
from tests.conftest import FULL

pytestmark = pytest.mark.django_db


def answered_at_once(days, but=()):
    """On each of these days the clock ticks, and everybody answers two hours after each letter but for these people."""
    for n in days:
        at = MORNING + n * DAY
        tick(at=at)
        deliver(at=at)
        for one in CheckIn.objects.open().filter(ask__state="sent").exclude(person__in=but):
            answer(one, feeling=4, form_id=f"{one.pk}", by=one.person, at=at + timedelta(hours=2))


def sent(kind="checkins/invitation"):
    rows = Message.objects.filter(kind=kind, state="accepted").order_by("final_at", "to")
    return [(m.to.given_name, (m.final_at - MORNING).days) for m in rows]


def test_eight_weeks_where_everybody_answers(young, mailbox):
    answered_at_once(range(56))

    assert sent() == [
        ("Ama", 7), ("Ben", 7), ("Grace", 7), ("Ama", 21), ("Ben", 21), ("Grace", 21),
        ("Ama", 30), ("Ben", 37), ("Grace", 37),
    ]  # fmt: skip
    assert sent("checkins/reminder") == []
    assert Task.objects.filter(kind__startswith="checkins/").count() == 0
    assert Counter(CheckIn.objects.filter(due_at__lt=MORNING + 55 * DAY).values_list("state", flat=True)) == {
        "answered": 9
    }
    assert len(list(mailbox.glob("*.eml"))) == 9


def test_eight_weeks_of_silence_remind_adults_once_and_hand_over_each_once(young, ama, ben, grace, cora):
    live(15)

    assert sent() == [("Ama", 7), ("Ben", 7), ("Grace", 7)]
    assert sent("checkins/reminder") == [("Ama", 10), ("Grace", 10)]
    calls = Task.objects.filter(kind="checkins/talk-instead").order_by("made_at", "person")
    assert [(t.person.given_name, (t.made_at - MORNING).days, t.owner) for t in calls] == [
        ("Ben", 12, cora),
        ("Ama", 14, cora),
        ("Grace", 14, cora),
    ]

    live(41, since=MORNING + 15 * DAY)

    assert Task.objects.filter(kind="checkins/another-way").count() == 3
    assert not Task.objects.open().filter(kind="checkins/talk-instead").exists()  # one call for each person, not two
    assert Rest.objects.filter(why="unanswered").count() == 3
    assert max(Counter(name for name, _day in sent("checkins/reminder")).values()) == 2


def test_half_a_year_of_grown_ups_is_asked_every_two_months(house):
    program = make_program(
        slug="work", name="Work", profile="professional", organization=house, using_since_on=BEGUN, by=None, at=LONG_AGO
    )
    cleo = staff("Cleo", program, "coordinator")
    mentor = participant(person("Mia", program), program, "mentor")
    mentee = participant(person("Ned", program), program, "mentee")
    open_match(mentor, mentee, coordinator=cleo, begun_on=BEGUN)

    near = {day + n for day in (61, 64, 75, 120, 123, 134, 181) for n in (-1, 0, 1)}
    days = range(182) if FULL else sorted({*range(0, 182, 7), *near} & {*range(182)})
    answered_at_once(days, but=[mentee.person_id])

    assert [day for name, day in sent() if name == "Mia"] == [61, 120, 181]
    assert [(m.kind[9:], (m.queued_at - MORNING).days) for m in mentee.person.messages.order_by("pk")] == [
        ("invitation", 61), ("reminder", 64), ("invitation", 120), ("reminder", 123),
    ]  # fmt: skip
    made = Task.objects.filter(person=mentee.person).order_by("made_at").values_list("kind", flat=True)
    assert list(made)[:2] == ["checkins/talk-instead", "checkins/another-way"]


def test_a_mentor_is_asked_once_a_week_about_each_meeting_and_all_that_is_due(young, cora, ama, ben, grace):
    make_plan(young, weekday=1, starts_at=time(15, 30), minutes=60, from_on=BEGUN, by=cora, at=MORNING)
    live(10)

    assert [day for name, day in sent() if name == "Ama"] == [2, 9]
    assert [day for name, day in sent() if name == "Ben"] == [7]
    first, second = Ask.objects.filter(person=ama).order_by("pk")
    assert (first.state, first.check_ins.count()) == ("closed", 0)
    assert (second.state, second.check_ins.count()) == ("sent", 1)


def test_three_days_without_a_clock_bring_one_letter_each(young):
    live(7)
    back = MORNING + 10 * DAY
    for n in range(4):
        tick(at=back + n * timedelta(minutes=1))
        deliver(at=back + n * timedelta(minutes=1))

    assert Counter(name for name, _day in sent()) == {"Ama": 1, "Ben": 1, "Grace": 1}
    assert sent("checkins/reminder") == []


def test_whoever_cannot_be_written_to_is_talked_with(young, ben, grace):
    ContactPoint.objects.filter(person=ben).update(is_private=False)
    ContactPoint.objects.filter(person=grace).delete()
    live(9)

    assert sent() == [("Ama", 7)]
    assert sorted(Task.objects.filter(kind="checkins/cannot-write").values_list("person__given_name", flat=True)) == [
        "Ben",
        "Grace",
    ]


def test_quiet_start_holds_the_letter_and_nobody_is_reminded_of_what_never_came(young, riverside):
    riverside.quiet_start = True
    riverside.save()
    live(20)

    assert sent() == []
    assert not Task.objects.filter(kind__startswith="checkins/").exists()
    assert set(Message.objects.filter(kind__startswith="checkins/").values_list("state", flat=True)) == {"held"}


def test_a_resting_pair_is_not_asked(young):
    young.state = "paused"
    young.save()
    live(40)
    assert not Ask.objects.exists()
    assert set(CheckIn.objects.filter(lapses_at__lt=MORNING + 39 * DAY).values_list("excuse", flat=True)) == {
        "the match rested"
    }


def test_a_talk_takes_the_place_of_the_letter(young, riverside, cora, ama, grace):
    at = MORNING + 7 * DAY
    plan_check_ins(at=at, limit=500)
    gather_asks(at=at, limit=500)
    told = {"program": riverside, "match": young, "how": "phone", "words": "", "next_step": "", "next_on": None}

    first, is_new = talked(grace, check_ins=list(CheckIn.objects.all()), form_id="one", by=cora, at=at, **told)
    again, is_new_again = talked(grace, check_ins=[], form_id="one", by=cora, at=at, **told)

    assert (first, is_new, is_new_again) == (again, True, False)
    assert ask_of(grace).state == "withdrawn"
    assert Counter(CheckIn.objects.values_list("state", flat=True))["talked"] == 1

    take_due_steps(at=at, limit=500)
    assert ask_of(ama).state == "sent"
    talked(ama, check_ins=list(CheckIn.objects.all()), form_id="two", by=cora, at=at, **told)
    assert ask_of(ama).state == "closed"


def test_each_guardian_is_asked_apart_and_one_kept_away_is_not(young, riverside, ben, cora):
    far = person("Fred", riverside, born_on=date(1984, 1, 1))
    Guardianship.objects.create(adult=far, child=ben, starts_on=date(2015, 4, 2))
    barred = person("Bart", riverside, born_on=date(1984, 1, 1))
    Guardianship.objects.create(adult=barred, child=ben, starts_on=date(2015, 4, 2))
    Restriction.objects.create(
        program=riverside, kept_away=barred, subject=ben, reason="court", starts_on=date(2026, 1, 1),
        review_on=date(2027, 1, 1), recorded_by=cora, recorded_at=LONG_AGO,
    )  # fmt: skip
    live(8)

    guardians = CheckIn.objects.filter(party="guardian").values_list("person__given_name", flat=True)
    assert sorted(guardians) == ["Fred", "Grace"]


def test_a_thousand_idle_days_cost_the_same_few_questions(young, django_assert_max_num_queries):
    live(8)
    at = MORNING + 7 * DAY + timedelta(minutes=5)
    with django_assert_max_num_queries(30):
        for do in (plan_check_ins, gather_asks, take_due_steps):
            assert do(at=at, limit=500) == 0


@pytest.mark.django_db(transaction=True)
def test_two_clocks_at_once_send_once(young):
    def clock():
        for n in range(4):
            tick(at=MORNING + (7 + n) * DAY)

    at_once(clock)

    kinds = Counter(Message.objects.filter(kind__startswith="checkins/").values_list("kind", "to__given_name"))
    assert set(kinds.values()) == {1}
    assert Ask.objects.count() == 3
    assert Meeting.objects.count() == Answer.objects.count() == 0


def test_who_does_not_read_is_talked_with_never_through_a_child(riverside, young, grace, cora, duty):
    """No letter goes to Grace, and the call says how."""
    grace.reads_it = False
    grace.save()

    tick(at=MORNING + 8 * DAY)
    deliver(at=MORNING + 8 * DAY)

    [call] = Task.objects.filter(person=grace)
    assert not Message.objects.filter(to=grace).exists()
    assert call.reason.startswith("Talk with Grace about how it goes (Ama and Ben): they do not read what we write.")
    assert call.reason.endswith("Take an interpreter if need be, never a child.")
