"""What is typed when a task is done, put off or handed over: one press, and a note if one likes."""

from datetime import timedelta

from django import forms
from django.utils.translation import gettext_lazy as _

from rapport.core.fields import Day, OneLine
from rapport.core.months import day_in, monday_of
from rapport.tasks.days import morning_of

DAY, WEEK = timedelta(days=1), timedelta(days=7)


class Note(forms.Form):
    """A dated word on what was done."""

    note = OneLine(label=_("A note"), required=False, most=300)


class Snooze(Note):
    """Until when: tomorrow, Monday, or a day that is typed."""

    when = forms.ChoiceField(
        choices=[("tomorrow", _("Tomorrow")), ("monday", _("Monday")), ("day", _("That day"))],
        error_messages={"required": _("Choose when it comes back."), "invalid_choice": _("Choose when it comes back.")},
    )
    day = Day(label=_("Or on a day"), required=False)

    def __init__(self, *args, program, at, **kwargs):
        super().__init__(*args, **kwargs)
        self.zone, self.today = program.zone, day_in(at, program.zone)
        self.fields["day"].earliest = self.today + DAY

    def clean(self):
        data = super().clean()
        if data.get("when") == "day" and not data.get("day") and "day" not in self.errors:
            self.add_error("day", _("Which day? Write it as 27 3 2026."))
        return data

    @property
    def until(self):
        days = {"tomorrow": self.today + DAY, "monday": monday_of(self.today) + WEEK, "day": self.cleaned_data["day"]}
        return morning_of(days[self.cleaned_data["when"]], self.zone)


class HandOver(Note):
    """To whom: a colleague with a desk in this program."""

    to: forms.ModelChoiceField = forms.ModelChoiceField(
        queryset=None,
        error_messages={"required": _("Choose a colleague."), "invalid_choice": _("Choose a colleague.")},
    )

    def __init__(self, *args, colleagues, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["to"].queryset = colleagues
