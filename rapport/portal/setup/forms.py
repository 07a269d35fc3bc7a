"""What is asked when a program is set up, step by step."""

from zoneinfo import available_timezones

from django import forms
from django.conf import settings
from django.core.validators import validate_slug
from django.forms import formset_factory
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from rapport.core.fields import Day, OneLine
from rapport.programs import profiles, sound
from rapport.programs.forms import LABELS, number
from rapport.programs.models import Limit, Program, Promise
from rapport.programs.templatetags.programs import code_words

WHAT_FOR = {  # each profile, for somebody who has to choose
    "youth-one-to-one": _("One adult and one young person, every week. Parents give permission and are asked, too."),
    "school-group": _("A school with groups of pupils and their mentors, and activities a few times a year."),
    "professional": _("Grown-ups at work: one further on, one who wants to get on. Half a year, once a month."),
    "long-term": _("A long relationship by agreement, mostly between grown-ups, with a talk every other month."),
    "parent-mentors": _("Parents who have been there stand by parents who are there now. Children take no part."),
    "peer": _("Older pupils mentor younger ones, at school only, with an adult who supervises them."),
    "event-only": _("Mentoring at one event, and two questions afterwards. No meetings are promised beyond it."),
}
MOST_SITES = 200


def zones():
    return [(zone, zone.replace("_", " ")) for zone in sorted(available_timezones()) if "/" in zone or zone == "UTC"]


class Start(forms.Form):
    profile = forms.ChoiceField(
        label=_("What kind of program is it?"), widget=forms.RadioSelect, choices=[],
        error_messages={"required": _("Choose one; everything it says can be changed afterwards.")},
    )  # fmt: skip

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["profile"].choices = [(slug, profiles.read(slug)["name"]) for slug in ordered()]


def ordered():
    """The profiles in the order in which most people look for theirs."""
    return sorted(profiles.slugs(), key=lambda slug: list(WHAT_FOR).index(slug) if slug in WHAT_FOR else 99)


class Upload(forms.Form):
    file = forms.FileField(
        label=_("A program's file"), help_text=_("As “Download as a file” on the settings of a program gives it."),
        error_messages={"required": _("Choose a file."), "empty": _("This file is empty.")},
    )  # fmt: skip


class Own(forms.Form):
    name = OneLine(label=_("What is it called?"), most=120)
    slug = OneLine(
        label=_("Short name in addresses"), most=50, required=False,
        help_text=_("Small letters, digits and hyphens. Left empty, it is made of the name."),
    )  # fmt: skip
    time_zone = forms.ChoiceField(label=_("Time zone"), choices=zones, help_text=_("Days begin and end there."))
    languages = forms.MultipleChoiceField(
        label=_("Languages of those who take part"), widget=forms.CheckboxSelectMultiple, choices=settings.LANGUAGES
    )
    using_since_on = Day(
        label=_("First day in Rapport"), help_text=_("Nothing before this day is due, late or counted.")
    )
    contact_line = OneLine(
        label=_("How participants reach the program"), required=False,
        help_text=_("A name and a number. It stands on every page of theirs."),
    )  # fmt: skip
    quiet_start = forms.BooleanField(
        label=_("Start quietly: everything that goes out waits until somebody lets it go"), required=False
    )

    def clean(self):
        said = super().clean()
        slug = (said.get("slug") or slugify(said.get("name", "")))[:50].strip("-")
        if "name" in said and "slug" in said:
            self.check(slug)
        return {**said, "slug": slug}

    def check(self, slug):
        try:
            validate_slug(slug)
        except forms.ValidationError:
            self.add_error("slug", _("Write a short name of small letters, digits and hyphens, such as riverside."))
        else:
            if slug != slug.lower():
                self.add_error("slug", _("Write a short name of small letters, digits and hyphens, such as riverside."))
            elif Program.objects.filter(slug=slug).exists():
                self.add_error("slug", _("There is a program with this short name already."))


class SiteRow(forms.Form):
    name = OneLine(label=_("Name"), most=120, required=False)
    emergency_numbers = OneLine(label=_("Emergency numbers"), required=False)

    def clean(self):
        said = super().clean()
        if said.get("emergency_numbers") and not said.get("name"):
            self.add_error("name", _("Which site do these numbers belong to?"))
        return said


