"""A guardian signs in with a code, from the invitation to the own page, as it goes in a demo: through its mailbox."""

import re

import pytest
from django.test import Client

from rapport.portal.welcoming import welcome
from tests.access.addresses import CODE, CONFIRM
from tests.access.signing import is_in
from tests.cast import MONDAY

GRACE = "grace@example.org"


def letter_to(to, subject):
    """The text of a letter to this address, found and read on the demo's page as somebody who tries it out does."""
    browser = Client()
    listed = browser.get("/mailbox/", {"to": to}).content.decode()
    address = re.search(rf'href="(/mailbox/[0-9a-f]+/)">{subject}<', listed)[1]
    return browser.get(address).content.decode()


@pytest.mark.django_db(transaction=True)
def test_from_the_invitation_through_the_mailbox_to_the_own_page(settings, tmp_path, cora, match, ben_in, grace):
    settings.IS_DEMO, settings.MAILBOX = True, tmp_path
    welcome(grace, ben_in, by=cora, at=MONDAY)
    assert "a code comes to you by mail each time" in letter_to(GRACE, "Your own page: Riverside mentoring")

    browser = Client()
    page = browser.post(CODE, {"email": GRACE}, follow=True).content.decode()
    assert "Look into your mail" in page
    letter = letter_to(GRACE, "Your code for signing in")
    code = re.search(r"<br>([A-Z0-9]{4}-[A-Z0-9]{4})<br>", letter)[1]
    for typed, opens in (("AAAA-AAAA", False), (code.lower(), True)):
        browser.post(CONFIRM, {"code": typed})
        assert is_in(browser) == opens

    mine = browser.get("/mine/").content.decode()
    assert "Ben" in mine
    assert code not in mine
