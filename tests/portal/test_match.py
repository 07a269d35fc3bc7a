"""The match page: each reader sees what is theirs to know, and nothing tells that there is more."""

from datetime import date, timedelta

import pytest

from rapport.checkins.models import Conversation
from rapport.matches.models import Change, Match, Pause
from rapport.people.models import Guardianship
from rapport.safeguarding import actions as safety
from rapport.tasks.models import Task
from tests.care.conftest import restrict
from tests.cast import DAY, MONDAY, WEEK, open_match, staff
from tests.portal.conftest import answer, meeting
from tests.reading import lasting


@pytest.fixture
def page(as_user, story):
    """The match page as somebody sees it, without what differs at each request."""

    def see(user, status=200):
        response = as_user(user).get(story.get_absolute_url())
        assert response.status_code == status
        return lasting(response.content.decode())

    return see


def test_the_coordinator_sees_how_they_are_and_everything_so_far(page, cora, grace):
    html = page(cora)

    assert "Together since 10 March 2026 · month 9 · growing · coordinator Cora" in html
    for said in (
        "Needs help", "Ben said it is not so good.", "Thursday 19 November, 15:30", "Met, 60 min, Library.",
        "Ama: “We built the volcano.”", "Meeting did not happen.", "The mentor was away, says Ben.",
        "Meeting, unknown.", "I waited alone.", "Her mother is ill.", "They began.", "Talked with Grace",
    ):  # fmt: skip
        assert said in html


def test_time_together_is_told_in_hours(page, cora):
    html = page(cora)

    assert "2.5 h held, 4 h planned by today, 1 h unknown" in html
    assert "0 h held, 1 h planned by today, 2 h in all" in html  # their month began on 10 November


def test_a_site_lead_finds_no_answer_no_talk_and_no_gap(page, riverside, lincoln):
    lead = staff("Sol", riverside, "site-lead")
    lead.memberships.update(site=lincoln)

    html = page(lead)

    assert "Watch" in html
    assert "Meeting did not happen." in html
    for hidden in (
        "Needs help", "not so good", "volcano", "I waited alone", "Her mother", "own word", "says Ben", "Talked with",
        "/pause/", "/closure/",
    ):  # fmt: skip
        assert hidden not in html


def test_match_support_sees_their_own_caseload_alone(page, story, riverside):
    mia = staff("Mia", riverside, "match-support")
    page(mia, status=404)

    Match.objects.filter(pk=story.pk).update(coordinator=mia)

    assert "I waited alone." in page(mia)


def test_omar_finds_no_such_match_though_he_has_one(page, as_user, omar, hill_match, story):
    page(omar, status=404)
    browser = as_user(omar)

    assert browser.get(hill_match.get_absolute_url()).status_code == 200
    assert browser.get(f"/p/hillside/matches/{story.ref}/").status_code == 404


@pytest.mark.parametrize(("who", "role"), [("ama", "mentor"), ("ben", "mentee"), ("grace", "guardian")])
def test_the_people_in_it_do_not_find_the_staff_page(request, sign_up, story, riverside, who, role):
    browser = sign_up(request.getfixturevalue(who), riverside, role)

    for address in (story.get_absolute_url(), "/p/riverside/", "/p/riverside/matches/", "/p/riverside/people/"):
        assert browser.get(address).status_code == 404


def test_staff_do_not_read_about_themselves_or_their_child(page, cora, ama, ben):
    page(cora)
    Guardianship.objects.create(adult=cora.person, child=ben, starts_on=date(2020, 1, 1))

    page(cora, status=404)


def test_staff_kept_away_from_the_child_find_no_match(page, cora, ben, riverside):
    restrict(cora.person, ben, program=riverside, by=cora)

    page(cora, status=404)


def test_a_father_kept_away_is_nobody_to_talk_with_here(page, cora, grace, ben, riverside):
    restrict(grace, ben, program=riverside, by=cora)

    html = page(cora)

    assert "Grace" not in html
    assert "court order" not in html


def test_a_worry_stands_on_no_line(page, story, ama, cora):
    answer(story, ama, "mentor", feeling=3, words="A man waits at the gate.", worry="yes", instance=1)
    answer(story, ama, "mentor", feeling=3, words="Sealed words.", level=4, worry="yes", instance=2)

    html = page(cora)

    assert "A man waits" not in html
    assert "Sealed words" not in html


