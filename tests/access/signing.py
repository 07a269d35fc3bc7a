"""How tests sign in: a phone, a mailbox."""

import re

from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value, yield_hotp_counters_from_time

from rapport.outbox.models import Message
from tests.access.addresses import LOGIN
from tests.cast import PASSWORD

SECRET = "JBSWY3DPEHPK3PXP"


def app_code(secret=SECRET, *, steps=0):
    """What a phone shows now, or one whose clock is so many half minutes off."""
    counters = sorted(yield_hotp_counters_from_time())
    return format_hotp_value(hotp_value(secret, counters[len(counters) // 2] + steps))


def tie_phone(user):
    TOTP.activate(user, SECRET)
    return RecoveryCodes.activate(user).generate_codes()


def log_in(browser, email="cora@example.org", password=PASSWORD, **more):
    return browser.post(LOGIN, {"login": email, "password": password, **more})


def is_in(browser):
    return browser.get("/account/").status_code == 200


def mails():
    """What was queued to go out, oldest first: (address, subject, body)."""
    return list(Message.objects.filter(kind="access/mail").order_by("pk").values_list("address", "subject", "body"))


def code_in_mail():
    return re.search(r"^([A-Z0-9-]{6,9})$", mails()[-1][2], re.MULTILINE)[1]


def told(response):
    """A page without what differs at every load."""
    return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", response.content.decode())


def reset_link():
    return re.search(r"http://localhost:8000(/\S+)", mails()[-1][2])[1]


def choose(browser, link, password="another long walk at night"):
    form = browser.get(link, follow=True)
    return browser.post(form.request["PATH_INFO"], {"password1": password, "password2": password})
