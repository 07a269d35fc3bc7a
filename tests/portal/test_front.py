"""The own page of a mentor, a mentee, a guardian: what was promised and what happened, and turning to the program."""

from datetime import date, timedelta
from types import SimpleNamespace

import pytest
import time_machine
from django.utils import timezone

from rapport.audit.models import Event
from rapport.checkins.models import Ask
from rapport.matches.actions.goals import Heard, add_goal
from rapport.matches.models import Match
from rapport.meetings.models import Meeting
from rapport.onboarding.models import Gate
from rapport.people.models import Restriction
from rapport.portal.front.time_had import in_all
from rapport.safeguarding.models import Concern, TriageItem
from rapport.tasks.actions import finish
from rapport.tasks.models import Task
from tests.care.conftest import restrict
from tests.cast import DAY, MONDAY, open_match, participant, person
from tests.portal.conftest import answer
from tests.reading import lasting, words

MINE = "/mine/"


def press(browser, tell, one, match=None, **more):
    """One press on the page of this participant."""
    return browser.post(MINE, {"tell": tell, "place": one.ref, "pair": match.ref if match else "", **more})


def calls():
    """What stands on desks because somebody asked: (whose desk, of whom, why)."""
    found = Task.objects.filter(kind__startswith="portal/").order_by("pk")
    return [(task.owner.first_name, task.person.first_name, task.reason) for task in found]


def test_each_reads_what_was_promised_and_what_happened(sign_up, story, ama, ben, grace, riverside):
    told = "2.5 hours together since March. In October {} met 2 times. We had hoped for 4."
    now = "In all of November we hope for 4. Of one planned meeting nobody has told us yet."

    for somebody, role, they in ((ama, "mentor", "you"), (ben, "mentee", "you"), (grace, "guardian", "they")):
        page = words(sign_up(somebody, riverside, role).get(MINE).text)
        assert told.format(they) in page
        assert now in page


@pytest.mark.parametrize(
    ("minutes", "told"),
    [(59, ""), (60, "One hour together since March."), (75, "One hour together since March."),
     (76, "1.5 hours together since March."), (150, "2.5 hours together since March.")],
)  # fmt: skip
def test_an_hour_and_some_minutes_are_told_by_the_half_hour(minutes, told):
    mine = SimpleNamespace(so_far=SimpleNamespace(minutes=minutes), first=date(2026, 3, 2), today=date(2026, 11, 16))

    assert in_all(mine) == told


def test_a_rest_promises_nothing_and_no_word_tells_why(sign_up, story, ben, riverside):
    whole = {"starts_on": MONDAY.date().replace(month=10, day=1), "reason": "The court said so."}
    story.pauses.create(program=riverside, **whole)
    Match.objects.filter(pk=story.pk).update(state="paused")

    page = words(sign_up(ben, riverside, "mentee").get(MINE).text)

    assert "In October you met 2 times." in page
    assert "hope" not in page
    assert "court" not in page


def test_a_guardian_reads_whether_the_mentor_is_checked(sign_up, story, grace, ama_in, riverside):
    browser = sign_up(grace, riverside, "guardian")
    assert "Ama has passed every check we ask for." in words(browser.get(MINE).text)

    Gate.objects.filter(participant=ama_in, code="clearance").update(valid_until_on=MONDAY.date() - DAY)

    page = words(browser.get(MINE).text)
    assert "Not every check of Ama is confirmed just now. Ask us about it." in page
    assert "background" not in page


def test_who_would_like_to_talk_is_told_who_does_and_by_when(sign_up, story, ben, ben_in, riverside):
    page = press(sign_up(ben, riverside, "mentee"), "talk", ben_in)

    assert "Cora talks with you by Wednesday 18 November" in words(page.text)
    assert calls() == [("Cora", "Ben", "Ben would like to talk (Ama and Ben). Promised by Wednesday 18 November.")]
    task = Task.objects.get()
    assert (task.due_at, task.late_at, task.ends_with_match) == (MONDAY, MONDAY + timedelta(days=2, hours=15), False)


