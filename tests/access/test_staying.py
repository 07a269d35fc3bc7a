"""How long somebody stays signed in, and what becomes of what they were typing."""

from datetime import timedelta

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from django.test import Client
from django.utils import timezone

from rapport.access.actions import forget_drafts
from rapport.access.models import Draft, Role
from rapport.access.staying import STAY
from rapport.core import sealing
from rapport.programs.actions import add_member
from rapport.programs.models import Limit, Membership
from rapport.tasks.models import Task
from tests.access.signing import tie_phone
from tests.cast import LONG_AGO

pytestmark = pytest.mark.django_db
ACCOUNT, ADD, TYPED = "/account/", "/p/riverside/today/task/", "/account/typed/"
WORDS = "Ring the school about the lost key of room twelve"
TASK = {"what": WORDS, "on": "5 1 2030", "match": "", "owner": "", "form_id": "first-press"}


@pytest.fixture(autouse=True)
def keys_of_this_test(settings, tmp_path):
    """The install's folder, with its keys."""
    settings.RAPPORT_DIR, settings.FIELD_KEYS = tmp_path, []


@pytest.fixture
def signed_in(as_user):
    """Sign somebody in, past the second factor."""

    def sign_in(user):
        if not Authenticator.objects.filter(user=user).exists():
            tie_phone(user)
        return as_user(user)

    return sign_in


def later(minutes):
    return time_machine.travel(timezone.now() + timedelta(minutes=minutes))


def is_in(browser):
    return browser.get(ACCOUNT).status_code == 200


def typed_too_late(browser, path=ADD, minutes=40, **more):
    """Open a form, be called away, press."""
    browser.get(path)
    with later(minutes):
        return browser.post(path, {**TASK, **more}, follow=True)


# How long


def test_staff_are_signed_out_after_half_an_hour_without_a_press(cora, signed_in):
    browser = signed_in(cora)
    assert is_in(browser)

    with later(29):
        assert is_in(browser)
    with later(58):
        assert is_in(browser)
    with later(89):
        page = browser.get(ACCOUNT, follow=True)

    assert page.redirect_chain[0][0].startswith("/account/login/")
    assert "because nobody pressed anything for a while" in page.content.decode()


@pytest.mark.parametrize(("who", "still", "over"), [("dele", 14, 16), ("cora", 29, 31), ("pia", 59, 61)])
def test_who_reads_what_is_sealed_stays_for_the_shortest_time(who, still, over, request, signed_in):
    user = request.getfixturevalue(who)
    first, second = signed_in(user), signed_in(user)
    assert is_in(first)
    assert is_in(second)

    with later(still):
        assert is_in(first)
    with later(over):
        assert not is_in(second)


def test_after_twelve_hours_staff_sign_in_anew_whatever_they_press(cora, signed_in):
    browser = signed_in(cora)
    is_in(browser)

    was_in = []
    for half_hours in range(1, 28):
        with later(half_hours * 28):
            was_in.append(is_in(browser))

    assert was_in == [True] * 25 + [False] * 2


def test_another_limit_and_another_role_bite_with_the_next_press(cora, riverside, signed_in):
    browser = signed_in(cora)
    is_in(browser)

    Limit.objects.filter(program=riverside, code="staff-idle").update(value=5)
    with later(1):
        is_in(browser)
    with later(7):
        assert not is_in(browser)

    again = signed_in(cora)
    add_member(cora, program=riverside, role=Role.objects.get(slug="safeguarding-lead"), by=None, at=LONG_AGO)
    is_in(again)
    assert again.session[STAY][2:] == [5 * 60, 12 * 3600]


def test_a_page_that_asks_again_by_itself_keeps_nobody_signed_in(cora, signed_in):
    browser = signed_in(cora)
    is_in(browser)

    for minutes in (10, 20):
        with later(minutes):
            browser.get(ACCOUNT, headers={"HX-Trigger": "progress"})
    with later(31):
        assert not is_in(browser)


def test_a_session_whose_time_is_over_stands_in_no_list(cora, signed_in):
    old, new = signed_in(cora), signed_in(cora)
    is_in(old)

    with later(40):
        assert "Here only." in new.get("/account/sessions/").content.decode()


# What was typed


def test_what_was_typed_is_there_again_for_whoever_typed_it(cora, signed_in):
    page = typed_too_late(signed_in(cora))

    assert not Task.objects.exists()
    assert "What you typed was not sent. It is kept for you alone" in page.content.decode()
    back = page.redirect_chain[-1][0]
    assert WORDS not in page.content.decode()

    browser = signed_in(cora)
    address = page.wsgi_request.GET["next"]
    html = browser.get(address).content.decode()
    assert back.startswith("/account/login/")
    assert "Here is what you typed: look, then press again." in html
    assert WORDS in html
    assert 'value="first-press"' in html

    browser.post(address, {**TASK, "owner": cora.pk})
    assert [task.reason for task in Task.objects.all()] == [WORDS]
    assert not Draft.objects.exists()


