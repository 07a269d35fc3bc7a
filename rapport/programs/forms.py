"""What coordinators type about a program: numbers of its rules, and closed days."""

import re
from copy import copy
from datetime import timedelta

from django import forms
from django.conf import settings
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from rapport.core.fields import LINE_LENGTH, Day, OneLine, clean_line
from rapport.core.fields import Words as Lines
from rapport.core.own_words import WORD
from rapport.programs import sound, starters, wording
from rapport.programs.models import ClosedTime, GateRule, Limit, Party, Promise

LABELS = {
    "every": _("One every so many"),
    "grace_days": _("Late after so many days"),
    "minutes": _("How long one lasts, in minutes"),
    "until_month": _("Until this month of the match"),
}
PAIR = r"\s*(\d{1,4})\s*[-–]\s*(\d{1,4})\s*"  # due and late
LONGEST_CLOSED = timedelta(days=sound.LONGEST_CLOSED)


def number(label, most, least=1, **more):
    words = {
        "invalid": _("Write a whole number, such as 7."),
        "required": _("Write a number."),
        "min_value": _("This must be %(limit_value)s or more."),
        "max_value": _("This must be %(limit_value)s or less."),
    }
    return forms.IntegerField(
        label=label,
        min_value=least,
        max_value=most,
        error_messages=words,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "maxlength": 20}),
        **more,
    )


class ChangeLimit(forms.Form):
    def __init__(self, *args, limit, **kwargs):
        super().__init__(*args, **kwargs)
        unit = Limit.Unit(limit.unit)
        hour, many = _("At what hour, from 0 to 23"), _("How many (%(unit)s)") % {"unit": unit.label}
        label = hour if unit == Limit.Unit.OCLOCK else many
        self.limit = limit
        self.fields["value"] = number(label, sound.MOST[unit], sound.least_of(unit), initial=limit.value)

    def clean_value(self):
        """A number that would make another rule of the program impossible to keep is refused, as in a file."""
        value, program = self.cleaned_data["value"], self.limit.program
        values = {row.code: row.value for row in program.limits.all()} | {self.limit.code: value}
        for promise in program.promises.all() if self.limit.code in sound.MOST_ASKS.values() else ():
            if wrong := sound.too_often(promise, values):
                raise forms.ValidationError("%(code)s: %(wrong)s", params={"code": promise.code, "wrong": wrong})
        return value


def in_pairs(first_days):
    return ", ".join(f"{due}-{late}" for due, late in first_days)


class ChangePromise(forms.Form):
    """Only the numbers that this promise has."""

    def __init__(self, *args, promise, **kwargs):
        super().__init__(*args, **kwargs)
        self.promise = promise
        for name, most in sound.NUMBERS.items():
            value = getattr(promise, name)
            if value is not None:
                self.fields[name] = number(LABELS[name], most, 0 if name == "grace_days" else 1, initial=value)
        if "every" in self.fields and promise.unit:
            self.fields["unit"] = forms.ChoiceField(label=_("What"), choices=Promise.Unit.choices, initial=promise.unit)
            self.order_fields(["every", "unit"])
        if promise.hours_a_month is not None:
            self.fields["hours_a_month"] = forms.DecimalField(
                label=_("Hours a month"), min_value=0, max_value=sound.HOURS_A_MONTH, max_digits=5, decimal_places=2,
                initial=promise.hours_a_month, widget=forms.TextInput(attrs={"inputmode": "decimal", "maxlength": 20}),
            )  # fmt: skip
        if promise.kind == Promise.Kind.CHECK_IN:
            self.fields["first_days"] = OneLine(
                label=_("At first, on these days of the match"), required=False, initial=in_pairs(promise.first_days),
                help_text=_("Due and late, such as 7-10, 21-25. Empty: only in its rhythm."),
            )  # fmt: skip
        self.fields["is_on"] = forms.ChoiceField(
            label=_("Whether it is promised"), choices=[("yes", _("yes")), ("no", _("not for now"))], required=False,
            initial="yes" if promise.is_on else "no",
        )  # fmt: skip
        self.fields["why_off"] = OneLine(
            label=_("Why it is not promised"), required=False, initial=promise.why_off,
            help_text=_("It stands beside the promise, for everybody who reads the settings."),
        )  # fmt: skip

    def clean_first_days(self):
        """Pairs of days; where the page did not ask, they stay."""
        if "first_days" not in self.data:
            return self.promise.first_days
        pairs = [re.fullmatch(PAIR, part) for part in self.cleaned_data["first_days"].split(",") if part.strip()]
        if not all(pairs):
            raise forms.ValidationError(_("Write two days with a dash between, such as 7-10, 21-25."))
        days = [[int(pair[1]), int(pair[2])] for pair in pairs]
        if wrong := sound.wrong_days(days):
            raise forms.ValidationError(wrong.capitalize())
        return days

    def clean(self):
        """Late only after the next is due, or more often than asks may go out: refused, as in a file."""
        said = super().clean()
        said["is_on"] = said.get("is_on", "yes") != "no" if "is_on" in self.data else self.promise.is_on
        said["why_off"] = "" if said["is_on"] else said.get("why_off") or self.promise.why_off
        if not said["is_on"] and not said["why_off"]:
            self.add_error("why_off", _("Say why, in a few words."))
        if not self.errors:
            promise = copy(self.promise)
            for name, value in said.items():
                setattr(promise, name, value)
            limits = {row.code: row.value for row in promise.program.limits.all()}
            if wrong := sound.long_grace(promise):
                self.add_error("grace_days" if "grace_days" in self.fields else None, wrong)
            elif wrong := sound.too_often(promise, limits):
                self.add_error("every" if "every" in self.fields else None, wrong)
        return said


