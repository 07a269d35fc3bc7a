"""How far somebody's word may go, told to staff beside the answer, and to nobody else."""

from datetime import date

from django.template.loader import render_to_string

from rapport.checkins.models import Answer, CheckIn
from rapport.matches.actions.renewing import call_to_ask_again
from rapport.onboarding.actions import ask_for_consent
from rapport.people.actions import say
from rapport.people.questions import may_share
from rapport.tasks.models import Task
from tests.cast import DAY, MONDAY, open_match, participant, person
from tests.people.test_may_share import said
from tests.reading import lasting, words


def test_staff_read_it_beside_the_answer_and_the_mentor_never_learns_of_it(
    as_user, sign_up, django_assert_max_num_queries, riverside, match, ama, ben, ben_in, cora, dele
):
    check_in = CheckIn.objects.create(
        program=riverside, match=match, person=ben, party="mentee", instance=7, due_at=MONDAY - 9 * DAY, kept_at=MONDAY,
        state="answered",
    )  # fmt: skip
    Answer.objects.create(program=riverside, check_in=check_in, feeling=4, answered_at=MONDAY, form_id="1")
    browser, mentor = as_user(cora), sign_up(ama, riverside, "mentor")
    before = [lasting(mentor.get(address).content.decode()) for address in ("/", "/mine/")]
    assert "stays with the staff" in words(browser.get(match.get_absolute_url()).content.decode())

    said(riverside, ben, ben, "tell-partner", True, MONDAY - DAY, cora)

    for address in (match.get_absolute_url(), ben_in.get_absolute_url()):
        assert "may be told to the one they meet" in words(browser.get(address).content.decode())
    assert "may be told" not in words(as_user(dele).get(match.get_absolute_url()).content.decode())  # reads no answers
    assert [lasting(mentor.get(address).content.decode()) for address in ("/", "/mine/")] == before
    browser = sign_up(ama, riverside, "coordinator")  # who mentors Ben at the office, too
    told = words(browser.get(ben_in.get_absolute_url()).content.decode())
    assert ("Ben Adler" in told, "may be told" in told, "one they meet" in told) == (True, False, False)
    with django_assert_max_num_queries(4):
        may_share([ama, ben], program=riverside, at=MONDAY)


def test_who_mentored_a_child_earlier_reads_the_later_match_and_not_how_far_its_word_goes(
    as_user, sign_up, riverside, match, ama, ben, ben_in, cora
):
    browser = sign_up(ama, riverside, "coordinator")
    type(match).objects.filter(pk=match.pk).update(state="closed", ended_on=date(2026, 11, 2))
    later = open_match(participant(person("Ida", riverside), riverside, "mentor"), ben_in, coordinator=ama.user)
    CheckIn.objects.create(
        program=riverside, match=later, person=ben, party="mentee", instance=7, due_at=MONDAY - 9 * DAY
    )
    said(riverside, ben, ben, "tell-partner", True, MONDAY - DAY, cora)

    told = words(browser.get(later.get_absolute_url()).text)

    assert ("own word" in told, "one they meet" in told, "stays with the staff" in told) == (True, False, False)
    assert "may be told to the one they meet" in words(as_user(cora).get(later.get_absolute_url()).text)


def test_the_first_page_behind_a_link_says_who_reads_it(riverside, match, ben, client):
    page = render_to_string("checkins/public/start.html", {"program": riverside, "person": ben, "ask": None})

    assert "what you say stays with the staff who look after you" in words(page)
    assert words(page).index("we act on it") < words(page).index("Start")


def test_staff_who_mentor_a_child_are_shut_out_of_all_it_said_yes_or_no_to(
    as_user, sign_up, riverside, match, ama, ben, ben_in, grace, cora
):
    said(riverside, ben, ben, "tell-partner", True, MONDAY - DAY, cora)
    said(riverside, ben, ben, "publish", True, MONDAY - DAY, cora)
    ask = ask_for_consent(
        ben_in, person=grace, purposes=["join"], by_letter=False, form_id="f", by=cora, at=MONDAY - DAY
    )
    gates = f"/p/riverside/gates/{ben_in.ref}/"
    shut = (
        f"{gates}consents/", f"{gates}consents/?of={ben.ref}", f"/p/riverside/gates/{ask.ref}/sheet/",
        f"/p/riverside/matches/consents/{ask.ref}/", f"/p/riverside/matches/{match.ref}/as/{grace.ref}/permission/",
    )  # fmt: skip
    mentor, others = sign_up(ama, riverside, "coordinator"), as_user(cora)  # Ama mentors Ben, and has a desk, too

    assert [mentor.get(address).status_code for address in shut] == [404] * len(shut)
    assert mentor.post(f"{gates}consents/").status_code == mentor.post(shut[3]).status_code == 404
    assert [others.get(address).status_code for address in shut] == [200] * len(shut)
    for address in (gates, ben_in.get_absolute_url()):
        page = mentor.get(address)
        assert (page.status_code, f"{gates}consents/" in page.text, "are shown outside" in page.text) == (200, 0, 0)
        assert f"{gates}consents/" in others.get(address).text
    assert "are shown outside" in others.get(ben_in.get_absolute_url()).text


def test_the_call_about_a_yes_that_ends_goes_to_nobody_who_is_in_a_match_with_who_said_it(
    riverside, match, ama, ben, cora, sign_up
):
    sign_up(ama, riverside, "coordinator")
    type(match).objects.filter(pk=match.pk).update(coordinator=ama.user)
    say(
        program=riverside, person=ben, given_by=ben, purpose="publish", is_given=True, given_at=MONDAY - DAY,
        expires_at=MONDAY + 9 * DAY, by=cora, at=MONDAY - DAY,
    )  # fmt: skip

    call_to_ask_again(at=MONDAY, limit=10)

    assert [task.owner for task in Task.objects.filter(kind="matches/consent-ends")] == [cora]