def test_pressed_twice_is_one_and_a_new_wish_a_new_one(sign_up, story, ama, ama_in, cora, riverside):
    browser = sign_up(ama, riverside, "mentor")
    said = [words(press(browser, "not-working", ama_in, story).text) for _n in range(2)]
    assert len(calls()) == 1
    assert said[0] == said[1]

    finish(Task.objects.all(), by=cora, at=MONDAY)
    press(browser, "not-working", ama_in, story)

    assert len(calls()) == 2


def test_nobody_they_meet_learns_that_they_asked(sign_up, story, ama, ben, ben_in, grace, duty, riverside):
    others = [sign_up(ama, riverside, "mentor"), sign_up(grace, riverside, "guardian")]
    mine = sign_up(ben, riverside, "mentee")
    before = [lasting(one.get(MINE).text) for one in [*others, mine]]

    for tell in ("talk", "not-working", "another"):
        assert press(mine, tell, ben_in, story).status_code == 200
    press(mine, "worry", ben_in, worry="yes", words="He shouts.", form_id="abc")
    answer(story, ben, "mentee", feeling=1, worry="yes", words="He shouts.", instance=1)

    assert [lasting(one.get(MINE).text) for one in [*others, mine]] == before


def test_another_person_is_somebody_else_and_not_told_on_the_desk_of_the_first(sign_up, story, carl, ben, ben_in):
    page = press(sign_up(ben, story.program, "mentee"), "another", ben_in)

    assert "Carl talks with you by" in words(page.text)
    assert [(task.owner, task.about_id) for task in Task.objects.all()] == [(carl, None)]


def test_a_coordinator_who_is_of_the_family_does_not_answer(sign_up, story, cora, carl, ben, ben_in, riverside):
    restrict(cora.person, ben, program=riverside, by=carl)

    assert "Carl talks with you by" in words(press(sign_up(ben, riverside, "mentee"), "talk", ben_in).text)


def test_a_worry_goes_to_the_lead_and_leaves_nothing_on_the_page(sign_up, story, duty, ben, ben_in, riverside):
    browser = sign_up(ben, riverside, "mentee")
    question = press(browser, "worried", ben_in)
    assert "Dele , who reads it the same working day, by 16:00" in words(question.text)
    assert "<title>Riverside mentoring</title>" in question.text
    assert "Leave this page quickly" in question.text

    page = press(browser, "worry", ben_in, worry="yes", words="He shouts at me.", form_id="one-press")
    press(browser, "worry", ben_in, worry="yes", words="He shouts at me.", form_id="one-press")

    concern = Concern.objects.get()
    assert (concern.words, concern.subject, concern.raised_by, concern.match) == ("He shouts at me.", ben, ben, story)
    for shown in (page, browser.get(MINE)):
        assert "shouts" not in shown.text
        assert shown["Cache-Control"] == "no-store"


def test_a_young_mentor_may_mean_themselves(sign_up, story, duty, ama, ama_in, riverside):
    ama.born_on = MONDAY.date() - timedelta(days=16 * 365)
    ama.save()

    press(sign_up(ama, riverside, "mentor"), "worry", ama_in, worry="yes", form_id="one")

    assert list(Concern.objects.values_list("raised_by", "subject", "match")) == [(ama.pk, None, story.pk)]


def test_words_alone_are_not_sure_and_nothing_at_all_is_asked_again(sign_up, story, duty, grace, ben, ben_in):
    browser = sign_up(grace, story.program, "guardian")
    assert press(browser, "worry", ben_in).status_code == 422

    press(browser, "worry", ben_in, words="He came home crying.")

    assert list(TriageItem.objects.values_list("person", "words")) == [(grace.pk, "He came home crying.")]
    assert not Concern.objects.exists()


