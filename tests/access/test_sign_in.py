"""Coming in: by password, by code, with a second factor; and nobody learns from it who works here."""

import re
from datetime import UTC, datetime, timedelta
from urllib.parse import quote

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from rapport.access.actions import add_user, end_access
from tests.access.addresses import CODE, CONFIRM, ENROL, FACTOR, LOGIN, RESET
from tests.access.signing import app_code, choose, code_in_mail, is_in, log_in, mails, reset_link, tie_phone, told
from tests.at_once import at_once
from tests.cast import LONG_AGO, PASSWORD

pytestmark = pytest.mark.django_db

# By password


def test_staff_sign_in_with_password_and_phone(client, cora):
    tie_phone(cora)

    first = log_in(client)
    assert (first.url, is_in(client)) == (FACTOR, False)
    second = client.post(FACTOR, {"code": app_code()})

    assert (second.status_code, second.url, is_in(client)) == (302, "/", True)


@pytest.mark.parametrize("seconds", [0, 31, 59])
def test_a_code_of_the_phone_works_once_as_long_as_it_is_right(client, cora, seconds):
    """Who saw it over her shoulder has it while it still is right, half a minute later, too."""
    tie_phone(cora)
    begin = datetime(2026, 11, 16, 9, 0, 0, tzinfo=UTC)
    with time_machine.travel(begin, tick=False):
        code = app_code(steps=1 if seconds == 59 else 0)  # a phone whose clock is ahead
        log_in(client)
        client.post(FACTOR, {"code": code})
        assert is_in(client)

    thief = Client()
    with time_machine.travel(begin + timedelta(seconds=seconds), tick=False):
        log_in(thief)
        thief.post(FACTOR, {"code": code})
        assert not is_in(thief)


def test_the_code_with_which_a_phone_was_tied_opens_nothing_more(client, cora):
    log_in(client)
    secret = client.get(ENROL).context["form"].secret
    code = app_code(secret)
    client.post(ENROL, {"code": code})

    thief = Client()
    log_in(thief)
    thief.post(FACTOR, {"code": code})

    assert is_in(client)
    assert not is_in(thief)


@pytest.mark.parametrize("kind", ["phone", "recovery"])
@pytest.mark.django_db(transaction=True)
def test_of_two_who_show_the_same_code_at_once_one_comes_in(cora, kind):
    recovery, browsers = tie_phone(cora)[0], [Client(), Client()]
    for browser in browsers:
        log_in(browser)
    code, waiting = app_code() if kind == "phone" else recovery, iter(browsers)

    at_once(lambda: next(waiting).post(FACTOR, {"code": code}))

    assert sorted(is_in(browser) for browser in browsers) == [False, True]


def test_a_recovery_code_opens_once(client, cora):
    recovery = tie_phone(cora)[0]
    log_in(client)
    client.post(FACTOR, {"code": recovery})
    assert is_in(client)

    again = Client()
    log_in(again)
    again.post(FACTOR, {"code": recovery})

    assert not is_in(again)


@pytest.mark.parametrize("address", ["CORA@example.org", "Cora@Example.ORG", " cora@example.org "])
def test_the_case_of_an_address_does_not_matter(client, cora, address):
    tie_phone(cora)

    assert log_in(client, address).url == FACTOR


def test_one_address_in_two_cases_is_one_user(cora):
    from rapport.access.actions import AddressTaken

    with pytest.raises(AddressTaken):
        add_user(email="CORA@EXAMPLE.ORG", name="Another", by=None, at=LONG_AGO)


def test_a_wrong_password_and_an_unknown_address_get_the_same_answer(client, cora, pia):
    known, no_password, unknown = (
        told(log_in(Client(), address, "not this one at all")).replace(address, "")
        for address in ("cora@example.org", "pia@example.org", "nemo@example.org")
    )

    assert "The address or the password is not right." in known
    assert known == no_password == unknown


def test_an_unknown_address_costs_the_same_work(cora, pia, monkeypatch):
    """Each failed try hashes one password: the answer takes the same time."""
    from django.contrib.auth.hashers import MD5PasswordHasher

    hashed = []
    plain = MD5PasswordHasher.encode
    monkeypatch.setattr(MD5PasswordHasher, "encode", lambda *a, **k: hashed.append(1) or plain(*a, **k))
    work = []
    for address in ("cora@example.org", "pia@example.org", "nemo@example.org"):
        hashed.clear()
        log_in(Client(), address, "not this one at all")
        work.append(len(hashed))

    assert work == [1, 1, 1]


