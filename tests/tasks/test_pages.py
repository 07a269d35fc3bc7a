"""Done, put off, handed over, undone: one press each, only of one's own desk, with or without a script."""

import re

import pytest
from django.urls import reverse

from rapport.tasks.models import Task
from tests.care.conftest import restrict, todo
from tests.cast import DAY, MONDAY, staff
from tests.reading import words

pytestmark = pytest.mark.usefixtures("on_monday")
DEEDS = {  # what is pressed: the address and what the form sends
    "done": ("tasks:done", {}),
    "put off": ("tasks:snooze", {"when": "tomorrow"}),
    "handed over": ("care:hand-over", {"to": "cleo"}),
    "undone": ("tasks:reopen", {}),
}


@pytest.fixture
def press(as_user, cleo):
    """Press a button as somebody; the answer, after the way back to the desk."""

    def go(user, deed, task, typed=None, **more):
        address, sent = DEEDS[deed]
        sent = {"to": cleo.pk} if sent.get("to") == "cleo" else sent
        return as_user(user).post(
            reverse(address, args=["riverside", task.ref]), sent | (typed or {}), follow=True, **more
        )

    return go


def fresh(task):
    return Task.objects.get(pk=task.pk)


def kept_words(page):
    """The notice above the desk, without its tags."""
    return [words(one) for one in re.findall(r'role="status">(.*?)</div>', page.text, re.S)]


@pytest.mark.parametrize(
    ("deed", "words"),
    [
        ("done", "Done: When can she be back? Undo"),
        ("put off", "Put off to Tuesday, 17 November: When can she be back? Undo"),
        ("handed over", "Cleo has it now: When can she be back? Undo"),
    ],
)
def test_one_press_takes_it_off_the_desk_and_undo_brings_it_back(press, cora, call, deed, words):
    page = press(cora, deed, call, {"note": "She is ill."})
    assert kept_words(page) == [words]
    assert reverse("tasks:snooze", args=["riverside", call.ref]) not in page.text
    assert call.words.get().note == "She is ill."

    page = press(cora, "undone", call)

    assert kept_words(page) == ["Back on your desk: When can she be back?"]
    assert reverse("tasks:snooze", args=["riverside", call.ref]) in page.text


def test_what_was_done_today_stands_beside_the_desk_with_undo(press, desk_of, cora, call, riverside):
    other = todo(cora, riverside, "Thank Kofi.")
    press(cora, "done", call)
    press(cora, "done", other, {"note": "He was glad."})

    beside = words(desk_of(cora).text)

    assert "Done today: 2" in beside
    assert "Last: Thank Kofi. 9:00." in beside
    assert "9:00 Thank Kofi. (He was glad.) Undo" in beside


def test_a_second_press_does_no_harm(press, cora, call):
    press(cora, "done", call)

    assert kept_words(press(cora, "done", call)) == ["This was off your desk already: When can she be back?"]
    assert call.words.count() == 1


@pytest.mark.parametrize(
    ("typed", "until"),
    [
        ({"when": "tomorrow"}, "2026-11-17 08:00:00+00:00"),
        ({"when": "monday"}, "2026-11-23 08:00:00+00:00"),
        ({"when": "day", "day": "3 December 2026"}, "2026-12-03 08:00:00+00:00"),
    ],
)
def test_put_off_to_the_morning_of_a_day(press, cora, call, typed, until):
    press(cora, "put off", call, typed)

    assert str(fresh(call).snoozed_until) == until


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"when": ""}, "Choose when it comes back."),
        ({"when": "never"}, "Choose when it comes back."),
        ({"when": "day"}, "Which day? Write it as 27 3 2026."),
        ({"when": "day", "day": "16 11 2026"}, "It cannot be before 17 11 2026."),
        ({"when": "day", "day": "31 2 2027"}, "February 2027 has 28 days."),
        ({"note": "x" * 301}, "This is too long"),
        ({"note": "a\x00b"}, "There are signs in this text that cannot be shown."),
    ],
)
def test_what_cannot_be_meant_is_said_and_nothing_moves(press, cora, call, typed, words):
    page = press(cora, "put off", call, typed)

    assert (page.status_code, fresh(call).snoozed_until) == (422, None)
    assert words in page.text


@pytest.mark.parametrize("to", ["", "0", "abc", "99999999999999999999", "omar", "eve", "cora"])
def test_only_a_colleague_of_the_list_takes_it(press, cora, call, omar, riverside, to):
    people = {"omar": omar.pk, "eve": staff("Eve", riverside, "evaluator").pk, "cora": cora.pk}

    page = press(cora, "handed over", call, {"to": people.get(to, to)})

    assert (page.status_code, fresh(call).owner) == (422, cora)
    assert "Choose a colleague." in page.text


def test_those_who_may_take_it_are_offered_and_nobody_else(as_user, cora, cleo, dele, omar, riverside, call, ama):
    staff("Eve", riverside, "evaluator")
    barred = staff("Bart", riverside, "coordinator")
    restrict(barred.person, ama, program=riverside, by=cora)

    page = as_user(cora).get(reverse("care:hand-over", args=["riverside", call.ref]))

    assert re.findall(r'name="to" value="\d+">(\w+)<', page.text) == ["Cleo", "Dele"]