class ChangeGate(forms.Form):
    """How strictly a gate is asked; why it changed is kept."""

    weight = forms.ChoiceField(label=_("How strictly it is asked"), choices=GateRule.Weight.choices)
    why = OneLine(label=_("Why it changes"), help_text=_("It stands beside the rule, with your name."))


class Starters(forms.Form):
    """How a talk may be begun again after an event, a line each: for mentors, and for mentees."""

    mentor = Lines(label=_("For mentors"), most=4000, rows=6, help_text=_("One on each line, three at least"))
    mentee = Lines(label=_("For mentees"), most=4000, rows=6, help_text=_("One on each line, three at least"))

    def __init__(self, *args, program, **kwargs):
        rows = starters.starters_of(program)
        lines = {party: [row.words for row in rows if row.party == party] for party in starters.PARTIES}
        kwargs["initial"] = {party: "\n".join(words) for party, words in lines.items()}
        super().__init__(*args, **kwargs)

    def clean_mentor(self):
        return self.lines("mentor")

    def clean_mentee(self):
        return self.lines("mentee")

    def lines(self, name):
        typed = [clean_line(line, most=LINE_LENGTH) for line in self.cleaned_data[name].splitlines()]
        lines = list(dict.fromkeys(filter(None, typed)))
        if not starters.FEWEST <= len(lines) <= starters.MOST:
            told = {"fewest": starters.FEWEST, "most": starters.MOST}
            raise forms.ValidationError(_("Write from %(fewest)d to %(most)d, each on a line of its own."), params=told)
        return lines

    def said(self):
        return {Party(party): lines for party, lines in self.cleaned_data.items()}


class Words(forms.Form):
    """The program's own words, for all languages and anew for each that needs it."""

    def __init__(self, *args, program, **kwargs):
        super().__init__(*args, **kwargs)
        self.languages = [code for code in program.languages if code != settings.LANGUAGE_CODE]
        for code in ["", *self.languages]:
            told = program.words.get(code, {}) if code else program.words
            for noun in wording.NOUNS:
                self.fields[f"{code}.{noun}"] = OneLine(
                    label=gettext("Instead of “%(noun)s”") % {"noun": noun}, most=wording.LONGEST, required=False,
                    initial=told.get(noun, ""),
                )  # fmt: skip

    def clean(self):
        said = super().clean()
        for name, word in list(said.items()):
            if "." in name and word and not WORD.fullmatch(word):
                self.add_error(name, _("Use letters, digits, spaces and hyphens alone."))
        return said

    @property
    def parts(self):
        """[(the language, its fields)] for the page; the first holds for all languages."""
        names = dict(settings.LANGUAGES)
        return [
            (names.get(code, ""), [self[f"{code}.{noun}"] for noun in wording.NOUNS]) for code in ["", *self.languages]
        ]

    @property
    def words(self):
        """What was written, without the empty lines."""
        told = {
            code: {noun: word for noun in wording.NOUNS if (word := self.cleaned_data[f"{code}.{noun}"])}
            for code in ["", *self.languages]
        }
        return told.pop("") | {code: words for code, words in told.items() if words}


class About(forms.Form):
    contact_line = OneLine(
        label=_("How participants reach the program"),
        help_text=_("A name and a number. It stands on every page of theirs."),
        required=False,
    )


class Place(forms.Form):
    name = OneLine(label=_("Name"), most=120)
    emergency_numbers = OneLine(
        label=_("Emergency numbers"), help_text=_("For example: 911; school office 555 0111"), required=False
    )

    def __init__(self, *args, program, site=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.others = program.sites.exclude(pk=site.pk if site else None)

    def clean_name(self):
        name = self.cleaned_data["name"]
        if self.others.filter(name=name).exists():
            raise forms.ValidationError(_("There is a site of this name already."))
        return name


class CloseDays(forms.Form):
    starts_on = Day(label=_("First closed day"))
    ends_on = Day(label=_("Last closed day"), required=False, help_text=_("One day only? Leave it empty."))
    kind = forms.ChoiceField(label=_("What it is"), choices=ClosedTime.Kind.choices)
    site: forms.ModelChoiceField = forms.ModelChoiceField(
        label=_("Where"), queryset=None, required=False, to_field_name="ref"
    )
    name = OneLine(label=_("What people call it"), most=120, required=False)

    def __init__(self, *args, program, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["site"].queryset = program.sites.order_by("name")
        self.fields["site"].empty_label = _("The whole program")
        self.fields["site"].error_messages["invalid_choice"] = _("Choose one of the sites of this program.")

    def clean(self):
        said = super().clean()
        first, last = said.get("starts_on"), said.get("ends_on") or said.get("starts_on")
        if first and last and last < first:
            self.add_error("ends_on", _("The last day comes before the first. Look at both."))
        elif first and last and last - first > LONGEST_CLOSED:
            self.add_error("ends_on", _("That is more than a year. Look at the year you wrote."))
        return {**said, "ends_on": last}
