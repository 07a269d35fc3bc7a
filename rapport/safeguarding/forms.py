"""Forms of safety: raising a concern, closing a worry, the steps with a concern, and who reads worries."""

from django import forms
from django.utils.translation import gettext_lazy as _

from rapport.core.fields import Day, OneLine, Words
from rapport.safeguarding.models import Concern, TriageItem
from rapport.safeguarding.naming import in_reach, may_be_named, only_match_of, people_near, readers_called
from rapport.safeguarding.questions import leads_of

DANGER = [("yes", _("Yes")), ("maybe", _("Not sure")), ("no", _("No"))]
State, Risk = Concern.State, Concern.Risk
GOING_ON = (State.EXPLORING, State.ACTION, State.MONITORING)
NONE_OF_THEM = "-"


class Raise(forms.Form):
    """What happened, in their words. Names they write are looked for only among those they may see anyway."""

    form_id = forms.CharField(widget=forms.HiddenInput, max_length=40)
    danger = forms.ChoiceField(
        label=_("Is somebody in danger right now?"),
        choices=DANGER,
        error_messages={"required": _("Say whether somebody is in danger right now.")},
    )
    words = Words(
        label=_("What happened?"),
        rows=7,
        help_text=_("What you saw or heard, and when. Where you can, in the child's own words."),
        error_messages={"required": _("Write what happened. A few words are enough.")},
    )
    about = OneLine(label=_("Who is it about?"), required=False, help_text=_("A name, or nobody."))
    which = forms.ChoiceField(label=_("Which of them do you mean?"), required=False, widget=forms.RadioSelect)
    cause = OneLine(
        label=_("Who might be the cause?"),
        required=False,
        help_text=_("If it is somebody who works here, write their name: they never get to see this."),
    )

    def __init__(self, *args, user, program, at, **kwargs):
        super().__init__(*args, **kwargs)
        self.user, self.program, self.at = user, program, at
        name = self.written("about")
        self.found = in_reach(name, user, program, at) if name else []
        self.exact = [one for one in self.found if str(one.person).casefold() == name.casefold()]
        choices = [(one.ref, self.said(one)) for one in self.found]
        self.fields["which"].choices = [*choices, (NONE_OF_THEM, _("None of them"))]

    def written(self, name):
        """What they typed into a field, if it is one clean line."""
        try:
            return self.fields[name].clean(self.data.get(name, "")) if self.is_bound else ""
        except forms.ValidationError:
            return ""

    def said(self, one):
        parts = (one.person.full_name, one.get_side_display(), str(one.site or ""))
        return ", ".join(str(part) for part in parts if part)

    @property
    def must_choose(self):
        return bool(self.found) and len(self.exact) != 1

    def clean(self):
        data = super().clean()
        if self.must_choose and not data.get("which") and not self.errors.get("which"):
            self.add_error("which", _("Say which of them you mean, or none of them."))
        return data

    def told(self):
        """What the action asks for."""
        data, subject = self.cleaned_data, self.subject()
        notes = [_("In danger right now: %(said)s") % {"said": dict(DANGER)[data["danger"]]}]
        notes += [_("It is about: %(who)s") % {"who": data["about"]}] if data["about"] else []
        notes += [_("They think the cause may be: %(who)s") % {"who": data["cause"]}] if data["cause"] else []
        return {
            "words": data["words"],
            "subject": subject.person if subject else None,
            "match": only_match_of(subject) if subject else None,
            "accused": readers_called(data["cause"], self.program, self.at) if data["cause"] else (),
            "risk": Risk.IMMEDIATE if data["danger"] == "yes" else "",
            "said": "\n".join(map(str, notes)),
            "cause_key": f"raised:{self.user.pk}:{data['form_id']}",
        }

    def subject(self):
        chosen = [one for one in self.found if one.ref == self.cleaned_data.get("which")]
        if not chosen and self.cleaned_data.get("which") != NONE_OF_THEM and len(self.exact) == 1:
            chosen = self.exact
        return chosen[0] if chosen else None


