"""What is typed on the page of an ask: one small form for each card and for each meeting."""

from django import forms
from django.utils.translation import gettext_lazy as _

from rapport.checkins.actions.answering import Card as Said
from rapport.checkins.actions.answering import Met
from rapport.checkins.models import Answer
from rapport.core.fields import OneLine, Words
from rapport.meetings.forms import CAUSES, minutes
from rapport.people.forms import HowItCame

FEELINGS = [("", ""), *((str(n), str(n)) for n in range(1, 6))]
WORRIES = {"yes": Answer.Worry.YES, "maybe": Answer.Worry.NOT_SURE, "no": Answer.Worry.NO}
NEITHER = {"invalid_choice": _("Choose one of these.")}


class Press(forms.Form):
    """The button: one press is one answer."""

    form_id = OneLine(most=40)


class Written(HowItCame, Press):
    """How the words came that staff write down."""


class Card(forms.Form):
    """One card. Everything on it may be left out."""

    feel = forms.ChoiceField(choices=FEELINGS, required=False, error_messages=NEITHER)
    worry = forms.ChoiceField(choices=[("", ""), *((k, k) for k in WORRIES)], required=False, error_messages=NEITHER)
    words = Words(most=10_000, required=False)

    def __init__(self, data, *, shown):
        super().__init__(data, prefix=shown.key)
        self.shown = shown

    @property
    def was_touched(self):
        """A face (also the sixth: "I don't know"), a worry or words."""
        return self.add_prefix("feel") in self.data or bool(self.cleaned_data["worry"] or self.cleaned_data["words"])

    def said(self):
        typed = self.cleaned_data
        feeling = int(typed["feel"]) if typed["feel"] else None
        return Said(self.shown.check_in, feeling, WORRIES.get(typed["worry"], ""), typed["words"])


class Meet(forms.Form):
    """One meeting: we met, and how long; or it did not happen, and why."""

    met = forms.ChoiceField(choices=[("", ""), ("yes", _("We met")), ("no", _("It did not happen"))], required=False)
    minutes = minutes(required=False)
    cause = forms.ChoiceField(choices=CAUSES, required=False, error_messages=NEITHER)
    waited = forms.BooleanField(required=False)

    def __init__(self, data, *, meeting):
        super().__init__(data, prefix=f"m{meeting.pk}")
        self.meeting = meeting

    @property
    def was_touched(self):
        return bool(self.cleaned_data["met"])

    def said(self):
        typed, met = self.cleaned_data, self.cleaned_data["met"] == "yes"
        cause, waited = ("", None) if met else (typed["cause"], typed["waited"] or None)
        return Met(self.meeting, met, typed["minutes"], cause, waited)
