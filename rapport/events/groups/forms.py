"""A group, who is in it, when it meets, and how it gets on."""

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from rapport.core.fields import Day, Moment, OneLine, Words
from rapport.core.refs import new_ref
from rapport.events import forms as shared
from rapport.events.forms import ONE, ROOM
from rapport.events.models import Absence, GroupWord, PairWord
from rapport.events.picking import shown
from rapport.people.models import Person

EVERY = [("0", _("once")), ("1", _("every week")), ("2", _("every two weeks"))]


class Group(shared.Hosted):
    """What it is, who leads it and who answers for it."""

    fixed = ("site",)
    name = OneLine(label=_("What you call it"), most=120, help_text=_("For example: Robotics, Thursdays"))
    purpose = OneLine(
        label=_("What it is for"), required=False, most=500, help_text=_("Everybody in it reads this: name no child")
    )
    site = shared.site(_("Where"))
    lead: forms.ModelChoiceField = forms.ModelChoiceField(
        None, label=_("Who leads it"), to_field_name="ref", empty_label=None, error_messages=ONE,
        help_text=_("They mark who is there and say how it gets on, on a page of their own"),
    )  # fmt: skip
    named: forms.ModelChoiceField = forms.ModelChoiceField(
        None, label=_("Or somebody who does not sign in"), required=False, empty_label=_("nobody of these"),
        error_messages=ONE, help_text=_("From Named roles. On the page of the group you give them a page by a link"),
    )  # fmt: skip
    host = shared.host(_("Who of the program answers for it"))
    room = forms.IntegerField(
        label=_("Young people it has room for"), required=False, min_value=1, max_value=500, error_messages=ROOM,
        help_text=_("Whoever comes later waits for a place"),
    )  # fmt: skip

    def __init__(self, *args, leads, letters="", **kwargs):
        super().__init__(*args, **kwargs)
        colleagues, mentors, named = leads
        self.let_choose(named)
        self.fields["lead"].queryset = Person.objects.filter(
            Q(pk__in=colleagues.order_by().values("pk")) | Q(pk__in=mentors.order_by().values("person"))
        )
        few, self.has_many = shown(mentors, letters)
        led_by = [self.initial["lead"]] if "lead" in self.initial else []
        people = dict.fromkeys([*led_by, *colleagues, *(one.person for one in few)])
        self.fields["lead"].choices = [("", _("Choose one")), *((one.ref, one.full_name) for one in people)]

    def let_choose(self, named):
        """Somebody by a named role instead, where anybody is named without a sign-in."""
        self.fields["named"].queryset = named
        if named.exists():
            self.fields["lead"].required = False
        else:
            del self.fields["named"]

    def clean(self):
        said = super().clean()
        is_one = bool(said.get("lead")) != bool(said.get("named"))
        if "named" in self.fields and not is_one and not {"lead", "named"} & set(self.errors):
            self.add_error("lead", _("Choose who leads it: one of the two."))
        return said


class People(shared.People):
    """Who takes part, or is offered a place."""

    how = forms.ChoiceField(
        label=_("What you do"), widget=forms.RadioSelect, error_messages=ONE,
        choices=[("in", _("They take part: it is agreed")),
                 ("offer", _("Offer them a place: they, or their family, say yes"))],
    )  # fmt: skip
    field_order = ("how", "people")


class Times(forms.Form):
    """When it meets: once, or every so many weeks until a day."""

    starts_at = Moment(label=_("When it begins"))
    minutes = shared.minutes()
    place = OneLine(label=_("Where"), required=False, most=120)
    every_weeks = forms.ChoiceField(label=_("How often"), choices=EVERY, widget=forms.RadioSelect, error_messages=ONE)
    until_on = Day(
        label=_("Until which day"), required=False, help_text=_("Where it meets more than once. For example 27 3 2026")
    )
    plan = Words(
        label=_("What is planned"), required=False, most=2000,
        help_text=_("Whoever leads it reads this. It can be changed for each time"),
    )  # fmt: skip

    def __init__(self, *args, zone, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["starts_at"].zone = self.zone = zone

    def clean_every_weeks(self):
        return int(self.cleaned_data["every_weeks"])

    def clean(self):
        said = super().clean()
        begins, until = said.get("starts_at"), said.get("until_on")
        if said.get("every_weeks") and not until and "until_on" not in self.errors:
            self.add_error("until_on", _("Until which day? Write it as 27 3 2026."))
        if begins and until and until < begins.astimezone(self.zone).date():
            self.add_error("until_on", _("The last day lies before the first."))
        return said


class Tap(shared.Tap):
    """`seen` is what stood there."""

    seen = forms.ChoiceField(choices=[(one, one) for one in shared.Tap.SAYS])

    @property
    def said(self):
        return {"was_there": self.was_there, "seen": self.SAYS[self.cleaned_data["seen"]]}


class Plan(forms.Form):
    """What is planned for one time."""

    plan = Words(label=_("What is planned"), required=False, most=2000, help_text=_("Name no child"))


class Headway(forms.Form):
    """How a group gets on, and how each pair of the team seems. Never what somebody told in confidence."""

    form_id = forms.SlugField(max_length=40, widget=forms.HiddenInput, initial=new_ref)
    says = forms.ChoiceField(
        label=_("How does it get on?"), choices=GroupWord.Says, widget=forms.RadioSelect, error_messages=ONE
    )

    def __init__(self, *args, pairs, **kwargs):
        super().__init__(*args, **kwargs)
        self.pairs = {f"pair-{match.ref}": match for match in pairs}
        for name, match in self.pairs.items():
            self.fields[name] = forms.ChoiceField(
                label=match.title, choices=PairWord.Says, widget=forms.RadioSelect, required=False, error_messages=ONE
            )

    def said(self):
        typed = self.cleaned_data
        pairs = {match: typed[name] for name, match in self.pairs.items() if typed[name]}
        return {"says": typed["says"], "pairs": pairs, "form_id": typed["form_id"]}


class Outcome(forms.Form):
    """What came of asking somebody who stayed away."""

    outcome = forms.ChoiceField(
        label=_("What came of it"), choices=Absence.Outcome, widget=forms.RadioSelect, error_messages=ONE
    )
    note = OneLine(
        label=_("A note"), required=False, most=300,
        help_text=_("For colleagues. A worry about safety does not belong here"),
    )  # fmt: skip
