"""How it goes with goals, asked on the page of an ask: each of their own reading, apart, and never before a worry."""

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse

from rapport.checkins.actions import gather_asks, plan_check_ins, take_due_steps
from rapport.checkins.models import Answer, Ask
from rapport.core.refs import new_ref
from rapport.matches.actions.goals import Heard, add_goal, end_goal, say_headway, say_headway_of_many
from rapport.matches.models import Goal, Headway
from rapport.outbox.actions import issue_link
from rapport.safeguarding.models import TriageItem
from tests.cast import DAY, MONDAY
from tests.checkins.conftest import CHROME

pytestmark = pytest.mark.django_db
NOON = MONDAY + timedelta(hours=3)
ALL, NOT_FAMILY, STAFF = 0, 1, 2


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
def goal(young, ben, ben_in, cora):
    """Makes a goal of Ben's, in his words."""

    def made(words, level=ALL):
        heard = Heard(ben, "told")
        return add_goal(
            young, mentee=ben_in, words=words, worded_by="mentee", level=level, heard=heard, form_id=new_ref(),
            by=cora, at=MONDAY,
        )  # fmt: skip

    return made


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
        return client.post(f"/a/{token}/", {"form_id": form_id, **typed}, headers={"user-agent": CHROME})

    return opened


def card(asks, name):
    return f"c{asks[name].check_ins.get().pk}"


def text(response):
    return response.content.decode()


def said():
    return [(one.goal.words, one.person.given_name, one.value, one.way, one.level) for one in Headway.objects.all()]


def test_each_is_asked_of_the_goals_they_may_read(page, goal):
    for level, words in ((ALL, "Swim a lap"), (NOT_FAMILY, "Cook for Gran"), (STAFF, "Talk about Dad")):
        goal(words, level)
    end_goal(goal("Over already"), ending="reached", by=None, at=MONDAY)

    seen = {name: [one.words in text(page(name)) for one in Goal.objects.order_by("pk")] for name in ("Ben", "Ama")}
    family = [one.words in text(page("Grace")) for one in Goal.objects.all()]

    assert seen == {"Ben": [True, False, False, False], "Ama": [True, True, False, False]}
    assert "A little more" not in text(page("Ama")), "what is asked of a mentor lies open"
    assert not any(family)


def test_a_child_says_how_it_goes_with_one_tap_or_leaves_it_out(page, goal, asks, ben):
    swim = goal("Swim a lap")
    name = card(asks, "Ben")
    assert page("Ben", goal=swim.ref, **{f"{name}-feel": "4"}).status_code == 200
    assert not Headway.objects.exists()

    for _ in range(2):
        told = page("Ben", "press-2", goal=swim.ref, **{f"g{swim.ref}-value": "stuck"})

    assert told.status_code == 200
    assert said() == [("Swim a lap", "Ben", "stuck", "link", STAFF)]
    assert Headway.objects.get().written_by is None
    assert Answer.objects.filter(replaced_at=None).count() == 1
    assert "Swim a lap" not in text(page("Ben"))


def test_what_one_said_changes_nothing_on_the_page_of_the_other(page, goal, asks):
    swim = goal("Swim a lap")
    before = text(page("Ama"))

    page("Ben", goal=swim.ref, **{f"g{swim.ref}-value": "stuck"})

    assert [line for line in text(page("Ama")).split("\n") if "form_id" not in line] == [
        line for line in before.split("\n") if "form_id" not in line
    ]


def test_a_mentor_is_asked_for_each_and_a_worry_never_waits_for_it(page, goal, asks):
    swim, cook = goal("Swim a lap"), goal("Cook for Gran")
    name, both = card(asks, "Ama"), {"goal": [swim.ref, cook.ref]}
    half = {**both, f"{name}-feel": "4", f"g{swim.ref}-value": "on-track"}

    refused = page("Ama", **half)
    assert (refused.status_code, "“Not now” is an answer, too." in text(refused)) == (422, True)
    assert (Answer.objects.exists(), Headway.objects.exists()) == (False, False)
    assert page("Ama", "press-2", **half, **{f"{name}-worry": "maybe"}).status_code == 200
    assert page("Ama", "press-3", **half, **{f"g{cook.ref}-value": "not-now"}).status_code == 200

    assert TriageItem.objects.count() == 1
    assert [one[:3] for one in said()] == [
        ("Swim a lap", "Ama", "on-track"), ("Swim a lap", "Ama", "on-track"), ("Cook for Gran", "Ama", "not-now")
    ]  # fmt: skip


