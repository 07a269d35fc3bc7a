"""A visit to a site: whom to see there in the order to walk, first names alone, and nothing private on what is kept."""

from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from rapport.checkins.models import Conversation
from rapport.meetings.models import Meeting
from rapport.people.models import Restriction
from rapport.tasks.actions import NewTask, add_tasks
from tests.care.conftest import restrict
from tests.cast import DAY, MONDAY, open_match, participant, person, staff

pytestmark = pytest.mark.django_db

NOON = MONDAY + timedelta(hours=3)
REASON = "Ask how the move went"


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(MONDAY, tick=False):
        yield


@pytest.fixture
def others(riverside, lincoln, cora):
    """Two more pairs of the school, and a child who waits."""
    for mentor, child in (("Yusuf", "Zoe"), ("Milo", "Abel")):
        open_match(
            participant(person(mentor, riverside, mail=False), riverside, "mentor"),
            participant(person(child, riverside, mail=False), riverside, "mentee"), coordinator=cora,
        )  # fmt: skip
    participant(person("Wren", riverside, mail=False), riverside, "mentee")


@pytest.fixture
def visit(match, others, cora, riverside, ben):
    """Ama and Ben meet at noon, and Cora has something to talk about with Ben, and something sealed."""
    Meeting.objects.create(
        program=riverside, match=match, starts_at=NOON, ends_at=NOON + timedelta(hours=1), due_at=NOON,
        lapses_at=NOON + timedelta(hours=1), place="Lincoln School, Room 4",
    )  # fmt: skip
    rows = [(REASON, 2), ("Sealed words", 3), ("Safety words", 4)]
    add_tasks(
        [
            NewTask(
                program=riverside, kind="tasks/own", owner=cora, person=ben, about=match, reason=reason, due_at=MONDAY,
                late_at=MONDAY + DAY, cause_key=reason, level=level,
            )
            for reason, level in rows
        ],
        by=cora, at=MONDAY,
    )  # fmt: skip


def page_of(browser, lincoln, rest=""):
    return browser.get(f"/p/riverside/visits/{lincoln.ref}/{rest}")


def test_of_many_who_are_not_expected_a_page_shows_some_and_the_copy_all(as_user, cora, visit, lincoln, monkeypatch):
    monkeypatch.setattr("rapport.portal.visit.SHOWN", 1)
    browser = as_user(cora)
    few, whole, copy = (page_of(browser, lincoln, rest).content.decode() for rest in ("", "?all=1", "copy/"))

    assert [("Abel" in page, "Zoe" in page, "Show 1 more" in page) for page in (few, whole, copy)] == [
        (True, False, True), (True, True, False), (True, True, False),
    ]  # fmt: skip


def test_whoever_meets_today_comes_first_and_sealed_things_never(as_user, cora, visit, lincoln):
    page = page_of(as_user(cora), lincoln).content.decode()

    order = [page.index(f"<b>{name}</b>") for name in ("Ben", "Abel", "Zoe")]
    assert order == sorted(order)
    assert page.index("Wren") > order[-1]
    assert "12:00 · Room 4" in page
    assert REASON in page
    for hidden in ("Sealed words", "Safety words", "Adler", "Mensah"):
        assert hidden not in page


def test_the_copy_to_keep_tells_how_much_and_not_what(as_user, cora, visit, lincoln):
    answer = page_of(as_user(cora), lincoln, "copy/")

    copy = answer.content.decode()
    assert answer.headers["Content-Disposition"] == 'attachment; filename="visit-2026-11-16.html"'
    assert "<b>Ben</b> with Ama (1 thing to do)" in " ".join(copy.split())
    for hidden in (REASON, "Adler", "<script", "<link", "href", "src="):
        assert hidden not in copy


def test_a_talk_noted_from_there_is_a_conversation(as_user, cora, visit, lincoln, ben):
    browser, talk = as_user(cora), f"/p/riverside/today/talk/{ben.ref}/"
    assert talk in page_of(browser, lincoln).content.decode()

    form = browser.get(talk).context["form"]
    typed = {"form_id": form.initial["form_id"], "how": "in-person", "explained": "on"}
    assert browser.post(talk, typed).status_code == 302

    assert Conversation.objects.values_list("person__given_name", flat=True).get() == "Ben"


def test_each_sees_their_own_and_nobody_they_are_kept_away_from(as_user, cora, visit, lincoln, riverside, ben, match):
    hana, jude = staff("Hana", riverside, "match-support"), staff("Jude", riverside, "evaluator")
    assert page_of(as_user(hana), lincoln).status_code == page_of(as_user(jude), lincoln).status_code == 404
    match.coordinator = hana
    match.save()
    theirs = page_of(as_user(hana), lincoln).content.decode()
    assert "<b>Ben</b>" in theirs
    for hidden in ("Abel", "Wren", REASON):
        assert hidden not in theirs

    Restriction.objects.create(
        program=riverside, kept_away=cora.person, subject=ben, reason="x", starts_on=MONDAY.date(),
        review_on=MONDAY.date() + 30 * DAY, recorded_by=cora, recorded_at=MONDAY,
    )  # fmt: skip

    for rest in ("", "copy/"):
        page = page_of(as_user(cora), lincoln, rest).content.decode()
        assert "Ben" not in page
        assert REASON not in page


def test_omar_sees_nothing_of_it(as_user, omar, hill_match, visit, lincoln):
    browser = as_user(omar)
    assert browser.get(f"/p/hillside/visits/{hill_match.site.ref}/").status_code == 200

    for program in ("riverside", "hillside"):
        for rest in ("", "copy/"):
            assert browser.get(f"/p/{program}/visits/{lincoln.ref}/{rest}").status_code == 404


def test_a_visit_costs_the_same_for_few_and_for_many(
    as_user, cora, visit, lincoln, riverside, django_assert_num_queries
):
    browser = as_user(cora)
    with CaptureQueriesContext(connection) as few:
        page_of(browser, lincoln)
    for number in range(9):
        open_match(
            participant(person(f"M{number}", riverside, mail=False), riverside, "mentor"),
            participant(person(f"C{number}", riverside, mail=False), riverside, "mentee"), coordinator=cora,
        )  # fmt: skip

    with django_assert_num_queries(len(few)):
        page_of(browser, lincoln)


def test_a_pair_whose_checks_nobody_confirmed_is_not_to_be_looked_in_on(as_user, cora, visit, lincoln, match):
    match.awaits_checks = True
    match.save()

    for rest in ("", "copy/"):
        page = page_of(as_user(cora), lincoln, rest).text
        assert "<b>Abel</b>" in page
        assert "<b>Ben</b>" not in page


def test_who_is_not_expected_at_the_moment_is_not_said_to_meet_today(as_user, visit, ama, ben, cora, lincoln):
    browser, heading = as_user(cora), "They meet today"
    before = [heading in page_of(browser, lincoln, rest).text for rest in ("", "copy/")]
    restrict(ama, ben, program=lincoln.program, by=cora)

    assert before == [True, True]
    assert [heading in page_of(browser, lincoln, rest).text for rest in ("", "copy/")] == [False, False]
