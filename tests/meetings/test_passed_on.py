"""What may be passed on: to the grown-ups of the pair, and, put by a person in words without a name, to all mentors."""

import pytest

from rapport.meetings.feeds.pages import good_practice_for
from rapport.meetings.library.staff import waiting_of
from rapport.meetings.models import GoodPractice, Log
from rapport.meetings.own.place import ours
from rapport.meetings.telling import More
from rapport.people.models import Guardianship
from tests.cast import MONDAY, participant, person, staff
from tests.meetings.test_logs import met_on, tell

pytestmark = pytest.mark.django_db
PAGE = "/p/riverside/meetings/practice/"
SAID = "We drew a map of the week. Ben chose the colours."


@pytest.fixture(autouse=True)
def now(time_machine):
    time_machine.move_to(MONDAY, tick=False)


@pytest.fixture
def said(match, ama):
    more = More(shared=SAID, is_good_practice=True, technique="mind-map", opinion="Too slow.")
    return tell(met_on(match, 3), ama, minutes=60, words="Private.", more=more)


def test_a_summary_is_read_by_mentors_and_by_a_guardian_who_follows_how_it_goes(match, said, ama, ben, grace):
    def summaries(somebody):
        return [one.shared for one in ours(somebody, match.__class__.objects.with_people().get(), MONDAY).summaries]

    assert summaries(ama) == [SAID]
    assert summaries(grace) == summaries(ben) == []
    Guardianship.objects.update(sees_progress=True)

    assert summaries(grace) == [SAID]
    assert summaries(ben) == []
    Log.objects.update(is_suspect=True)
    assert summaries(grace) == []


def test_a_person_puts_it_in_words_without_a_name_and_only_mentors_read_it(as_user, said, cora, ama, ben, riverside):
    browser, key = as_user(cora), f"{said.meeting.ref}-{ama.ref}"
    page = browser.get(PAGE).text
    assert SAID in page
    assert "Private." not in page
    assert "Too slow." not in page

    for words, why in ((SAID, "“Ben” stands in it"), ("  ", "Write what others"), ("Nice, GRACE!", "“Grace” stands")):
        answer = browser.post(PAGE, {"log": key, f"{key}-words": words})
        assert (answer.status_code, why in answer.text) == (422, True)
    better = "A map of the week; the mentee chose the colours."
    for _twice in range(2):
        browser.post(PAGE, {"log": key, f"{key}-words": better})

    put = GoodPractice.objects.get()
    assert (put.words, put.technique, put.put_by) == (better, "mind-map", cora)
    assert [one.words for one in good_practice_for(ama, riverside)] == [better]
    other = person("Max", riverside)
    participant(other, riverside, "mentor")
    assert good_practice_for(other, riverside).count() == 1
    assert not good_practice_for(ben, riverside).exists()

    assert browser.post(PAGE, {"end": put.ref}).status_code == 302
    assert not good_practice_for(ama, riverside).exists()
    assert not waiting_of(riverside, cora, MONDAY).exists()


def test_a_poster_opens_nothing_but_ones_own_page_after_signing_in(as_user, client, cora, omar, match, lincoln):
    address = f"/p/riverside/meetings/sites/{lincoln.ref}/poster/"
    page = as_user(cora).get(address)

    assert "http://testserver/p/riverside/meetings/told/" in page.text
    assert not {"Ben", "Ama"} & set(page.text.replace("<", " ").split())
    assert as_user(omar).get(address).status_code == 404
    answer = client.get("/p/riverside/meetings/told/")
    assert (answer.status_code, answer.url[:15]) == (302, "/account/login/")


def test_nobody_reads_it_who_may_not_read_answers(as_user, said, cora, omar, riverside):
    key = f"{said.meeting.ref}-{said.person.ref}"
    assert as_user(omar).get(PAGE).status_code == 404
    assert as_user(omar).post("/p/hillside/meetings/practice/", {"log": key, f"{key}-words": "x"}).status_code == 404
    assert as_user(staff("Eve", riverside, "evaluator")).get(PAGE).status_code == 404
    for odd in ("", "\0", "x" * 5000, "' OR 1=1", "-"):
        assert as_user(cora).post(PAGE, {"log": odd}).status_code == 404
        assert as_user(cora).post(PAGE, {"end": odd}).status_code == 404
    assert not GoodPractice.objects.exists()
