"""Pairs from before Rapport: nothing of a child moves before its checks are confirmed, nothing before is due."""

import random
from datetime import UTC, date, datetime, timedelta
from itertools import islice, pairwise

import pytest

from rapport.access.actions import add_user
from rapport.access.models import Role
from rapport.access.rights import Right
from rapport.audit.models import Event
from rapport.care import actions as care
from rapport.care.models import Finding, Standing
from rapport.checkins import actions as checkins
from rapport.checkins import letters
from rapport.checkins.cadence import of_match
from rapport.checkins.models import Ask, CheckIn
from rapport.core.months import add_months, day_in
from rapport.matches import actions
from rapport.matches.actions import NotReady
from rapport.matches.models import Match
from rapport.matches.taking_over import OldPair
from rapport.meetings import actions as meetings
from rapport.meetings.models import Meeting
from rapport.onboarding.models import Gate
from rapport.outbox.models import Message
from rapport.people.actions import declare_conflict
from rapport.people.models import Participant, Restriction
from rapport.portal.mine import own_places
from rapport.programs import profiles
from rapport.programs.actions import add_member, make_program
from rapport.programs.models import Promise
from rapport.tasks.models import Task
from tests.cast import DAY, LONG_AGO, MONDAY, PASSWORD, gates_met, participant, person, staff

TWO_YEARS_AGO = date(2024, 9, 9)
TODAY = date(2026, 11, 16)


@pytest.fixture
def old_pair(ama_in, ben_in, grace, cora):
    return OldPair(ama_in, ben_in, TWO_YEARS_AGO, cora)


@pytest.fixture
def taken(old_pair, riverside, cora):
    """Ama and Ben, who met before Rapport; no gate of theirs is recorded."""
    return actions.take_over([old_pair], program=riverside, by=cora, at=MONDAY)[0]


def all_gates(mentor, mentee, by):
    gates_met(mentor, "clearance", "training", by=by)
    gates_met(mentee, "permission", "assent", by=by)


CLOCK = (
    actions.call_about_lost_gates, actions.call_about_restrictions, actions.call_about_checks,
    meetings.lay_out_meetings, checkins.plan_check_ins, checkins.gather_asks, checkins.take_due_steps, checkins.lapse,
    care.refresh_findings,
)  # fmt: skip


def run(*days, since=MONDAY, clock=CLOCK):
    """The clock on these days, an hour after the program asks."""
    for n in days:
        for work in clock:
            while work(at=since + n * DAY + timedelta(hours=2), limit=500):
                pass


def about_the_child():
    rows = (CheckIn, Ask, Message, Meeting, Finding, Standing)
    return {model.__name__: model.objects.count() for model in rows if model.objects.exists()}


def test_nothing_goes_to_or_about_a_child_before_its_checks_are_confirmed(taken, ama_in, ben_in, cora):
    meetings.make_plan(taken, weekday=2, starts_at=MONDAY.time(), minutes=60, from_on=TWO_YEARS_AGO, by=cora, at=MONDAY)

    run(0, 1, 8, 9, 31, 60)

    assert about_the_child() == {}
    assert list(Task.objects.values_list("kind", flat=True)) == ["matches/checks-to-confirm"]


@pytest.mark.parametrize("left_out", ["clearance", "training", "permission", "assent"])
def test_a_single_missing_gate_keeps_all_of_it_closed(taken, ama_in, ben_in, cora, left_out):
    all_gates(ama_in, ben_in, cora)
    Gate.objects.filter(code=left_out).delete()

    with pytest.raises(NotReady):
        actions.confirm(taken, by=cora, at=MONDAY)
    run(0, 8)

    assert about_the_child() == {}
    assert Match.objects.get().awaits_checks


def test_gates_alone_confirm_nothing_it_takes_a_named_person(taken, ama_in, ben_in, cora):
    all_gates(ama_in, ben_in, cora)
    run(0, 3)

    with pytest.raises(actions.NotAllowedNow):
        actions.confirm(taken, by=None, at=MONDAY)

    assert (about_the_child(), Match.objects.get().awaits_checks) == ({}, True)