@pytest.mark.parametrize("press_first", [None, "worried"])
def test_whoever_holds_a_phone_calls_in_danger_with_one_press(
    sign_up, story, duty, ben, ben_in, riverside, press_first
):
    browser = sign_up(ben, riverside, "mentee")

    page = press(browser, press_first, ben_in).text if press_first else browser.get(MINE).text

    assert '<a href="tel:911">911</a>; school office <a href="tel:5550111">555 0111</a>' in page


def test_without_anybody_to_read_it_the_question_is_not_there(sign_up, story, ben, ben_in, riverside):
    browser = sign_up(ben, riverside, "mentee")

    assert "I'm worried" not in browser.get(MINE).text
    assert press(browser, "worry", ben_in, worry="yes").status_code == 404


def test_what_is_asked_opens_from_the_page(sign_up, story, ama, riverside):
    ask = Ask.objects.create(program=riverside, person=ama, state="sent", made_at=MONDAY - DAY, sent_at=MONDAY - DAY)
    browser = sign_up(ama, riverside, "mentor")

    response = browser.post(MINE, {"tell": "answer", "ask": ask.ref})

    assert response.status_code == 302
    assert "5 November" in browser.get(response.url).text  # the meeting nobody told of
    assert Event.objects.filter(verb="ask.opened-from-own-page").count() == 1


@pytest.mark.parametrize("who", ["ama", "ben", "grace"])
def test_it_leads_to_when_they_meet(sign_up, story, ben_in, ama_in, request, riverside, who):
    somebody, role = request.getfixturevalue(who), {"ama": "mentor", "ben": "mentee", "grace": "guardian"}[who]
    browser, one = sign_up(somebody, riverside, role), ama_in if who == "ama" else ben_in

    for tell in ("meetings", "calendar"):
        response = press(browser, tell, one, story)
        assert response.status_code == 302
        assert "19 November" in browser.get(response.url).text


@pytest.mark.parametrize("who", ["ama", "ben", "grace"])
def test_one_press_leads_to_tell_how_a_meeting_was(sign_up, story, ben_in, ama_in, request, riverside, who):
    somebody, role = request.getfixturevalue(who), {"ama": "mentor", "ben": "mentee", "grace": "guardian"}[who]
    browser, one = sign_up(somebody, riverside, role), ama_in if who == "ama" else ben_in
    assert 'value="told">Tell how a meeting was</button>' in browser.get(MINE).text

    page = browser.get(press(browser, "told", one).url).text

    assert "How was it?" in page
    assert "Thursday 12 November" in page


@pytest.mark.parametrize("who", ["ama", "ben", "grace"])
def test_it_leads_to_the_goals_each_may_read(sign_up, story, ben_in, ama_in, cora, request, riverside, who):
    facts = {"mentee": ben_in, "worded_by": "mentee", "heard": Heard(ben_in.person, "told"), "by": cora, "at": MONDAY}
    add_goal(story, words="Swim a lap", level=0, form_id="a", **facts)
    add_goal(story, words="Not for home", level=1, form_id="b", **facts)
    somebody, role = request.getfixturevalue(who), {"ama": "mentor", "ben": "mentee", "grace": "guardian"}[who]
    browser, one = sign_up(somebody, riverside, role), ama_in if who == "ama" else ben_in

    response = press(browser, "goals", one, story)

    page = browser.get(response.url).text
    assert "goals, and how it goes" in browser.get(MINE).text
    assert ["Swim a lap" in page, "Not for home" in page] == [True, who == "ama"]
    assert browser.post(MINE, {"tell": "goals", "place": one.ref, "pair": "x"}).status_code == 404


