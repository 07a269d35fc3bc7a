"""What is typed when something was seen: the form asks only what this gate needs."""

from django import forms
from django.utils.translation import gettext_lazy as _

from rapport.core.fields import Day, OneLine
from rapport.onboarding.models import Gate
from rapport.people.models import Person

Code = Gate.Code
WAYS = [
    ("paper", _("on paper")),
    ("link", _("by a link")),
    ("voice", _("by voice, with a witness")),
    ("person", _("in person")),
]
DAY_WORDS = {
    Code.CLEARANCE: _("Day on the certificate"),
    Code.PERMISSION: _("Day of the yes"),
    Code.ASSENT: _("Day of the yes"),
    Code.CONSENT: _("Day of the yes"),
}


class Seen(forms.Form):
    """One gate as staff saw it: which day, until when, how, and by whom given."""

    met_on = Day(label=_("Which day"))
    valid_until_on = Day(label=_("Counts until"), required=False)
    given_by = forms.ModelChoiceField(
        Person.objects.none(),
        label=_("Who gave permission"),
        to_field_name="ref",
        widget=forms.RadioSelect,
        empty_label=None,
        error_messages={"required": _("Choose the guardian who said yes.")},
    )
    hours = forms.DecimalField(
        label=_("Hours"),
        min_value=0,
        max_value=200,
        max_digits=5,
        decimal_places=2,
        error_messages={"required": _("How many hours? Write a number, such as 2 or 2.5.")},
    )
    way = forms.ChoiceField(
        label=_("How"),
        choices=WAYS,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose how it came to you.")},
    )
    note = OneLine(
        label=_("A few words"),
        required=False,
        most=80,
        help_text=_("Number of the certificate, or who was the witness"),
    )

    def __init__(self, *args, code, today, guardians, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["met_on"].latest = today
        self.fields["met_on"].label = DAY_WORDS.get(code, self.fields["met_on"].label)
        self.fields["given_by"].queryset = guardians
        for name, wanted in (("given_by", code == Code.PERMISSION), ("hours", code == Code.TRAINING)):
            if not wanted:
                del self.fields[name]
        if code == Code.CLEARANCE:
            self.fields["valid_until_on"].required = True
            self.fields["valid_until_on"].error_messages["required"] = _(
                "Until when does it count? Write its last day."
            )

    def clean(self):
        data = super().clean()
        first, last = data.get("met_on"), data.get("valid_until_on")
        if first and last and last < first:
            self.add_error("valid_until_on", _("The last day lies before the first. Look at both."))
        if data.get("way") == "voice" and not data.get("note") and "note" not in self.errors:
            self.add_error("note", _("Who was the witness?"))
        return data

    def facts(self):
        """What the action asks for."""
        data = dict(self.cleaned_data)
        way = str(dict(WAYS)[data.pop("way")])
        note = data.pop("note")
        return {**data, "how": f"{way}: {note}" if note else way}
