"""How far somebody's word may go, told to staff beside the answer, and to nobody else."""

from django.template.loader import render_to_string

from rapport.checkins.models import Answer, CheckIn
from rapport.people.questions import may_share
from tests.cast import DAY, MONDAY
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


def test_the_first_page_behind_a_link_says_who_reads_it(riverside, match, ben, client):
    page = render_to_string("checkins/public/start.html", {"program": riverside, "person": ben, "ask": None})

    assert "what you say stays with the staff who look after you" in words(page)
    assert words(page).index("we act on it") < words(page).index("Start")
