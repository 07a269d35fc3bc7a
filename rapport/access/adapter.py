"""Signing in, as allauth asks us."""

from datetime import timedelta

from allauth.account import app_settings
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.core import context
from allauth.core.internal import ratelimit
from allauth.mfa.adapter import DefaultMFAAdapter
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from rapport.access import browsers, shared, staying
from rapport.access.links import password_address
from rapport.access.models import User
from rapport.access.sessions import in_words
from rapport.access.staff import has_factor


class Adapter(DefaultAccountAdapter):
    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "account_inactive": _("Nobody can sign in with this address any more."),
        "email_password_mismatch": _("The address or the password is not right. Look at both, and try again."),
        "enter_current_password": _("This is not your password of today."),
        "incorrect_code": _("This code is not right, or its time is over."),
        "incorrect_password": _("This password is not right."),
        "too_many_login_attempts": _("Too many tries. Wait five minutes, or sign in with a code by e-mail."),
        "rate_limited": _("Too many tries. Wait a few minutes, then try again."),
    }

    def is_open_for_signup(self, request):
        """Nobody signs up alone."""
        return False

    def get_reset_password_from_key_url(self, key):
        """The link in a mail begins with the address of this install, whatever the request says its host is."""
        user, _dash, token = key.partition("-")
        return password_address(user, token)

    def send_notification_mail(self, template_prefix, user, context=None, email=None):
        """A change of somebody's sign-in is told to the address they sign in with."""
        super().send_notification_mail(template_prefix, user, context, email or user.email)

    def pre_authenticate(self, request, **credentials):
        """Count this try: with those of this browser where the user came in with it before, else with all others'.

        Nobody who guesses from outside, nor from the same school, keeps somebody from signing in where they always do.
        """
        usage = spend(request, credentials.get("email", ""))
        self._login_failed_rl_usage = usage
        if not usage:
            raise self.validation_error("too_many_login_attempts")

    def set_password(self, user, password):
        """After a new password, tries with the old one count no more."""
        super().set_password(user, password)
        ratelimit.clear(self.request, app="allauth.account", action="password", key=user.email.lower())

    def post_login(self, request, user, **kwargs):
        """All steps are done: what was asked for at the first of them is kept now, and the browser known from here."""
        shared.begin_if_asked(request)
        staying.begin(request, user)
        response = super().post_login(request, user, **kwargs)
        if not shared.is_shared(request):
            browsers.mark(request, response, user)
        return response

    def get_password_change_redirect_url(self, request):
        return reverse("access:account")

    def is_reauthentication_required(self, *, app, **kwargs):
        """Who signed in minutes ago sets up their first factor, and sees its codes, without the password again."""
        user = self.request.user
        first = app == "allauth.mfa" and user.is_authenticated and not has_factor(user, before=minutes_ago())
        return not (first and signed_in_just_now(self.request))

    def add_message(self, request, level, message_template=None, message_context=None, extra_tags="", message=None):
        """Signing in and out is seen by itself; a sentence about it would only stand in the way."""
        if message_template not in ("account/messages/logged_in.txt", "account/messages/login_code_sent.txt"):
            super().add_message(request, level, message_template, message_context, extra_tags, message)


def spend(request, email, action="password"):
    """Use up one try of this kind for this address. Returns what was used, or None where none is left."""
    mine = browsers.tries_of(request, User.objects.filter(email__iexact=email).first()) if email else ""
    action, key = ("known_browser", f"{action}:{mine}") if mine else (action, email.lower())
    return ratelimit.consume(request, app="allauth.account", action=action, key=key)


class FactorAdapter(DefaultMFAAdapter):
    error_messages = {**DefaultMFAAdapter.error_messages, "incorrect_code": Adapter.error_messages["incorrect_code"]}

    def generate_authenticator_name(self, user, type):
        """A passkey is known by where it was made."""
        return in_words(context.request.META.get("HTTP_USER_AGENT", ""))

    def build_totp_svg(self, url):
        """The picture for the phone, on white: in the dark, too, a camera must read it."""
        import qrcode
        from qrcode.image.svg import SvgPathFillImage

        return qrcode.make(url, image_factory=SvgPathFillImage).to_string(encoding="unicode")


def minutes_ago():
    """How long a proof of who somebody is stays fresh."""
    return timezone.now() - timedelta(seconds=app_settings.REAUTHENTICATION_TIMEOUT)


def signed_in_just_now(request):
    """Whether the last proof is fresh: nobody sits down at an open desk and ties their own phone to it."""
    records = get_authentication_records(request, request.user)
    return bool(records) and records[-1]["at"] > minutes_ago().timestamp()