def test_a_password_of_a_megabyte_is_refused_in_words(client, cora):
    response = log_in(client, password="x" * 1_048_576)

    assert response.status_code == 200
    assert "This is too long: at most 1000 signs fit." in response.content.decode()


@pytest.mark.parametrize("typed", ["", "a\x00b", "💥" * 400, "'; DROP TABLE access_user; --", "\u202egro.elpmaxe"])
def test_whatever_is_typed_gets_an_answer(client, cora, typed):
    for address, data in (
        (LOGIN, {"login": typed, "password": typed}),
        (CODE, {"email": typed}),
        (RESET, {"email": typed}),
    ):
        assert client.post(address, data).status_code == 200


@pytest.mark.parametrize("there", ["//evil.example", "https://evil.example/", "/\\evil.example", "javascript:alert(1)"])
def test_signing_in_leads_nowhere_outside(client, pia, there):
    pia.set_password(PASSWORD)
    pia.save()

    assert log_in(client, "pia@example.org", next=there).url == "/"
    assert Client().get(LOGIN, {"next": there}).status_code == 200


@pytest.mark.parametrize("there", ["//evil.example", "https://evil.example/", "/\\evil.example"])
def test_no_later_step_of_signing_in_leads_outside_either(client, cora, pia, there):
    tie_phone(cora)
    log_in(client, next=there)
    with_phone = client.post(f"{FACTOR}?next={quote(there)}", {"code": app_code(), "next": there})
    by_code = Client()
    by_code.post(f"{CODE}?next={quote(there)}", {"email": "pia@example.org", "next": there})
    with_code = by_code.post(f"{CONFIRM}?next={quote(there)}", {"code": code_in_mail(), "next": there})
    again = client.post("/account/reauthenticate/", {"password": PASSWORD, "next": there})
    out = client.post("/account/logout/", {"next": there})

    assert is_in(by_code)
    assert [answer.status_code for answer in (with_phone, with_code, again, out)] == [302] * 4
    assert not [answer.url for answer in (with_phone, with_code, again, out) if "evil" in answer.url]


def test_nobody_makes_their_own_account_or_adds_an_address(client, as_user, pia):
    assert client.get("/account/signup/").status_code == 404
    assert client.post("/account/signup/", {"email": "x@example.org", "password1": PASSWORD}).status_code == 404
    assert as_user(pia).post("/account/email/", {"email": "x@example.org", "action_add": ""}).status_code == 404


# By code


def test_a_participant_signs_in_with_a_code(client, pia):
    client.post(CODE, {"email": "PIA@example.org"})
    [(address, subject, _)] = mails()
    assert (address.lower(), subject) == ("pia@example.org", "Your code for signing in")

    client.post(CONFIRM, {"code": code_in_mail()})

    assert is_in(client)


def test_three_wrong_codes_end_it(client, pia):
    client.post(CODE, {"email": "pia@example.org"})
    right = code_in_mail()
    for _ in range(3):
        client.post(CONFIRM, {"code": "WRONG1"})

    client.post(CONFIRM, {"code": right})

    assert not is_in(client)


def test_staff_without_a_phone_get_no_code_and_nobody_can_tell(cora, pia):
    answers = {}
    for address in ("cora@example.org", "pia@example.org", "nemo@example.org"):
        browser = Client()
        first = browser.post(CODE, {"email": address})
        answers[address] = (first.status_code, first.url, told(browser.get(first.url)).replace(address, ""))

    assert len(set(answers.values())) == 1
    assert [(to, subject) for to, subject, _ in mails()] == [
        ("cora@example.org", "Nobody signs in with this address"),
        ("pia@example.org", "Your code for signing in"),
        ("nemo@example.org", "Nobody signs in with this address"),
    ]


def test_staff_with_a_phone_need_it_after_the_code(client, cora):
    tie_phone(cora)
    client.post(CODE, {"email": "cora@example.org"})

    response = client.post(CONFIRM, {"code": code_in_mail()})

    assert (response.url, is_in(client)) == (FACTOR, False)
    client.post(FACTOR, {"code": app_code()})
    assert is_in(client)


def guess(times, address="cora@example.org"):
    for number in range(times):
        log_in(Client(REMOTE_ADDR=f"203.0.113.{number}"), address, "guessed")