class CloseWorry(forms.Form):
    outcome = forms.ChoiceField(
        label=_("What came of it?"),
        choices=TriageItem.Outcome.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what came of it.")},
    )
    note = Words(
        label=_("What was said and done"),
        error_messages={"required": _("Write in a few words what was said and done.")},
    )
    look_again_on = Day(label=_("Talk again on"), required=False)

    def __init__(self, *args, today, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["look_again_on"].earliest = today

    def clean(self):
        data = super().clean()
        again = data.get("outcome") == TriageItem.Outcome.WATCH
        if again and not data.get("look_again_on") and "look_again_on" not in self.errors:
            self.add_error("look_again_on", _("When do you talk with them again? It comes to your desk that day."))
        return data


class Step(forms.Form):
    """One step with a concern; `told()` is what its action asks for."""

    def __init__(self, *args, concern, today, at, **kwargs):
        super().__init__(*args, **kwargs)
        self.concern, self.today, self.at = concern, today, at
        self.ready()

    def ready(self):
        """Fill in choices and limits."""

    def told(self):
        return self.cleaned_data


class Note(Step):
    words = Words(
        label=_("What was done or said"), rows=4, error_messages={"required": _("Write what was done or said.")}
    )
    look_again_on = Day(label=_("Look again on"), required=False)

    def ready(self):
        self.fields["look_again_on"].earliest = self.today


class Weigh(Step):
    risk = forms.ChoiceField(
        label=_("How great is the danger?"),
        choices=Risk.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Say how great the danger is.")},
    )
    state = forms.ChoiceField(
        label=_("What is being done now?"),
        choices=[(one.value, one.label) for one in GOING_ON],
        widget=forms.RadioSelect,
        error_messages={"required": _("Say what is being done now.")},
    )

    def ready(self):
        self.initial = {"risk": self.concern.risk, "state": self.concern.state}


class Tell(Step):
    words = Words(
        label=_("Who may be told, and what"),
        help_text=_("Everybody else is told nothing. A parent is left out where that makes it less safe."),
        error_messages={"required": _("Write who may be told. Nobody is an answer, too.")},
    )

    def ready(self):
        self.initial = {"words": self.concern.who_may_be_told}


class OneOf(Step):
    """A choice of one record, by its number."""

    who: forms.ModelChoiceField = forms.ModelChoiceField(queryset=None, empty_label=_("Choose"))


class Name(OneOf):
    def ready(self):
        self.fields["who"].queryset = may_be_named(self.concern, self.at)
        self.fields["who"].label = _("A colleague")
        self.fields["who"].help_text = _("They read this file and add notes. You decide.")
        self.fields["who"].error_messages["required"] = _("Choose a colleague.")

    def told(self):
        return {"user": self.cleaned_data["who"]}


class Accuse(OneOf):
    def ready(self):
        self.fields["who"].queryset = people_near(self.concern, self.at)
        self.fields["who"].label = _("It is about")
        self.fields["who"].help_text = _("From now on they cannot open this file, whatever their role. This stays so.")
        self.fields["who"].error_messages["required"] = _("Choose who it is about.")

    def told(self):
        return {"person": self.cleaned_data["who"]}


class Close(Step):
    outcome = Words(
        label=_("What came of it"),
        help_text=_("What was found, what was done, who was told, what we learn from it. A closed file is only read."),
        error_messages={"required": _("Write what came of it.")},
    )


class Nothing(Step):
    """A step that needs no words."""


class Wanted:
    """Asked for, and kept without it, too: the page says what is still missing."""

    def validate(self, value):
        if value not in self.empty_values:
            super().validate(value)


class WantedChoice(Wanted, forms.ModelChoiceField):
    pass


class WantedLine(Wanted, OneLine):
    pass


class WantedTime(Wanted, forms.TimeField):
    pass


class Duty(forms.Form):
    """Who reads worries, by when, and whom to call."""

    use_required_attribute = False

    lead = WantedChoice(queryset=None, label=_("Reads worries"))
    second_lead = WantedChoice(
        queryset=None,
        label=_("Reads them when the first is away"),
        help_text=_("Somebody else than the first."),
    )
    cover = WantedChoice(queryset=None, label=_("Stands in when both are away"))
    outside_contact = WantedLine(
        label=_("A contact outside the house"),
        help_text=_("A name and a number, called when nobody here has read it: the county's child protection office"),
    )
    read_by = WantedTime(
        label=_("Worries of a working day are read by"),
        help_text=_("For example 16:00"),
        input_formats=["%H:%M", "%H.%M"],
        widget=forms.TimeInput(format="%H:%M", attrs={"autocomplete": "off", "maxlength": 8}),
        error_messages={"invalid": _("Write the time as 16:00.")},
    )

    def __init__(self, *args, program, at, **kwargs):
        super().__init__(*args, **kwargs)
        self.sites = list(program.sites.order_by("name"))
        for name in ("lead", "second_lead", "cover"):
            self.fields[name].queryset = leads_of(program, at)
            self.fields[name].empty_label = _("nobody yet")
        for site in self.sites:
            self.fields[f"numbers-{site.ref}"] = WantedLine(
                initial=site.emergency_numbers,
                label=_("Emergency numbers at %(site)s") % {"site": site},
                help_text=_("What is called first in danger, then who at the site"),
            )

    def clean(self):
        data = super().clean()
        first, second = data.get("lead"), data.get("second_lead")
        if first and first == second:
            self.add_error("second_lead", _("Choose somebody else than the first."))
        return data

    def number_fields(self):
        return [self[name] for name in self.fields if name.startswith("numbers-")]

    def told(self):
        """What the action asks for."""
        data = {name: value for name, value in self.cleaned_data.items() if not name.startswith("numbers-")}
        return data | {"numbers": {site: self.cleaned_data[f"numbers-{site.ref}"] for site in self.sites}}
