"""Where somebody is signed in, ending it there, and computers that others use, too."""

from datetime import timedelta

import pytest
import time_machine
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

from rapport.access import sessions
from rapport.access.actions import end_access
from rapport.audit.models import Event
from rapport.programs.models import Limit
from tests.access.addresses import CODE, CONFIRM, FACTOR
from tests.access.signing import app_code, code_in_mail, is_in, log_in, tie_phone
from tests.cast import LONG_AGO, PASSWORD, staff

pytestmark = pytest.mark.django_db
SESSIONS, ACCOUNT = "/account/sessions/", "/account/"
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; rv:140.0) Gecko/20100101 Firefox/140.0"
PIA = "pia@example.org"


@pytest.fixture
def pia(pia):
    """Pia with a password."""
    pia.set_password(PASSWORD)
    pia.save()
    return pia


def browser_of(email=PIA, **more):
    browser = Client(HTTP_USER_AGENT=FIREFOX)
    log_in(browser, email, **more)
    return browser


def row_of(browser):
    return UserSession.objects.get(session_key=browser.session.session_key).pk


# The list


def test_the_list_says_where_in_words(client, pia):
    here, there = browser_of(), browser_of()

    html = here.get(SESSIONS).content.decode()

    assert html.count("Firefox on Windows") == 3  # here; there; and once more for those who hear the page
    assert html.count("here, now") == 1
    assert f'name="only" value="{row_of(there)}"' in html
    assert f'value="{row_of(here)}"' not in html
    assert "Mozilla" not in html


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        (FIREFOX, "Firefox on Windows"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Mobile Safari/604.1", "Safari on iPhone"),
        ("Mozilla/5.0 (Linux; Android 15) AppleWebKit Chrome/131.0 Mobile Safari/537.36", "Chrome on Android"),
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/131.0 Safari/537.36 Edg/131.0", "Edge on Windows"),
        ("curl/8", "A browser we do not know"),
        ("", "A browser we do not know"),
        ("<script>Firefox", "Firefox"),
    ],
)
def test_a_browser_in_words(agent, words):
    assert sessions.in_words(agent) == words


def test_one_place_is_ended_and_the_others_stay(pia):
    here, there, third = browser_of(), browser_of(), browser_of()

    html = here.post(SESSIONS, {"only": row_of(there)}, follow=True).content.decode()

    assert "Signed out in one place." in html
    assert [is_in(browser) for browser in (here, there, third)] == [True, False, True]
    assert Event.objects.filter(verb="user.signed-out", actor_id=pia.pk).count() == 1


def test_all_others_are_ended_at_once(pia):
    here, there, third = browser_of(), browser_of(), browser_of()

    here.post(SESSIONS)

    assert [is_in(browser) for browser in (here, there, third)] == [True, False, False]
    assert Session.objects.count() == 1


def test_nobody_ends_the_session_of_somebody_else(pia, riverside):
    other = staff("Nina", riverside, "match-support")
    tie_phone(other)
    theirs = browser_of("nina@example.org")
    theirs.post(FACTOR, {"code": app_code()})
    here = browser_of()

    here.post(SESSIONS, {"only": row_of(theirs)})

    assert is_in(theirs)


@pytest.mark.parametrize("typed", ["x", "-1", "9" * 60, "1 OR 1=1", "\u0661", "\x00"])
def test_a_place_that_cannot_be_is_none(pia, typed):
    here, there = browser_of(), browser_of()

    assert here.post(SESSIONS, {"only": typed}).status_code == 404
    assert is_in(there)


def test_all_sessions_end_with_the_access(pia, cora):
    browsers = [browser_of(), browser_of()]

    end_access(pia, by=cora, at=LONG_AGO)

    assert [is_in(browser) for browser in browsers] == [False, False]
    assert not UserSession.objects.exists()
    assert not Session.objects.exists()


# Shared computers


def later(minutes):
    return time_machine.travel(timezone.now() + timedelta(minutes=minutes))