def test_passwords_are_not_guessed_without_end(client, cora):
    tie_phone(cora)
    guess(6)

    response = log_in(client)

    assert response.status_code == 200
    assert "Too many tries." in response.content.decode()


@pytest.mark.parametrize("with_phone", [True, False])
def test_a_coordinator_under_attack_still_comes_in(client, cora, with_phone):
    recovery = tie_phone(cora)
    guess(20)

    client.post(CODE, {"email": "cora@example.org"})
    client.post(CONFIRM, {"code": code_in_mail()})
    client.post(FACTOR, {"code": app_code() if with_phone else recovery[3]})

    assert is_in(client)


def test_too_many_tries_from_one_place_get_a_kind_page(client, cora):
    for number in range(21):
        response = client.post(RESET, {"email": f"nemo{number}@example.org"})

    assert response.status_code == 429
    assert "Wait five minutes" in response.content.decode()


# A new password


def test_a_new_password_still_needs_the_phone(client, cora):
    tie_phone(cora)
    client.post(RESET, {"email": "cora@example.org"})

    choose(client, reset_link())

    assert not is_in(client)
    assert log_in(client, password="another long walk at night").url == FACTOR


def test_a_link_to_a_new_password_works_once_and_ends_every_session(client, cora, as_user):
    tie_phone(cora)
    elsewhere = as_user(cora)
    assert is_in(elsewhere)
    client.post(RESET, {"email": "cora@example.org"})
    link = reset_link()

    choose(client, link)

    assert not is_in(elsewhere)
    assert "This link does not work any more" in Client().get(link, follow=True).content.decode()


def test_asking_for_a_link_says_the_same_to_everybody(cora):
    answers = set()
    for address in ("cora@example.org", "nemo@example.org"):
        response = Client().post(RESET, {"email": address}, follow=True)
        answers.add((response.status_code, told(response)))

    assert len(answers) == 1
    assert len(mails()) == 2


def test_no_letter_of_signing_in_leads_to_a_host_that_the_request_made_up(cora, pia, settings):
    settings.ALLOWED_HOSTS = ["*"]  # the worst that a host could set, were it not refused at the start
    made_up = {"HTTP_HOST": "evil.example", "HTTP_X_FORWARDED_HOST": "evil.example"}
    tie_phone(cora)
    browser = Client()

    Client().post(RESET, {"email": "cora@example.org"}, **made_up)
    Client().post(CODE, {"email": "pia@example.org"}, **made_up)
    log_in(browser)
    browser.post(FACTOR, {"code": app_code()})
    new = "another long walk at night"
    words = {"oldpassword": PASSWORD, "password1": new, "password2": new}
    browser.post("/account/password/change/", words, **made_up)

    to = [address.partition("@")[0] for address, _subject, _body in mails()]
    assert to == ["cora", "pia", "cora"]
    assert not [body for _address, subject, body in mails() if "evil" in subject + body]


def test_the_link_never_leads_to_a_host_that_the_request_made_up(cora, settings):
    settings.ALLOWED_HOSTS = ["localhost", "testserver"]

    assert Client().post(RESET, {"email": "cora@example.org"}, HTTP_HOST="evil.example").status_code == 400
    Client().post(RESET, {"email": "cora@example.org"}, HTTP_X_FORWARDED_HOST="evil.example")

    [(_, _, body)] = mails()
    assert "evil" not in body
    assert "\nhttp://localhost:8000/account/password/reset/key/" in body


def test_a_weak_password_is_refused_in_words(client, cora):
    client.post(RESET, {"email": "cora@example.org"})

    response = choose(client, reset_link(), "password")

    assert "too short" in response.content.decode()


# The second factor


def test_staff_without_a_phone_are_led_to_set_it_up_from_every_page(client, cora, riverside):
    log_in(client)

    for address in ("/", "/account/", "/p/riverside/settings/", "/account/password/change/", "/account/sessions/"):
        response = client.get(address)
        assert (response.status_code, response.get("Location")) == (302, ENROL), address
    assert client.post("/p/riverside/calendar/", {}).url == ENROL


