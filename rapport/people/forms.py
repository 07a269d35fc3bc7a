"""Forms on people."""

from typing import ClassVar

import phonenumbers
from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext_lazy as _

from rapport.core.fields import Day, OneLine
from rapport.core.months import day_in
from rapport.people.models import ContactPoint, Interpreter
from rapport.people.questions import is_no_interpreter
from rapport.programs.models import Site

Kind = ContactPoint.Kind
NUMBERS = (Kind.TEXT, Kind.PHONE)
CLOCK = ["%H:%M", "%H"]
MOST_MATCHES = 50  # at a time; more is a slip of the finger


class Change(forms.Form):
    site = forms.ModelChoiceField(
        queryset=Site.objects.none(), required=False, label=_("Site"), empty_label=_("No site")
    )
    language = forms.ChoiceField(label=_("Language"), help_text=_("Messages to them are written in it."))
    capacity = forms.IntegerField(label=_("Matches at a time"), min_value=0, max_value=MOST_MATCHES)

    def __init__(self, *args, participant, **kwargs):
        known = {"site": participant.site_id, "language": participant.person.language, "capacity": participant.capacity}
        super().__init__(*args, initial=known, **kwargs)
        self.fields["site"].queryset = participant.program.sites.order_by("name")
        codes = dict(settings.LANGUAGES)
        codes.setdefault(participant.person.language, participant.person.language)
        self.fields["language"].choices = list(codes.items())


class ToldChild(forms.Form):
    """A child, as its parent tells of it."""

    first_name = OneLine(
        label=_("First name"), most=60, help_text=_("As the parent calls the child: no family name, nothing else.")
    )
    school_year = OneLine(label=_("School year, or age"), required=False, most=40, help_text=_("For example: year 4"))
    school = OneLine(
        label=_("School"), required=False, most=80, help_text=_("Only if the parent told you, and it helps.")
    )