def test_on_a_shared_computer_ten_idle_minutes_are_the_end(riverside, pia):
    browser = browser_of(shared="on")
    with later(9):
        assert is_in(browser)
    with later(18):
        assert is_in(browser)
    with later(29):
        page = browser.get(ACCOUNT, follow=True)

    assert page.redirect_chain[0][0].startswith("/account/login/")
    assert "this shared computer signed out" in page.content.decode()
    assert Session.objects.count() == 0


def test_elsewhere_nobody_is_signed_out_so_soon(riverside, pia):
    browser = browser_of()

    with later(25):
        assert is_in(browser)
    assert "Refresh" not in browser.get(ACCOUNT).headers


def test_the_session_of_a_shared_computer_ends_with_the_browser(riverside, pia):
    browser = browser_of(shared="on")

    assert browser.session.get_expire_at_browser_close()
    assert browser.cookies["rapport"]["max-age"] == ""


def test_a_page_on_a_shared_computer_leaves_the_screen_by_itself(riverside, pia):
    browser = browser_of(shared="on")

    assert browser.get(ACCOUNT).headers["Refresh"] == "605; url=/account/login/?away=1"


def test_what_comes_by_itself_keeps_nobody_signed_in(riverside, pia):
    browser = browser_of(shared="on")

    with later(6):
        page = browser.get("/account/login/?away=1")
        assert "Put away" in page.content.decode()
        assert page.headers["Refresh"] in {f"{n}; url=/account/login/?away=1" for n in range(240, 247)}
    with later(9):
        browser.get(ACCOUNT, headers={"HX-Trigger": "progress"})
    with later(11):
        assert not is_in(browser)


def test_sign_out_stands_in_the_bar_of_every_page(riverside, pia, cora):
    tie_phone(cora)
    of_staff = browser_of("cora@example.org", shared="on")
    of_staff.post(FACTOR, {"code": app_code()})

    for browser, address in ((of_staff, "/p/riverside/today/"), (browser_of(shared="on"), "/mine/")):
        bar = browser.get(address).content.decode().partition("</header>")[0]
        assert 'action="/account/logout/"' in bar
        assert "Sign out" in bar
    assert 'action="/account/logout/"' not in browser_of().get("/mine/").content.decode().partition("</header>")[0]


def test_with_a_phone_and_with_a_code_a_shared_computer_is_remembered(riverside, cora, pia):
    tie_phone(cora)
    by_phone, by_code = browser_of("cora@example.org", shared="on"), Client()
    by_phone.post(FACTOR, {"code": app_code()})
    by_code.post(CODE, {"email": PIA, "shared": "on"})
    by_code.post(CONFIRM, {"code": code_in_mail()})

    for browser in (by_phone, by_code):
        assert is_in(browser)
        assert browser.session["shared"] == 600


def test_who_ticked_it_and_then_thought_better_of_it_is_not_held_to_it(riverside, pia):
    browser = Client()
    log_in(browser, PIA, "a wrong password", shared="on")

    log_in(browser, PIA)

    assert is_in(browser)
    assert "shared" not in browser.session


def test_the_own_page_makes_this_computer_a_shared_one(riverside, pia):
    browser = browser_of()
    assert "This computer is shared" in browser.get(ACCOUNT).content.decode()

    html = browser.post(ACCOUNT, follow=True).content.decode()

    assert "after 10 minutes without a press" in html
    with later(11):
        assert not is_in(browser)


def test_the_shortest_time_of_any_program_holds_and_at_least_a_minute(riverside, hillside, pia):
    limits = Limit.objects.filter(code="shared-computer-idle")
    limits.filter(program=hillside).update(value=4)
    assert browser_of(shared="on").session["shared"] == 240
    limits.filter(program=hillside).update(value=0)
    assert browser_of(shared="on").session["shared"] == 60
    limits.all().delete()
    assert browser_of(shared="on").session["shared"] == 600