def test_three_at_most_those_longest_untold_first(page, goal, ama, cora):
    goals = [goal(f"Goal number {n}") for n in range(5)]
    for one, days in ((goals[0], 2), (goals[1], 30)):
        on = (MONDAY - days * DAY).date()
        say_headway(one, value="partly", heard=Heard(ama, "told", on), form_id=new_ref(), by=cora, at=MONDAY)

    shown = text(page("Ama"))

    assert [one.words in shown for one in goals] == [False, False, True, True, True]
    for one in goals[2:4]:
        page("Ama", new_ref(), goal=one.ref, **{f"g{one.ref}-value": "partly"})
    assert [one.words in text(page("Ama")) for one in goals] == [False, True, False, False, True]


def test_the_page_costs_as_many_queries_however_many_goals_there_are(page, goal, django_assert_max_num_queries):
    goal("The first goal")
    with django_assert_max_num_queries(99) as one:
        page("Ama")
    for n in range(4):
        goal(f"Goal number {n}")
    with django_assert_max_num_queries(len(one)):
        page("Ama")


def test_a_goal_that_ended_meanwhile_holds_up_nothing_and_many_cost_as_much_as_one(
    goal, ben, django_assert_num_queries
):
    goals = [goal(f"Goal number {n}") for n in range(4)]
    end_goal(goals[0], ending="let-go", by=None, at=MONDAY)
    told = {"heard": Heard(ben, "link"), "by": ben, "at": MONDAY}

    with django_assert_num_queries(6):
        assert len(say_headway_of_many({goals[1]: ("partly", "a")}, **told)) == 1
    with django_assert_num_queries(6):
        rows = say_headway_of_many({one: ("stuck", one.words[-1]) for one in goals}, **told)

    assert [row.goal for row in rows] == goals[1:]
    assert say_headway_of_many({one: ("stuck", one.words[-1]) for one in goals}, **told) == []


def test_on_paper_stands_what_everybody_may_read_and_it_counts_alike(page, goal, asks, as_user, cora, omar, ben):
    swim, cook = goal("Swim a lap"), goal("Cook for Gran", NOT_FAMILY)
    sheets = {name: text(as_user(cora).get(reverse("asks:sheet", args=["riverside", asks[name].ref]))) for name in asks}
    assert {name: [one.words in sheet for one in (swim, cook)] for name, sheet in sheets.items()} == {
        "Ben": [True, False], "Ama": [True, False], "Grace": [False, False]
    }  # fmt: skip

    place = reverse("asks:write-down", args=["riverside", asks["Ama"].ref])
    sent = {"form_id": new_ref(), "way": "paper", "said_on": "16 11 2026", "witness": "", "goal": [swim.ref, cook.ref]}
    assert as_user(cora).post(place, sent | {f"g{swim.ref}-value": "partly", f"g{cook.ref}-value": "partly"}).url

    assert said() == [("Swim a lap", "Ama", "partly", "paper", STAFF)]
    assert Headway.objects.get().written_by == cora
    assert as_user(omar).get(place).status_code == 404


@pytest.mark.parametrize("value", ["x", "\u0000", "on track", "1" * 3000])
def test_what_is_no_answer_is_said_and_what_is_not_theirs_is_not_there(page, goal, value):
    swim, secret = goal("Swim a lap"), goal("Talk about Dad", STAFF)

    assert '<details class="mt-4"><summary>' in text(page("Ben")), "a child's page is as short as before"
    wrong = page("Ben", goal=swim.ref, **{f"g{swim.ref}-value": value})
    assert '<details class="mt-4" open>' in text(wrong)
    other = page("Ben", "press-2", goal=secret.ref, **{f"g{secret.ref}-value": "stuck"})

    assert (wrong.status_code, other.status_code, Headway.objects.exists()) == (422, 422, False)
    assert "Talk about Dad" not in text(other)
