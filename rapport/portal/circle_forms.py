"""What is typed about who stands for a child, and who is kept away from whom."""

from django import forms
from django.utils.translation import gettext_lazy as _

from rapport.access.models import User
from rapport.core import papers
from rapport.core.fields import Day, OneLine, Words
from rapport.people.forms import number
from rapport.people.models import Person

MOST_BYTES = 10 * 1024 * 1024


class Standing(forms.Form):
    """What an adult is to a child, from when to when, and what they may."""

    relation = OneLine(
        label=_("What they are to the child"), most=60, required=False,
        help_text=_("Mother, father, foster carer, case worker, or in your own words"),
    )  # fmt: skip
    is_told = forms.BooleanField(label=_("Is told how it goes, and is asked"), required=False)
    consents = forms.BooleanField(label=_("May give permission, and take it back"), required=False)
    sees_progress = forms.BooleanField(label=_("Sees progress"), required=False)
    starts_on = Day(label=_("From which day"))
    ends_on = Day(label=_("Until which day"), required=False)

    def clean(self):
        said = super().clean()
        first, last = said.get("starts_on"), said.get("ends_on")
        if first and last and last < first:
            self.add_error("ends_on", _("It cannot end before it began. Look at both days."))
        return said


class Adult(forms.Form):
    """Somebody known, or somebody new."""

    known: forms.ModelChoiceField = forms.ModelChoiceField(
        Person.objects.none(), label=_("Somebody we know"), to_field_name="ref", required=False, blank=True,
        widget=forms.RadioSelect, empty_label=_("Somebody else, named below"),
    )  # fmt: skip
    given_name = OneLine(
        label=_("First name"), most=100, required=False,
        error_messages={"required": _("Who is it? Write at least a first name.")},
    )  # fmt: skip
    family_name = OneLine(label=_("Family name"), most=100, required=False)
    email = forms.EmailField(label=_("E-mail address"), max_length=254, required=False)

    def __init__(self, *args, known, **kwargs):
        super().__init__(*args, **kwargs)
        if known.exists():
            self.fields["known"].queryset = known
        else:
            del self.fields["known"]
            self.fields["given_name"].required = True

    def clean(self):
        said = super().clean()
        if not said.get("known") and not said.get("given_name") and "given_name" not in self.errors:
            self.add_error("given_name", _("Who is it? Write at least a first name."))
        return said

    def named(self):
        """The names and ways of somebody who was not chosen."""
        return {name: self.cleaned_data.get(name, "") for name in ("given_name", "family_name", "email", "phone")}


class NewGuardian(Adult, Standing):
    phone = OneLine(label=_("Phone number"), most=40, required=False)
    field_order = ("known", "given_name", "family_name", "email", "phone")

    def clean_phone(self):
        said = self.cleaned_data["phone"]
        return number(said) if said else ""

    def standing(self):
        """What the action asks for besides the two people."""
        return {name: self.cleaned_data[name] for name in Standing.base_fields}


class EndDay(forms.Form):
    ends_on = Day(label=_("From which day do they stand for the child no more?"))


class Born(forms.Form):
    born_on = Day(label=_("Born on"))


class Reviewed(forms.Form):
    """When somebody looks again, and who."""

    review_on = Day(
        label=_("Look again on"), help_text=_("A task comes to the desk on that day. For example 27 3 2026")
    )
    reviewer: forms.ModelChoiceField = forms.ModelChoiceField(
        User.objects.none(), label=_("Who looks again"), empty_label=None, widget=forms.RadioSelect
    )

    def __init__(self, *args, reviewers, today, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["reviewer"].queryset = reviewers
        self.fields["review_on"].earliest = today


class NewRestriction(Adult, Reviewed):
    form_id = forms.SlugField(widget=forms.HiddenInput, max_length=40)
    reason = Words(label=_("Why"), most=4000, help_text=_("Read by those who lead on safety, and by nobody else."))
    document = OneLine(
        label=_("The paper it rests on"), required=False, most=200, help_text=_("Court, file number, day of the order")
    )
    paper = forms.FileField(
        label=_("The paper itself"), required=False,
        help_text=_("A PDF, or a picture as PNG or JPEG, up to 10 MB. Kept sealed, without where it was taken."),
        widget=forms.FileInput(attrs={"accept": ".pdf,.png,.jpg,.jpeg"}),
    )  # fmt: skip
    starts_on = Day(label=_("From which day"), help_text=_("It may lie back or ahead. For example 27 3 2026"))
    ends_on = Day(label=_("Until which day"), required=False)
    field_order = (
        "known", "given_name", "family_name", "email", "starts_on", "ends_on", "reason", "document", "paper",
        "review_on", "reviewer",
    )  # fmt: skip

    def clean_paper(self):
        sent = self.cleaned_data["paper"]
        if not sent:
            return None
        if sent.size > MOST_BYTES:
            raise forms.ValidationError(_("This file is too large: 10 MB at most."))
        content = papers.cleaned(sent.read())
        return papers.called(sent.name, content), content

    def clean(self):
        said = super().clean()
        first, last = said.get("starts_on"), said.get("ends_on")
        if first and last and last <= first:
            self.add_error("ends_on", _("It must end after it begins. Look at both days."))
        return said

    def facts(self):
        """What the action asks for besides the two people."""
        names = ("reason", "document", "paper", "starts_on", "ends_on", "review_on", "reviewer", "form_id")
        return {name: self.cleaned_data[name] for name in names}


class Ended(forms.Form):
    ends_on = Day(label=_("From which day does it hold no more?"))
    why = OneLine(
        label=_("Why"), most=300, help_text=_("Lifted by the court, run out, or the paper was about another child")
    )