def test_confirmed_by_name_it_begins_that_day_and_the_task_is_done(taken, ama_in, ben_in, cora):
    all_gates(ama_in, ben_in, cora)
    run(0, 9)

    actions.confirm(taken, by=cora, at=MONDAY + 10 * DAY)
    run(0, 7, 14, 21, 28, since=MONDAY + 10 * DAY)

    match = Match.objects.get()
    assert (match.awaits_checks, match.counts_from_on, match.begun_on) == (False, TODAY + 10 * DAY, TWO_YEARS_AGO)
    assert Task.objects.get(kind="matches/checks-to-confirm").kept_at is not None
    assert {
        day_in(at, match.program.zone) >= match.counts_from_on
        for at in CheckIn.objects.values_list("due_at", flat=True)
    } == {True}
    assert Event.objects.get(verb="match.confirmed").actor_id == cora.pk
    with pytest.raises(actions.AlreadyConfirmed):
        actions.confirm(match, by=cora, at=MONDAY + 11 * DAY)


def test_a_letter_on_its_way_stops_where_checks_wait(match, riverside, cora):
    """Judged again at delivery: whatever was queued, a pair whose checks wait is asked about by nobody."""
    run(0, 1, 2, since=datetime(2026, 12, 10, 15, 0, tzinfo=UTC))
    asked = Message.objects.filter(kind="checkins/invitation")
    before = letters.still_asking(asked, MONDAY + 27 * DAY).count()

    Match.objects.update(awaits_checks=True)

    assert before == asked.count() > 0
    assert letters.still_asking(asked, MONDAY + 27 * DAY).count() == 0
    assert letters.still_reminding(asked, MONDAY + 27 * DAY).count() == 0


def test_a_list_makes_nobody_cleared(taken):
    assert Gate.objects.count() == 0


def test_a_mentor_who_signs_in_sees_nothing_of_the_child_before(taken, ama, ama_in, ben_in, cora, riverside):
    ama.user = add_user(email="ama@example.org", name="Ama", password=PASSWORD, by=None, at=LONG_AGO)
    ama.save()
    add_member(ama.user, program=riverside, role=Role.objects.get(slug="mentor"), by=None, at=LONG_AGO)

    def seen():
        matches = Match.objects.visible_to(ama.user, Right.OWN_PAGES, MONDAY)
        people = Participant.objects.visible_to(ama.user, Right.OWN_PAGES, MONDAY)
        pairs = [pair.match for place in own_places(ama.user, MONDAY)["places"] for pair in place.pairs]
        return matches.count(), ben_in in people, len(pairs)

    before = seen()
    all_gates(ama_in, ben_in, cora)
    actions.confirm(taken, by=cora, at=MONDAY)

    assert (before, seen()[2]) == ((0, False, 0), 1)


@pytest.fixture
def work(house):
    return make_program(
        slug="work", name="Work", profile="professional", organization=house, using_since_on=date(2026, 1, 1), by=None,
        at=LONG_AGO,
    )  # fmt: skip


def adults(program, n, coordinator, begun_on=TWO_YEARS_AGO):
    born = date(1980, 1, 1)
    return [
        OldPair(
            participant(person(f"Mentor{k}", program, born_on=born), program, "mentor"),
            participant(person(f"Mentee{k}", program, born_on=born), program, "mentee"),
            begun_on, coordinator,
        )
        for k in range(n)
    ]  # fmt: skip


def test_adults_come_in_without_it(work):
    will = staff("Will", work, "coordinator")

    matches = actions.take_over(adults(work, 2, will), program=work, by=will, at=MONDAY)

    assert [(m.state, m.awaits_checks, m.begun_on) for m in matches] == [("active", False, TWO_YEARS_AGO)] * 2
    assert Task.objects.count() == 0


def test_sixty_pairs_are_not_asked_on_one_day(work):
    will = staff("Will", work, "coordinator")
    actions.take_over(adults(work, 60, will), program=work, by=will, at=MONDAY)

    run(0, 7, 14, 21, 28, 35, clock=[checkins.plan_check_ins])

    days = [day_in(at, work.zone) for at in CheckIn.objects.filter(party="mentor").values_list("due_at", flat=True)]
    assert min(days) >= TODAY
    assert max(days.count(day) for day in days) <= 6
    assert CheckIn.objects.values("match").distinct().count() == 60


def promises():
    """Every promise to ask or to talk in every profile, unsaved."""
    for slug in profiles.slugs():
        for row in profiles.read(slug).get("promise", []):
            if row["kind"] in ("check-in", "talk") and row.get("every"):
                known = {name: row[name] for name in ("every", "unit", "until_month", "grace_days") if name in row}
                yield Promise(first_days=row.get("first_days", []), **known)


