"""A plan, a meeting outside it, and what somebody told staff about one."""

from django import forms
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext_lazy as _

from rapport.core.fields import Day, Moment, OneLine, Words
from rapport.core.months import day_in, moment
from rapport.meetings import models
from rapport.meetings.models import Meeting
from rapport.meetings.rhythm import first_day
from rapport.programs.places import places

LENGTH = _("Write the minutes as a number, from 1 to 1440.")
MET = [("yes", _("They met")), ("no", _("It did not happen"))]
EVERY = [
    ("1", _("every week")), ("2", _("every two weeks")), ("3", _("every three weeks")), ("4", _("every four weeks")),
    ("m1", _("every month")), ("m2", _("every two months")), ("m3", _("every three months")),
]  # fmt: skip
BY_DAY = "day"
NTH = [
    ("1", _("on the first such weekday")), ("2", _("on the second")), ("3", _("on the third")),
    ("4", _("on the fourth")), ("5", _("on the last")), (BY_DAY, _("on a day of the month")),
]  # fmt: skip
CAUSES = [("", _("Choose one")), *Meeting.Cause.choices]
WAITED = [("", _("I do not know")), ("yes", _("Yes, somebody waited")), ("no", _("No"))]
NEITHER = {"invalid_choice": _("Choose one of these."), "required": _("Choose one of these.")}


def minutes(**more):
    wrong = dict.fromkeys(("invalid", "required", "min_value", "max_value"), LENGTH)
    return forms.IntegerField(label=_("Minutes"), min_value=1, max_value=1440, error_messages=wrong, **more)


class Plan(forms.Form):
    """How often, on which day, at what time, and where."""

    every_weeks = forms.ChoiceField(label=_("How often"), initial="1", choices=EVERY, error_messages=NEITHER)
    weekday = forms.TypedChoiceField(
        label=_("On"), coerce=int, choices=list(WEEKDAYS.items()), error_messages=NEITHER, widget=forms.RadioSelect
    )
    nth = forms.ChoiceField(
        label=_("By the month"), required=False, choices=[("", _("Choose one")), *NTH], error_messages=NEITHER,
        help_text=_("Only where they meet by the month"),
    )  # fmt: skip
    month_day = forms.IntegerField(
        label=_("Day of the month"), required=False, min_value=1, max_value=31,
        help_text=_("A month without that day takes its last one"),
        error_messages=dict.fromkeys(("invalid", "min_value", "max_value"), _("Write a day from 1 to 31.")),
    )  # fmt: skip
    starts_at = forms.TimeField(
        label=_("At"), help_text=_("For example 15:30, in the program's time"),
        widget=forms.TextInput(attrs={"autocomplete": "off", "maxlength": 8}),
        error_messages={"invalid": _("Write the time as 15:30."), "required": _("Write the time as 15:30.")},
    )  # fmt: skip
    minutes = minutes(initial=60)
    mode = forms.ChoiceField(label=_("What kind of place"), widget=forms.RadioSelect, error_messages=NEITHER)
    place = OneLine(label=_("Where"), required=False, most=120)
    from_on = Day(label=_("From"))
    until_on = Day(label=_("Until"), required=False, help_text=_("Leave it empty where no end is planned"))
    tell = forms.BooleanField(
        label=_("Write to them when they meet"), required=False, initial=True,
        help_text=_("Mentor, mentee and guardians get one letter with the days, and a link to move one"),
    )  # fmt: skip

    def __init__(self, *args, match, at, **kwargs):
        super().__init__(*args, **kwargs)
        self.zone, self.at, self.follows = match.program.zone, at, match.plans.exists()
        rules = [rule for rule in places(match.program).values() if rule.says != rule.Says.NO]
        self.fields["mode"].choices = [(rule.mode, place_said(rule)) for rule in rules]
        # what an earlier plan expected stays; before a first one they may have met, as far back as they are counted
        self.fields["from_on"].earliest = day_in(at, self.zone) if self.follows else match.counted_from

    def clean_starts_at(self):
        return self.cleaned_data["starts_at"].replace(second=0, microsecond=0)

    def clean(self):
        typed = super().clean()
        if typed.get("from_on") and typed.get("until_on") and typed["until_on"] < typed["from_on"]:
            self.add_error("until_on", _("It cannot end before it begins."))
        if typed.get("every_weeks", "").startswith("m"):
            if not typed.get("nth"):
                self.add_error("nth", _("Say on which one of the month."))
            elif typed["nth"] == BY_DAY and not typed.get("month_day") and "month_day" not in self.errors:
                self.add_error("month_day", _("Write a day from 1 to 31."))
        if self.follows and not self.errors and self.begins_with_what_is_over():
            self.add_error("from_on", _("That hour of today is over. From which day on do they meet so?"))
        return typed

    def begins_with_what_is_over(self):
        """Whether the first of these meetings was to begin earlier today: nobody knew of it then."""
        first = first_day(models.Plan(**self.plan()))
        return moment(first, self.cleaned_data["starts_at"], self.zone) <= self.at

    def plan(self):
        """What was typed, as `make_plan` takes it."""
        typed = dict(self.cleaned_data)
        often, nth, day = typed.pop("every_weeks"), typed.pop("nth"), typed.pop("month_day")
        typed.pop("tell")
        if not often.startswith("m"):
            return typed | {"every_weeks": int(often)}
        which = {"month_day": day} if nth == BY_DAY else {"nth": int(nth)}
        return typed | {"every_months": int(often[1:])} | which


def place_said(rule):
    if rule.says == rule.Says.YES:
        return rule.get_mode_display()
    return _("%(place)s (somebody looks at it first)") % {"place": rule.get_mode_display()}


def often_of(plan) -> dict:
    """How a plan that stands reads in the form."""
    if plan.every_months is None:
        return {"every_weeks": str(plan.every_weeks)}
    nth = BY_DAY if plan.month_day else str(plan.nth)
    return {"every_weeks": f"m{plan.every_months}", "nth": nth, "month_day": plan.month_day}


class Added(forms.Form):
    """A meeting outside the plan."""

    starts_at = Moment(label=_("When it begins"))
    minutes = minutes(initial=60)
    place = OneLine(label=_("Where"), required=False, most=120)

    def __init__(self, *args, zone, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["starts_at"].zone = zone


WAYS = [("staff", _("They told me")), ("number", _("They answered a message with a number of minutes"))]


class Told(forms.Form):
    """What one party told staff about one meeting."""

    way = forms.ChoiceField(
        label=_("How you know"), choices=WAYS, initial="staff", required=False, widget=forms.RadioSelect,
        error_messages=NEITHER,
    )  # fmt: skip
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
            "person": self.people[typed["person"]], "source": typed["way"] or "staff", "happened": met,
            "minutes": typed["minutes"] if met else None, "cause": "" if met else typed["cause"],
            "words": typed["words"], "child_waited": {"yes": True, "no": False}.get(typed["child_waited"]),
        }  # fmt: skip
