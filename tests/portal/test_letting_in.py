"""A colleague lost phone and recovery codes: let in by a colleague who knows them, never by a mail alone."""

import re
from datetime import timedelta

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from django.test import Client
from django.utils import timezone

from rapport.access.actions import come_in, give_way_in
from rapport.access.models import WayIn
from rapport.audit.models import Event
from rapport.outbox.models import Message
from rapport.portal import inviting
from rapport.programs.models import Limit
from tests.access.addresses import ENROL, FACTOR, RESET
from tests.access.signing import app_code, choose, is_in, log_in, reset_link, tie_phone
from tests.cast import MONDAY, PASSWORD, staff

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("mail_goes_through_the_outbox")]
STAFF = "/p/riverside/staff/"
HALF_AN_HOUR = timedelta(minutes=30)


@pytest.fixture
def pia_left(riverside):
    user = staff("Pia", riverside, "coordinator")
    user.is_active = False
    user.save()
    return user


@pytest.fixture
def known(as_user):
    """Somebody who has just shown once more who they are."""

    def signed_in(user):
        browser = as_user(user)
        browser.post("/account/reauthenticate/", {"password": PASSWORD})
        return browser

    return signed_in


def page_of(user):
    return f"{STAFF}{user.memberships.get().pk}/way-in/"


def ask(browser, user, **more):
    return browser.post(page_of(user), {"sure": "on", **more})


def code_on(response):
    found = re.search(r"<code>(\d{8})</code>", response.content.decode())
    return found[1] if found else None


def test_a_colleague_gives_a_code_and_with_it_and_the_password_she_ties_a_new_phone(known, cora, carl):
    tie_phone(cora)
    assert f'href="{page_of(cora)}"' in known(carl).get(STAFF).content.decode()
    code = code_on(ask(known(carl), cora))
    browser = Client()

    log_in(browser)
    assert not is_in(browser)
    browser.post(FACTOR, {"code": f"{code[:4]} {code[4:]}"})

    assert browser.get("/account/").url == ENROL
    assert browser.get(ENROL).status_code == 200
    assert not Authenticator.objects.filter(user=cora).exists()
    verbs = Event.objects.filter(verb__startswith="user.way-in").order_by("pk").values_list("verb", "actor_id")
    assert list(verbs) == [("user.way-in-given", carl.pk), ("user.way-in-used", cora.pk)]


def test_she_is_told_when_it_is_given_and_when_it_is_used_and_no_mail_holds_it(known, cora, carl):
    tie_phone(cora)
    code = code_on(ask(known(carl), cora))
    come_in(cora, code, at=timezone.now())

    given, used = Message.objects.filter(kind="access/mail", address="cora@example.org").order_by("pk")
    assert "From Carl: there is a code with which you come in without your phone." in given.body
    assert "the code that Carl gave" in used.body
    assert not any(code in message.body for message in (given, used))
    assert code not in WayIn.objects.get().secret


def test_the_mailbox_alone_opens_nothing(known, cora, carl):
    """Whoever reads her mail sets a new password, and stands before the second step."""
    tie_phone(cora)
    ask(known(carl), cora)
    thief = Client()
    thief.post(RESET, {"email": "cora@example.org"})
    choose(thief, reset_link())

    log_in(thief, password="another long walk at night")
    for guess in ("00000000", "12345678"):
        thief.post(FACTOR, {"code": guess})

    assert not is_in(thief)


def test_the_code_alone_opens_nothing(known, cora, carl):
    tie_phone(cora)
    code = code_on(ask(known(carl), cora))

    assert Client().post(FACTOR, {"code": code}).url == "/account/login/"


def test_a_code_works_once_for_half_an_hour_and_a_new_one_ends_it(cora, carl):
    tie_phone(cora)
    at = timezone.now()
    first = give_way_in(cora, lasts=HALF_AN_HOUR, by=carl, at=at)
    second = give_way_in(cora, lasts=HALF_AN_HOUR, by=carl, at=at + timedelta(minutes=1))

    assert not come_in(cora, first, at=at + timedelta(minutes=2))
    assert not come_in(cora, second, at=at + timedelta(minutes=31))
    assert not come_in(carl, second, at=at + timedelta(minutes=2))
    assert Authenticator.objects.filter(user=cora).exists()
    assert come_in(cora, second, at=at + timedelta(minutes=2))
    assert not come_in(cora, second, at=at + timedelta(minutes=2))


def test_guessing_it_is_limited_like_any_code(cora, carl):
    tie_phone(cora)
    code = give_way_in(cora, lasts=HALF_AN_HOUR, by=carl, at=timezone.now())
    browser = Client()
    log_in(browser)
    for number in range(5):
        browser.post(FACTOR, {"code": f"0000000{number}"})

    assert "Too many tries." in browser.post(FACTOR, {"code": code}).content.decode()


def test_the_phone_still_works_until_the_code_is_used(cora, carl):
    tie_phone(cora)
    give_way_in(cora, lasts=HALF_AN_HOUR, by=carl, at=timezone.now())
    browser = Client()
    log_in(browser)

    browser.post(FACTOR, {"code": app_code()})

    assert is_in(browser)


def test_how_long_it_works_is_the_programs(known, riverside, cora, carl):
    tie_phone(cora)
    Limit.objects.filter(program=riverside, code="way-in").update(value=5)

    assert "for 5 minutes" in ask(known(carl), cora).content.decode()
    row = WayIn.objects.get()
    assert row.until_at - row.given_at == timedelta(minutes=5)


def test_who_gives_it_shows_anew_who_they_are_and_says_that_they_know_her(as_user, known, cora, carl):
    tie_phone(cora)
    assert as_user(carl).get(page_of(cora)).url.startswith("/account/reauthenticate/")
    with time_machine.travel(timezone.now() + timedelta(minutes=11)):
        assert ask(as_user(carl), cora).url.startswith("/account/reauthenticate/")

    response = known(carl).post(page_of(cora), {})

    assert response.status_code == 422
    assert "Only for somebody you see" in response.content.decode()
    assert not WayIn.objects.exists()


def test_nobody_lets_themselves_in_nor_whoever_holds_rights_beyond_theirs(known, riverside, hillside, cora, dele, omar):
    ada = staff("Ada", riverside, "administrator")
    for user in (cora, dele, ada):
        assert ask(known(cora), user).status_code == 409
    assert ask(known(omar), cora).status_code == 404
    assert not WayIn.objects.exists()
    assert code_on(ask(known(ada), dele))


def test_a_role_elsewhere_counts_too(cora, carl, hillside):
    from rapport.access.models import Role
    from rapport.programs.actions import add_member

    add_member(cora, program=hillside, role=Role.objects.get(slug="evaluator"), by=None, at=MONDAY)

    assert not inviting.may_let_in(cora, by=carl, at=MONDAY)


def test_where_nobody_is_left_who_could_whoever_runs_the_install_gives_a_code(cora, capsys):
    from django.core.management import call_command

    tie_phone(cora)

    call_command("admit", "CORA@example.org")

    code = re.search(r"\d{8}", capsys.readouterr().out)[0]
    assert "From whoever runs this install" in Message.objects.get(address="cora@example.org").body
    assert come_in(cora, code, at=timezone.now())


def test_whom_nobody_knows_or_who_left_gets_none(cora, pia_left):
    from django.core.management import CommandError, call_command

    for email in ("nemo@example.org", pia_left.email):
        with pytest.raises(CommandError, match="Nobody signs in with"):
            call_command("admit", email)