def test_nothing_before_is_due_and_nobody_waits_longer_than_one_step(riverside):
    """An oracle over start days, days of coming in and places, for every promise of every profile."""
    chance = random.Random(3)
    for promise in promises():
        for _n in range(40):
            came_on = date(2026, 1, 1) + timedelta(days=chance.randrange(400))
            begun_on = came_on - timedelta(days=chance.choice([0, 1, 6, 7, 21, 25, 30, 90, 365, 7000]))
            match = Match(program=riverside, begun_on=begun_on, counts_from_on=came_on, spread=chance.randrange(28))
            step = promise.every * {"days": 1, "weeks": 7, "months": 31}[promise.unit]
            last = add_months(begun_on, promise.until_month) if promise.until_month else date.max
            days = [one.due_on for one in islice(of_match(promise, match, since=came_on), 60)]
            due = [day for day in days if day >= match.counted_from]
            first = [begun_on + timedelta(days=on) for on, _late in promise.first_days]
            ahead = max([match.counted_from, *first])
            assert days == sorted(days)
            assert set(first) & set(due) == {day for day in first if day >= match.counted_from}
            assert all(b - a <= timedelta(days=step) for a, b in pairwise(d for d in due if d > ahead))
            if ahead + timedelta(days=2 * step) < last:
                assert any(day <= ahead + timedelta(days=2 * step) for day in due)
            if begun_on + timedelta(days=2 * step) < came_on and came_on + timedelta(days=step) < last:
                assert due[0] <= came_on + timedelta(days=step)


def test_first_days_of_a_new_match_do_not_come_for_an_old_one(work):
    will = staff("Will", work, "coordinator")
    match = actions.take_over(adults(work, 1, will), program=work, by=will, at=MONDAY)[0]

    run(0, 7, 14, 21, 28, clock=[checkins.plan_check_ins])

    mentor = match.check_ins.filter(party="mentor").order_by("due_at")
    steps = [
        (b - a).days for a, b in zip(*[list(mentor.values_list("due_at", flat=True))[n:] for n in (0, 1)], strict=False)
    ]
    assert all(step >= 27 for step in steps), steps


REFUSED = [
    ("tomorrow", "is still to come"),
    ("unborn", "was not born yet"),
    ("apart", "Ask whoever recorded a restriction"),
    ("declared", "It is written down that they are not to be matched."),
    ("full", "takes no more than"),
    ("taken", "Ben has an open match."),
    ("left", "has left the program"),
    ("nobody", "Say who coordinates this pair"),
    ("stranger", "cannot coordinate this pair"),
]


@pytest.mark.parametrize(("case", "said"), REFUSED)
def test_what_a_beginning_refuses_a_list_may_not_do(
    case, said, old_pair, riverside, hillside, ama, ben, ama_in, ben_in, cora, omar
):
    begun_on, coordinator = TWO_YEARS_AGO, cora
    if case == "tomorrow":
        begun_on = TODAY + DAY
    elif case == "unborn":
        begun_on = date(2014, 1, 1)
    elif case == "apart":
        Restriction.objects.create(
            program=riverside, kept_away=ama, subject=ben, reason="court", starts_on=date(2026, 1, 1),
            review_on=date(2027, 1, 1), recorded_by=cora, recorded_at=LONG_AGO,
        )  # fmt: skip
    elif case == "declared":
        declare_conflict(riverside, person=ben, other=ama, kind="declared", by=cora, at=MONDAY)
    elif case == "full":
        type(ama_in).objects.filter(pk=ama_in.pk).update(capacity=0)
        ama_in.capacity = 0
    elif case == "taken":
        other = participant(person("Kofi", riverside, born_on=date(1980, 1, 1)), riverside, "mentor")
        actions.take_over([OldPair(other, ben_in, TWO_YEARS_AGO, cora)], program=riverside, by=cora, at=MONDAY)
    elif case == "left":
        ben_in.left_at = LONG_AGO
    elif case == "nobody":
        coordinator = None
    elif case == "stranger":
        coordinator = omar
    before = Match.objects.count()

    with pytest.raises(NotReady) as refused:
        actions.take_over([OldPair(ama_in, ben_in, begun_on, coordinator)], program=riverside, by=cora, at=MONDAY)

    assert said in refused.value.reasons[0]
    assert Match.objects.count() == before
