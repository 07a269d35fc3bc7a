"""What somebody says on their own page when something worries them."""

from django import forms
from django.utils.translation import gettext_lazy as lazy

from rapport.checkins.models import Answer
from rapport.core.fields import OneLine, Words

Worry = Answer.Worry


class Worried(forms.Form):
    """Yes or not sure, and words where there are any. Words alone are not sure."""

    form_id = OneLine(most=40, required=False, widget=forms.HiddenInput)
    worry = forms.ChoiceField(
        choices=[(Worry.YES, lazy("Yes")), (Worry.NOT_SURE, lazy("I am not sure"))], required=False,
        error_messages={"invalid_choice": lazy("Choose one of these.")},
    )  # fmt: skip
    words = Words(required=False)

    def clean(self):
        said = super().clean()
        if not self.errors and not said.get("worry") and not said.get("words"):
            self.add_error("worry", lazy("Choose one of these, or write a few words."))
        said["worry"] = said.get("worry") or Worry.NOT_SURE
        return said
