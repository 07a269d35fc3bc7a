"""What staff print or make for a family tells them nothing of a child they are kept away from."""

from datetime import date

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from rapport.matches.models import Match
from rapport.meetings.models import Feed
from rapport.outbox.actions import issue_link
from rapport.outbox.models import Link
from rapport.people.actions import say
from rapport.people.models import Consent, Guardianship, Person
from tests.care.conftest import restrict
from tests.cast import DAY, MONDAY, open_match, participant, person
from tests.matches.test_agreement import asks_of, out_for

PHONE = {"User-Agent": "a phone"}


@pytest.fixture
def tim(riverside, grace, cora, dele):
    """Grace's other child, who meets Max; Cora is kept away from him."""
    child = person("Tim", riverside, born_on=date(2014, 1, 1))
    Guardianship.objects.create(adult=grace, child=child, relation="mother", starts_on=date(2014, 1, 1))
    max_in = participant(person("Max", riverside), riverside, "mentor")
    open_match(max_in, participant(child, riverside, "mentee"), coordinator=dele)
    restrict(Person.objects.get(user=cora), child, program=riverside, by=cora)
    return child


def test_no_code_is_printed_that_opens_a_page_naming_him(story, tim, grace, cora, as_user, riverside):
    browser, address = as_user(cora), f"/p/riverside/own/{grace.ref}/sheet/"
    before = Link.objects.count()

    sheet, pressed = browser.get(address).content.decode(), browser.post(address)

    assert "Tim" not in sheet
    assert (pressed.status_code, Link.objects.count()) == (409, before)


def test_no_code_is_printed_that_opens_a_page_naming_whom_they_are_kept_from(story, ben, ama, cora, as_user, riverside):
    browser, address = as_user(cora), f"/p/riverside/own/{ben.ref}/sheet/"
    assert (browser.post(address).status_code, Link.objects.count()) == (200, 1)

    restrict(Person.objects.get(user=cora), ama, program=riverside, by=cora)

    assert (browser.post(address).status_code, Link.objects.count()) == (409, 1)


def test_no_calendar_is_made_that_shows_his_meetings(story, tim, grace, cora, ben, as_user, riverside):
    address = f"/p/riverside/meetings/calendars/{ben.participations.get().ref}/"

    assert as_user(cora).post(address, {"who": grace.ref, "what": "new"}).status_code == 409
    assert not Feed.objects.exists()


def test_whose_name_is_not_shared_is_not_named_in_an_agreement(story, cora, grace, ben, ama, riverside):
    match = Match.objects.select_related("program", "coordinator", "site").with_people()
    ask = asks_of(out_for(match.get(members__participant__person=ben), by=cora))["Ama"]
    share = Consent.Purpose.SHARE_BASICS
    say(program=riverside, person=ben, given_by=grace, purpose=share, is_given=False, at=MONDAY, by=None)
    at = timezone.now()
    token = issue_link(purpose="agreement", person=ama, about=ask, program=riverside, at=at - DAY, expires_at=at + DAY)

    page = Client(headers=PHONE).get(reverse("agreement:ask", args=[token]) + "?start=1").content.decode()

    assert ("How we go about it" in page, "Ben" in page) == (True, False)
