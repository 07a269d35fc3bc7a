"""Signing in, new passwords and second factors against whatever is tried on them (security.md §5, the first row).

What is tried in `test_sign_in.py` already: a password of a megabyte, unknown and known addresses, a code of the phone
and a recovery code twice, the case of an address, made-up hosts, and ways out of the house.
"""

from collections import Counter
from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from rapport.access.actions import end_access, let_in_again
from tests.access.addresses import CODE, CONFIRM, FACTOR, RESET
from tests.access.signing import SECRET, app_code, choose, code_in_mail, is_in, log_in, mails, reset_link, tie_phone
from tests.at_once import at_once
from tests.cast import LONG_AGO, PASSWORD
from tests.conftest import FULL

pytestmark = pytest.mark.django_db
CORA = "cora@example.org"
SCHOOL = "203.0.113.7"  # one address for everybody in the school
MANY = 500 if FULL else 12


def known_browser(user, **more):
    """A browser in which this user signed in and out before."""
    browser = Client(**more)
    log_in(browser, user.email)
    browser.post(FACTOR, {"code": app_code()})
    assert is_in(browser)
    browser.post("/account/logout/")
    user.authenticator_set.filter(type="totp").update(data={"secret": SECRET})
    return browser


def attack(times=MANY, email=CORA, **more):
    for number in range(times):
        log_in(Client(REMOTE_ADDR=more.get("ip", f"198.51.{number // 250}.{number % 250}")), email, "guessed")


# Whoever is attacked comes in


def test_who_is_attacked_from_everywhere_comes_in_with_the_own_browser(cora):
    tie_phone(cora)
    browser = known_browser(cora)
    attack()
    assert "Too many tries." in log_in(Client()).content.decode()

    assert log_in(browser).url == FACTOR


def test_who_is_attacked_from_the_same_school_comes_in_with_the_own_browser(cora):
    """A pupil at the next computer uses up the tries of that address, and not those of her browser."""
    tie_phone(cora)
    browser = known_browser(cora, REMOTE_ADDR=SCHOOL)
    attack(ip=SCHOOL)
    for number in range(MANY):
        log_in(Client(REMOTE_ADDR=SCHOOL), f"nemo{number}@example.org", "guessed")

    assert log_in(browser).url == FACTOR
    with time_machine.travel(timezone.now() + timedelta(minutes=1)):
        assert browser.post(FACTOR, {"code": app_code()}).url == "/"


def test_somebody_whose_codes_are_asked_for_by_others_still_gets_one(pia):
    browser = Client()
    browser.post(CODE, {"email": pia.email})
    browser.post(CONFIRM, {"code": code_in_mail()})
    browser.post("/account/logout/")
    for number in range(6):
        Client(REMOTE_ADDR=f"198.51.100.{number}").post(CODE, {"email": pia.email})
    assert "Too many tries." in Client().post(CODE, {"email": pia.email}).content.decode()

    browser.post(CODE, {"email": pia.email})
    browser.post(CONFIRM, {"code": code_in_mail()})

    assert is_in(browser)


def test_the_own_browser_guesses_no_more_than_strangers_do(cora):
    tie_phone(cora)
    browser = known_browser(cora)
    for _ in range(5):
        log_in(browser, password="guessed")

    assert "Too many tries." in log_in(browser).content.decode()


@pytest.mark.parametrize("change", ["copied to another user", "broken", "empty", "megabyte"])
def test_a_mark_that_is_not_of_this_user_helps_nobody(cora, pia, change):
    pia.set_password(PASSWORD)
    pia.save()
    thief = Client()
    log_in(thief, pia.email)
    thief.post("/account/logout/")
    mark = {"broken": thief.cookies["known"].value[:-2] + "xx", "empty": "", "megabyte": "x" * 5000}
    thief.cookies["known"] = mark.get(change, thief.cookies["known"].value)
    attack(6)

    assert "Too many tries." in log_in(thief).content.decode()


def test_the_mark_says_nothing_to_who_reads_it_and_none_stays_on_a_shared_computer(cora, pia, riverside):
    pia.set_password(PASSWORD)
    pia.save()
    browser, shared = Client(), Client()
    log_in(browser, pia.email)
    log_in(shared, pia.email, shared="on")

    mark = browser.cookies["known"]
    assert (mark["httponly"], mark["samesite"]) == (True, "Lax")
    assert "pia" not in mark.value.lower()
    assert "known" not in shared.cookies


def test_after_a_new_password_the_tries_with_the_old_one_are_forgotten(cora):
    tie_phone(cora)
    attack(6)
    client = Client()
    client.post(RESET, {"email": CORA})
    choose(client, reset_link())

    assert log_in(client, password="another long walk at night").url == FACTOR


@pytest.mark.django_db(transaction=True)
def test_many_at_once_are_not_more_guesses(cora, monkeypatch):
    from rapport.access.models import User

    looked_at, plain = [], User.check_password
    monkeypatch.setattr(User, "check_password", lambda *a, **k: looked_at.append(1) or plain(*a, **k))

    at_once(lambda: log_in(Client(), CORA, "guessed"), number=MANY if FULL else 12)

    assert len(looked_at) <= 5


def test_counting_is_not_pushed_out_by_trying_many_addresses(settings):
    assert settings.CACHES["default"]["OPTIONS"]["MAX_ENTRIES"] >= 100_000


# New passwords


def new_password(link, password="a boat upon the water"):
    return choose(Client(), link, password)


