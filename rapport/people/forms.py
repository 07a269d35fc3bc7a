"""Forms on people."""

import phonenumbers
from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext_lazy as _

from rapport.core.fields import OneLine
from rapport.people.models import ContactPoint
from rapport.programs.models import Site

Kind = ContactPoint.Kind
NUMBERS = (Kind.TEXT, Kind.PHONE)
MOST_MATCHES = 50  # at a time; more is a slip of the finger


class Change(forms.Form):
    site = forms.ModelChoiceField(
        queryset=Site.objects.none(), required=False, label=_("Site"), empty_label=_("No site")
    )
    language = forms.ChoiceField(label=_("Language"), help_text=_("Messages to them are written in it."))
    capacity = forms.IntegerField(label=_("Matches at a time"), min_value=0, max_value=MOST_MATCHES)

    def __init__(self, *args, participant, **kwargs):
        known = {"site": participant.site_id, "language": participant.person.language, "capacity": participant.capacity}
        super().__init__(*args, initial=known, **kwargs)
        self.fields["site"].queryset = participant.program.sites.order_by("name")
        codes = dict(settings.LANGUAGES)
        codes.setdefault(participant.person.language, participant.person.language)
        self.fields["language"].choices = list(codes.items())


class Way(forms.Form):
    kind = forms.ChoiceField(label=_("How"), choices=Kind.choices, widget=forms.RadioSelect)
    value = OneLine(label=_("Address, number, or how to"), most=254)
    is_shared = forms.TypedChoiceField(
        label=_("Does anybody else read or hear it?"),
        choices=[("yes", _("Yes, or we do not know")), ("no", _("No, this person alone"))],
        coerce=lambda said: said == "yes",
        widget=forms.RadioSelect,
        help_text=_("A young person is written to only where nobody else reads."),
    )
    best_times = OneLine(label=_("Best times"), required=False, most=100)
    is_preferred = forms.BooleanField(label=_("They like this way best"), required=False)

    def clean(self):
        said = super().clean()
        kind, value = said.get("kind"), said.get("value")
        if kind and value:
            try:
                said["value"] = as_kept(kind, value)
            except ValidationError as error:
                self.add_error("value", error)
        return said


def as_kept(kind, value):
    """An address in small letters, a number in its international form; other ways as they were typed."""
    if kind == Kind.EMAIL:
        try:
            validate_email(value)
        except ValidationError as error:
            raise ValidationError(_("This is no e-mail address.")) from error
        return value.lower()
    return number(value) if kind in NUMBERS else value


def number(value):
    """A number with a country code is made alike; one without is kept as it is, if it can be one."""
    try:
        return phonenumbers.format_number(phonenumbers.parse(value, None), phonenumbers.PhoneNumberFormat.E164)
    except phonenumbers.NumberParseException:
        digits = sum(sign.isdigit() for sign in value)
        if digits < 3 or any(sign.isalpha() for sign in value):
            raise ValidationError(_("This is no telephone number.")) from None
        return value
