"""What staff print or make for a family tells them nothing of a child they are kept away from."""

from datetime import date

import pytest
from django.test import Client
from django.utils import timezone

from rapport.matches.models import Match
from rapport.meetings.models import Feed
from rapport.outbox.actions import issue_link
from rapport.people.actions import say
from rapport.people.models import Consent, Guardianship, Person
from rapport.portal import actions
from tests.care.conftest import restrict
from tests.cast import DAY, MONDAY, open_match, participant, person
from tests.matches.test_agreement import asks_of, out_for


@pytest.fixture
def tim(riverside, grace, cora, dele):
    """Grace's other child, from whom Cora is kept away; he meets Max."""
    child = person("Tim", riverside, born_on=date(2014, 1, 1))
    Guardianship.objects.create(adult=grace, child=child, relation="mother", starts_on=date(2014, 1, 1))
    Person.objects.get_or_create(
        user=cora, defaults={"organization": riverside.organization, "given_name": "Cora", "family_name": "C"}
    )
    match = open_match(
        participant(person("Max", riverside), riverside, "mentor"),
        participant(child, riverside, "mentee"),
        coordinator=dele,
    )
    return child


def test_d6a_sheet(story, tim, grace, cora, as_user, riverside):
    me = Person.objects.get(user=cora)
    restrict(me, tim, program=riverside, by=cora)
    browser = as_user(cora)
    page = browser.get(f"/p/riverside/own/{grace.ref}/sheet/")
    assert page.status_code == 200 and "Tim" not in page.text
    import rapport.portal.front.sheet as s

    tokens = []
    old = actions.print_own_page
    s.actions.print_own_page = lambda *a, **k: tokens.append(old(*a, **k)) or tokens[-1]
    try:
        browser.post(f"/p/riverside/own/{grace.ref}/sheet/")
    finally:
        s.actions.print_own_page = old
    shown = [Client(headers={"User-Agent": "a phone"}).get(f"/m/{t}/?start=1").text for t in tokens]
    assert not any("Tim" in one for one in shown), "printed link shows Tim"


def test_d6b_calendar(story, tim, grace, cora, ben, as_user, riverside):
    me = Person.objects.get(user=cora)
    restrict(me, tim, program=riverside, by=cora)
    from rapport.people.models import Participant

    ref = Participant.objects.get(person=ben).ref
    r = as_user(cora).post(f"/p/riverside/meetings/calendars/{ref}/", {"who": grace.ref, "what": "new"})
    assert r.status_code == 409, (r.status_code, Feed.objects.count())


def test_d3_name(story, cora, grace, ben, ama, riverside):
    m = (
        Match.objects.select_related("program", "coordinator", "site")
        .with_people()
        .get(members__participant__person=ben)
    )
    a = out_for(m, by=cora)
    say(
        program=riverside,
        person=ben,
        given_by=grace,
        purpose=Consent.Purpose.SHARE_BASICS,
        is_given=False,
        at=MONDAY,
        by=None,
    )
    ask = asks_of(a)["Ama"]
    now = timezone.now()
    t = issue_link(purpose="agreement", person=ama, about=ask, program=riverside, at=now - DAY, expires_at=now + DAY)
    from django.urls import reverse

    text = Client(headers={"User-Agent": "a phone"}).get(reverse("agreement:ask", args=[t]) + "?start=1").text
    assert "How we go about it" in text
    assert "Ben" not in text
