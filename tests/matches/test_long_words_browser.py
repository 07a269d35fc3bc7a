"""In a real browser: a long address that somebody pastes makes no page scroll sideways."""

import pytest
from django.conf import settings

from rapport.matches.actions import agreeing, signing
from rapport.matches.models import SignAsk
from tests.cast import MONDAY
from tests.matches.test_goals import say

pytestmark = pytest.mark.django_db(transaction=True)
LINK = "https://example.org/" + "PictureOfUsInTheLibrary" * 9
WIDTH = "document.documentElement.scrollWidth"


@pytest.fixture
def wordy(begun, ben, ama, cora):
    """A pair whose goal, rule and word at the signature hold a long address."""
    match = type(begun).objects.select_related("program", "coordinator").with_people().get(pk=begun.pk)
    say(match, ben, f"Like here {LINK}", by=cora)
    new = agreeing.draft(match, by=cora, at=MONDAY)
    agreeing.write_terms(new, terms={"rules": LINK}, by=cora, at=MONDAY)
    agreeing.send_out(new, by=cora, at=MONDAY)
    ask = signing.with_match(SignAsk.objects.filter(agreement=new, person=ama))[0]
    word = signing.Word(is_yes=True, way="voice", language="en", witness="Nadia", words=LINK, form_id="1")
    signing.sign(ask, word, by=cora, at=MONDAY)
    return match


@pytest.mark.parametrize("width", [360, 1280])
def test_a_long_address_makes_no_page_scroll_sideways(live_server, browser, as_user, wordy, cora, width):
    value = as_user(cora).cookies[settings.SESSION_COOKIE_NAME].value
    context = browser.new_context(viewport={"width": width, "height": 740})
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": value, "url": live_server.url}])
    page, here = context.new_page(), wordy.get_absolute_url()

    for address in (here, f"{here}agreement/", f"{here}goals/"):
        assert page.goto(live_server.url + address).status == 200
        assert (address, page.evaluate(WIDTH)) == (address, width)
    context.close()
