"""What is pressed on a day sheet, and who keeps one for a day."""

from django import forms
from django.utils.translation import gettext_lazy as _

from rapport.core.fields import Moment, OneLine
from rapport.meetings.actions import Tap
from rapport.meetings.models import Mark

Outcome = Mark.Outcome
YES_NO = {"yes": True, "no": False}


class Press(forms.Form):
    """One tap beside one pair."""

    meeting = forms.CharField(max_length=12)
    outcome = forms.ChoiceField(choices=Outcome)
    seen = forms.IntegerField(min_value=0, max_value=10_000)
    waited = forms.ChoiceField(choices=[("", ""), ("yes", ""), ("no", "")], required=False)
    when = forms.ChoiceField(choices=[("", ""), ("then", ""), ("open", "")], required=False)
    again_at = Moment(required=False)
    form_id = forms.SlugField(max_length=40)

    def __init__(self, *args, zone, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["again_at"].zone = zone

    def clean(self):
        typed = super().clean()
        if typed.get("when") != "then":
            typed["again_at"] = None
            self.errors.pop("again_at", None)
        elif typed.get("again_at") is None and "again_at" not in self.errors:
            self.add_error("again_at", self.fields["again_at"].error_messages["required"])
        return typed

    @property
    def about_the_time(self):
        """What is wrong with the time typed, where only that is."""
        return self.errors["again_at"][0] if set(self.errors) == {"again_at"} else ""

    def tap(self, rows, absent=()):
        """The tap on one of these rows (by the ref of its meeting), or None where it is no longer on the sheet.

        `absent`: refs of the children of a group who were ticked as not there.
        """
        typed = self.cleaned_data
        row = rows.get(typed["meeting"])
        if row is None:
            return None
        away = {one for one in absent if one in row.group}
        if row.group and away == set(row.group):  # nobody of the group came
            return Tap(row.meeting, Outcome.CHILD, typed["seen"])
        instead = {"again_at": typed["again_at"], "is_time_open": typed["when"] == "open"}
        instead = instead if typed["outcome"] == Outcome.MOVED else {}
        waited = YES_NO.get(typed["waited"])
        return Tap(row.meeting, typed["outcome"], typed["seen"], waited, tuple(away), **instead)


class Keeper(forms.Form):
    """Who keeps the sheet for one day: by name, as the school knows them."""

    given_name = OneLine(label=_("First name"), most=100)
    family_name = OneLine(label=_("Last name"), most=100)


class Paper(forms.Form):
    """Who filled in the sheet of paper that is written down."""

    who = forms.ChoiceField(label=_("Who filled it in"), error_messages={"invalid_choice": _("Choose one of these.")})
    form_id = forms.SlugField(max_length=40, widget=forms.HiddenInput)

    def __init__(self, *args, writers, **kwargs):
        super().__init__(*args, **kwargs)
        self.writers = {"me": None} | {one.ref: one for one in writers}
        others = [(ref, one.full_name) for ref, one in self.writers.items() if one]
        self.fields["who"].choices = [("me", _("I did, myself")), *others]
        self.fields["who"].widget.attrs["class"] = "form-select"

    def clean_who(self):
        return self.writers[self.cleaned_data["who"]]
