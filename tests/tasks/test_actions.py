"""What is done with tasks: each cause once, each move only from what it was, and the way back on the same day."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from rapport.audit.models import Event
from rapport.tasks import actions
from rapport.tasks.models import Task, Word
from tests.care.conftest import todo
from tests.cast import DAY, MONDAY, staff

pytestmark = pytest.mark.django_db


def verbs(task):
    return list(task.words.order_by("pk").values_list("verb", "note"))


def fresh(task):
    return Task.objects.get(pk=task.pk)


def test_a_cause_makes_one_task(call, cora, riverside):
    again = actions.NewTask(
        program=riverside, kind="tests/todo", owner=cora, person=None, about=None, reason="Anew.", due_at=MONDAY,
        late_at=None, cause_key=call.cause_key,
    )  # fmt: skip

    assert actions.add_tasks([again], by=cora, at=MONDAY) == []
    assert Task.objects.get().reason == "When can she be back?"


def test_many_are_added_in_batches(cora, riverside, django_assert_max_num_queries):
    rows = [
        actions.NewTask(
            program=riverside, kind="tests/todo", owner=cora, person=None, about=None, reason=f"Call {n}.",
            due_at=MONDAY, late_at=None, cause_key=f"k{n}",
        )
        for n in range(1200)
    ]  # fmt: skip

    with django_assert_max_num_queries(60):
        added = actions.add_tasks(rows, by=None, at=MONDAY)

    assert len(added) == 1200


def test_done_once_is_done(call, cora):
    assert actions.finish(call, note="Left a word.", by=cora, at=MONDAY) == 1
    assert actions.finish(call, by=cora, at=MONDAY + DAY) == 0

    assert (fresh(call).kept_at, verbs(call)) == (MONDAY, [("done", "Left a word.")])


def test_one_row_of_the_trail_for_each_move(call, cora):
    before = Event.objects.count()

    actions.finish(call, by=cora, at=MONDAY)

    assert Event.objects.count() == before + 1
    assert Event.objects.order_by("-pk")[0].verb == "task.done"


def test_what_was_handed_over_meanwhile_is_left_alone(call, cora, cleo):
    stale = fresh(call)
    actions.hand_over(call, to=cleo, by=cora, at=MONDAY)

    assert actions.finish(stale, by=cora, at=MONDAY) == 0
    assert (fresh(call).owner, fresh(call).kept_at) == (cleo, None)


@pytest.mark.parametrize("until", [MONDAY, MONDAY - DAY])
def test_nothing_is_put_off_into_the_past(call, cora, until):
    with pytest.raises(actions.NotInPast):
        actions.snooze(call, until=until, by=cora, at=MONDAY)

    assert fresh(call).snoozed_until is None


def test_what_is_put_off_comes_back_on_its_day(call, cora):
    actions.snooze(call, until=MONDAY + 3 * DAY, by=cora, at=MONDAY)

    assert not Task.objects.desk_of(cora, MONDAY + 2 * DAY).exists()
    assert Task.objects.desk_of(cora, MONDAY + 3 * DAY).get() == call


def test_a_task_put_off_stays_late_all_the_same(call, cora):
    actions.snooze(call, until=MONDAY + 3 * DAY, by=cora, at=MONDAY)

    assert fresh(call).standing(MONDAY + 3 * DAY) == "late"


def test_only_a_colleague_with_a_desk_here_takes_it(call, cora, omar, riverside):
    for nobody in (omar, staff("Eve", riverside, "evaluator")):
        with pytest.raises(actions.CannotTakeIt):
            actions.hand_over(call, to=nobody, by=cora, at=MONDAY)

    assert fresh(call).owner == cora


def test_a_task_handed_over_wakes_on_the_new_desk(call, cora, cleo):
    actions.snooze(call, until=MONDAY + 3 * DAY, by=cora, at=MONDAY)

    actions.hand_over(call, to=cleo, note="You know her.", by=cora, at=MONDAY)

    assert Task.objects.desk_of(cleo, MONDAY).get() == call
    assert verbs(call)[-1] == ("handed-over", "You know her.")


def test_a_safety_task_stays_with_those_named(dele, cora, riverside):
    task = todo(dele, riverside, "Read what came in.", level=4)

    with pytest.raises(actions.StaysWithThoseNamed):
        actions.snooze(task, until=MONDAY + DAY, by=dele, at=MONDAY)
    with pytest.raises(actions.StaysWithThoseNamed):
        actions.hand_over(task, to=cora, by=dele, at=MONDAY)

    assert (fresh(task).owner, fresh(task).snoozed_until) == (dele, None)


@pytest.mark.parametrize("deed", ["done", "dropped", "put off", "handed over"])
def test_what_was_done_today_is_taken_back(call, cora, cleo, deed):
    before = Task.objects.values("owner", "kept_at", "excused_at", "excuse", "snoozed_until").get()
    if deed == "done":
        actions.finish(call, by=cora, at=MONDAY)
    elif deed == "dropped":
        actions.drop(call, note="Not needed.", by=cora, at=MONDAY)
    elif deed == "put off":
        actions.snooze(call, until=MONDAY + DAY, by=cora, at=MONDAY)
    else:
        actions.hand_over(call, to=cleo, by=cora, at=MONDAY)

    actions.reopen(fresh(call), by=cora, at=MONDAY + timedelta(hours=8))

    assert Task.objects.values("owner", "kept_at", "excused_at", "excuse", "snoozed_until").get() == before


@pytest.mark.parametrize("why", ["the next day", "somebody else", "twice", "nothing was done", "done by the clock"])
def test_undo_is_open_on_the_same_day_to_whoever_did_it(call, cora, cleo, why):
    if why != "nothing was done":
        actions.finish(call, by=None if why == "done by the clock" else cora, at=MONDAY)
    if why == "twice":
        actions.reopen(fresh(call), by=cora, at=MONDAY)
    by = cleo if why == "somebody else" else cora
    at = MONDAY + (DAY if why == "the next day" else timedelta(0))

    with pytest.raises(actions.TooLateToUndo):
        actions.reopen(fresh(call), by=by, at=at)


def test_the_day_of_undo_is_the_programs(call, cora, riverside):
    riverside.time_zone = "Pacific/Auckland"  # thirteen hours ahead: noon there is midnight
    riverside.save()
    actions.finish(call, by=cora, at=MONDAY)

    with pytest.raises(actions.TooLateToUndo):
        actions.reopen(fresh(call), by=cora, at=MONDAY + timedelta(hours=3))


def test_a_reason_is_said_anew_only_where_it_changed(call, cora):
    before = Event.objects.count()

    actions.reword({call: call.reason}, by=None, at=MONDAY)
    actions.reword({fresh(call): "x" * 400}, by=None, at=MONDAY)

    assert (fresh(call).reason, Event.objects.count()) == ("x" * 300, before + 1)


def test_a_task_has_one_outcome(call):
    with pytest.raises(IntegrityError), transaction.atomic():
        Task.objects.update(kept_at=MONDAY, excused_at=MONDAY)


def test_tasks_of_those_who_left_are_found_and_safety_tasks_are_not(call, cora, cleo, dele, riverside, hillside, omar):
    todo(dele, riverside, "Sealed.", level=4)
    todo(omar, hillside, "Of Hillside.")
    for user in (cora, dele):
        user.is_active = False
        user.save()

    assert list(Task.objects.left_behind(riverside, MONDAY)) == [call]
    assert not Word.objects.exists()
