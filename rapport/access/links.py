"""Addresses that go out in mails: they begin with the address of this install, whatever a request says its host is."""

from django.conf import settings
from django.urls import reverse


def sign_in_address():
    return settings.ADDRESS + reverse("account_login")


def password_address(user, token):
    """Where somebody chooses a password, once."""
    return settings.ADDRESS + reverse("account_reset_password_from_key", kwargs={"uidb36": user, "key": token})


def password_link(user):
    """A link for this user alone; used, or after a change of address or password, it opens nothing."""
    from allauth.account.forms import default_token_generator
    from allauth.account.utils import user_pk_to_url_str

    return password_address(user_pk_to_url_str(user), default_token_generator.make_token(user))