@pytest.mark.parametrize("deed", DEEDS)
@pytest.mark.parametrize("who", ["omar", "dele", "the mentor"])
def test_a_task_of_another_is_not_there(press, as_user, cora, dele, omar, riverside, call, deed, who):
    user = {"omar": omar, "dele": dele}.get(who) or staff("Moe", riverside, "mentor")

    page = press(user, deed, call)

    assert (page.status_code, fresh(call).owner, fresh(call).kept_at) == (404, cora, None)


@pytest.mark.parametrize("deed", DEEDS)
def test_nor_is_ones_own_task_of_another_program(press, omar, hillside, riverside, deed):
    task = todo(omar, hillside, "Call Hugo.")

    assert press(omar, deed, task).status_code == 404


@pytest.mark.parametrize("deed", DEEDS)
def test_signed_out_one_is_asked_to_sign_in(client, call, deed):
    address = reverse(DEEDS[deed][0], args=["riverside", call.ref])

    assert client.post(address).status_code == 302
    assert fresh(call).kept_at is None


@pytest.mark.parametrize("deed", ["done", "put off", "handed over"])
def test_looking_at_the_form_changes_nothing(as_user, cora, call, deed):
    address = reverse(DEEDS[deed][0], args=["riverside", call.ref])
    browser = as_user(cora)

    page, piece = browser.get(address), browser.get(address, headers={"HX-Request": "true"})

    assert (page.status_code, piece.status_code) == (200, 200)
    assert ("<html" in page.text, "<html" in piece.text) == (True, False)
    assert fresh(call).words.count() == 0


def test_undo_takes_a_press_and_not_a_look(as_user, cora, call):
    assert as_user(cora).get(reverse("tasks:reopen", args=["riverside", call.ref])).status_code == 405


@pytest.mark.parametrize("deed", ["put off", "handed over"])
def test_a_safety_task_is_refused_with_a_sentence(press, desk_of, dele, riverside, deed):
    task = todo(dele, riverside, "Read what came in.", level=4)

    page = press(dele, deed, task)

    assert (page.status_code, fresh(task).owner) == (409, dele)
    assert "A safety task stays with those named for it." in page.text
    desk = desk_of(dele).text
    assert reverse("tasks:done", args=["riverside", task.ref]) in desk
    assert reverse("tasks:snooze", args=["riverside", task.ref]) not in desk


def test_what_must_be_read_is_not_done_by_a_press_on_the_desk(press, desk_of, dele, riverside):
    task = todo(dele, riverside, "Read what came in.", level=4)
    Task.objects.filter(pk=task.pk).update(ends_on_its_page=True)

    page = press(dele, "done", task)

    assert (page.status_code, fresh(task).kept_at) == (409, None)
    assert "This is done where it is read. Open it." in page.text
    assert reverse("tasks:done", args=["riverside", task.ref]) not in desk_of(dele).text


def test_undo_on_another_day_is_refused_with_a_sentence(press, as_user, cora, call):
    from rapport.tasks.actions import finish

    finish(call, by=cora, at=MONDAY - DAY)

    page = press(cora, "undone", call)

    assert page.status_code == 409
    assert "This can be undone on the same day only, by whoever did it." in page.text


def test_with_htmx_the_desk_comes_back_without_the_row_and_with_the_notice(press, cora, call):
    page = press(cora, "done", call, headers={"HX-Request": "true"})

    assert "<html" not in page.text
    assert kept_words(page) == ["Done: When can she be back? Undo"]
    assert "Nothing is waiting for you today." in page.text


def test_with_htmx_a_form_to_put_right_stays_in_its_row(press, cora, call):
    page = press(cora, "put off", call, {"when": "day"}, headers={"HX-Request": "true"})

    assert (page.status_code, page.headers["HX-Retarget"]) == (422, f"#more-{call.ref}")


def leave(user):
    user.is_active = False
    user.save()


def test_a_coordinator_finds_a_new_owner_for_the_tasks_of_somebody_who_left(
    press, desk_of, as_user, cora, cleo, dele, call
):
    leave(cora)
    assert "Somebody left" in desk_of(cleo).text
    assert call.reason in as_user(cleo).get(reverse("tasks:left-behind", args=["riverside"])).text

    press(cleo, "handed over", call)

    assert fresh(call).owner == cleo
    assert "Somebody left" not in desk_of(cleo).text


def test_nobody_else_does_and_only_that_can_be_done_with_them(press, as_user, cora, cleo, dele, omar, call):
    leave(cora)

    assert [press(user, "handed over", call).status_code for user in (dele, omar)] == [404, 404]
    assert press(cleo, "done", call).status_code == 404
    statuses = [as_user(u).get(reverse("tasks:left-behind", args=["riverside"])).status_code for u in (dele, omar)]
    assert statuses == [404, 404]


def test_an_address_that_is_none_is_not_there(as_user, cora, match):
    assert as_user(cora).get("/p/riverside/tasks/a%00b/done/").status_code == 404
