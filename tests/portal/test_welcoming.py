"""An own sign-in for a mentor or a guardian: by a code to an address they read alone, and closed again."""

import re

import pytest
from django.test import Client

from rapport.access.actions import add_user
from rapport.access.models import User
from rapport.outbox.models import Message
from rapport.people.models import ContactPoint, Guardianship, Person
from rapport.portal.welcoming import role_for
from tests.access.addresses import CODE, CONFIRM
from tests.access.signing import code_in_mail, is_in
from tests.care.conftest import restrict
from tests.cast import BEGUN_ON, LONG_AGO, MONDAY, participant, person, staff

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("mail_goes_through_the_outbox")]


def page_of(one):
    return f"/p/riverside/people/{one.ref}/sign-in/"


def invite(browser, one, who, **more):
    return browser.post(page_of(one), {"who": who.ref, **more}, follow=True)


def letters():
    return list(Message.objects.filter(kind="access/mail").order_by("pk").values_list("address", "subject"))


def test_a_mentor_is_invited_and_signs_in_with_a_code(as_user, cora, match, ama, ama_in):
    html = invite(as_user(cora), ama_in, ama).content.decode()
    browser = Client()
    browser.post(CODE, {"email": "ama@example.org"})
    browser.post(CONFIRM, {"code": code_in_mail()})

    assert "A letter is on its way to Ama." in html
    assert letters()[0] == ("ama@example.org", "Your own page: Riverside mentoring")
    assert is_in(browser)
    assert "Ben" in browser.get("/mine/").content.decode()


def test_the_letter_holds_no_link_that_opens_anything(as_user, cora, match, ama, ama_in):
    invite(as_user(cora), ama_in, ama)

    body = Message.objects.get(kind="access/mail").body
    assert re.findall(r"http\S+", body) == ["http://localhost:8000/account/login/"]
    assert "Ben" not in body


def test_a_guardian_is_invited_from_the_childs_page(as_user, cora, match, ben_in, grace):
    browser = as_user(cora)
    assert "could sign in with grace@example.org" in browser.get(page_of(ben_in)).content.decode()

    invite(browser, ben_in, grace)

    user = User.objects.get(email="grace@example.org")
    grace.refresh_from_db()
    assert grace.user == user
    assert list(user.memberships.values_list("role__slug", flat=True)) == ["guardian"]
    assert "signs in with grace@example.org" in browser.get(page_of(ben_in)).content.decode()


def test_a_child_gets_none(as_user, cora, match, ben, ben_in):
    browser = as_user(cora)

    assert browser.post(page_of(ben_in), {"who": ben.ref}).status_code == 409
    assert (User.objects.filter(email="ben@example.org").exists(), letters()) == (False, [])


def test_a_guardian_kept_away_or_not_told_or_of_the_past_gets_none_in_the_same_words(
    as_user, cora, dele, riverside, match, ben, ben_in, grace
):
    kept, untold = person("Kit", riverside), person("Una", riverside)
    Guardianship.objects.create(adult=kept, child=ben, starts_on=BEGUN_ON)
    Guardianship.objects.create(adult=untold, child=ben, starts_on=BEGUN_ON, is_told=False)
    restrict(kept, ben, program=riverside, by=dele)
    browser = as_user(cora)

    said = {invite(browser, ben_in, who).content.decode().count("gets no own sign-in here") for who in (kept, untold)}
    past = person("Pat", riverside)
    Guardianship.objects.create(adult=past, child=ben, starts_on=BEGUN_ON, ends_on=BEGUN_ON)

    assert said == {1}
    assert invite(browser, ben_in, past).status_code == 404
    assert letters() == []


def test_a_code_goes_to_no_address_that_others_read(as_user, cora, match, ama, ama_in):
    ContactPoint.objects.filter(person=ama).update(is_private=False)

    response = invite(as_user(cora), ama_in, ama)

    assert response.status_code == 409
    assert "We know no e-mail address that this person reads alone." in response.content.decode()


def test_an_address_with_which_somebody_else_signs_in_is_refused(as_user, cora, match, ama, ama_in):
    add_user(email="AMA@example.org", name="Somebody else", by=None, at=LONG_AGO)

    assert invite(as_user(cora), ama_in, ama).status_code == 409
    ama.refresh_from_db()
    assert ama.user is None


def test_said_twice_is_once_with_the_letter_once_more(as_user, cora, match, ama, ama_in):
    browser = as_user(cora)
    invite(browser, ama_in, ama)
    Message.objects.update(dedupe_key="an hour ago")
    invite(browser, ama_in, ama)

    assert User.objects.filter(email="ama@example.org").count() == 1
    assert len(letters()) == 2


def test_closed_it_ends_at_once_and_what_they_work_here_for_stays(as_user, riverside, cora, match, ama, ama_in):
    browser = as_user(cora)
    invite(browser, ama_in, ama)
    nina = staff("Nina", riverside, "match-support")
    Person.objects.filter(pk=nina.person.pk).update(born_on=BEGUN_ON.replace(year=1990))
    nina.person.refresh_from_db()
    theirs = participant(nina.person, riverside, "mentor")
    invite(browser, theirs, nina.person)

    for one, who in ((ama_in, ama), (theirs, nina.person)):
        html = invite(browser, one, who, what="close").content.decode()
        assert "signs in here no more." in html

    assert not User.objects.get(email="ama@example.org").is_active
    nina.refresh_from_db()
    assert nina.is_active
    assert [m.role.slug for m in nina.memberships.filter(ends_at=None)] == ["match-support"]
    assert "had no sign-in here" in invite(browser, ama_in, ama, what="close").content.decode()


def test_who_left_the_program_is_not_invited(cora, match, ama, ama_in):
    ama_in.left_at = MONDAY

    assert role_for(ama, ama_in, MONDAY) == ""


def test_a_grown_mentee_may_sign_in(riverside, match):
    grown = participant(person("Gus", riverside, born_on=BEGUN_ON.replace(year=1990)), riverside, "mentee")

    assert role_for(grown.person, grown, MONDAY) == "mentee"


@pytest.mark.parametrize("who", ["", "zzzzzzzzzzzz", "\x00", "' OR 1=1"])
def test_somebody_who_does_not_belong_to_the_page_is_not_there(as_user, cora, match, ama_in, omar, who):
    assert as_user(cora).post(page_of(ama_in), {"who": who}).status_code == 404


def test_only_who_may_change_people_here_invites(as_user, dele, omar, match, ama, ama_in, grace):
    for user in (dele, omar):
        assert as_user(user).get(page_of(ama_in)).status_code == 404
        assert as_user(user).post(page_of(ama_in), {"who": ama.ref}).status_code == 404
    assert letters() == []