def test_a_link_asked_for_before_the_password_changed_opens_nothing(cora):
    Client().post(RESET, {"email": CORA})
    link = reset_link()
    cora.set_password("changed in the meantime")
    cora.save()

    assert "does not work any more" in Client().get(link, follow=True).content.decode()


@pytest.mark.parametrize("used", [0, 1])
def test_of_two_links_each_opens_until_one_was_used_and_then_neither(cora, used):
    """Who pressed twice, for the mail was slow, may take either; what lies in the mailbox afterwards opens nothing."""
    links = []
    for moment in (0, 61):
        with time_machine.travel(timezone.now() + timedelta(seconds=moment)):
            Client().post(RESET, {"email": CORA})
            links.append(reset_link())
    opened = ["does not work any more" in Client().get(link, follow=True).content.decode() for link in links]
    new_password(links[used])

    closed = ["does not work any more" in Client().get(link, follow=True).content.decode() for link in links]
    assert links[0] != links[1]
    assert (opened, closed) == ([False, False], [True, True])


def test_a_link_asked_for_before_the_address_changed_opens_nothing(cora):
    Client().post(RESET, {"email": CORA})
    link = reset_link()
    cora.email = "cora@other.example"
    cora.save()

    assert "does not work any more" in Client().get(link, follow=True).content.decode()


def test_who_may_not_sign_in_any_more_gets_no_link_and_the_one_they_had_opens_nothing(cora, pia):
    Client().post(RESET, {"email": CORA})
    link = reset_link()
    end_access(cora, by=pia, at=LONG_AGO)

    page = Client().get(link, follow=True).content.decode()
    Client().post(RESET, {"email": CORA})

    assert "does not work any more" in page
    assert mails()[-1][1] == "Nobody signs in with this address"


def test_a_link_from_before_they_left_opens_nothing_when_they_come_back(cora, pia):
    Client().post(RESET, {"email": CORA})
    link = reset_link()
    end_access(cora, by=pia, at=LONG_AGO)
    let_in_again(cora, by=pia, at=LONG_AGO)

    assert "does not work any more" in Client().get(link, follow=True).content.decode()


@pytest.mark.parametrize(
    "key", ["zzzzzzzzzzzzz-x", "0-x", "1-" + "x" * 500, "%00-x", "1-%F0%9F%92%A5", "1-set-password"]
)
def test_a_link_that_never_was_is_told_in_words(cora, key):
    response = Client().get(f"/account/password/reset/key/{key}/", follow=True)

    assert response.status_code in (200, 404)
    assert response.status_code == 404 or "does not work any more" in response.content.decode()


# Addresses that are not the same


@pytest.mark.parametrize(
    "typed",
    [
        "c.ora@example.org", "cora+x@example.org", "cora@example.org.", "cora@@example.org",
        "c\u043era@example.org", "cora@ex\u0430mple.org", "\uff43ora@example.org", "cora\u200b@example.org",
    ],
)  # fmt: skip
def test_an_address_that_only_looks_like_hers_is_another(cora, typed):
    tie_phone(cora)
    for address, data in ((CODE, {"email": typed}), (RESET, {"email": typed})):
        assert Client().post(address, data).status_code < 500
    assert log_in(Client(), typed).status_code == 200

    assert {subject for _to, subject, _body in mails()} <= {"Nobody signs in with this address"}


@pytest.mark.parametrize(("known", "typed"), [("kim@example.org", "\u212aim@example.org"),
                                              ("sis@example.org", "\u017fis@example.org")])  # fmt: skip
def test_a_letter_that_becomes_another_in_capitals_leads_to_no_other_mailbox(cora, known, typed):
    """The sign of Kelvin is a K to a database, and a mailbox of somebody else to the mail."""
    tie_phone(cora)
    cora.email = known
    cora.save()
    for address in (CODE, RESET):
        Client().post(address, {"email": typed})

    assert {to for to, subject, _body in mails() if subject != "Nobody signs in with this address"} <= {known}


# The second factor


@pytest.mark.parametrize(("steps", "opens"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
def test_a_phone_may_be_half_a_minute_off_and_no_more(cora, steps, opens):
    tie_phone(cora)
    browser = Client()
    log_in(browser)

    with time_machine.travel(timezone.now().replace(second=10), tick=False):
        browser.post(FACTOR, {"code": app_code(steps=steps)})

    assert is_in(browser) == opens


@pytest.mark.parametrize("typed", ["", " ", "000000", "1" * 41, "\x00", "\u0661" * 6, "1e309"])
def test_a_code_that_is_none_opens_nothing(cora, typed):
    tie_phone(cora)
    browser = Client()
    log_in(browser)

    assert browser.post(FACTOR, {"code": typed}).status_code == 200
    assert not is_in(browser)


def test_codes_of_the_phone_are_not_guessed_without_end(cora):
    tie_phone(cora)
    browser = Client()
    log_in(browser)
    for number in range(5):
        browser.post(FACTOR, {"code": f"00000{number}"})

    response = browser.post(FACTOR, {"code": app_code()})

    assert "Too many tries." in response.content.decode()
    assert not is_in(browser)


def test_the_step_of_the_phone_alone_is_no_step(cora):
    tie_phone(cora)

    assert Client().post(FACTOR, {"code": app_code()}).url == "/account/login/"


def test_every_refusal_of_a_stranger_is_in_the_same_words(cora, pia):
    """Once the tries are used up, a known and an unknown address still look alike."""
    said = Counter()
    for address in (CORA, pia.email, "nemo@example.org"):
        attack(6, address)
        said[log_in(Client(), address).content.decode().count("Too many tries.")] += 1

    assert list(said.values()) == [3]
