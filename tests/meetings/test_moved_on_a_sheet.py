"""A meeting that a day sheet says was moved: to when, or that nobody knows it yet. One press and one field."""

import pytest

from rapport.meetings.models import Mark, Meeting, Rearrangement
from rapport.outbox.models import Message
from rapport.tasks.models import Task
from tests.cast import DAY
from tests.meetings import test_day_sheet as sheet
from tests.meetings.test_day_sheet import BROWSER, LATER, NOON, TODAY, expected, page_of, said, tap

pytestmark = pytest.mark.django_db
clock, sent, rosa, meeting, link = sheet.clock, sheet.sent, sheet.rosa, sheet.meeting, sheet.link
THEN = NOON + 3 * DAY
TYPED = {"when": "then", "again_at": f"{THEN:%Y-%m-%dT%H:%M}"}


def told():
    rows = Message.objects.filter(kind="meetings/rearranged").order_by("pk")
    return [(one.to.first_name, one.facts["what"]) for one in rows]


def calls():
    return list(Task.objects.open().filter(kind="meetings/moved-to-when").values_list("owner__name", "reason"))


def test_the_new_time_is_one_press_and_one_field_and_each_of_the_others_hears_of_it_once(
    as_user, rosa, meeting, lincoln, sent
):
    browser = as_user(rosa)
    tap(browser, meeting, "moved")
    assert "When do Ben and Ama meet instead?" in page_of(browser, lincoln)

    for _twice in range(2):
        assert tap(browser, meeting, "moved", seen=1, form_id="two", **TYPED).status_code == 302

    new = Meeting.objects.exclude(pk=meeting.pk).get()
    assert (new.starts_at, new.moved_from_at, new.planned_minutes, new.plan) == (THEN, NOON, 60, None)
    assert said(meeting)[0] == "excused"
    assert told() == [("Ama", "moved"), ("Ben", "moved"), ("Grace", "moved")]
    assert "Thursday 19 November" in page_of(browser, lincoln)

    tap(browser, meeting, "moved", seen=2, form_id="three", when="then", again_at="20 11 2026 14:00")

    new.refresh_from_db()
    assert f"{new.starts_at:%d %H}" == "20 14"
    sent()
    tap(browser, meeting, "here", seen=3, form_id="four")

    new.refresh_from_db()
    assert (said(meeting)[0], new.standing(LATER).value) == ("kept", "excused")
    assert [what for _who, what in told()[6:]] == ["cancelled"] * len({who for who, _what in told()[6:]})
    assert [(one.outcome, one.again_id) for one in Mark.objects.order_by("pk")] == [
        ("moved", None), ("moved", new.pk), ("moved", new.pk), ("here", None),
    ]  # fmt: skip

    tap(browser, meeting, "moved", seen=4, form_id="five", when="then", again_at="20 11 2026 14:00")

    new.refresh_from_db()
    assert new.standing(LATER).value == "ahead"
    assert list(Rearrangement.objects.values_list("what", flat=True)) == ["moved", "moved", "cancelled", "again"]


def test_a_time_nobody_knows_yet_is_one_quiet_call_until_it_is_known(as_user, rosa, meeting, lincoln):
    browser = as_user(rosa)
    tap(browser, meeting, "moved", when="open")

    words = "The meeting of Monday 16 November, 12:00 was moved, and no new time is known. Ask when they meet."
    assert calls() == [("Cora", words)]
    assert Task.objects.get().due_at.date() == TODAY + DAY
    assert told() == []
    assert "the program asks them" in page_of(browser, lincoln)

    tap(browser, meeting, "moved", seen=1, form_id="two", **TYPED)

    assert calls() == []
    tap(browser, meeting, "moved", seen=2, form_id="three", when="open")
    assert len(calls()) == 1
    assert Meeting.objects.get(starts_at=THEN).excuse == "taken back on the day sheet"
    tap(browser, meeting, "none", seen=3, form_id="four")
    assert calls() == []


@pytest.mark.parametrize(
    ("typed", "status", "words"),
    [
        ("", 422, "When? Write it as"),
        ("soon", 422, "Write the day and the time"),
        ("2026-11-01T10:00", 409, "Choose a time ahead"),
        ("2028-11-01T10:00", 409, "Choose a time ahead"),
        ("2026-11-18T12:30", 409, "They are to meet at that time anyway"),
    ],
)
def test_a_time_that_cannot_be_is_said_and_nothing_is_kept(as_user, rosa, match, meeting, typed, status, words):
    expected(match, NOON + 2 * DAY)

    answer = tap(as_user(rosa), meeting, "moved", when="then", again_at=typed)

    assert (answer.status_code, words in answer.content.decode()) == (status, True)
    assert not Mark.objects.exists()
    assert Meeting.objects.count() == 2


def test_by_a_link_nobody_moves_a_child_into_the_night(client, link, meeting):
    typed = {"meeting": meeting.ref, "outcome": "moved", "seen": 0, "form_id": "x", "when": "then"}
    night = client.post(f"{link[1]}?start=1", typed | {"again_at": "19 11 2026 23:30"}, **BROWSER)
    assert (night.status_code, Mark.objects.count()) == (409, 0)

    client.post(f"{link[1]}?start=1", typed | {"again_at": "19 11 2026 12:00"}, **BROWSER)

    assert Mark.objects.get().again.starts_at == THEN


def test_from_paper_a_time_is_copied_and_a_wrong_one_loses_nothing_that_was_typed(as_user, cora, meeting, lincoln):
    address = f"/p/riverside/meetings/sites/{lincoln.ref}/{TODAY}/"
    browser = as_user(cora)
    assert "moved to" in browser.get(f"{address}paper/").content.decode()
    typed = {f"outcome-{meeting.ref}": "moved", f"seen-{meeting.ref}": 0, "who": "me", "form_id": "p"}

    for wrong, words in (("never", "Ben, Ama: Write the day"), ("2026-11-01T10:00", "Choose a time ahead")):
        page = browser.post(f"{address}written/", typed | {f"again_at-{meeting.ref}": wrong})
        assert (page.status_code, words in page.content.decode(), wrong in page.content.decode()) == (422, True, True)
    browser.post(f"{address}written/", typed | {f"again_at-{meeting.ref}": "2026-11-19T12:00"})

    assert Mark.objects.get().again.starts_at == THEN
