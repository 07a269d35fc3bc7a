"""allauth's forms with our words, limits to what is typed, and no code for staff without a second factor."""

from allauth.account import forms as account
from allauth.core import context
from allauth.mfa.base import forms as mfa
from allauth.mfa.totp import forms as totp
from django import forms
from django.core.validators import MaxLengthValidator
from django.utils.translation import gettext_lazy as _

from rapport.access import shared
from rapport.access.staff import lacks_factor

LONGEST_PASSWORD = 1000  # signs; hashing more only helps those who would tire the machine
LONGEST_CODE = 40
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


def limit(field, most):
    field.max_length = most
    field.validators.append(MaxLengthValidator(most, message=TOO_LONG))


class Login(Plain, OnSomeComputer, account.LoginForm):
    pass


class AskForCode(Plain, OnSomeComputer, account.RequestLoginCodeForm):
    def clean_email(self):
        """Staff without a second factor get no code, and nobody can tell from the answer."""
        email = super().clean_email()
        if getattr(self, "_user", None) is not None and lacks_factor(self._user):
            self._user = None
        return email


class ConfirmCode(Plain, account.ConfirmLoginCodeForm):
    pass


class AskForReset(Plain, account.ResetPasswordForm):
    pass


class ChooseByLink(Plain, account.ResetPasswordKeyForm):
    pass


class ChangePassword(Plain, account.ChangePasswordForm):
    pass


class SetPassword(Plain, account.SetPasswordForm):
    pass


class Reauthenticate(Plain, account.ReauthenticateForm):
    pass


class Authenticate(Plain, mfa.AuthenticateForm):
    pass


class ReauthenticateByCode(Plain, mfa.ReauthenticateForm):
    pass


class Enrol(Plain, totp.ActivateTOTPForm):
    pass