def test_on_a_computer_that_others_use_too_it_shows_to_nobody_else(cora, carl, ada, signed_in):
    browser = signed_in(cora)
    browser.get(ADD)
    browser.post(ACCOUNT)  # this computer is shared
    with later(11):
        page = browser.post(ADD, TASK, follow=True)
    address = page.wsgi_request.GET["next"]

    for other in (carl, ada):
        html = signed_in(other).get(address, follow=True).content.decode()
        assert WORDS not in html
        assert "Here is what you typed" not in html
        assert "Nothing waits here." in signed_in(other).get(TYPED).content.decode()
        signed_in(other).post(TYPED, {"draft": Draft.objects.get().ref})
    assert "this shared computer signed out" in page.content.decode()
    assert WORDS in signed_in(cora).get(address).content.decode()


def test_it_lies_sealed_and_goes_by_itself(cora, signed_in):
    typed_too_late(signed_in(cora))
    draft = Draft.objects.get()

    assert WORDS.encode() not in bytes(draft.sealed)
    assert b"first-press" not in bytes(draft.sealed)
    assert sealing.is_sealed(bytes(draft.sealed))
    assert forget_drafts(at=draft.until_at - timedelta(minutes=1), limit=10) == 0
    assert forget_drafts(at=draft.until_at, limit=10) == 1


def test_without_its_key_there_is_a_sentence_and_the_form_is_empty(cora, signed_in, tmp_path):
    address = typed_too_late(signed_in(cora)).wsgi_request.GET["next"]
    (tmp_path / "keys" / "field_keys").unlink()

    page = signed_in(cora).get(address)

    assert page.status_code == 200
    assert "its key is not on this machine" in page.content.decode()
    assert WORDS not in page.content.decode()


def test_whoever_lost_the_right_meanwhile_does_not_read_it(cora, riverside, signed_in):
    address = typed_too_late(signed_in(cora)).wsgi_request.GET["next"]
    Membership.objects.filter(user=cora).update(ends_at=timezone.now())

    page = signed_in(cora).get(address)

    assert page.status_code == 404
    assert WORDS not in page.content.decode()


def test_what_only_a_press_does_is_not_done_and_what_stands_in_no_form_can_be_copied(cora, signed_in):
    undo = typed_too_late(signed_in(cora), "/p/riverside/outbox/release/").wsgi_request.GET["next"]
    kind = typed_too_late(signed_in(cora), "/p/riverside/", extra=WORDS).wsgi_request.GET["next"]
    browser = signed_in(cora)

    pages = [browser.get(undo), browser.get(kind)]

    assert ["You were signed out before this was sent" in page.content.decode() for page in pages] == [True, True]
    assert [WORDS in page.content.decode() for page in pages] == [False, True]
    assert [page.status_code for page in pages] == [404, 200]


def test_a_press_by_htmx_leads_the_whole_page_to_signing_in(cora, signed_in):
    browser = signed_in(cora)
    browser.get(ADD)
    with later(40):
        answer = browser.post(ADD, TASK, headers={"HX-Request": "true"})

    assert answer.headers["HX-Redirect"].startswith("/account/login/?next=%2Fp%2Friverside%2Ftoday%2Ftask%2F%3Fdraft")


def test_who_comes_in_from_another_page_writes_nothing(cora, signed_in):
    mine = signed_in(cora)
    mine.get(ADD)
    browser = Client(enforce_csrf_checks=True)
    browser.cookies = mine.cookies
    with later(40):
        assert browser.post(ADD, TASK).status_code == 403
    assert not Draft.objects.exists()


def test_it_is_found_again_on_the_own_page_and_thrown_away(cora, signed_in):
    typed_too_late(signed_in(cora))
    browser = signed_in(cora)

    assert "It is kept for you." in browser.get(ACCOUNT).content.decode()
    assert f"?draft={Draft.objects.get().ref}" in browser.get(TYPED).content.decode()
    browser.post(TYPED, {"draft": Draft.objects.get().ref})
    assert not Draft.objects.exists()


@pytest.mark.parametrize("ref", ["%00", "%ED%A0%80", "x" * 5000])
def test_no_word_in_the_address_breaks_a_page(ref, cora, signed_in):
    assert signed_in(cora).get(f"{ADD}?draft={ref}").status_code == 200
    assert signed_in(cora).post(TYPED, {"draft": "a\0b"}, follow=True).status_code == 200
