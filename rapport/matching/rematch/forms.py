"""What is written down of a mentee who waits."""

from django import forms
from django.utils.translation import gettext_lazy as lazy

from rapport.core.fields import CHOOSE, OneLine
from rapport.matching.models import Waiting


class Kept(forms.Form):
    """Whether they come first, in a few words why; and of one who had a match, how ready they are for another."""

    is_first = forms.BooleanField(label=lazy("They come first"), required=False)
    words = OneLine(
        label=lazy("A few words"),
        most=300,
        required=False,
        help_text=lazy("Staff read them, and nobody who takes part."),
    )
    wants = forms.ChoiceField(
        label=lazy("Do they want another mentor?"), choices=[("", lazy("not asked yet")), *Waiting.Wants.choices],
        required=False, widget=forms.RadioSelect, error_messages=CHOOSE,
    )  # fmt: skip
    is_understood = forms.BooleanField(
        label=lazy("They know that it ended, and that it is nobody's fault"), required=False
    )
    is_weighed = forms.BooleanField(label=lazy("It was talked about that another might end early, too"), required=False)
    has_time = forms.BooleanField(label=lazy("There is time enough left for a match"), required=False)

    def __init__(self, *args, kept=None, was_matched, **kwargs):
        initial = {name: getattr(kept, name) for name in self.base_fields} if kept else {}
        super().__init__(*args, initial=initial, **kwargs)
        if not was_matched:
            for name in ("wants", "is_understood", "is_weighed", "has_time"):
                del self.fields[name]
