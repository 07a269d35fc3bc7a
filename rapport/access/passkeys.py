"""Passkeys: a finger, a face or a key in place of a password, or after it.

They are kept to the very address they were made at, so a page that only looks like ours gets none. Whatever somebody
sends in place of one is refused in words.
"""

import json

from allauth.core import context
from allauth.mfa.adapter import get_adapter
from allauth.mfa.webauthn import forms as webauthn
from django import forms
from django.utils.translation import gettext_lazy as _
from fido2.utils import websafe_decode

from rapport.core.fields import OneLine

NOT_ONE = _("This was no passkey. Try again, or use another way.")
BROKEN = (AttributeError, LookupError, TypeError, ValueError, OverflowError, RecursionError)
LONGEST = 20_000  # signs; a true one has about two thousand


def check_origin(credential):
    """The browser signed at which address it was asked: at this one, to the letter."""
    request = context.request
    said = json.loads(websafe_decode(credential["response"]["clientDataJSON"]))
    if said["origin"] != f"{request.scheme}://{request.get_host()}" or said.get("crossOrigin"):
        raise get_adapter().validation_error("incorrect_code")


class Credential(forms.JSONField):
    """What a browser sends of a passkey: JSON of a decent length, and not too deep."""

    widget = forms.HiddenInput
    default_error_messages = {"invalid": NOT_ONE, "required": NOT_ONE}

    def to_python(self, value):
        try:
            return super().to_python(value if len(value or "") <= LONGEST else "")
        except RecursionError:
            raise forms.ValidationError(NOT_ONE) from None


class Signed(forms.Form):
    """What a browser signed with a passkey."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["credential"] = Credential()

    def clean_credential(self):
        try:
            check_origin(self.cleaned_data["credential"])
            return super().clean_credential()
        except BROKEN:
            raise get_adapter().validation_error("incorrect_code") from None


class Add(webauthn.AddWebAuthnForm):
    """A new one, with a name to know it by."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields.pop("passwordless", None)
        self.fields["credential"] = Credential()
        self.fields["name"] = OneLine(
            label=_("A name to know it by"), most=60, required=False, initial=self.initial.get("name")
        )

    def clean(self):
        try:
            if "credential" in self.cleaned_data:
                check_origin(self.cleaned_data["credential"])
            return super().clean()
        except BROKEN:
            raise get_adapter().validation_error("incorrect_code") from None


class SecondStep(Signed, webauthn.AuthenticateWebAuthnForm):
    pass


class SignIn(Signed, webauthn.LoginWebAuthnForm):
    pass


class Again(Signed, webauthn.ReauthenticateWebAuthnForm):
    pass


class Rename(webauthn.EditWebAuthnForm):
    name = OneLine(label=_("A name to know it by"), most=60)