class Rows(forms.BaseFormSet):
    def clean(self):
        names = [form.cleaned_data.get("name") for form in self.forms if form.is_valid()]
        names = [name for name in names if name]
        if twice := {name for name in names if names.count(name) > 1}:
            raise forms.ValidationError(_("%(name)s stands there twice."), params={"name": min(twice)})

    @property
    def rows(self):
        """What was written, without the empty lines."""
        said = [form.cleaned_data for form in self.forms if form.cleaned_data.get("name")]
        return [{name: value for name, value in row.items() if value} for row in said]


Sites = formset_factory(SiteRow, formset=Rows, extra=3, max_num=MOST_SITES, absolute_max=MOST_SITES)


class Rules(forms.Form):
    """Every number of the promises and limits that were chosen."""

    def __init__(self, *args, words, **kwargs):
        super().__init__(*args, **kwargs)
        self.words = words
        for row in words.get("promise", []):
            for name, field in fields_of(row):
                self.fields[f"promise.{row['code']}.{name}"] = field
        for row in words.get("limit", []):
            unit = Limit.Unit(row["unit"])
            label = f"{code_words(row['code'])} ({unit.label})"
            field = number(label, sound.MOST[unit], sound.least_of(unit), initial=row["value"])
            self.fields[f"limit.{row['code']}.value"] = field

    def told(self, table):
        """[(row, its fields)] of one table, for the page."""
        return [
            (row, [self[name] for name in self.fields if name.startswith(f"{table}.{row['code']}.")])
            for row in self.words.get(table, [])
        ]

    @property
    def promises(self):
        return [
            (_(": ").join(filter(None, [str(Promise.Kind(row["kind"]).label), row.get("party", "")])), row, fields)
            for row, fields in self.told("promise")
            if fields
        ]

    @property
    def limits(self):
        return [(code_words(row["code"]), row, fields) for row, fields in self.told("limit")]

    def applied(self):
        """The words with the numbers that were written."""
        words = {**self.words}
        for table in ("promise", "limit"):
            words[table] = [self.row(table, row) for row in self.words.get(table, [])]
        return words

    def row(self, table, row):
        begin = f"{table}.{row['code']}."
        said = {name.removeprefix(begin): value for name, value in self.cleaned_data.items() if name.startswith(begin)}
        said = {name: f"{value.normalize():f}" if name == "hours_a_month" else value for name, value in said.items()}
        return {**row, **said}


def fields_of(row):
    """The numbers that this promise has, as fields."""
    for name, most in sound.NUMBERS.items():
        value = row.get(name, 7 if name == "grace_days" else None)
        if value is not None:
            yield name, number(LABELS[name], most, 0 if name == "grace_days" else 1, initial=value)
        if name == "every" and "unit" in row:
            yield "unit", forms.ChoiceField(label=_("What"), choices=Promise.Unit.choices, initial=row["unit"])
    if "hours_a_month" in row:
        yield "hours_a_month", forms.DecimalField(
            label=_("Hours a month"), min_value=0, max_value=sound.HOURS_A_MONTH, max_digits=5, decimal_places=2,
            initial=row["hours_a_month"], widget=forms.TextInput(attrs={"inputmode": "decimal", "maxlength": 20}),
        )  # fmt: skip


class People(forms.Form):
    is_coordinator = forms.BooleanField(label=_("I coordinate it myself"), required=False)
    coordinator_name = OneLine(label=_("Who coordinates"), most=100, required=False)
    coordinator_email = forms.EmailField(label=_("Their e-mail address"), required=False, max_length=254)
    lead_name = OneLine(label=_("Who leads on safeguarding"), most=100, required=False)
    lead_email = forms.EmailField(label=_("Their e-mail address"), required=False, max_length=254)

    def __init__(self, *args, by, **kwargs):
        super().__init__(*args, **kwargs)
        self.by = by

    def clean(self):
        said = super().clean()
        for who in ("coordinator", "lead"):
            name, email = said.get(f"{who}_name"), said.get(f"{who}_email")
            if email and not name:
                self.add_error(f"{who}_name", _("Whose address is this?"))
            elif name and not email and f"{who}_email" not in self.errors:
                self.add_error(f"{who}_email", _("Where does the invitation go?"))
            elif email and email.casefold() == self.by.email.casefold():
                self.add_error(f"{who}_email", OWN[who])
        return said


OWN = {
    "coordinator": _("This is your own address. Tick the box above instead."),
    "lead": _("Nobody gives themselves this role. Name somebody else, or leave it empty for now."),
}
