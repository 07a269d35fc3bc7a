"""A weekly plan, a meeting outside it, and what somebody told staff about one."""

from django import forms
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext_lazy as _

from rapport.core.fields import Day, Moment, OneLine, Words
from rapport.meetings.models import Meeting

LENGTH = _("Write the minutes as a number, from 1 to 1440.")
MET = [("yes", _("They met")), ("no", _("It did not happen"))]
EVERY = [(1, _("every week")), (2, _("every two weeks")), (3, _("every three weeks")), (4, _("every four weeks"))]
CAUSES = [("", _("Choose one")), *Meeting.Cause.choices]
WAITED = [("", _("I do not know")), ("yes", _("Yes, somebody waited")), ("no", _("No"))]
NEITHER = {"invalid_choice": _("Choose one of these."), "required": _("Choose one of these.")}


def minutes(**more):
    wrong = dict.fromkeys(("invalid", "required", "min_value", "max_value"), LENGTH)
    return forms.IntegerField(label=_("Minutes"), min_value=1, max_value=1440, error_messages=wrong, **more)


class Plan(forms.Form):
    """On which weekday, at what time, every how many weeks."""

    weekday = forms.TypedChoiceField(
        label=_("On"), coerce=int, choices=list(WEEKDAYS.items()), error_messages=NEITHER, widget=forms.RadioSelect
    )
    starts_at = forms.TimeField(
        label=_("At"), help_text=_("For example 15:30, in the program's time"),
        widget=forms.TextInput(attrs={"autocomplete": "off", "maxlength": 8}),
        error_messages={"invalid": _("Write the time as 15:30."), "required": _("Write the time as 15:30.")},
    )  # fmt: skip
    minutes = minutes(initial=60)
    every_weeks = forms.TypedChoiceField(
        label=_("How often"), coerce=int, initial=1, choices=EVERY, error_messages=NEITHER
    )
    place = OneLine(label=_("Where"), required=False, most=120)
    from_on = Day(label=_("From"))
    until_on = Day(label=_("Until"), required=False, help_text=_("Leave it empty where no end is planned"))

    def clean_starts_at(self):
        return self.cleaned_data["starts_at"].replace(second=0, microsecond=0)

    def clean(self):
        typed = super().clean()
        if typed.get("from_on") and typed.get("until_on") and typed["until_on"] < typed["from_on"]:
            self.add_error("until_on", _("It cannot end before it begins."))
        return typed


class Added(forms.Form):
    """A meeting outside the plan."""

    starts_at = Moment(label=_("When it begins"))
    minutes = minutes(initial=60)
    place = OneLine(label=_("Where"), required=False, most=120)

    def __init__(self, *args, zone, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["starts_at"].zone = zone


class Told(forms.Form):
    """What one party told staff about one meeting."""

    person = forms.ChoiceField(label=_("Who told you"), widget=forms.RadioSelect, error_messages=NEITHER)
    happened = forms.ChoiceField(
        label=_("Did they meet?"), choices=MET, widget=forms.RadioSelect, error_messages=NEITHER
    )
    minutes = minutes(required=False, help_text=_("If they met"))
    cause = forms.ChoiceField(label=_("Why not"), required=False, choices=CAUSES, error_messages=NEITHER)
    child_waited = forms.ChoiceField(label=_("Did the young person wait?"), required=False, choices=WAITED)
    words = Words(label=_("What they said"), required=False)

    def __init__(self, *args, people, meeting, **kwargs):
        super().__init__(*args, **kwargs)
        self.people = {person.ref: person for person in people}
        self.fields["person"].choices = [(ref, person.full_name) for ref, person in self.people.items()]
        self.fields["minutes"].initial = meeting.planned_minutes

    def told(self):
        typed, met = self.cleaned_data, self.cleaned_data["happened"] == "yes"
        return {
            "person": self.people[typed["person"]], "happened": met, "minutes": typed["minutes"] if met else None,
            "cause": "" if met else typed["cause"], "words": typed["words"],
            "child_waited": {"yes": True, "no": False}.get(typed["child_waited"]),
        }  # fmt: skip
