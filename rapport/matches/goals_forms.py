"""What is typed about goals: by staff on behalf of somebody, and by them on their own page."""

from django import forms
from django.utils.translation import gettext_lazy as lazy

from rapport.core.fields import CHOOSE, Day, OneLine, Words
from rapport.core.refs import new_ref
from rapport.matches.actions.feedback import others_of
from rapport.matches.models import Goal, Growth, Headway, Seen, Way
from rapport.people.models import Participant

WORDS, STEP, OBSTACLE, NOTE = 500, 200, 300, 1000
UNSAID = {"required": lazy("Write a few words first.")}
By = Goal.WordedBy


def radio(choices, label, **more):
    return forms.ChoiceField(choices=choices, label=label, widget=forms.RadioSelect, error_messages=CHOOSE, **more)


def who_may_see(program):
    """The choices of who sees a goal; among grown-ups no family is in it."""
    if not program.adults_only:
        return Seen.choices
    return [(Seen.ALL, lazy("my mentor and the program's staff")), (Seen.STAFF, Seen.STAFF.label)]


class Pressed(forms.Form):
    """A form whose press counts once."""

    form_id = OneLine(most=40, required=False, widget=forms.HiddenInput)

    def __init__(self, *args, **kwargs):
        kwargs.setdefault("initial", {}).setdefault("form_id", new_ref())
        super().__init__(*args, **kwargs)

    def clean_form_id(self):
        return self.cleaned_data["form_id"] or new_ref()


class WhoSaid(Pressed):
    """Who of the match said it, how it came to us, and on which day."""

    said_by = radio([], lazy("Who said it"))
    way = radio([(Way.TOLD, Way.TOLD.label), (Way.PAPER, Way.PAPER.label), (Way.MENTOR, Way.MENTOR.label)], lazy("How"))
    said_on = Day(label=lazy("Which day"))

    def __init__(self, *args, people, today, **kwargs):
        """`people`: (person, words) of those who can have said it."""
        super().__init__(*args, **kwargs)
        self.people = {person.ref: person for person, _words in people}
        self.fields["said_by"].choices = [(person.ref, words) for person, words in people]
        self.fields["said_on"].latest = today
        self.initial.setdefault("said_on", today)
        self.initial.setdefault("way", Way.TOLD)

    @property
    def speaker(self):
        return self.people[self.cleaned_data["said_by"]]


class NewGoal(WhoSaid):
    """A goal in somebody's words, written down by staff."""

    words = Words(label=lazy("The goal, in their own words"), most=WORDS, rows=2, error_messages=UNSAID)
    mentee = forms.ModelChoiceField(
        Participant.objects.none(), label=lazy("Whose goal it is"), to_field_name="ref", error_messages=CHOOSE,
        empty_label=lazy("Choose one"),
    )  # fmt: skip
    level = radio(
        Seen.choices, lazy("Who may see it"), help_text=lazy("Ask them. What their family adds, everybody in it sees.")
    )
    field_order = ("words", "said_by", "mentee", "level", "way", "said_on")

    def __init__(self, *args, mentees, **kwargs):
        super().__init__(*args, **kwargs)
        field = self.fields["mentee"]
        field.queryset = Participant.objects.filter(pk__in=[one.pk for one in mentees]).select_related("person")
        field.label_from_instance = lambda one: one.person.first_name
        if len(mentees) == 1:
            field.required, field.widget = False, forms.HiddenInput()
            self.only = mentees[0]
        self.fields["level"].choices = who_may_see(mentees[0].program)

    def clean_mentee(self):
        return self.cleaned_data["mentee"] or getattr(self, "only", None)


class NewStep(Pressed):
    words = OneLine(label=lazy("One small step"), most=STEP, error_messages=UNSAID)


class HowItGoes(Pressed):
    """On track, partly, stuck or not now; what stands in the way; and words."""

    value = radio(Headway.Value.choices, lazy("How does it go with this?"), required=False)
    obstacle = OneLine(label=lazy("What stands in the way"), most=OBSTACLE, required=False)
    words = Words(label=lazy("Anything else"), most=NOTE, required=False, rows=2)

    def clean(self):
        said = super().clean()
        if not self.errors and not any(said.get(name) for name in ("value", "obstacle", "words")):
            self.add_error("value", lazy("Choose one of these, or write a few words."))
        return said


class HowItGoesTold(HowItGoes, WhoSaid):
    field_order = ("said_by", "value", "obstacle", "words", "way", "said_on")


class Standing(WhoSaid):
    """Where they say they stand, 1 to 5."""

    moment = radio(Growth.Moment.choices, lazy("When"))
    value = forms.TypedChoiceField(
        choices=[(str(n), str(n)) for n in range(1, 6)], coerce=int, widget=forms.RadioSelect, error_messages=CHOOSE,
        label=lazy("Where do they say they stand? 1: at the very start, 5: there"),
    )  # fmt: skip
    field_order = ("said_by", "moment", "value", "way", "said_on")


KEEP, PASS = "keep", "pass"


class WhatHelps(Pressed):
    """What helps between two, and what could be different. It stays with staff unless its giver says otherwise."""

    helps = Words(label=lazy("What helps, or is good between us"), most=NOTE, required=False, rows=2)
    change = Words(label=lazy("What I would like to be different"), most=NOTE, required=False, rows=2)
    share = radio(
        [
            (KEEP, lazy("Only the program's staff read it")),
            (PASS, lazy("The program may pass it on to the other, when they think it does good")),
        ],
        lazy("Who may know of it?"),
    )  # fmt: skip

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.initial.setdefault("share", KEEP)

    def clean(self):
        said = super().clean()
        if not self.errors and not said["helps"] and not said["change"]:
            self.add_error("helps", lazy("Write a few words here, or below."))
        return said

    def told(self):
        said = self.cleaned_data
        return {name: said[name] for name in ("helps", "change", "form_id")} | {"may_pass": said["share"] == PASS}


class WhatHelpsTold(WhatHelps, WhoSaid):
    """The same, written down by staff. In a group: about the time with whom."""

    to = radio([], lazy("About the time with"), required=False)
    field_order = ("said_by", "to", "helps", "change", "share", "way", "said_on")

    def __init__(self, *args, match, **kwargs):
        super().__init__(*args, **kwargs)
        self.match = match
        self.fields["way"].choices = [(Way.TOLD, Way.TOLD.label), (Way.PAPER, Way.PAPER.label)]
        pair = [*match.mentors, *match.mentees]
        self.fields["to"].choices = [(one.person.ref, one.person.first_name) for one in pair]
        if len(pair) <= 2:
            del self.fields["to"]

    def clean(self):
        said = super().clean()
        if self.errors:
            return said
        others = others_of(self.match, self.speaker)
        said["to"] = next((one for one in others if one.ref == said.get("to") or len(others) == 1), None)
        if said["to"] is None:
            self.add_error("to", lazy("Choose somebody on the other side."))
        return said


class WhereIStand(forms.Form):
    """The same, said by the mentee on their own page; at which moment it is, the page knows."""

    stands = forms.TypedChoiceField(
        choices=[(str(n), str(n)) for n in range(1, 6)], coerce=int, widget=forms.RadioSelect, error_messages=CHOOSE,
        label=lazy("Where do you stand with it? 1: at the very start, 5: there"),
    )  # fmt: skip


class Ending(forms.Form):
    """Reached, or let go: both are fine."""

    ending = radio(Goal.Ending.choices, lazy("How it ended"))
    words = Words(label=lazy("A few words about it"), most=WORDS, required=False, rows=2)
