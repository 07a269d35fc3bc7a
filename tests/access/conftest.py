"""Nobody tried before; Pia signs in without a password; and signing in as far as the password goes."""

import pytest
from django.core.cache import cache
from django.test import Client

from rapport.access.actions import add_user
from rapport.access.models import Role
from rapport.programs.actions import add_member
from tests.cast import LONG_AGO


@pytest.fixture(autouse=True)
def nobody_tried_before(settings):
    settings.EMAIL_BACKEND = "rapport.outbox.mail.OutboxBackend"  # the tests' own would swallow mail
    cache.clear()


@pytest.fixture
def as_user():
    """Sign somebody in, as far as their password goes: no phone is tied."""

    def sign_in(user):
        browser = Client()
        browser.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
        return browser

    return sign_in


@pytest.fixture
def pia(riverside):
    """A mentor with a sign-in and no password."""
    user = add_user(email="pia@example.org", name="Pia Mentor", by=None, at=LONG_AGO)
    add_member(user, program=riverside, role=Role.objects.get(slug="mentor"), by=None, at=LONG_AGO)
    return user
