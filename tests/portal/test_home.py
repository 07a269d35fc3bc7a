"""The first page leads each reader to what is theirs; a participant's own page shows no more than it must."""

from datetime import date

import pytest

from rapport.access.models import Role
from rapport.checkins.models import Ask
from rapport.matches.models import Match
from rapport.people.models import Guardianship
from rapport.programs.actions import add_member
from tests.care.conftest import restrict, todo
from tests.cast import DAY, LONG_AGO, MONDAY, open_match, participant, person, staff
from tests.reading import words


def told(browser):
    """The words of the first page, without its marks."""
    response = browser.get("/")
    assert response.status_code == 200
    return words(response.text)


def test_signed_out_leads_to_signing_in(client, db):
    response = client.get("/")

    assert (response.status_code, response.url) == (302, "/account/login/?next=/")


def test_staff_of_one_program_come_to_their_desk(as_user, cora):
    response = as_user(cora).get("/")

    assert (response.status_code, response.url) == (302, "/p/riverside/today/")


def test_who_has_no_desk_comes_to_the_program(as_user, riverside):
    response = as_user(staff("Eve", riverside, "evaluator")).get("/")

    assert (response.status_code, response.url) == (302, "/p/riverside/")


def test_staff_of_several_programs_see_what_waits_in_each(as_user, cora, hillside, match):
    add_member(cora, program=hillside, role=Role.objects.get(slug="evaluator"), by=None, at=LONG_AGO)
    for level in (2, 4):
        todo(cora, match.program, f"Of level {level}.", level=level)

    page = told(as_user(cora))

    assert "1 thing waits on your desk." in page
    assert "Riverside mentoring" in page
    assert "Hillside mentoring" in page


def test_what_is_about_somebody_they_are_kept_away_from_is_not_counted(as_user, cora, hillside, riverside, match, ben):
    add_member(cora, program=hillside, role=Role.objects.get(slug="evaluator"), by=None, at=LONG_AGO)
    todo(cora, riverside, somebody=ben, about=match)
    browser = as_user(cora)
    assert "1 thing waits on your desk." in told(browser)

    restrict(cora.person, ben, program=riverside, by=cora)

    assert "Nothing waits on your desk." in told(browser)


def test_a_mentor_sees_the_first_name_the_next_time_and_their_person(sign_up, story, ama, riverside):
    page = told(sign_up(ama, riverside, "mentor"))

    assert "You and Ben" in page
    assert "Thursday 19 November, 15:30" in page
    assert "Your person at Riverside mentoring is Cora" in page
    assert "Cora, 555 0100" in page
    assert "Call 911 ; school office 555 0111" in page, "each number is a link of its own"
    for not_theirs in ("Adler", "Grace", "I waited alone", "Watch", "late", "example.org"):
        assert not_theirs not in page


def test_a_mentee_sees_the_mentor_by_first_name_alone(sign_up, story, ben, riverside):
    page = told(sign_up(ben, riverside, "mentee"))

    assert "You and Ama" in page
    assert "Mensah" not in page
    assert "Grace" not in page


def test_an_open_ask_is_told_of(sign_up, story, ama, riverside):
    Ask.objects.create(program=riverside, person=ama, state="sent", made_at=MONDAY - DAY, sent_at=MONDAY - DAY)

    assert "We sent you a link on 15 November" in told(sign_up(ama, riverside, "mentor"))


@pytest.mark.parametrize("state", ["closed", "not-begun", "proposed"])
def test_a_former_or_future_partner_is_not_named(sign_up, story, ama, riverside, state):
    Match.objects.filter(pk=story.pk).update(state=state)

    page = told(sign_up(ama, riverside, "mentor"))

    assert "Ben" not in page
    assert "Your person at Riverside mentoring is Cora" in page


def test_a_break_names_no_day_and_no_reason(sign_up, story, ben, riverside):
    Match.objects.filter(pk=story.pk).update(state="paused")

    page = told(sign_up(ben, riverside, "mentee"))

    assert "There is a break at the moment" in page
    assert "19 November" not in page


def test_a_guardian_sees_each_child_they_are_told_about(sign_up, story, grace, riverside):
    page = told(sign_up(grace, riverside, "guardian"))

    assert "Ben and Ama" in page
    assert "Thursday 19 November, 15:30" in page
    assert "Mensah" not in page
    assert "I waited alone" not in page


@pytest.mark.parametrize(
    "ended",
    [
        lambda row: Guardianship.objects.filter(pk=row.pk).update(ends_on=date(2026, 11, 16)),
        lambda row: Guardianship.objects.filter(pk=row.pk).update(is_told=False),
        lambda row: type(row.child).objects.filter(pk=row.child_id).update(born_on=date(2008, 11, 16)),
    ],
    ids=["ended", "not told", "the child is 18 today"],
)
def test_a_guardian_without_the_right_sees_nothing(sign_up, story, grace, ben, riverside, ended):
    ended(Guardianship.objects.get(adult=grace, child=ben))

    page = told(sign_up(grace, riverside, "guardian"))

    assert "Ben" not in page
    assert "Ama" not in page
    assert "Library" not in page


def test_a_parent_kept_away_finds_no_word_of_the_child(sign_up, story, grace, ben, riverside, cora):
    restrict(grace, ben, program=riverside, by=cora)

    page = told(sign_up(grace, riverside, "guardian"))

    assert "Ben" not in page
    assert "Ama" not in page
    assert "Library" not in page


def test_a_sibling_in_the_same_match_does_not_open_the_other_child(sign_up, story, grace, ben, riverside, cora):
    lily = participant(person("Lily", riverside, born_on=date(2014, 1, 1)), riverside, "mentee")
    story.members.create(program=riverside, participant=lily, side="mentee")
    Guardianship.objects.create(adult=grace, child=lily.person, starts_on=date(2014, 1, 1))
    restrict(grace, ben, program=riverside, by=cora)

    page = told(sign_up(grace, riverside, "guardian"))

    assert "Lily" in page
    assert "Ben" not in page
    assert "Library" not in page


def test_a_mentor_kept_away_stands_on_neither_page(sign_up, story, ama, ben, riverside, cora):
    restrict(ama, ben, program=riverside, by=cora)

    assert "Ben" not in told(sign_up(ama, riverside, "mentor"))
    assert "Ama" not in told(sign_up(ben, riverside, "mentee"))


def test_the_number_of_queries_does_not_grow(
    sign_up, story, ama, ama_in, cora, riverside, django_assert_max_num_queries
):
    browser = sign_up(ama, riverside, "mentor")
    browser.get("/")
    with django_assert_max_num_queries(40) as one:
        browser.get("/")
    for name in ("Kit", "Mila", "Noor"):
        open_match(ama_in, participant(person(name, riverside), riverside, "mentee"), coordinator=cora)

    with django_assert_max_num_queries(len(one.captured_queries)):
        browser.get("/")
