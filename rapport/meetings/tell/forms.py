"""What is typed when somebody tells of a meeting: a few taps are enough, and everything else may stay empty."""

from django import forms
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext_lazy as _

from rapport.core.fields import Day, OneLine, Words
from rapport.core.months import day_in, moment
from rapport.meetings.forms import CAUSES, NEITHER, minutes
from rapport.meetings.models import Attempt, Log, Meeting
from rapport.meetings.telling import More, Told
from rapport.programs.activities import choices as activities
from rapport.programs.models import Mode

MET = [("yes", _("We met")), ("no", _("It did not happen"))]
FEELINGS = [("", ""), *((str(n), str(n)) for n in range(1, 6))]
WORRIES = [("", ""), ("yes", _("Yes")), ("maybe", _("Not sure")), ("no", _("No"))]
PREPARED = [("", _("I do not know")), ("yes", _("Yes")), ("no", _("No"))]
ANY = [("", _("Choose one"))]
OWN_CAUSE = {"mentor": Meeting.Cause.MENTOR_AWAY, "mentee": Meeting.Cause.MENTEE_AWAY}
UNSAID = NEITHER | {"required": _("Say first whether it took place.")}


class Detail(forms.Form):
    """What else there is to tell: facts first, then what may be passed on, then what one thinks."""

    began = forms.TimeField(
        label=_("It began at another time"), required=False, help_text=_("For example 15:45"),
        widget=forms.TextInput(attrs={"autocomplete": "off", "maxlength": 8, "inputmode": "numeric", "size": 6}),
        error_messages={"invalid": _("Write the time as 15:30.")},
    )  # fmt: skip
    mode = forms.ChoiceField(label=_("Where"), required=False, choices=[*ANY, *Mode.choices], error_messages=NEITHER)
    place = OneLine(label=_("Which place"), required=False, most=120)
    company = forms.MultipleChoiceField(
        label=_("Who else was there"), required=False, choices=Log.Company.choices, error_messages=NEITHER,
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    company_words = OneLine(label=_("Who, in a few words"), required=False, most=200)
    activity = forms.ChoiceField(label=_("What you did"), required=False, error_messages=NEITHER)
    activity_words = OneLine(label=_("What, in a few words"), required=False, most=500)
    is_school_activity = forms.BooleanField(label=_("It was something the school offers"), required=False)
    is_new_experience = forms.BooleanField(label=_("It was something new"), required=False)
    technique = forms.ChoiceField(
        label=_("A way of working you used"), required=False, choices=[*ANY, *Log.Technique.choices],
        error_messages=NEITHER,
    )  # fmt: skip
    was_prepared = forms.ChoiceField(
        label=_("They came prepared"), required=False, choices=PREPARED, error_messages=NEITHER
    )
    shared = Words(
        label=_("A summary that may be passed on"), required=False,
        help_text=_("Other mentors of the pair, and guardians who follow how it goes, may read it: nothing private."),
    )  # fmt: skip
    is_good_practice = forms.BooleanField(
        label=_("Others may learn from it"), required=False,
        help_text=_("Somebody of the program may let other mentors read it, without names."),
    )  # fmt: skip
    words = Words(label=_("For your person at the program alone"), required=False)
    opinion = Words(label=_("What you think about it"), required=False)

    def __init__(self, *args, meeting, **kwargs):
        super().__init__(*args, **kwargs)
        self.meeting = meeting
        self.fields["activity"].choices = [*ANY, *activities(meeting.program)]

    def more(self):
        """What was told at length, or None where all of it stayed empty."""
        typed = self.cleaned_data
        told = More(
            began_at=self.began_at(), company=tuple(typed.get("company") or ()),
            was_prepared={"yes": True, "no": False}.get(typed.get("was_prepared", "")),
            **{name: typed[name] for name in OTHERS if name in typed},
        )  # fmt: skip
        return None if told == More() else told

    def began_at(self):
        typed, zone = self.cleaned_data.get("began"), self.meeting.program.zone
        if typed is None:
            return None
        return moment(day_in(self.meeting.starts_at, zone), typed, zone)


OTHERS = (
    "mode", "place", "company_words", "activity", "activity_words", "is_school_activity", "is_new_experience",
    "technique", "shared", "is_good_practice", "opinion",
)  # fmt: skip
OF_MENTORS = (
    "began", "company", "company_words", "is_school_activity", "is_new_experience", "technique", "was_prepared",
    "shared", "is_good_practice", "opinion",
)  # fmt: skip


class Tell(Detail):
    """One party's own word."""

    form_id = OneLine(most=40, required=False, widget=forms.HiddenInput)
    met = forms.ChoiceField(choices=MET, widget=forms.RadioSelect, error_messages=UNSAID)
    minutes = minutes(required=False)
    cause = forms.ChoiceField(label=_("Why, if not"), choices=CAUSES, required=False, error_messages=NEITHER)
    waited = forms.BooleanField(required=False)
    feel = forms.ChoiceField(choices=FEELINGS, required=False, error_messages=NEITHER)
    worry = forms.ChoiceField(choices=WORRIES, required=False, error_messages=NEITHER)
    worry_words = Words(required=False)

    def __init__(self, *args, side, asks_worry, **kwargs):
        super().__init__(*args, **kwargs)
        left_out = () if side == "mentor" else OF_MENTORS
        for name in [*left_out, *(() if asks_worry else ("worry", "worry_words"))]:
            del self.fields[name]
        self.fields["minutes"].initial = self.meeting.planned_minutes
        own = OWN_CAUSE.get(side)
        self.fields["cause"].choices = [(why, _("I was away") if why == own else words) for why, words in CAUSES]

    def clean(self):
        typed = super().clean()
        if typed.get("met") == "yes" and typed.get("waited"):
            self.add_error("met", _("You say both: that you met, and that it did not happen. Which was it?"))
        return typed

    def worry_told(self):
        """The worry and its words, readable whatever else is to be put right; empty where their own words are not."""
        said = self.cleaned_data
        return ("", "") if "worry_words" in self.errors else (said.get("worry", ""), said.get("worry_words", ""))

    def tells_nothing_else(self):
        """Whether a worry is all that was told: nobody is asked whether they met, for that."""
        rest = set(self.cleaned_data) - {"worry", "worry_words", "form_id", "minutes"}
        return list(self.errors) == ["met"] and not self.data.get("met") and not any(map(self.cleaned_data.get, rest))

    def without_worry(self):
        """The same form, to be put right: what was handed on already is asked anew, not shown."""
        kept = {name: self.data.getlist(name) for name in self.data if not name.startswith("worry")}
        self.data = MultiValueDict(kept)
        return self

    def told(self):
        typed, met = self.cleaned_data, self.cleaned_data["met"] == "yes"
        return Told(
            happened=met, minutes=typed["minutes"] if met else None, cause="" if met else typed["cause"],
            words=typed["words"], feeling=int(typed["feel"]) if typed["feel"] else None, more=self.more(),
            child_waited=None if met else typed["waited"] or None,
        )  # fmt: skip


class Another(forms.Form):
    """A meeting that was not planned: on which day, when it began, how long."""

    pair = forms.ChoiceField(label=_("With whom"), widget=forms.RadioSelect, error_messages=NEITHER)
    on = Day(label=_("On which day"))
    began = forms.TimeField(
        label=_("It began at"), help_text=_("For example 15:30"),
        widget=forms.TextInput(attrs={"autocomplete": "off", "maxlength": 8, "inputmode": "numeric", "size": 6}),
        error_messages={"invalid": _("Write the time as 15:30."), "required": _("Write the time as 15:30.")},
    )  # fmt: skip
    minutes = minutes(initial=60)

    def __init__(self, *args, pairs, zone, at, **kwargs):
        super().__init__(*args, **kwargs)
        self.zone, self.at = zone, at
        only_one(self.fields["pair"], pairs)
        self.fields["on"].earliest = min(pair.match.begun_on for pair in pairs)
        self.fields["on"].latest = day_in(at, zone)

    def clean(self):
        typed = super().clean()
        if typed.get("on") and typed.get("began") and self.starts_at() > self.at:
            self.add_error("began", _("That hour is still to come. When did you meet?"))
        return typed

    def starts_at(self):
        return moment(self.cleaned_data["on"], self.cleaned_data["began"], self.zone)


class Tried(forms.Form):
    """That somebody tried to reach the other side."""

    form_id = OneLine(most=40, required=False, widget=forms.HiddenInput)
    pair = forms.ChoiceField(label=_("Whom"), widget=forms.RadioSelect, error_messages=NEITHER)
    on = Day(label=_("On which day"))
    how = forms.ChoiceField(
        label=_("How"), choices=Attempt.How.choices, widget=forms.RadioSelect, error_messages=NEITHER
    )

    def __init__(self, *args, pairs, **kwargs):
        super().__init__(*args, auto_id="tried-%s", **kwargs)
        only_one(self.fields["pair"], pairs)


def only_one(field, pairs):
    """Whoever has one match need not say which."""
    field.choices = [(pair.match.ref, pair.names) for pair in pairs]
    if len(field.choices) == 1:
        field.initial, field.widget = field.choices[0][0], forms.HiddenInput()
