"""The page of goals by a link: mentee, mentor and guardian, each their own; and who finds nothing there."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from rapport.matches.actions import pausing
from rapport.matches.goals import courses, reader_of
from rapport.matches.models import Goal, GoalSeen, GoalTask, Growth, Headway, Match
from rapport.outbox.actions import issue_link
from rapport.outbox.models import Message
from tests.cast import DAY
from tests.matches.test_goals import guardian_of, keep_away

HUMAN = {"HTTP_USER_AGENT": "Mozilla/5.0"}
OWN = "I want to swim a whole lap"


@pytest.fixture
def page(match, riverside):
    """Opens somebody's page of Ama and Ben's goals; with words it presses."""

    def opened(person, **typed):
        now = timezone.now()
        token = issue_link(
            purpose="goals", person=person, about=match, program=riverside, at=now - DAY, expires_at=now + DAY
        )
        client = Client(**HUMAN)
        return client.post(f"/g/{token}/", typed) if typed else client.get(f"/g/{token}/?start=1")

    return opened


def text(response):
    return response.content.decode()


def test_the_mentee_says_a_goal_takes_a_step_and_lets_it_go(page, ben):
    assert page(ben, do="add", words=OWN, level="0", form_id="a").status_code == 200
    goal = Goal.objects.get()
    page(ben, do="step", goal=goal.ref, words="Buy goggles", form_id="b")
    page(ben, do="tick", goal=goal.ref, step=GoalTask.objects.get().ref)
    page(ben, do="headway", goal=goal.ref, value="stuck", obstacle="The pool is shut", form_id="c")
    shown = text(page(ben))
    page(ben, do="end", goal=goal.ref, ending="let-go")

    assert (goal.words, goal.worded_by, goal.person, goal.way, goal.written_by) == (OWN, "mentee", ben, "link", None)
    assert GoalTask.objects.get().done_by_person == ben
    assert (Headway.objects.get().value, Headway.objects.get().level) == ("stuck", 2)
    assert [words in shown for words in (OWN, "Buy goggles", "The pool is shut")] == [True, True, False]
    goal.refresh_from_db()
    assert goal.ending == "let-go"


def test_a_mentee_says_where_they_stand_at_the_start_halfway_and_at_the_end(page, ben, ama, cora, as_user, match):
    page(ben, do="add", words=OWN, level="0", form_id="a")
    goal = Goal.objects.get()
    assert [page(who, do="stand", goal=goal.ref, stands=n).status_code for who, n in ((ama, "3"), (ben, "6"), (ben, ""))
            ] == [404, 422, 422]  # fmt: skip
    for value in ("1", "2"):  # the same day: the first word is said anew
        page(ben, do="stand", goal=goal.ref, stands=value)
    Growth.objects.update(said_on=match.begun_on)
    page(ben, do="stand", goal=goal.ref, stands="3")
    shown = text(page(ben))
    page(ben, do="reached", goal=goal.ref, ending="let-go", stands="5")

    stands = Growth.objects.filter(replaced_at=None).values_list("moment", "value", "way").order_by("pk")
    assert list(stands) == [("start", 2, "link"), ("mid", 3, "link"), ("end", 5, "link")]
    assert "checked" not in shown.partition("Where do you stand")[2].partition("Reached!")[0]
    goal.refresh_from_db()
    assert goal.ending == "reached"
    told = text(as_user(cora).get(reverse("matches:goal", args=["riverside", goal.ref])))
    assert "From 2 to 5." in told


def test_each_ones_own_course_stands_on_the_page_of_a_goal(page, ben, ama, cora, as_user):
    page(ben, do="add", words=OWN, level="0", form_id="a")
    goal = Goal.objects.get()
    for who, value in ((ben, "stuck"), (ama, "on-track"), (ben, "partly")):
        page(who, do="headway", goal=goal.ref, value=value, form_id=f"{who}{value}")

    found = courses(goal.headway.all())
    assert {who.given_name: [words for _day, words in steps] for who, steps in found.items()} == {
        "Ben": ["stuck", "partly"], "Ama": ["on track"]
    }  # fmt: skip
    assert as_user(cora).get(reverse("matches:goal", args=["riverside", goal.ref])).status_code == 200


def test_what_a_child_keeps_from_the_family_stands_on_no_page_behind_a_link(page, ben, ama, grace):
    page(ben, do="add", words="Not for home", level="1", form_id="a")
    said = page(ben, do="add", words="Alone", level="2", form_id="b")

    assert "it does not stand on this page" in text(said)
    hidden = [[words in text(page(who)) for words in ("Not for home", "Alone")] for who in (ben, grace, ama)]
    assert hidden == [[False, False], [False, False], [True, False]]
    for ref in Goal.objects.values_list("ref", flat=True):
        assert page(grace, do="seen", goal=ref).status_code == 404


def test_a_guardian_sees_says_so_and_adds_one_that_is_marked_as_theirs(page, ben, grace, ama):
    page(ben, do="add", words=OWN, level="0", form_id="a")
    goal = Goal.objects.get()
    assert [page(grace, do="seen", goal=goal.ref).status_code for _ in range(2)] == [200, 200]
    page(grace, do="add", words="That Ben sleeps well", form_id="b")

    assert GoalSeen.objects.get().person == grace
    assert "said by the family" in text(page(ben))
    assert "said by the family" in text(page(ama))
    for deed in ({"do": "end", "ending": "reached"}, {"do": "tick", "step": "x"}):
        assert page(grace, goal=goal.ref, **deed).status_code == 404
    assert Goal.objects.open().count() == 2


def test_a_mentor_writes_what_was_said_to_them_and_cannot_reword_or_end_it(page, ben, ama):
    page(ama, do="add", words=OWN, whose="theirs", level="1", form_id="a")
    page(ama, do="add", words="Read together", whose="mine", level="0", form_id="b")
    first, second = Goal.objects.order_by("pk")

    assert (first.worded_by, first.person, first.way, first.level) == ("mentee", ben, "mentor", 1)
    assert (second.worded_by, second.person, second.way) == ("mentor", ama, "link")
    assert page(ama, do="end", goal=first.ref, ending="reached").status_code == 404


def test_whoever_is_kept_away_or_no_longer_of_the_pair_meets_what_a_stranger_meets(
    page, match, ben, ama, grace, riverside, dele, hill_match
):
    father = guardian_of(ben, riverside, "Kofi")
    keep_away(father, ben, riverside, dele)
    stranger = text(Client(**HUMAN).get("/g/nonsense/"))

    assert text(page(father)) == text(page(hill_match.mentors[0].person)) == stranger
    assert page(grace).status_code == 200
    Match.objects.filter(pk=match.pk).update(state="closed", ended_on=timezone.now().date())
    assert text(page(ama)) == stranger
    assert "Nothing is added any more" in text(page(ben))
    assert page(ben, do="add", words=OWN, level="0", form_id="z").status_code == 409


@pytest.mark.parametrize(
    ("typed", "status"),
    [
        ({"words": "", "level": "0"}, 422), ({"words": OWN}, 422), ({"words": OWN, "level": "7"}, 422),
        ({"words": "x" * 100_000, "level": "0"}, 422), ({"words": "a\x00b", "level": "0"}, 422),
        ({"do": "fly"}, 409), ({"do": "step", "words": "x"}, 404), ({"do": "step", "goal": "\x00", "words": "x"}, 404),
        ({"do": "end", "goal": "x" * 5000, "ending": "reached"}, 404),
    ],
)  # fmt: skip
def test_what_cannot_be_is_told_and_nothing_is_kept(page, ben, typed, status):
    assert page(ben, **({"do": "add"} | typed)).status_code == status
    assert not Goal.objects.exists()


def test_a_look_changes_nothing_and_a_machine_is_asked_to_press_again(match, riverside, ben):
    now = timezone.now()
    token = issue_link(purpose="goals", person=ben, about=match, program=riverside, at=now, expires_at=now + DAY)
    typed = {"do": "add", "words": OWN, "level": "0", "form_id": "a"}

    assert Client(**HUMAN).get(f"/g/{token}/", typed).status_code == 200
    said = Client(**HUMAN).post(f"/g/{token}/", typed)
    assert (said.status_code, OWN in text(said), Goal.objects.count()) == (409, True, 0)
    assert Client(**HUMAN).post(f"/g/{token}/", typed | {"again": "yes"}).status_code == 200
    assert Goal.objects.count() == 1


def test_staff_hand_the_page_out_by_letter_once_a_day_or_on_paper(match, cora, ama, as_user):
    client, at = as_user(cora), f"/p/riverside/matches/{match.ref}/goals/"
    for _press in range(2):
        assert client.post(at + "page/", {"to": ama.ref}).status_code == 302
    sheet = client.get(at + "sheet/")

    assert [message.kind for message in Message.objects.filter(to=ama)] == ["matches/goals"]
    assert (sheet.status_code, "What would you like to reach?" in text(sheet)) == (200, True)
    assert client.post(at + "page/", {"to": "nobody"}).status_code == 302


def test_while_contact_is_held_nothing_is_written_across(page, match, ben, ama, dele):
    page(ben, do="add", words=OWN, level="0", form_id="a")
    goal = Goal.objects.get()
    pausing.hold(Match.objects.get(pk=match.pk), by=dele, at=timezone.now())

    step = page(ama, do="step", goal=goal.ref, words="Meet me behind the pool", form_id="s")
    wish = page(ama, do="add", words="Write to me", whose="mine", level="0", form_id="t")

    seen = text(page(ben))
    assert (step.status_code, wish.status_code) == (409, 409)
    assert ("behind the pool" in seen, "Write to me" in seen) == (False, False)


def test_a_permission_taken_back_shuts_it_at_once(match, ama):
    them = Match.objects.select_related("program", "site").with_people().get(pk=match.pk)
    them.mentees[0].gates.filter(code="permission").update(is_met=False)

    assert reader_of(ama, them, timezone.now()) is None


@pytest.mark.parametrize("typed", [{"do": "seen", "goal": "a\x00b"}, {"do": "tick", "goal": "x", "step": "\x00"}])
def test_signs_that_no_database_takes_find_nothing(page, grace, typed):
    assert page(grace, **typed).status_code in (404, 409, 422)
