"""A worry on the page of a meeting is handed on at once, even where something else on the page is still to be put
right: nobody presses twice to be heard."""

import pytest

from rapport.meetings.models import Log
from rapport.safeguarding.models import Concern, TriageItem
from tests.meetings.test_logs import met_on
from tests.meetings.test_telling import dan, duty_of_all, now, page  # noqa: F401  (fixtures of its neighbour)

pytestmark = pytest.mark.django_db
UNSAID = {"what": "tell", "form_id": "one"}


def test_a_worry_needs_no_word_on_whether_they_met(page, match, grace, ben, duty_of_all):  # noqa: F811
    meeting = met_on(match, 1)

    answer = page(grace, **UNSAID, meeting=meeting.ref, worry="yes", worry_words="He came home crying.")

    assert answer.status_code == 200
    assert "reads this the same working day" in answer.content.decode()
    assert (Concern.objects.get().words, Concern.objects.get().subject) == ("He came home crying.", ben)
    assert Log.objects.count() == 0


@pytest.mark.parametrize(
    "wrong",
    [
        {"met": "", "feel": "1"},
        {"met": "yes", "minutes": "100000"},
        {"met": "maybe"},
        {"met": "yes", "words": "w" * 10_001},
    ],
)
def test_a_worry_arrives_and_the_page_says_what_is_still_to_be_put_right(page, match, ben, duty_of_all, wrong):  # noqa: F811
    meeting = met_on(match, 1)
    sent = {**UNSAID, "meeting": meeting.ref, "worry": "maybe", "worry_words": "He was strange.", **wrong}

    first = page(ben, **sent)
    page(ben, **sent)

    assert first.status_code == 422
    assert "What worries you has arrived." in first.content.decode()
    assert "He was strange." not in first.content.decode()
    assert [(one.words, one.person) for one in TriageItem.objects.all()] == [("He was strange.", ben)]
    assert Log.objects.count() == 0


def test_the_same_worry_sent_again_with_the_rest_put_right_is_read_once(page, match, ben, duty_of_all):  # noqa: F811
    meeting = met_on(match, 1)
    sent = {**UNSAID, "meeting": meeting.ref, "worry": "yes", "worry_words": "He shouted.", "feel": "1"}

    page(ben, **sent)
    page(ben, **sent, met="yes")

    assert Concern.objects.count() == 1
    assert Log.objects.get().happened


def test_what_cannot_be_kept_takes_no_worry_with_it(page, match, ben, duty_of_all):  # noqa: F811
    meeting = met_on(match, 1)
    match.begun_on = meeting.starts_at.date() + (meeting.ends_at - meeting.starts_at) * 48
    type(match).objects.filter(pk=match.pk).update(begun_on=match.begun_on)

    answer = page(ben, **UNSAID, meeting=meeting.ref, met="yes", worry="yes", worry_words="He shouted.")

    assert answer.status_code == 409
    assert Concern.objects.get().words == "He shouted."
    assert Log.objects.count() == 0


def test_both_that_they_met_and_that_nobody_came_is_asked_once_more(page, match, ben, duty_of_all):  # noqa: F811
    meeting = met_on(match, 1)

    answer = page(ben, **UNSAID, meeting=meeting.ref, met="yes", waited="on")

    assert answer.status_code == 422
    assert "You say both: that you met, and that it did not happen." in answer.content.decode()
    assert Log.objects.count() == 0
