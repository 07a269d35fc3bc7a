"""A guardian's no outlives the guardianship, on purpose: a named person settles it, nothing does so by itself."""

from datetime import date

import pytest
import time_machine

from rapport.audit.models import Event
from rapport.people.actions import end_guardianship, end_restriction, say
from rapport.people.actions.setting_aside import NotTheirs, SetAsideAlready, StillTheirs, set_aside
from rapport.people.models import Consent, Guardianship, Person, SetAside
from rapport.people.questions import refused
from tests.care.conftest import restrict
from tests.cast import DAY, MONDAY, person

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("noon")]
NAMES = Consent.Purpose.SHARE_BASICS
LATER = MONDAY + 30 * DAY


@pytest.fixture
def george(riverside, ben):
    """Ben's father."""
    adult = person("George", riverside, born_on=date(1984, 1, 1))
    Guardianship.objects.create(adult=adult, child=ben, relation="father", starts_on=date(2015, 4, 2))
    return adult


@pytest.fixture
def no(ben_in, ben, grace, george, riverside):
    """George said no to his name being told, then stood for Ben no more; Grace says yes."""
    one = say(
        program=riverside, person=ben, given_by=george, purpose=NAMES, is_given=False, at=MONDAY - 9 * DAY, by=None
    )
    say(program=riverside, person=ben, given_by=grace, purpose=NAMES, is_given=True, at=MONDAY - 8 * DAY, by=None)
    end_guardianship(george.children.get(), ends_on=MONDAY.date() - 2 * DAY, by=None, at=MONDAY - 2 * DAY)
    return one if isinstance(one, Consent) else Consent.objects.get(given_by=george)


def counts(ben, riverside, at=MONDAY):
    return ben.pk in refused(NAMES, [ben.pk], program=riverside, at=at)


def page_of(no, ben_in):
    return f"/p/riverside/gates/{ben_in.ref}/no/{no.pk}/"


def test_it_counts_until_a_named_person_says_why_not_and_who_decides(no, ben_in, ben, grace, cora, riverside, as_user):
    browser, address = as_user(cora), page_of(no, ben_in)
    assert counts(ben, riverside, LATER)
    assert address in browser.get(f"/p/riverside/gates/{ben_in.ref}/consents/").content.decode()
    shown = browser.get(address)
    assert "George said no on" in shown.content.decode()
    assert list(shown.context["form"].fields["decides"].queryset) == [grace]

    for typed in (
        {"why": ""},
        {"why": "x"},
        {"decides": grace.ref},
        {"why": "x", "decides": "nobody"},
        {"why": " ", "decides": ben.ref},
    ):
        assert browser.post(address, typed).status_code == 422
    assert counts(ben, riverside, LATER)
    answer = browser.post(address, {"why": "He lives abroad; the court gave Grace sole care.", "decides": grace.ref})

    row = SetAside.objects.get()
    assert (answer.status_code, row.by, row.decides, row.consent) == (302, cora, grace, no)
    assert not counts(ben, riverside, LATER)
    assert Event.objects.filter(verb="consent.set-aside", actor_id=cora.pk).count() == 1
    assert "no, settled" in browser.get(f"/p/riverside/gates/{ben_in.ref}/consents/").content.decode()
    assert "Grace decides now." in browser.get(address).content.decode()

    browser.post(address)  # thought better of
    assert counts(ben, riverside, LATER)
    assert SetAside.objects.get().back_by == cora


def test_what_the_deciding_one_says_counts_and_nothing_is_said_yes_to(no, ben, grace, cora, riverside):
    set_aside(no, why="sole care", decides=grace, by=cora, at=MONDAY)
    assert not counts(ben, riverside)

    say(program=riverside, person=ben, given_by=grace, purpose=NAMES, is_given=False, at=MONDAY + DAY, by=None)

    assert counts(ben, riverside, LATER)


def test_who_may_still_say_it_is_asked_and_whoever_may_not_decides_nothing(
    no, ben, grace, george, ama, cora, riverside
):
    say(program=riverside, person=ben, given_by=grace, purpose=NAMES, is_given=False, at=MONDAY - DAY, by=None)
    hers = Consent.objects.get(given_by=grace, is_given=False)

    with pytest.raises(StillTheirs):
        set_aside(hers, why="x", decides=grace, by=cora, at=MONDAY)
    for somebody in (george, ama, ben):
        with pytest.raises(NotTheirs):
            set_aside(no, why="x", decides=somebody, by=cora, at=MONDAY)
    set_aside(no, why="x", decides=grace, by=cora, at=MONDAY)
    with pytest.raises(SetAsideAlready):
        set_aside(no, why="x", decides=grace, by=cora, at=MONDAY)


def test_at_eighteen_it_is_theirs_to_decide(ben_in, ben, grace, cora, riverside, as_user):
    say(program=riverside, person=ben, given_by=grace, purpose=NAMES, is_given=False, at=MONDAY - DAY, by=None)
    Person.objects.filter(pk=ben.pk).update(born_on=date(2008, 11, 15))
    ben.refresh_from_db()
    hers = Consent.objects.get(given_by=grace)
    assert counts(ben, riverside)

    as_user(cora).post(page_of(hers, ben_in), {"why": "18 since Sunday", "decides": ben.ref})

    assert not counts(ben, riverside, LATER)


def test_others_find_no_such_page(no, ben_in, grace, cora, omar, dele, as_user, hill_match):
    hers = Consent.objects.get(given_by=grace)
    for user in (omar, dele):
        assert as_user(user).get(page_of(no, ben_in)).status_code == 404
    assert as_user(cora).get(page_of(hers, ben_in)).status_code == 404
    assert as_user(cora).post(page_of(hers, ben_in), {"why": "x", "decides": grace.ref}).status_code == 404
    assert as_user(cora).get(page_of(no, hill_match.mentees[0])).status_code == 404


def test_a_no_set_aside_counts_again_with_its_givers_say(ben_in, ben, grace, george, dele, cora, riverside, as_user):
    """An order of two weeks settles nothing for good: once it has ended, the father's no is a no again."""
    say(program=riverside, person=ben, given_by=george, purpose=NAMES, is_given=False, at=MONDAY - 9 * DAY, by=None)
    away = restrict(george, ben, program=riverside, by=dele)
    no = Consent.objects.get(given_by=george)
    set_aside(no, why="kept away for two weeks", decides=grace, by=cora, at=MONDAY)
    assert not counts(ben, riverside)

    end_restriction(away, ends_on=MONDAY.date() + 7 * DAY, why="run out", by=dele, at=MONDAY)

    assert not counts(ben, riverside, MONDAY + DAY)
    assert counts(ben, riverside, LATER)
    with time_machine.travel(LATER, tick=False):
        assert "no, settled" not in as_user(cora).get(f"/p/riverside/gates/{ben_in.ref}/consents/").content.decode()


def test_a_yes_that_ran_out_is_not_called_a_no_that_was_said(ben_in, ben, george, cora, riverside, as_user):
    until = MONDAY - DAY
    said = {"program": riverside, "person": ben, "given_by": george, "purpose": NAMES, "is_given": True, "by": None}
    say(**said, expires_at=until, at=MONDAY - 9 * DAY)
    end_guardianship(george.children.get(), ends_on=MONDAY.date() - 2 * DAY, by=None, at=MONDAY - 2 * DAY)

    shown = as_user(cora).get(page_of(Consent.objects.get(given_by=george), ben_in)).content.decode()

    assert "The yes of George ran out on 15 November 2026" in shown
    assert "said no" not in shown