class BestTimes(forms.Form):
    """When a way does best, and what else is good to know about it."""

    note = OneLine(label=_("Good to know"), required=False, most=200, help_text=_("For example: ask for Ms Ortiz"))
    best_days = forms.MultipleChoiceField(
        label=_("Best days"),
        required=False,
        choices=[
            ("1", _("Monday")), ("2", _("Tuesday")), ("3", _("Wednesday")), ("4", _("Thursday")), ("5", _("Friday")),
            ("6", _("Saturday")), ("7", _("Sunday")),
        ],
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    best_from = forms.TimeField(
        label=_("Best after"), required=False, input_formats=CLOCK, widget=forms.TimeInput({"type": "time"}, "%H:%M")
    )
    best_until = forms.TimeField(
        label=_("Best before"), required=False, input_formats=CLOCK, widget=forms.TimeInput({"type": "time"}, "%H:%M")
    )

    def clean_best_days(self):
        return "".join(sorted(self.cleaned_data["best_days"]))

    def clean(self):
        said = super().clean()
        first, last = said.get("best_from"), said.get("best_until")
        if first and last and last <= first:
            self.add_error("best_until", _("This lies before the time above. Look at both."))
        return said


class Way(BestTimes):
    kind = forms.ChoiceField(
        label=_("How"),
        choices=[choice for choice in Kind.choices if choice[0] != Kind.INTERPRETER],
        widget=forms.RadioSelect,
    )
    value = OneLine(
        label=_("Address, number, or how to"),
        most=254,
        help_text=_("Through the school: who there. A letter: where to."),
    )
    is_shared = forms.TypedChoiceField(
        label=_("Does anybody else read or hear it?"),
        choices=[("yes", _("Yes, or we do not know")), ("no", _("No, this person alone"))],
        coerce=lambda said: said == "yes",
        widget=forms.RadioSelect,
        help_text=_("A young person is written to only where nobody else reads."),
    )
    is_first = forms.BooleanField(label=_("They like this way best"), required=False)

    field_order = ("kind", "value", "is_shared", "is_first", "note", "best_days", "best_from", "best_until")

    def clean(self):
        said = super().clean()
        kind, value = said.get("kind"), said.get("value")
        if kind and value:
            try:
                said["value"] = as_kept(kind, value)
            except ValidationError as error:
                self.add_error("value", error)
        return said


class WhyPrivate(forms.Form):
    why = OneLine(
        label=_("How do you know that nobody else reads it?"),
        most=300,
        help_text=_("For example: Ben showed me the phone on 12 November; it is his own."),
    )


class Lost(forms.Form):
    words = OneLine(
        label=_("What you tried"),
        required=False,
        most=300,
        help_text=_("For example: the number is somebody else's."),
    )


class Reading(forms.Form):
    """In which language somebody is spoken to, and whether they read it."""

    language = forms.ChoiceField(label=_("Language"))
    reads_it = forms.TypedChoiceField(
        label=_("Do they read it?"),
        choices=[("yes", _("Yes")), ("no", _("No, or not well enough"))],
        coerce=lambda said: said == "yes",
        widget=forms.RadioSelect,
        help_text=_("Whoever does not is never written to: somebody talks with them, with an interpreter if need be."),
    )

    def __init__(self, *args, person, **kwargs):
        now = {"language": person.language, "reads_it": "yes" if person.reads_it else "no"}
        super().__init__(*args, initial=now, **kwargs)
        codes = dict(settings.LANGUAGES)
        codes.setdefault(person.language, person.language)
        self.fields["language"].choices = list(codes.items())


class WhoInterprets(forms.Form):
    """Somebody who promised already, or somebody new with the day of their promise."""

    known = forms.ModelChoiceField(
        Interpreter.objects.none(), to_field_name="ref", required=False, widget=forms.RadioSelect,
        label=_("Somebody who interprets here already"), empty_label=_("somebody else"), blank=True,
    )  # fmt: skip
    name = OneLine(label=_("Name of the person or the service"), required=False, most=100)
    is_service = forms.BooleanField(label=_("It is a service"), required=False)
    languages = OneLine(label=_("Languages"), required=False, most=100)
    reach = OneLine(label=_("How to reach them"), required=False, most=200)
    promised_on = Day(
        label=_("Day of their promise to keep to themselves what they hear"),
        required=False,
        help_text=_("Their own promise, heard or signed. It is kept with your name."),
    )
    is_grown = forms.BooleanField(
        label=_("They are grown up, and neither a child of the family nor a brother or sister of the mentee"),
        required=False,
    )

    NEW = {  # what is asked of somebody new, and why
        "name": _("Who interprets?"),
        "promised_on": _("On which day did they promise to keep it to themselves? Without that they hear nothing."),
        "is_grown": _("Only somebody grown up, from outside the family, may interpret."),
    }

    def __init__(self, *args, program, today, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["promised_on"].latest = today
        self.fields["known"].queryset = program.interpreters.order_by("name")
        if not self.fields["known"].queryset.exists():
            del self.fields["known"]
            for name, words in self.NEW.items():
                self.fields[name].required = True
                self.fields[name].error_messages["required"] = words

    def clean(self):
        said = super().clean()
        if said.get("known"):
            return said
        for name, words in self.NEW.items():
            if not said.get(name) and name not in self.errors:
                self.add_error(name, words)
        return said

    def facts(self):
        """What the action asks for of somebody new."""
        return {name: self.cleaned_data[name] for name in ("name", "reach", "languages", "is_service", "promised_on")}


class HowItCame(forms.Form):
    """How a word came that nobody pressed: on the sheet, by phone, in person, with an interpreter; and on which day.

    Every kind of ask is written down with it, and counts as if it had been pressed. `WITNESSED`: ways that need a name.
    Whoever interprets or is the second witness is neither the speaker nor anybody of the family's children.
    """

    WAYS: ClassVar = [
        ("paper", _("On the sheet")),
        ("phone", _("By phone")),
        ("person", _("In person")),
        ("interpreter", _("With an interpreter")),
    ]
    WITNESSED: ClassVar = {"interpreter": _("Who interpreted?")}

    said_on = Day(label=_("Which day"), help_text=_("The day on the sheet, or of the talk"))
    way = forms.ChoiceField(
        label=_("How"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose how it came."), "invalid_choice": _("Choose one of these.")},
    )
    witness = OneLine(
        label=_("Who was there, too"), most=120, required=False, help_text=_("The interpreter. Never a child.")
    )

    def __init__(self, *args, program, people, at, earliest=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.program, self.people, self.at = program, people, at
        self.fields["way"].choices = self.WAYS
        self.fields["said_on"].latest, self.fields["said_on"].earliest = day_in(at, program.zone), earliest

    def clean_witness(self):
        witness = self.cleaned_data["witness"]
        if witness and any(is_no_interpreter(witness, person, self.program, self.at) for person in self.people):
            raise ValidationError(_("Name somebody else: neither who says it nor a child of the family can be there."))
        return witness

    def clean(self):
        said = super().clean()
        way = said.get("way")
        if way in self.WITNESSED and not said.get("witness") and "witness" not in self.errors:
            self.add_error("witness", self.WITNESSED[way])
        return said


def as_kept(kind, value):
    """An address in small letters, a number in its international form; other ways as they were typed."""
    if kind == Kind.EMAIL:
        try:
            validate_email(value)
        except ValidationError as error:
            raise ValidationError(_("This is no e-mail address.")) from error
        return value.lower()
    return number(value) if kind in NUMBERS else value


def number(value):
    """A number with a country code is made alike; of one without the digits are kept, if it can be one, so that two
    spellings of it are one and the same way: whether others read it hangs on that."""
    try:
        return phonenumbers.format_number(phonenumbers.parse(value, None), phonenumbers.PhoneNumberFormat.E164)
    except phonenumbers.NumberParseException:
        digits = "".join(sign for sign in value if sign.isdecimal())
        if len(digits) < 3 or any(sign.isalpha() for sign in value):
            raise ValidationError(_("This is no telephone number.")) from None
        return digits
