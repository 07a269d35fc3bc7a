"""allauth's forms with our words, limits to what is typed, and no code for staff without a second factor."""

from allauth.account import forms as account
from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import record_authentication
from allauth.account.internal.userkit import filter_users_by_email
from allauth.core import context
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.core.internal.cryptokit import normalize_user_code
from allauth.mfa import app_settings as mfa_settings
from allauth.mfa.base import forms as mfa
from allauth.mfa.base.internal.flows import post_authentication
from allauth.mfa.totp import forms as totp
from django import forms
from django.core.cache import cache
from django.core.validators import MaxLengthValidator
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from rapport.access import shared
from rapport.access.actions import come_in, is_way_in
from rapport.access.adapter import spend
from rapport.access.staff import lacks_factor

LONGEST_PASSWORD = 1000  # signs; hashing more only helps those who would tire the machine
LONGEST_CODE = 40
CODES = "rapport.access.codes"
CODE_IS_RIGHT_FOR = (2 * mfa_settings.TOTP_TOLERANCE + 2) * mfa_settings.TOTP_PERIOD  # seconds, and a step to spare
WORDS = {
    "login": _("E-mail address"),
    "email": _("E-mail address"),
    "password": _("Password"),
    "oldpassword": _("Your password of today"),
    "password1": _("New password"),
    "password2": _("New password again"),
    "code": _("Code"),
}
ADVICE = _("At least twelve signs. Three or four words are easy to keep.")
TOO_LONG = _("This is too long: at most %(limit_value)d signs fit.")


class Plain:
    """Labels instead of words inside the field, no help that is a link, and limits."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.label = WORDS.get(name, field.label)
            field.widget.attrs.pop("placeholder", None)
            if isinstance(field.widget, forms.PasswordInput):
                field.help_text = ADVICE if name == "password1" else ""
                limit(field, LONGEST_PASSWORD)
            elif name == "code":
                limit(field, LONGEST_CODE)
                field.widget.attrs |= {"inputmode": "text", "autocapitalize": "off", "spellcheck": "false"}


class OnSomeComputer(forms.Form):
    """The first step of signing in, where somebody may say that the computer is not theirs alone."""

    shared = forms.BooleanField(
        required=False,
        label=_("Others use this computer, too"),
        help_text=_("You are signed out when the browser closes, and when nobody presses anything for a while."),
    )

    def clean(self):
        said = super().clean()
        shared.ask(context.request, self.cleaned_data.get("shared"))
        return said


def is_theirs(typed, user):
    """Whether the address is theirs to the letter, but for the case of plain ones.

    A letter that only looks like another, or becomes it in capitals, may lead to somebody else's mailbox.
    """
    return typed == user.email or (typed.isascii() and typed.lower() == user.email.lower())


def limit(field, most):
    field.max_length = most
    field.validators.append(MaxLengthValidator(most, message=TOO_LONG))


class Login(Plain, OnSomeComputer, account.LoginForm):
    pass


class AskForCode(Plain, OnSomeComputer, account.RequestLoginCodeForm):
    def clean_email(self):
        """Staff without a second factor get no code, and nobody can tell from the answer."""
        email = self.cleaned_data["email"]
        users = filter_users_by_email(email, is_active=True, prefer_verified=True, for_login=True)
        self._user = next((user for user in users if is_theirs(email, user) and not lacks_factor(user)), None)
        if not spend(context.request, email, "request_login_code"):
            raise get_adapter().validation_error("too_many_login_attempts")
        return email


class ConfirmCode(Plain, account.ConfirmLoginCodeForm):
    pass


class AskForReset(Plain, account.ResetPasswordForm):
    def clean_email(self):
        email = super().clean_email()
        self.users = [user for user in self.users if is_theirs(email, user)]
        return email


class LinkOfUser(account.UserTokenForm):
    def _get_user(self, uidb36):
        """Whoever may not sign in any more chooses no password, whatever link they kept."""
        user = super()._get_user(uidb36)
        return user if user and user.is_active else None


class ChooseByLink(Plain, account.ResetPasswordKeyForm):
    pass


class ChangePassword(Plain, account.ChangePasswordForm):
    pass


class SetPassword(Plain, account.SetPasswordForm):
    pass


class Reauthenticate(Plain, account.ReauthenticateForm):
    pass


class Once(forms.Form):
    """A code of the phone opens once in all the time it is right: allauth forgets it while it still is."""

    def clean_code(self):
        typed = super().clean_code()  # type: ignore[misc]
        if not is_first_use(self.user, typed):
            raise get_adapter().validation_error("incorrect_code")
        return typed


def is_first_use(user, code):
    """Whether this user has not shown this code before. Of two who show it at once, one is the first."""
    return cache.add(f"{CODES}:{user.pk}:{normalize_user_code(code)}", 1, timeout=CODE_IS_RIGHT_FOR)


class Authenticate(Plain, Once, mfa.AuthenticateForm):
    """A code of the phone, a recovery code, or one that a colleague gave by word of mouth."""

    def clean_code(self):
        try:
            return super().clean_code()
        except forms.ValidationError as error:
            typed = self.cleaned_data["code"]
            if error.code != "incorrect_code" or not is_way_in(self.user, typed, timezone.now()):
                raise
            self.authenticator = None
            return typed

    def save(self):
        if self.authenticator:
            post_authentication(context.request, self.authenticator)
        elif come_in(self.user, self.cleaned_data["code"], at=timezone.now()):
            record_authentication(context.request, self.user, "mfa", type="way-in")
        else:  # used by another window a moment ago
            raise ImmediateHttpResponse(redirect("account_login"))


class ReauthenticateByCode(Plain, Once, mfa.ReauthenticateForm):
    pass


class Enrol(Plain, Once, totp.ActivateTOTPForm):
    pass
