"""What is typed when something was seen, and when somebody is asked: each form asks only what it needs."""

from typing import ClassVar

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from rapport.core.fields import Day, OneLine, Words
from rapport.onboarding.actions.answering import Said
from rapport.onboarding.models import Gate
from rapport.onboarding.wording import LONGEST_TEXT
from rapport.people.forms import HowItCame
from rapport.people.models import Consent, Person

Code = Gate.Code
WAYS = [
    ("paper", _("on paper")),
    ("link", _("by a link")),
    ("voice", _("by voice, with a witness")),
    ("person", _("in person")),
]
WAIVED = ("waived", _("waived"))  # a training that is no mentor's
DAY_WORDS = {
    Code.CLEARANCE: _("Day on the certificate"),
    Code.PERMISSION: _("Day of the yes"),
    Code.ASSENT: _("Day of the yes"),
    Code.CONSENT: _("Day of the yes"),
}


class Seen(forms.Form):
    """One gate as staff saw it: which day, until when, how, and by whom given."""

    met_on = Day(label=_("Which day"))
    valid_until_on = Day(label=_("Counts until"), required=False)
    given_by = forms.ModelChoiceField(
        Person.objects.none(),
        label=_("Who gave permission"),
        to_field_name="ref",
        widget=forms.RadioSelect,
        empty_label=None,
        error_messages={"required": _("Choose the guardian who said yes.")},
    )
    hours = forms.DecimalField(
        label=_("Hours"),
        min_value=0,
        max_value=200,
        max_digits=5,
        decimal_places=2,
        error_messages={"required": _("How many hours? Write a number, such as 2 or 2.5.")},
    )
    way = forms.ChoiceField(
        label=_("How"),
        choices=WAYS,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose how it came to you.")},
    )
    note = OneLine(
        label=_("A few words"),
        required=False,
        most=80,
        help_text=_("Number of the certificate, or who was the witness"),
    )

    def __init__(self, *args, code, today, guardians, of_mentor=True, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["met_on"].latest = today
        self.fields["met_on"].label = DAY_WORDS.get(code, self.fields["met_on"].label)
        self.fields["given_by"].queryset = guardians
        for name, wanted in (("given_by", code == Code.PERMISSION), ("hours", code == Code.TRAINING and of_mentor)):
            if not wanted:
                del self.fields[name]
        if code == Code.GUARDIAN_TRAINING or (code == Code.TRAINING and not of_mentor):
            self.fields["way"].choices = [*WAYS, WAIVED]
        if code == Code.CLEARANCE:
            self.fields["valid_until_on"].required = True
            self.fields["valid_until_on"].error_messages["required"] = _(
                "Until when does it count? Write its last day."
            )

    def clean(self):
        data = super().clean()
        first, last = data.get("met_on"), data.get("valid_until_on")
        if first and last and last < first:
            self.add_error("valid_until_on", _("The last day lies before the first. Look at both."))
        if data.get("way") == "voice" and not data.get("note") and "note" not in self.errors:
            self.add_error("note", _("Who was the witness?"))
        if data.get("way") == "waived" and not data.get("note") and "note" not in self.errors:
            self.add_error("note", _("Why is it waived? Your name and the reason stand beside it."))
        return data

    def facts(self):
        """What the action asks for."""
        data = dict(self.cleaned_data)
        way = str(dict([*WAYS, WAIVED])[data.pop("way")])
        note = data.pop("note")
        return {**data, "how": f"{way}: {note}" if note else way}


class Choice(forms.Form):
    """One purpose on the page of an ask or on a sheet: yes, no, or left out. Nothing is chosen beforehand."""

    say = forms.ChoiceField(
        choices=[("", ""), ("yes", _("Yes")), ("no", _("No"))],
        required=False,
        error_messages={"invalid_choice": _("Choose one of these.")},
    )
    text = OneLine(most=20, required=False)

    OPTIONS = [("yes", _("Yes")), ("no", _("No"))]

    def __init__(self, data, *, shown):
        super().__init__(data, prefix=shown.key)
        self.shown = shown

    @property
    def was_touched(self):
        return bool(self.cleaned_data["say"])

    @property
    def is_fresh(self):
        """Whether the words they read are still the ones we ask."""
        return self.cleaned_data["text"] == str(self.shown.text.pk)

    def said(self):
        return Said(self.shown.text, self.cleaned_data["say"] == "yes")


class Ask(forms.Form):
    """Whom to ask for permission, for what, and how it reaches them."""

    form_id = OneLine(most=40, widget=forms.HiddenInput)
    person = forms.ChoiceField(
        label=_("Whom to ask"), widget=forms.RadioSelect, error_messages={"required": _("Choose whom to ask.")}
    )
    purposes = forms.MultipleChoiceField(
        label=_("For what"),
        choices=[(value, capfirst(words)) for value, words in Consent.Purpose.choices],
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Ask only for what you need: each is answered apart, and each may be no."),
        error_messages={"required": _("Choose at least one thing to ask for.")},
    )
    way = forms.ChoiceField(
        label=_("How"),
        choices=[("letter", _("By a letter with a link")), ("paper", _("On paper"))],
        widget=forms.RadioSelect,
        help_text=_("Both count the same. Whoever cannot be written to gets the paper."),
    )
    counts_until_on = Day(label=_("A yes counts until"), required=False, help_text=_("Leave it empty for no end."))

    def __init__(self, *args, people, today, **kwargs):
        super().__init__(*args, **kwargs)
        self.people = {person.ref: person for person, _words in people}
        self.fields["person"].choices = [(person.ref, words) for person, words in people]
        self.fields["counts_until_on"].earliest = today

    def facts(self):
        """What the action asks for."""
        data = dict(self.cleaned_data)
        by_letter = data.pop("way") == "letter"
        return {**data, "person": self.people[data["person"]], "by_letter": by_letter}


class AskOwnWords(forms.Form):
    """Which guardian to ask how far what they tell us themselves may go, and how it reaches them."""

    form_id = OneLine(most=40, widget=forms.HiddenInput)
    person = forms.ModelChoiceField(
        Person.objects.none(),
        label=_("Whom to ask"),
        to_field_name="ref",
        widget=forms.RadioSelect,
        empty_label=None,
        error_messages={"required": _("Choose whom to ask.")},
    )
    way = forms.ChoiceField(
        label=_("How"),
        choices=[("letter", _("By a letter with a link")), ("paper", _("On paper"))],
        widget=forms.RadioSelect,
        help_text=_("Both count the same. Whoever cannot be written to gets the paper."),
    )

    def __init__(self, *args, guardians, **kwargs):
        kwargs["initial"] = {**kwargs.get("initial", {}), "person": guardians[0].ref if len(guardians) == 1 else None}
        super().__init__(*args, auto_id="own_%s", **kwargs)
        self.fields["person"].queryset = Person.objects.filter(pk__in=[one.pk for one in guardians])

    def facts(self):
        """What the action asks for."""
        data = dict(self.cleaned_data)
        by_letter = data.pop("way") == "letter"
        return {**data, "purposes": Consent.OF_OWN_WORDS, "of_own_words": True, "by_letter": by_letter}


class OnPaper(HowItCame):
    """How a yes or a no came that was not pressed: on the sheet, by voice, with an interpreter."""

    WAYS: ClassVar = [
        ("paper", _("On the sheet, signed")),
        ("voice", _("By voice, with a second witness")),
        ("interpreter", _("With an interpreter")),
    ]
    WITNESSED: ClassVar = {"voice": _("Who was the second witness?"), "interpreter": _("Who interpreted?")}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["witness"].help_text = _("The second witness, or the interpreter. Never the child.")

    def facts(self):
        """What the action asks for."""
        data = self.cleaned_data
        way = str(dict(self.WAYS)[data["way"]])
        how = f"{way}: {data['witness']}" if data["witness"] else way
        return {"channel": data["way"], "evidence": data["witness"], "said_on": data["said_on"], "how": how[:90]}


class Text(forms.Form):
    """A newer version of one text."""

    after = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=32_000)
    title = OneLine(label=_("In a few words"), most=120)
    words = Words(label=_("What they say yes or no to"), most=LONGEST_TEXT, rows=5)
    who_sees = OneLine(label=_("Who may see it"), most=300)
