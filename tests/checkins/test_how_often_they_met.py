"""How often and how long they met, asked of mentees at the check-in, beside what is written down (S1-06)."""

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse

from rapport.checkins.actions import gather_asks, plan_check_ins, take_due_steps
from rapport.checkins.models import Answer, Ask
from rapport.core.refs import new_ref
from rapport.meetings.actions.how_often import remember_how_often
from rapport.meetings.models import Meeting, Remembered
from rapport.meetings.refusals import NotTheirMeeting
from rapport.meetings.remembered import remembered_of
from rapport.outbox.actions import issue_link
from rapport.tasks.models import Task
from tests.cast import DAY, MONDAY, staff
from tests.checkins.conftest import BEGUN, CHROME

pytestmark = pytest.mark.django_db
NOON = MONDAY + timedelta(hours=3)
ASKED = "How often have you met since 2 November?"


@pytest.fixture(autouse=True)
def noon():
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.fixture
def asks(young, duty):
    plan_check_ins(at=MONDAY, limit=100)
    gather_asks(at=MONDAY, limit=100)
    take_due_steps(at=MONDAY, limit=100)
    return {one.person.given_name: one for one in Ask.objects.select_related("person")}


@pytest.fixture
def page(client, asks, riverside):
    """Opens the ask of somebody; with words it presses."""

    def opened(name, form_id="press-1", **typed):
        ask = asks[name]
        token = issue_link(
            purpose="ask", person=ask.person, about=ask, program=riverside, at=NOON - DAY, expires_at=NOON + DAY
        )
        if not typed:
            return client.get(f"/a/{token}/?start=1")
        said = {f"c{ask.check_ins.get().pk}-{field}": value for field, value in typed.items()}
        return client.post(f"/a/{token}/", {"form_id": form_id, **said}, headers={"user-agent": CHROME})

    return opened


def met(match, *days, minutes=60, **more):
    """Meetings so many days ago, told to be held unless said otherwise."""
    for day in days:
        starts_at = MONDAY - day * DAY
        facts = {"kept_at": starts_at, "minutes": minutes} | more
        Meeting.objects.create(
            program=match.program, match=match, starts_at=starts_at, ends_at=starts_at + timedelta(hours=1), **facts
        )


def remembers(match, person, times, minutes=None):
    return remember_how_often(
        match, person, times=times, minutes=minutes, since_on=BEGUN, until_on=MONDAY.date(), source="link",
        form_id=new_ref(), by=person, at=MONDAY,
    )  # fmt: skip


def text(response):
    return response.content.decode()


def test_a_mentee_is_asked_and_no_mentor_and_no_family(page):
    assert {name: ASKED in text(page(name)) for name in ("Ben", "Ama", "Grace")} == {
        "Ben": True, "Ama": False, "Grace": False
    }  # fmt: skip


def test_two_taps_are_kept_apart_from_the_answer_and_no_press_counts_twice(page, ben):
    for _ in range(2):
        assert page("Ben", feel="2", times="1", long="60").status_code == 200
    assert page("Ben", "press-2", times="3").status_code == 200

    assert list(Remembered.objects.values_list("person", "times", "minutes", "source", "since_on")) == [
        (ben.pk, 3, None, "link", BEGUN), (ben.pk, 1, 60, "link", BEGUN)
    ]  # fmt: skip
    assert Answer.objects.get(replaced_at=None).feeling == 2, "what they said of how it goes stands"
    assert "checked" not in text(page("Ben"))


@pytest.mark.parametrize("wrong", [{"times": "6"}, {"times": "x"}, {"times": "-1"}, {"times": "2", "long": "61"}])
def test_what_is_no_answer_is_said_and_nothing_kept(page, wrong):
    assert page("Ben", feel="4", **wrong).status_code == 422
    assert (Remembered.objects.exists(), Answer.objects.exists()) == (False, False)


def test_on_paper_it_stands_and_is_written_down_alike(asks, as_user, cora, ben):
    ask = asks["Ben"]
    sheet = text(as_user(cora).get(reverse("asks:sheet", args=["riverside", ask.ref])))
    name = f"c{ask.check_ins.get().pk}"
    typed = {"form_id": new_ref(), "way": "paper", "said_on": "16 11 2026", "witness": "", f"{name}-times": "0"}

    assert as_user(cora).post(reverse("asks:write-down", args=["riverside", ask.ref]), typed).status_code == 302

    row = Remembered.objects.get()
    ticks = [words for words in ("Not at all", "More often", "Two hours or longer") if words in sheet]
    assert ticks == ["Not at all", "More often", "Two hours or longer"]
    assert (ASKED in sheet, row.times, row.source, row.written_by, row.person) == (True, 0, "paper", cora, ben)


@pytest.mark.parametrize(
    ("held", "unknown", "times", "minutes", "differs"),
    [
        ([1, 8], [], 2, 60, False), ([1, 8], [], 1, None, False), ([1, 8, 9], [], 1, None, True),
        ([1, 8], [], 0, None, True), ([], [], 1, None, True), ([], [1], 1, None, False), ([], [], 0, None, False),
        ([1], [], 3, None, True), ([1], [2, 3], 4, None, False), ([1, 2, 3], [], 5, None, True),
        ([1, 2, 3, 4, 5, 6, 7], [], 5, None, False), ([1, 8], [], 2, 30, True), ([1], [], 1, 90, True),
    ],
)  # fmt: skip
def test_a_small_difference_is_none_and_what_nobody_told_may_have_been(
    young, ben, held, unknown, times, minutes, differs
):
    met(young, *held)
    met(young, *unknown, minutes=None, kept_at=None)
    remembers(young, ben, times, minutes)

    assert [one.differs for one in remembered_of(young, NOON)] == [differs]


def test_staff_who_read_answers_see_it_and_nobody_else_and_nothing_follows(
    young, ben, ama, as_user, cora, omar, riverside
):
    met(young, 1, 5, 8)
    remembers(young, ben, 0)
    site = staff("Sid", riverside, "site-lead")
    here = young.get_absolute_url()

    seen = {who.first_name: text(as_user(who).get(here)) for who in (cora, site)}

    assert "Ben remembers meeting not at all from 2 November to 16 November." in seen["Cora"]
    assert ("3 meetings are written down" in seen["Cora"], "Something to ask about" in seen["Cora"]) == (True, True)
    assert ("remembers" in seen["Sid"], "as remembered" in seen["Sid"]) == (False, False)
    assert as_user(omar).get(here).status_code == 404
    assert not Task.objects.filter(about_id=young.pk).exists()
    assert remembered_of(young, NOON + 70 * DAY) == []
    with pytest.raises(NotTheirMeeting):
        remembers(young, ama, 1)
