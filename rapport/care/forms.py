"""The form of thirty seconds: whom one talked with, what they said, what comes next, what this closes."""

from django import forms
from django.utils.translation import gettext_lazy as _

from rapport.care.rules import day_words
from rapport.checkins.models import Conversation
from rapport.core.fields import Day, OneLine, Words
from rapport.core.months import day_in
from rapport.meetings.models import Meeting

MET = [
    ("", _("not talked about")),
    ("yes", _("they met")),
    ("away", _("the mentor was away")),  # said apart: a child may be waiting
    ("no", _("it did not happen")),
]
AS_SAID = {"yes": (True, ""), "away": (False, Meeting.Cause.MENTOR_AWAY), "no": (False, "")}


class StillOpen(forms.MultipleChoiceField):
    """Ticks of what a talk closes. What somebody else has closed meanwhile is no mistake of whoever ticked it."""

    def valid_value(self, value):
        return True


class Talk(forms.Form):
    """A talk with one person. What it may close is handed over by the page."""

    form_id = forms.CharField(widget=forms.HiddenInput, max_length=40)
    how = forms.ChoiceField(
        label=_("How"),
        choices=[way for way in Conversation.How.choices if way[0] != Conversation.How.BEFORE],
        initial=Conversation.How.PHONE,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose how you talked.")},
    )
    explained = forms.BooleanField(label=_("First said: who reads this, and what cannot stay secret"), required=False)
    words = Words(label=_("What they said"), required=False, rows=3)
    next_step = OneLine(label=_("Next step"), required=False, most=200, help_text=_("For example: call again"))
    next_on = Day(label=_("On which day"), required=False)
    closes = StillOpen(label=_("This closes"), required=False, widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args, closing, today, **kwargs):
        super().__init__(*args, **kwargs)
        self.closing = closing
        self.fields["next_on"].earliest = today
        self.fields["words"].label = _("What %(name)s said") % {"name": closing.person.first_name}
        self.fields["closes"].choices = closing.choices
        self.fields["closes"].initial = [key for key, _words in closing.choices]
        if len(closing.matches) > 1:
            choices = [("", _("all of them")), *((m.ref, m.title) for m in closing.matches)]
            self.fields["match"] = forms.ChoiceField(label=_("About which pair"), required=False, choices=choices)
        for meeting in closing.meetings:
            on = day_in(meeting.starts_at, meeting.program.zone)
            words = _("%(day)s, %(pair)s") % {"day": day_words(on), "pair": meeting.match.title}
            self.fields[f"met-{meeting.ref}"] = forms.ChoiceField(label=words, required=False, choices=MET)

    def clean(self):
        data = super().clean()
        if data.get("how") in Conversation.LIVE and not data.get("explained"):
            words = _("Say this first, then tick it: who reads it, and what you cannot keep secret.")
            self.add_error("explained", words)
        if data.get("next_step") and not data.get("next_on") and "next_on" not in self.errors:
            self.add_error("next_on", _("When is this to be done? It comes to your desk that day."))
        if data.get("next_on") and not data.get("next_step") and "next_step" not in self.errors:
            self.add_error("next_step", _("What is to be done that day?"))
        return data

    def met_fields(self):
        return [self[name] for name in self.fields if name.startswith("met-")]

    def talked(self):
        """What the action asks for: the match, and what this closes, as records."""
        data, closing = self.cleaned_data, self.closing
        one = closing.matches[0] if len(closing.matches) == 1 else None
        match = next((m for m in closing.matches if m.ref == data.get("match")), one)
        said = {meeting: data.get(f"met-{meeting.ref}") for meeting in closing.meetings}
        return {
            "how": data["how"],
            "explained": data["explained"],
            "words": data["words"],
            "next_step": data["next_step"],
            "next_on": data["next_on"],
            "form_id": data["form_id"],
            "match": match,
            "tasks": [task for task in closing.tasks if f"task:{task.ref}" in data["closes"]],
            "check_ins": [one for one in closing.check_ins if f"ask:{one.pk}" in data["closes"]],
            "met": {meeting: AS_SAID[word] for meeting, word in said.items() if word},
        }
