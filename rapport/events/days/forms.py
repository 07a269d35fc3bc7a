"""An event day, who is asked to it, what they say, who came, and who talked with whom."""

from django import forms
from django.utils.translation import gettext_lazy as _

from rapport.core.fields import Moment, OneLine
from rapport.events import forms as shared
from rapport.events.forms import ONE, ROOM
from rapport.people.forms import HowItCame

SAYS = [("yes", _("They come")), ("no", _("They do not come"))]


class Day(shared.Hosted):
    """What, when, where, for how many."""

    fixed = ("site", "host")
    name = OneLine(label=_("What it is called"), most=120, help_text=_("For example: Career speed-mentoring"))
    about = OneLine(
        label=_("What it is"), required=False, most=500, help_text=_("Everybody asked reads this: name no child")
    )
    starts_at = Moment(label=_("When it begins"))
    minutes = shared.minutes(120)
    place = OneLine(label=_("Where"), required=False, most=200)
    room = forms.IntegerField(
        label=_("How many may come"), required=False, min_value=1, max_value=500, error_messages=ROOM,
        help_text=_("Mentors and mentees together. Empty: any number"),
    )  # fmt: skip
    site = shared.site(_("For"))
    host = shared.host(_("Who of the program answers for it"), _("They look after the pairs that come of it"))

    def __init__(self, *args, zone, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["starts_at"].zone = zone


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
