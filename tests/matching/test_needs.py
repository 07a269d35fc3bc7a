"""Interviews: what they found, who reads it, and who needs a mentor most coming first in a round."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from rapport.audit.models import Event
from rapport.matching import gathering
from rapport.matching.actions import choose, draft_round, write_criteria
from rapport.matching.figures import audit
from rapport.onboarding.actions.interviewing import SameName, add_interview_rule, keep_interview, settle_interview
from rapport.onboarding.interviews import reading
from rapport.onboarding.models import Interview, InterviewRule
from rapport.people.models import Participant
from rapport.programs import profiles
from tests.cast import DAY, MONDAY, open_match, staff
from tests.matching.test_pages import words_of

pytestmark = pytest.mark.usefixtures("engine_here")
TODAY = MONDAY.date()


@pytest.fixture
def interests(riverside):
    riverside.criteria.all().delete()
    rule = {"code": "interests", "kind": "overlap", "label": "Interests", "weight": 200, "source": "ours"}
    return write_criteria(riverside, {"criterion": [{**rule, "settings": {"trait": "interests"}}]})


def by_needs(program, by, is_on=True):
    choose(program, {"needs": {"is_on": is_on, "amount": 0}}, by=by, at=MONDAY)


def found(one, *codes, by, at=MONDAY, on=TODAY):
    return keep_interview(one, found=dict.fromkeys(codes, 1), held_on=on, by=by, at=at)


def page(name, one):
    return reverse(name, args=[one.program.slug, one.ref])


@pytest.mark.parametrize("slug", profiles.slugs())
def test_every_profile_says_what_interviews_look_at_and_lets_no_need_decide_unasked(slug):
    told = profiles.read(slug)

    assert [row["is_on"] for row in told["policy"] if row["code"] == "needs"] == [False]
    assert all(row["source"] and (row["side"] == "mentee" or row["goal"]) for row in told.get("interview", []))
    assert bool(told.get("interview")) == (slug != "event-only")


def test_who_needs_a_mentor_most_comes_first_where_the_program_chooses_so_and_the_round_says_its_price(
    riverside, interests, newcomer, cora, as_user
):
    newcomer("Ama", "mentor", interests=["chess"])
    ben, zoe = newcomer("Ben", "mentee", interests=["chess"]), newcomer("Zoe", "mentee", interests=["tea"])
    Participant.objects.update(joined_at=MONDAY)
    found(zoe, "grown-up", "learning", by=cora)
    mentees = lambda: set(draft_round(riverside, by=cora, at=MONDAY).drafts.values_list("mentee", flat=True))  # noqa: E731

    assert mentees() == {ben.pk}
    by_needs(riverside, cora)
    assert gathering.gather(riverside, MONDAY).problem()["policy"]["needs"] == {str(zoe.pk): 3}
    assert mentees() == {zoe.pk}

    made = draft_round(riverside, by=cora, at=MONDAY)
    assert "Who needs it most first 100.0 % of all points Ben" in words_of(as_user(cora).get(made.get_absolute_url()))
    by_needs(riverside, cora, is_on=False)
    assert mentees() == {ben.pk}


def test_a_step_of_need_counts_as_much_as_a_step_of_waiting(riverside, interests, newcomer, cora):
    newcomer("Ama", "mentor")
    ben, zoe = newcomer("Ben", "mentee"), newcomer("Zoe", "mentee")
    Participant.objects.update(joined_at=MONDAY)
    Participant.objects.filter(pk=ben.pk).update(joined_at=MONDAY - 100 * DAY)
    by_needs(riverside, cora)
    found(zoe, "grown-up", by=cora)

    assert draft_round(riverside, by=cora, at=MONDAY).drafts.get().mentee == ben
    found(zoe, "grown-up", "learning", "new", by=cora)
    assert draft_round(riverside, by=cora, at=MONDAY).drafts.get().mentee == zoe


def test_an_interview_is_kept_in_four_presses_and_the_later_one_counts(riverside, newcomer, cora, as_user):
    ben, browser = newcomer("Ben", "mentee"), as_user(cora)
    here = page("onboarding:interview", ben)

    shown = words_of(browser.get(here))
    assert "No grown-up outside the family to turn to" in shown
    assert "Nothing yet." in shown
    assert not Event.objects.filter(verb="interview.read").exists()
    kept = browser.post(here, {"held_on": "2026-11-10", "f-new": "on", "words": "Moved here in May."}, follow=True)
    assert "Kept. Only staff who may read it see it." in words_of(kept)
    assert "New here: the school, the town or the language Moved here in May." in words_of(kept)
    browser.post(here, {"held_on": "2026-11-12", "f-learning": "on", "words": ""})

    assert [(row.found, row.is_last) for row in Interview.objects.order_by("pk")] == [
        ({"new": 1}, False), ({"learning": 1}, True),
    ]  # fmt: skip
    assert reading.needs_of(riverside, [ben.pk]) == {ben.pk: ["Wants help with learning"]}
    assert "counts no more" in words_of(browser.get(here))
    assert set(Event.objects.filter(verb="interview.kept").values_list("level", flat=True)) == {3}
    assert "Moved here" not in str(list(Event.objects.values_list("facts", flat=True)))
    assert Event.objects.filter(verb="interview.read", level=3, kind="read").exists()


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"held_on": "2999-01-01"}, "day"),
        ({"held_on": ""}, "day"),
        ({"held_on": "2026-11-10", "f-listens": "6"}, "Choose one of these."),
        ({"held_on": "2026-11-10", "f-listens": "x\0"}, "Choose one of these."),
    ],
)
def test_what_is_wrong_keeps_nothing(riverside, newcomer, cora, as_user, said, words):
    answer = as_user(cora).post(page("onboarding:interview", newcomer("Ama", "mentor")), said)

    assert (answer.status_code, Interview.objects.count()) == (422, 0)
    assert words in words_of(answer)


def test_a_mentor_is_held_against_what_the_program_is_for_and_it_stands_beside_them(
    riverside, interests, newcomer, cora, as_user
):
    ama, ben = newcomer("Ama", "mentor"), newcomer("Ben", "mentee")
    browser = as_user(cora)
    browser.post(page("onboarding:interview", ama), {"held_on": "2026-11-10", "f-listens": "4", "words": ""})
    found(ben, "new", by=cora)

    assert "It serves: a match that lasts" in words_of(browser.get(page("onboarding:interview", ama)))
    shown = words_of(browser.get(page("matching:candidates", ben)))
    assert "At the interview: Listens, and asks before advising: 4/5" in shown
    assert "Needs: New here: the school, the town or the language" in shown
    assert Event.objects.filter(verb="interviews.read", facts__mentors=[ama.pk]).exists()


def test_who_waits_can_be_read_by_need_and_nobody_else_reads_a_need(riverside, newcomer, cora, omar, as_user):
    ama, ben, zoe = newcomer("Ama", "mentor"), newcomer("Ben", "mentee"), newcomer("Zoe", "mentee")
    Participant.objects.filter(pk=ben.pk).update(joined_at=MONDAY - 90 * DAY)
    Participant.objects.filter(pk=zoe.pk).update(joined_at=MONDAY - 9 * DAY)
    found(zoe, "grown-up", by=cora)
    here = reverse("matching:waiting", args=["riverside"])
    browser = as_user(cora)

    by_time, by_need = words_of(browser.get(here)), words_of(browser.get(here + "?by=need"))
    assert by_time.index("Ben") < by_time.index("Zoe")
    assert by_need.index("Zoe") < by_need.index("Ben")
    assert "Needs: No grown-up outside the family to turn to" in by_time
    assert Event.objects.filter(verb="needs.read", facts__mentees=[zoe.pk], kind="read").count() == 2
    for who in (omar, staff("Lea", riverside, "safeguarding-lead"), staff("Sol", riverside, "site-lead")):
        for one in (ama, ben, zoe):
            assert as_user(who).get(page("onboarding:interview", one)).status_code == 404
            assert as_user(who).post(page("onboarding:interview", one), {"held_on": "2026-11-10"}).status_code == 404
    assert Interview.objects.count() == 1


def test_whoever_mentors_a_child_reads_no_need_of_theirs_and_nobody_reads_of_themselves(
    riverside, newcomer, cora, as_user
):
    ama, ben, zoe = newcomer("Ama", "mentor"), newcomer("Ben", "mentee"), newcomer("Zoe", "mentee")
    mia = staff("Mia", riverside, "coordinator", "mentor")
    mine = Participant.objects.create(program=riverside, person=mia.person, side="mentor", joined_at=MONDAY)
    open_match(mine, ben, coordinator=cora)
    browser = as_user(mia)

    assert [browser.get(page("onboarding:interview", one)).status_code for one in (ben, mine)] == [404, 404]
    assert [browser.get(page("onboarding:interview", one)).status_code for one in (zoe, ama)] == [200, 200]


def test_what_interviews_look_at_is_changed_added_to_and_rested(riverside, newcomer, cora, omar, as_user):
    here, browser = reverse("onboarding:interview-rules", args=["riverside"]), as_user(cora)
    zoe = newcomer("Zoe", "mentee")
    found(zoe, "grown-up", by=cora)
    said = {f"is_on-{r.side}-{r.code}": "on" for r in reading.rules_of(riverside).values() if r.code != "new"}
    said |= {"steps-mentee-grown-up": "7", "steps-mentee-learning": "1", "steps-mentee-new": "1"}

    assert "Kept." in words_of(browser.post(here, said, follow=True))
    assert reading.steps_of(riverside, [zoe.pk]) == {zoe.pk: 7}
    assert "New here" not in words_of(browser.get(page("onboarding:interview", zoe)))
    new = {"do": "add", "side": "mentee", "label": "Reads little", "goal": "", "steps": "2", "source": "the school"}
    assert "Reads little" in words_of(browser.post(here, new, follow=True))
    assert browser.post(here, new).status_code == 409
    wrong = browser.post(here, {**new, "label": "", "steps": "0", "side": "\0"})
    assert (wrong.status_code, InterviewRule.objects.filter(code="own").exists()) == (422, False)
    assert browser.post(here, {**said, "steps-mentee-grown-up": "61"}).status_code == 422
    assert as_user(omar).get(here).status_code == 404
    assert as_user(staff("Eva", riverside, "evaluator")).post(here, said).status_code == 404
    assert Event.objects.filter(verb="interviewrule.changed", facts__now__steps=7).exists()


def test_pressed_twice_it_is_one_interview_and_said_otherwise_it_is_another(riverside, newcomer, cora):
    ben = newcomer("Ben", "mentee")

    made = [found(ben, "learning", by=cora) for _press in range(2)]
    found(ben, by=cora)
    found(ben, "learning", by=cora)

    assert made[0] == made[1]
    assert [row.found for row in Interview.objects.order_by("pk")] == [{"learning": 1}, {}, {"learning": 1}]


def test_what_is_looked_at_is_named_in_any_script(riverside, cora):
    add = lambda label: add_interview_rule(  # noqa: E731
        riverside, label=label, side="mentee", goal="", steps=1, source="the school", by=cora, at=MONDAY
    )

    made = [add(label) for label in ("Новенькая", "جديد", "新來的")]

    assert len({rule.code for rule in made}) == 3
    with pytest.raises(SameName):
        add("новенькая ")


def test_whom_a_round_served_is_told_by_what_the_last_interview_before_it_found(riverside, interests, newcomer, cora):
    newcomer("Ama", "mentor", interests=["chess"])
    ben, zoe = newcomer("Ben", "mentee", interests=["chess"]), newcomer("Zoe", "mentee", interests=["tea"])
    for one, *times in ((ben, ["learning"], []), (zoe, [], ["new"])):
        for n, codes in enumerate(times):
            found(one, *codes, by=cora, at=MONDAY - DAY + n * DAY / 8)
    kept = draft_round(riverside, by=cora, at=MONDAY)
    found(ben, "learning", by=cora, at=MONDAY + DAY)

    told = audit.figures(kept, kept.drafts.all(), kept.left_without.all(), "needs")

    assert {name: one.all for name, one in told.items()} == {"no need found": 1, "a need found": 1}


def test_of_two_records_of_one_child_the_interview_held_last_counts(riverside, newcomer, cora):
    ben, also = newcomer("Ben", "mentee"), newcomer("Benny", "mentee")
    late = found(also, "new", by=cora, on=TODAY)
    early = found(ben, "learning", by=cora, on=TODAY - timedelta(days=9), at=MONDAY + DAY)

    settle_interview(early, late, MONDAY)

    assert set(Interview.objects.filter(is_last=True)) == {late}


def test_a_page_of_who_waits_asks_as_much_however_many_needs_there_are(
    riverside, newcomer, cora, as_user, django_assert_max_num_queries
):
    browser, here = as_user(cora), reverse("matching:waiting", args=["riverside"])
    for n in range(3):
        found(newcomer(f"Kid{n}", "mentee"), "new", by=cora)
    browser.get(here)
    with CaptureQueriesContext(connection) as few:
        browser.get(here + "?by=need")
    for n in range(6):
        found(newcomer(f"More{n}", "mentee"), "new", "learning", by=cora)
    with django_assert_max_num_queries(len(few)):
        browser.get(here + "?by=need")
