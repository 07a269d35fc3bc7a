"""What is typed about a proposed match: an answer, by its own person or as staff write it down."""

from django import forms
from django.utils.translation import gettext_lazy as lazy

from rapport.core.fields import CHOOSE, OneLine, Words
from rapport.matching.models import Party, Proposal
from rapport.people.forms import HowItCame

MOST = 1000
State = Proposal.State
ANOTHER = "another"
SAYS = {
    State.YES: lazy("Yes, I would like that"),
    State.MORE: lazy("I would like to know more first"),
    ANOTHER: lazy("No, please show me somebody else"),
    State.DECLINED: lazy("No"),
}


def choices_for(party):
    """What may be answered: whoever looks for a mentor may ask to be shown another."""
    return [(code, words) for code, words in SAYS.items() if code != ANOTHER or party == Party.MENTEE]


class Say(forms.Form):
    """Yes, more, or no. Nothing is chosen beforehand, and nothing needs a reason."""

    say = forms.ChoiceField(label=lazy("Your answer"), widget=forms.RadioSelect, error_messages=CHOOSE)
    reason = Words(
        label=lazy("What you would like us to know"), most=MOST, required=False, rows=2,
        help_text=lazy("Only the staff read this. A no needs no reason."),
    )  # fmt: skip
    seen = OneLine(most=20, required=False, widget=forms.HiddenInput)

    def __init__(self, *args, party, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["say"].choices = choices_for(party)

    def answer(self):
        """What was said, as an `Answer` takes it."""
        return says_of(self.cleaned_data["say"]) | {
            "reason": self.cleaned_data["reason"], "seen": self.cleaned_data["seen"],
        }  # fmt: skip


def says_of(said):
    return {"says": State.DECLINED if said == ANOTHER else State(said), "wants_another": said == ANOTHER}


class OnPaper(HowItCame):
    """What stands on the sheet, or was said by phone, in person or with an interpreter."""

    say = forms.ChoiceField(label=lazy("What they said"), widget=forms.RadioSelect, error_messages=CHOOSE)
    reason = Words(
        label=lazy("Why, in their words"), most=MOST, required=False, rows=2, help_text=lazy("It stays with the staff.")
    )
    field_order = ("say", "said_on", "way", "witness", "reason")

    def __init__(self, *args, party, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["say"].choices = choices_for(party)

    def answer(self):
        said = self.cleaned_data
        more = {name: said[name] for name in ("way", "reason", "witness")}
        return says_of(said["say"]) | more | {"on": said["said_on"]}


class Aside(forms.Form):
    """Why a proposal is let go, for staff alone."""

    words = OneLine(label=lazy("Why, for the staff"), most=300, required=False)
