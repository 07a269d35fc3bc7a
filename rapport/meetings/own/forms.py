"""What somebody says on the page of their meetings: another time, what to talk about, when they are free."""

from datetime import time

from django import forms
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from rapport.core.fields import Day, Moment, OneLine
from rapport.meetings import actions
from rapport.meetings.actions.planning import FURTHEST
from rapport.meetings.forms import NEITHER
from rapport.meetings.models import AgendaItem, HolidayPlan, Meeting

CLOCK = {"invalid": lazy("Write the time as 15:30.")}


class NewTime(forms.Form):
    """When a meeting is to be instead."""

    starts_at = Moment(label=lazy("When instead?"))

    def __init__(self, *args, zone, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["starts_at"].zone = zone


class Item(forms.Form):
    """Something to talk about, or to do."""

    words = OneLine(
        label=lazy("In a few words"), most=300, error_messages={"required": lazy("Write a few words first.")}
    )
    for_staff_too = forms.BooleanField(label=lazy("My person at the program may read it, too"), required=False)


class FreeTimes(forms.Form):
    """From when until when somebody is free, on each day of the week."""

    def __init__(self, *args, spans=(), **kwargs):
        super().__init__(*args, **kwargs)
        self.days = []
        known = {day: (first, last) for day, first, last in reversed(list(spans))}
        for day, name in WEEKDAYS.items():
            first, last = known.get(day, (None, None))
            self.fields[f"from_{day}"] = clock(_("%(day)s, from") % {"day": name}, first)
            self.fields[f"until_{day}"] = clock(_("%(day)s, until") % {"day": name}, last)
            self.days.append((day, name))

    def rows(self):
        return [(name, self[f"from_{day}"], self[f"until_{day}"]) for day, name in self.days]

    def clean(self):
        typed = super().clean()
        for day, _name in self.days:
            first, last = typed.get(f"from_{day}"), typed.get(f"until_{day}")
            if (first is None) != (last is None) and not self.errors:
                self.add_error(f"until_{day}", _("Write both times of a day, or neither."))
            elif first is not None and last is not None and last <= first:
                self.add_error(f"until_{day}", _("It cannot end before it begins."))
        return typed

    def times(self):
        found = [(day, self.cleaned_data[f"from_{day}"], self.cleaned_data[f"until_{day}"]) for day, _name in self.days]
        return [(day, first, last) for day, first, last in found if first is not None]


def clock(label, initial):
    said = f"{initial:%H:%M}" if isinstance(initial, time) else None
    look = forms.TextInput(
        attrs={"autocomplete": "off", "maxlength": 8, "inputmode": "numeric", "size": 5, "class": "form-control"}
    )
    return forms.TimeField(label=label, required=False, initial=said, widget=look, error_messages=CLOCK)


class Holiday(forms.Form):
    """What a pair does over a break."""

    contact = forms.TypedChoiceField(
        label=lazy("Are you in touch meanwhile?"), coerce=lambda said: said == "yes", error_messages=NEITHER,
        choices=[("yes", lazy("Yes")), ("no", lazy("No"))], widget=forms.RadioSelect,
    )  # fmt: skip
    channel = forms.ChoiceField(
        label=lazy("If so, how?"), required=False, error_messages=NEITHER,
        choices=[("", lazy("Choose one")), *HolidayPlan.Channel.choices],
    )  # fmt: skip
    back_on = Day(label=lazy("When do you meet again?"), required=False)

    def __init__(self, *args, plan, **kwargs):
        said = {None: None, True: "yes", False: "no"}[plan.contact]
        first = {"contact": said, "channel": plan.channel, "back_on": plan.back_on}
        super().__init__(*args, initial=first | kwargs.pop("initial", {}), **kwargs)
        self.fields["back_on"].earliest, self.fields["back_on"].latest = plan.starts_on, plan.ends_on + FURTHEST

    def clean(self):
        typed = super().clean()
        if typed.get("contact") and not typed.get("channel") and "channel" not in self.errors:
            self.add_error("channel", _("Choose one of these."))
        return typed


class AgreedHoliday(Holiday):
    """The same, as staff agree to it."""

    worries_to = OneLine(
        label=lazy("Who answers worries meanwhile"), help_text=lazy("A name and how to reach them"), most=200
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["contact"].label = _("Are they in touch meanwhile?")
        self.fields["back_on"].label = _("When do they meet again?")


class Changed(forms.Form):
    """What somebody told staff about a meeting to come."""

    MOVE, OFF, AGAIN = "move", "off", "again"
    PROGRAM = "program"

    what = forms.ChoiceField(label=lazy("What becomes of it?"), widget=forms.RadioSelect, error_messages=NEITHER)
    starts_at = Moment(label=lazy("When instead"), required=False, help_text=lazy("If it is moved: 27 3 2026 15:30"))
    cause = forms.ChoiceField(
        label=lazy("Why not"), required=False, choices=[("", lazy("Choose one")), *Meeting.Cause.choices],
        help_text=lazy("If it cannot be"), error_messages=NEITHER,
    )  # fmt: skip
    person = forms.ChoiceField(label=lazy("Whose wish is it?"), widget=forms.RadioSelect, error_messages=NEITHER)

    def __init__(self, *args, people, meeting, zone, **kwargs):
        super().__init__(*args, **kwargs)
        self.meeting, self.people = meeting, {one.ref: one for one in people}
        self.fields["starts_at"].zone = zone
        again = [(self.AGAIN, _("It takes place after all"))]
        self.fields["what"].choices = again if meeting.cancelled_at else [
            (self.MOVE, _("It is moved")), (self.OFF, _("It cannot be")),
        ]  # fmt: skip
        own = [(ref, one.full_name) for ref, one in self.people.items()]
        self.fields["person"].choices = [*own, (self.PROGRAM, _("the program's"))]

    def clean(self):
        typed = super().clean()
        if typed.get("what") == self.MOVE and not typed.get("starts_at") and "starts_at" not in self.errors:
            self.add_error("starts_at", self.fields["starts_at"].error_messages["required"])
        return typed

    def act(self, *, by, at):
        """One call of what was chosen."""
        typed = self.cleaned_data
        who = {"person": self.people.get(typed["person"]), "by": by, "at": at}
        if typed["what"] == self.MOVE:
            return actions.move_meeting(self.meeting, starts_at=typed["starts_at"], **who)
        if typed["what"] == self.AGAIN:
            return actions.on_again(self.meeting, **who)
        return actions.call_off(self.meeting, cause=typed["cause"] or None, **who)


class Told(forms.Form):
    """Something for the list of a pair, as one of them told staff."""

    kind = forms.ChoiceField(
        label=lazy("What is it?"), choices=AgendaItem.Kind.choices, initial=AgendaItem.Kind.TOPIC,
        widget=forms.RadioSelect, error_messages=NEITHER,
    )  # fmt: skip
    person = forms.ChoiceField(label=lazy("Who told you"), widget=forms.RadioSelect, error_messages=NEITHER)
    words = OneLine(label=lazy("In a few words"), most=300)

    def __init__(self, *args, people, **kwargs):
        super().__init__(*args, **kwargs)
        self.people = {one.ref: one for one in people}
        self.fields["person"].choices = [(ref, one.full_name) for ref, one in self.people.items()]

    def told(self):
        typed = self.cleaned_data
        person = self.people[typed["person"]]
        return {"kind": typed["kind"], "words": typed["words"], "person": person, "for_staff_too": True}
