"""An event day, who is asked to it, what they say, who came, and who talked with whom."""

from django import forms
from django.utils.translation import gettext_lazy as _

from rapport.core.fields import Moment, OneLine, Several
from rapport.events.groups.forms import LENGTH, ONE, ROOM
from rapport.events.picking import choose_from
from rapport.people.forms import HowItCame

SAYS = [("yes", _("They come")), ("no", _("They do not come"))]


class Day(forms.Form):
    """What, when, where, for how many."""

    form_id = forms.CharField(max_length=40, required=False, widget=forms.HiddenInput)
    name = OneLine(label=_("What it is called"), most=120, help_text=_("For example: Career speed-mentoring"))
    about = OneLine(
        label=_("What it is"), required=False, most=500, help_text=_("Everybody asked reads this: name no child")
    )
    starts_at = Moment(label=_("When it begins"))
    minutes = forms.IntegerField(label=_("Minutes"), min_value=1, max_value=1440, initial=120, error_messages=LENGTH)
    place = OneLine(label=_("Where"), required=False, most=200)
    room = forms.IntegerField(
        label=_("How many may come"), required=False, min_value=1, max_value=500, error_messages=ROOM,
        help_text=_("Mentors and mentees together. Empty: any number"),
    )  # fmt: skip
    site: forms.ModelChoiceField = forms.ModelChoiceField(
        None, label=_("For"), required=False, empty_label=_("the whole program"), error_messages=ONE
    )
    host: forms.ModelChoiceField = forms.ModelChoiceField(
        None, label=_("Who of the program answers for it"), empty_label=None, error_messages=ONE,
        help_text=_("They look after the pairs that come of it"),
    )  # fmt: skip

    def __init__(self, *args, sites, hosts, has_whole, zone, is_new=True, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["starts_at"].zone = zone
        self.fields["site"].queryset, self.fields["host"].queryset = sites, hosts
        if not has_whole:
            self.fields["site"].required, self.fields["site"].empty_label = True, None
        if not is_new:
            del self.fields["site"], self.fields["host"], self.fields["form_id"]


class People(forms.Form):
    """Whom to ask."""

    people: Several = Several(
        None, label=_("Who"), widget=forms.CheckboxSelectMultiple,
        error_messages=ONE | {"required": _("Choose at least one."), "invalid_pk_value": _("Choose one of these.")},
    )  # fmt: skip

    def __init__(self, *args, people, letters="", **kwargs):
        super().__init__(*args, **kwargs)
        self.has_many = choose_from(self.fields["people"], people, letters)


class Written(HowItCame):
    """A yes or a no that came on paper or aloud, and whose it is."""

    who = forms.ChoiceField(label=_("Who said it"), error_messages=ONE)
    says = forms.ChoiceField(label=_("What they said"), choices=SAYS, widget=forms.RadioSelect, error_messages=ONE)

    def __init__(self, *args, voices, **kwargs):
        super().__init__(*args, people=voices, **kwargs)
        self.voices = {one.ref: one for one in voices}
        self.fields["who"].choices = [(ref, one.full_name) for ref, one in self.voices.items()]

    def said(self):
        typed = self.cleaned_data
        return {
            "is_coming": typed["says"] == "yes", "said_by": self.voices[typed["who"]], "source": typed["way"],
            "said_on": typed["said_on"], "witness": typed["witness"],
        }  # fmt: skip


class Tap(forms.Form):
    """One press beside one name at the door."""

    SAYS = {"here": True, "away": False, "none": None}

    who = forms.CharField(max_length=12)
    says = forms.ChoiceField(choices=[(one, one) for one in SAYS])

    @property
    def came(self):
        return self.SAYS[self.cleaned_data["says"]]


class Pair(forms.Form):
    """A mentor and a mentee who talked with each other."""

    mentor = forms.ChoiceField(label=_("Mentor"), error_messages=ONE)
    mentee = forms.ChoiceField(label=_("Mentee"), error_messages=ONE)

    def __init__(self, *args, mentors, mentees, **kwargs):
        super().__init__(*args, **kwargs)
        self.by_ref = {one.ref: one for one in (*mentors, *mentees)}
        for name, rows in (("mentor", mentors), ("mentee", mentees)):
            self.fields[name].choices = [("", "–"), *((one.ref, one.person.full_name) for one in rows)]

    def said(self):
        return {name: self.by_ref[self.cleaned_data[name]] for name in ("mentor", "mentee")}
