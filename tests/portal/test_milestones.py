"""Days worth remembering on one line: an oracle walks day by day, and an edit leaves no wrong first meeting."""

from calendar import monthrange
from datetime import date, timedelta
from types import SimpleNamespace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rapport.matches.actions import goals, milestones
from rapport.matches.actions.goals import Heard
from rapport.matches.models import Milestone, MilestoneRule, UnitGiven, UnitRule
from rapport.portal import milestones as line
from tests.cast import DAY, MONDAY
from tests.portal.conftest import meeting


def titles(match, level=2, at=MONDAY):
    return [(str(one.on), str(one.title)) for one in line.milestones_of(match, level, at)]


def slow_month_days(begun_on, months, until):
    """Walk day by day: a month is full on the day of the same number, or on the last of a shorter month."""
    found, day = {}, begun_on
    while day <= until:
        passed = (day.year - begun_on.year) * 12 + day.month - begun_on.month
        last = monthrange(day.year, day.month)[1]
        if passed in months and day.day == min(begun_on.day, last):
            found[passed] = day
        day += timedelta(days=1)
    return sorted(found.items())


STARTS = st.dates(date(2023, 11, 1), date(2025, 4, 30)) | st.sampled_from(
    [date(2024, 2, 29), date(2024, 1, 31), date(2023, 12, 31), date(2024, 8, 31), date(2023, 8, 31)]
)


@settings(deadline=None)
@given(begun_on=STARTS, days=st.integers(0, 800), ended=st.none() | st.integers(0, 800))
def test_months_together_equal_days_counted_one_by_one(begun_on, days, ended):
    rules = [SimpleNamespace(month=n, label=str(n)) for n in (1, 3, 6, 12, 24)]
    ended_on = None if ended is None else begun_on + timedelta(days=ended)
    today = begun_on + timedelta(days=days)
    match = SimpleNamespace(begun_on=begun_on, ended_on=ended_on)

    reached = [(int(one.title), one.on) for one in line.months_of(match, rules, today)]

    until = min(today, ended_on) if ended_on else today
    assert reached == slow_month_days(begun_on, {1, 3, 6, 12, 24}, until)


@pytest.fixture
def rules(riverside):
    MilestoneRule.objects.bulk_create(
        MilestoneRule(program=riverside, source="here", **row)
        for row in (
            {"code": "month-6", "label": "Six months together", "month": 6},
            {"code": "school", "label": "Something good at school"},
            {"code": "plan", "label": "A plan", "asks_attended": True, "level": 2},
        )
    )
    return {rule.code: rule for rule in MilestoneRule.objects.filter(program=riverside)}


def test_the_line_of_a_pair_and_what_an_edit_leaves(match, rules, cora, ben):
    first = meeting(match, MONDAY - 200 * DAY, kept_at=MONDAY - 200 * DAY)
    meeting(match, MONDAY - 190 * DAY, kept_at=MONDAY - 190 * DAY)
    goal = goals.add_goal(
        match, mentee=match.mentees[0], words="To swim", worded_by="mentee", level=2, heard=Heard(ben, "told"),
        form_id="g", by=cora, at=MONDAY,
    )  # fmt: skip
    goals.end_goal(goal, ending="reached", by=cora, at=MONDAY)
    told = {"by": cora, "at": MONDAY}
    milestones.add_milestone(match, rule=rules["school"], on=date(2026, 6, 1), form_id="a", **told)
    milestones.add_milestone(match, rule=rules["plan"], on=date(2026, 6, 2), attended=True, form_id="b", **told)
    both = [("2026-06-01", "Something good at school"), ("2026-06-02", "A plan")]
    rest = [("2026-09-10", "Six months together")]

    assert titles(match) == [
        ("2026-04-30", "Met for the first time"), *both, *rest, ("2026-11-16", "A goal reached"),
    ]  # fmt: skip
    assert titles(match, level=1) == [("2026-04-30", "Met for the first time"), both[0], *rest]
    type(first).objects.filter(pk=first.pk).update(kept_at=None, missed_at=MONDAY)
    assert titles(match, level=1)[0] == ("2026-05-10", "Met for the first time")
    match.program.using_since_on = date(2026, 4, 1)  # of what was before, Rapport knows no first time
    assert titles(match, level=1)[0] == ("2026-03-10", "They met, before Rapport")


def test_a_press_twice_writes_one_day_and_a_mistake_is_taken_back(match, rules, cora):
    for _press in range(2):
        row = milestones.add_milestone(
            match, rule=rules["plan"], on=MONDAY.date(), attended=False, form_id="x", by=cora, at=MONDAY
        )
    assert (Milestone.objects.count(), row.level) == (1, 2)

    assert [milestones.take_back_milestone(row, by=cora, at=MONDAY) for _ in range(2)] == [True, False]
    assert titles(match) == [("2026-09-10", "Six months together")]


# Pages


def test_the_page_takes_a_day_and_a_unit_and_refuses_what_cannot_be(match, rules, cora, as_user, riverside):
    UnitRule.objects.create(program=riverside, code="week", label="Planning a week", source="here")
    client, at = as_user(cora), f"/p/riverside/matches/{match.ref}/milestones/"
    day = {"do": "milestone", "rule": "plan", "on": "2026-11-02", "attended": "yes", "words": "Long", "form_id": "p"}

    for wrong in ({"on": "2126-01-01"}, {"on": "31 2 2026"}, {"rule": "month-6"}, {"rule": "x"}, {"words": "x" * 501}):
        assert client.post(at, day | wrong).status_code == 422
    assert [client.post(at, day).status_code for _ in range(2)] == [302, 302]
    assert [client.post(at, {"do": "unit", "rule": "week"}).status_code for _ in range(2)] == [302, 302]
    unit = UnitGiven.objects.get()
    client.post(f"/p/riverside/matches/units/{unit.ref}/", {"is": "done"})

    assert Milestone.objects.get().attended is True
    unit.refresh_from_db()
    assert unit.done_on is not None
    shown = client.get(match.get_absolute_url()).content.decode()
    assert [words in shown for words in ("A plan", "They were there.", "No goal is written down yet.")] == [True] * 3


def test_omar_meets_none_of_it(match, rules, omar, cora, as_user):
    row = milestones.add_milestone(match, rule=rules["school"], on=MONDAY.date(), form_id="x", by=cora, at=MONDAY)
    client = as_user(omar)

    for path in (f"{match.ref}/milestones", f"milestones/{row.ref}"):
        assert client.post(f"/p/riverside/matches/{path}/", {}).status_code == 404
    assert Milestone.objects.standing().count() == 1