@pytest.mark.parametrize(
    "tell",
    ["talk", "not-working", "another", "worried", "worry", "meetings", "goals", "calendar", "told", "answer", "", "\0"],
)
def test_nobody_speaks_for_a_child_who_is_not_theirs(sign_up, story, duty, omar, hill_match, ben_in, riverside, tell):
    """Omar's own mentor presses on Ben's page; so does Ben's mother, once she is kept away."""
    stranger = hill_match.mentors[0]
    browser = sign_up(stranger.person, hill_match.program, "mentor")

    assert press(browser, tell, ben_in, story, ask=ben_in.ref, worry="yes").status_code in (404, 409)
    assert not Task.objects.filter(kind__startswith="portal/").exists()
    assert not Concern.objects.exists()


def test_a_guardian_whose_rights_ended_finds_a_calm_page(sign_up, story, grace, ben, ben_in, cora, riverside):
    browser = sign_up(grace, riverside, "guardian")
    restrict(grace, ben, program=riverside, by=cora)

    page = words(press(browser, "talk", ben_in).text)

    assert "There is nothing for you here at the moment." in page
    assert "Ben" not in page
    assert Restriction.objects.exists()
    assert calls() == []


def test_of_several_pairs_each_stands_on_the_one_page(sign_up, story, ama, ama_in, cora, riverside):
    kit = participant(person("Kit", riverside), riverside, "mentee")
    other = open_match(ama_in, kit, coordinator=cora)
    browser = sign_up(ama, riverside, "mentor")

    page = words(browser.get(MINE).text)
    press(browser, "not-working", ama_in, other)

    assert "It isn't working with Ben" in page.replace("&#x27;", "'")
    assert "It isn't working with Kit" in page.replace("&#x27;", "'")
    assert [reason for *_who, reason in calls()] == [
        "Ama says that it isn't working (Ama and Kit). Hear them alone first. Promised by Wednesday 18 November."
    ]


HINDRANCES = {
    "a permission taken back": lambda ama, ben, cora: Gate.objects.filter(code="permission").update(is_met=False),
    "somebody kept away": lambda ama, ben, cora: restrict(ama, ben, program=ben.participations.get().program, by=cora),
}


@pytest.mark.parametrize("why", HINDRANCES)
def test_what_is_not_shown_is_said_kindly_and_why_is_no_word(sign_up, story, ama, ben, grace, ben_in, carl, cora, why):
    program = story.program
    roles = ((ama, "mentor"), (ben, "mentee"), (grace, "guardian"))
    doors = [sign_up(one, program, role) for one, role in roles]
    HINDRANCES[why](ama, ben, cora)

    own, mentees, parents = (words(one.get(MINE).text) for one in doors)

    said = "Your meetings are not shown here at the moment, and nobody expects you."
    more = "Nothing you wrote is lost; Cora tells you more."
    assert [said in page for page in (own, mentees)] == [True, True]
    assert [more in page for page in (own, mentees)] == [True, True]
    assert "Is something of Ben missing here? Nothing is lost; Cora tells you more." in parents
    assert not [page for page in (own, mentees) if "There is nobody beside you" in page]
    assert ["Ama" in mentees, "Ama" in parents, "Ben" in own] == [False, False, False]
    press(doors[1], "talk", ben_in)
    assert [(who, of) for who, of, _why in calls()] == [("Cora", "Ben")]


def test_one_kept_away_from_a_mentor_sees_no_trace_of_the_pair(sign_up, story, grace, ama, cora):
    browser = sign_up(grace, story.program, "guardian")
    restrict(grace, ama, program=story.program, by=cora)
    beside = words(browser.get(MINE).text)
    Match.objects.filter(pk=story.pk).update(state="closed")
    alone = words(browser.get(MINE).text)

    assert beside == alone


def test_before_a_month_is_over_nothing_is_called_missing(sign_up, story, ben, riverside):
    with time_machine.travel(MONDAY.replace(day=2), tick=False):
        assert timezone.now().day == 2
        Meeting.objects.filter(starts_at__month=11).delete()

        page = words(sign_up(ben, riverside, "mentee").get(MINE).text)

    assert "In all of November we hope for 4." in page
    assert "written down" not in page
