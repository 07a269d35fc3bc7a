"""What the page of components shows: an invented story, and no record of anybody."""

from django import forms
from django.utils.translation import gettext_lazy as _

from rapport.core.fields import Day, Words

HOW = [("phone", _("Phone")), ("in-person", _("In person")), ("message", _("Message"))]
COLOURS = [
    ("paper", _("ground")),
    ("surface", _("cards, fields")),
    ("well", _("quiet areas")),
    ("ink", _("words")),
    ("ink-2", _("second words")),
    ("field", _("field borders")),
    ("accent", _("the one accent")),
    ("focus", _("focus ring")),
]
TYPED = {
    "day": "31 11 2026",
    "why": "",
    "note": "They said goodbye at the harbor and swapped drawings.",
    "talked": "on",
}


class ClosureSample(forms.Form):
    """A form with three things wrong."""

    day = Day(label=_("Day of the last meeting"), help_text=_("For example 27 3 2026"))
    why = forms.ChoiceField(
        label=_("Why it ends"),
        choices=[
            ("", _("Choose one")),
            ("done", _("The year is complete")),
            ("moving", _("Moving away")),
        ],
        error_messages={"required": _("Choose the reason that is nearest. You can add words below.")},
    )
    said = forms.ChoiceField(
        label=_("What did Jude say about it?"),
        widget=forms.RadioSelect,
        choices=[
            ("notes", _("He was asked; his words are in the notes")),
            ("chose-not", _("He was asked and chose not to say")),
        ],
        error_messages={"required": _("His view comes before this step. Ask him, or say that he chose not to.")},
    )
    note = Words(label=_("Anything the next coordinator should know"), required=False, rows=2)
    talked = forms.BooleanField(label=_("The monthly talk is done"), required=False)
    tell = forms.BooleanField(label=_("Tell the guardian too"), required=False)