@pytest.mark.django_db(transaction=True)
def test_setting_up_the_phone_gives_recovery_codes_and_opens_the_house(client, cora, settings, tmp_path):
    settings.MAILBOX = tmp_path / "mailbox"
    log_in(client)
    page = client.get(ENROL).content.decode()
    secret = re.search(r"<code>(\w+)</code>", page)[1]
    assert "data:image/svg+xml;base64," in page

    response = client.post(ENROL, {"code": app_code(secret)}, follow=True)

    assert response.redirect_chain[-1][0] == "/account/2fa/recovery-codes/"
    assert len(re.findall(r"<code>\d{8}</code>", response.content.decode())) == 10
    assert is_in(client)
    letters = [file.read_text() for file in settings.MAILBOX.glob("*.eml")]
    assert letters
    assert all("To: cora@example.org" in letter for letter in letters)


def test_setting_up_the_phone_later_asks_for_the_password_again(client, cora):
    log_in(client)

    with time_machine.travel(timezone.now() + timedelta(minutes=20)):
        assert client.get(ENROL).url.startswith("/account/reauthenticate/")


def test_staff_without_a_phone_can_leave_and_read_public_pages(client, cora):
    log_in(client)

    assert client.get("/account/logout/").status_code == 200
    assert client.get("/healthz").status_code in (200, 503)
    client.post("/account/logout/")
    assert client.get("/account/").status_code == 302


def test_participants_need_no_phone(as_user, pia):
    assert is_in(as_user(pia))


def test_a_role_that_ended_asks_for_nothing(as_user, cora):
    cora.memberships.update(ends_at=LONG_AGO)

    assert is_in(as_user(cora))


def test_in_a_demo_nobody_needs_a_phone_and_a_banner_says_so(as_user, cora, settings, rf):
    from rapport.core import banners

    settings.IS_DEMO = True

    assert is_in(as_user(cora))
    request = rf.get("/")
    request.user = cora
    assert any("without a second factor" in str(said) for said in banners.sentences(request))


# Leaving


def test_a_user_whose_access_ended_is_out_with_the_next_request(as_user, pia, cora):
    browser = as_user(pia)
    assert is_in(browser)

    end_access(pia, by=cora, at=LONG_AGO)

    assert browser.get("/account/").status_code == 302


def test_signing_out_elsewhere_leaves_this_window_in(client, pia):
    pia.set_password(PASSWORD)
    pia.save()
    elsewhere = Client()
    log_in(elsewhere, "pia@example.org")
    log_in(client, "pia@example.org")

    client.post("/account/sessions/")

    assert (is_in(client), is_in(elsewhere)) == (True, False)


def test_the_own_page_names_password_phone_and_sessions(as_user, pia):
    html = as_user(pia).get("/account/").content.decode()

    assert "Pia Mentor" in html
    for link in ("/account/password/set/", ENROL, "/account/sessions/"):
        assert f'href="{link}"' in html


PAGES = [
    ("account_login", None), ("account_request_login_code", None), ("account_reset_password", None),
    ("account_reset_password_done", None), ("account_reset_password_from_key_done", None), ("account_inactive", None),
    ("account_logout", "pia"), ("account_set_password", "pia"), ("account_change_password", "cora"),
    ("account_reauthenticate", "cora"), ("mfa_reauthenticate", "cora"), ("mfa_index", "cora"),
    ("mfa_list_webauthn", "cora"), ("access:sessions", "cora"), ("access:account", "cora"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "who"), PAGES)
def test_every_page_of_signing_in_is_ours(client, as_user, cora, pia, name, who):
    tie_phone(cora)
    browser = as_user({"cora": cora, "pia": pia}[who]) if who else client

    response = browser.get(reverse(name))

    html = response.content.decode()
    assert response.status_code == 200
    assert 'class="phone"' in html
    assert len(re.findall("<script", html)) == len(re.findall('<script src="/static/access/passkey[^"]*" defer>', html))
    assert "style=" not in html


def test_new_recovery_codes_and_a_new_phone_ask_who_it_is(as_user, cora):
    tie_phone(cora)
    browser = as_user(cora)

    for name in ("mfa_generate_recovery_codes", "mfa_deactivate_totp"):
        first = browser.get(reverse(name))
        assert first.url.startswith("/account/reauthenticate/")
    browser.post("/account/reauthenticate/", {"password": PASSWORD})
    for name in ("mfa_generate_recovery_codes", "mfa_deactivate_totp"):
        html = browser.get(reverse(name)).content.decode()
        assert 'class="phone"' in html
    browser.post(reverse("mfa_deactivate_totp"))
    assert not Authenticator.objects.exists()
    assert browser.get("/account/").url == ENROL
