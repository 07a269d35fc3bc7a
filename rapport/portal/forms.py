"""What one may look for in the lists."""

from django import forms
from django.utils.translation import gettext_lazy as _

from rapport.access.models import User
from rapport.core.fields import OneLine
from rapport.matches.models import Match
from rapport.people.models import Participant
from rapport.programs.models import Site

MOST = 2**62  # no key is larger

HOW = [
    ("", _("However they are")),
    ("help", _("Needs help")),
    ("watch", _("Watch")),
    ("unknown", _("Unknown")),
    ("fine", _("Steady or thriving")),
    ("paused", _("Paused")),
]
TIME = [
    ("", _("Whatever time they had")),
    ("help", _("Below the lower share")),
    ("watch", _("Below the higher share")),
    ("kept", _("Kept")),
    ("unknown", _("Unknown")),
    ("early", _("Too early to say")),
]
STATES = [("", _("Open")), ("all", _("All")), *Match.State.choices]
PHASES = [("", _("All phases")), *Match.Phase.choices]
READY = [("", _("Ready or not")), ("ready", _("Has all that is needed")), ("lacking", _("Lacks something"))]
APPLIED = [
    ("", _("Decided or not")),
    ("new", _("Not decided yet")),
    ("suitable", _("Suitable")),
    ("later", _("Not now")),
]
PERMITTED = [
    ("", _("Permission or not")),
    ("yes", _("There")),
    ("asked", _("Asked, no answer yet")),
    ("no", _("Not there, not asked")),
]
HERE = [("", _("Take part")), ("left", _("Take part no longer"))]
PLACED = [("", _("In a match or not")), ("yes", _("In an open match")), ("no", _("In no open match"))]
SIDES = [("", _("Mentors and mentees")), *[(side.value, side.label) for side in Participant.Side]]


class Find(forms.Form):
    """A name and a site; where in the list one stands."""

    q = OneLine(label=_("Name begins with"), required=False, most=60)
    site = forms.ModelChoiceField(
        queryset=Site.objects.none(), required=False, label=_("Site"), empty_label=_("All sites")
    )
    before = forms.IntegerField(required=False, min_value=1, max_value=MOST, widget=forms.HiddenInput)

    def __init__(self, *args, program, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["site"].queryset = program.sites.order_by("name")


class FindMatches(Find):
    state = forms.ChoiceField(label=_("State"), choices=STATES, required=False)
    how = forms.ChoiceField(label=_("How they are"), choices=HOW, required=False)
    time = forms.ChoiceField(label=_("Time together"), choices=TIME, required=False)
    phase = forms.ChoiceField(label=_("Phase"), choices=PHASES, required=False)
    coordinator = forms.ModelChoiceField(
        queryset=User.objects.none(), required=False, label=_("Coordinator"), empty_label=_("Everybody")
    )

    def __init__(self, *args, coordinators, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["coordinator"].queryset = coordinators


class FindPeople(Find):
    side = forms.ChoiceField(label=_("Side"), choices=SIDES, required=False)
    ready = forms.ChoiceField(label=_("Gates"), choices=READY, required=False)
    placed = forms.ChoiceField(label=_("Match"), choices=PLACED, required=False)
    applied = forms.ChoiceField(label=_("Application"), choices=APPLIED, required=False)
    permission = forms.ChoiceField(label=_("Permission"), choices=PERMITTED, required=False)
    here = forms.ChoiceField(label=_("Taking part"), choices=HERE, required=False)

    def __init__(self, *args, may_say, **kwargs):
        """`may_say`: what was decided, and who was asked, is for those who record it alone."""
        super().__init__(*args, **kwargs)
        for name in () if may_say else ("applied", "permission", "here"):
            del self.fields[name]