def test_a_sealed_concern_changes_not_one_byte(page, story, cora, dele, ben):
    before = page(cora), page(dele)

    Task.objects.create(
        program=story.program, kind="safety", owner=dele, reason="Read now", cause_key="sealed", level=4, about=story,
        due_at=MONDAY - DAY, made_at=MONDAY,
    )  # fmt: skip
    Conversation.objects.create(
        program=story.program, match=story, person=ben, how="phone", words="Sealed talk.", level=4, at=MONDAY - DAY,
        by=dele, form_id="sealed",
    )  # fmt: skip
    safety.raise_concern(
        program=story.program,
        match=story,
        subject=ben,
        words="He hits me.",
        cause_key="told",
        raised_by=cora.person,
        at=MONDAY,
    )

    assert (page(cora), page(dele)) == before


def test_a_hold_for_safety_looks_like_any_pause(page, story, cora, dele):
    Match.objects.filter(pk=story.pk).update(state="paused")
    pages = []
    for by, reason, is_hold in ((cora, "exams", False), (dele, "", True)):
        Pause.objects.all().delete()
        Change.objects.filter(state="paused").delete()
        Pause.objects.create(
            program=story.program, match=story, starts_on=date(2026, 11, 14), reason=reason, made_by=by, is_hold=is_hold
        )
        Change.objects.create(
            program=story.program, match=story, state="paused", state_before="active", at=MONDAY - DAY, by=by
        )
        pages.append(page(cora))

    assert pages[0] == pages[1]
    assert "A pause began." in pages[0]


def test_what_may_be_done_depends_on_the_right(page, story, cora, dele):
    doing = ("/pause/", "/closure/", "/coordinator/")

    assert [word in page(cora) for word in doing] == [True, True, True]
    assert [word in page(dele) for word in doing] == [False, False, False]


def test_a_long_story_goes_on_on_the_next_page(as_user, story, plan, cora):
    for week in range(10, 60):
        meeting(story, MONDAY - week * WEEK, plan=plan, kept_at=MONDAY)
    browser = as_user(cora)

    first = browser.get(story.get_absolute_url())
    earlier = browser.get(story.get_absolute_url(), {"before": first.context["earlier"].isoformat()})

    assert len(first.context["entries"]) == 10
    assert len(earlier.context["entries"]) == 10
    assert first.context["entries"][-1].at > earlier.context["entries"][0].at


@pytest.mark.parametrize("before", ["x", "2026-01-01", "9999-99-99T00:00", "\0", "2026-01-01T00:00:00+99:00"])
def test_a_strange_place_on_the_line_is_the_beginning(as_user, story, cora, before):
    response = as_user(cora).get(story.get_absolute_url(), {"before": before})

    assert (response.status_code, response.context["entries"][0].at) == (200, MONDAY - DAY)


def test_the_number_of_queries_does_not_grow(as_user, story, plan, cora, ben, django_assert_max_num_queries):
    browser = as_user(cora)
    browser.get(story.get_absolute_url())
    with django_assert_max_num_queries(90) as one:
        browser.get(story.get_absolute_url())
    for week in range(10, 40):
        meeting(story, MONDAY - week * WEEK, plan=plan, kept_at=MONDAY)
        answer(story, ben, "mentee", feeling=4, at=MONDAY - week * DAY, instance=week)

    with django_assert_max_num_queries(len(one.captured_queries)):
        browser.get(story.get_absolute_url())


def test_a_proposed_match_says_what_is_missing(page, story, cora, ben_in):
    Match.objects.filter(pk=story.pk).update(state="proposed", begun_on=None, begun_at=None)
    ben_in.gates.filter(code="permission").delete()

    html = page(cora)

    assert "Before they can begin" in html
    assert "permission" in html
    assert f'href="/p/riverside/gates/{ben_in.ref}/"' in html


def test_who_may_not_change_a_proposed_match_finds_no_way_to_put_it_right(page, story, riverside, lincoln, ben_in):
    Match.objects.filter(pk=story.pk).update(state="proposed", begun_on=None, begun_at=None)
    ben_in.gates.filter(code="permission").delete()
    lead = staff("Sol", riverside, "site-lead")
    lead.memberships.update(site=lincoln)

    html = page(lead)

    assert "Put it right" not in html
    assert "/beginning/" not in html


def test_a_mentor_of_two_is_in_two_matches(as_user, story, ama_in, riverside, cora, hill_match):
    other = open_match(ama_in, hill_match.mentees[0], coordinator=cora)
    Match.objects.filter(pk=other.pk).update(begun_on=MONDAY.date() - timedelta(days=3))

    assert "month 1" in as_user(cora).get(other.get_absolute_url()).content.decode()
