"""What is typed on the page of an ask: one small form for each card and for each meeting."""

from django import forms
from django.utils.translation import gettext_lazy as _

from rapport.checkins.actions.answering import Card as Said
from rapport.checkins.actions.answering import Going, HowOften, Met
from rapport.checkins.models import Answer, CheckIn
from rapport.core.fields import OneLine, Words
from rapport.matches.models import Headway
from rapport.meetings.forms import CAUSES, minutes
from rapport.meetings.models import Remembered
from rapport.people.forms import HowItCame

FEELINGS = [("", ""), *((str(n), str(n)) for n in range(1, 6))]
WORRIES = {"yes": Answer.Worry.YES, "maybe": Answer.Worry.NOT_SURE, "no": Answer.Worry.NO}
NEITHER = {"invalid_choice": _("Choose one of these.")}


class Press(forms.Form):
    """The button: one press is one answer."""

    form_id = OneLine(most=40)


class Written(HowItCame, Press):
    """How the words came that staff write down."""


class HowItGoes(forms.Form):
    """How it goes with one goal."""

    value = forms.ChoiceField(
        choices=Headway.Value.choices, required=False, widget=forms.RadioSelect, error_messages=NEITHER
    )

    def __init__(self, data, *, goal, must):
        super().__init__(data, prefix=f"g{goal.ref}")
        self.goal, self.must = goal, must
        self.fields["value"].label = goal.question

    def said(self):
        return Going(self.goal, self.cleaned_data["value"])


class Card(forms.Form):
    """One card. Everything on it may be left out, but for how it goes with a goal by a grown-up who is not worried."""

    feel = forms.ChoiceField(choices=FEELINGS, required=False, error_messages=NEITHER)
    worry = forms.ChoiceField(choices=[("", ""), *((k, k) for k in WORRIES)], required=False, error_messages=NEITHER)
    words = Words(most=10_000, required=False)
    in_touch = forms.ChoiceField(
        choices=Answer.InTouch.choices, required=False, widget=forms.RadioSelect, error_messages=NEITHER
    )
    now = forms.ChoiceField(
        choices=Answer.Now.choices, required=False, widget=forms.RadioSelect, error_messages=NEITHER
    )
    news = Words(most=2_000, required=False)
    times = forms.TypedChoiceField(
        choices=Remembered.Often.choices, coerce=int, required=False, empty_value=None, widget=forms.RadioSelect,
        error_messages=NEITHER,
    )  # fmt: skip
    long = forms.TypedChoiceField(
        choices=Remembered.Long.choices, coerce=int, required=False, empty_value=None, widget=forms.RadioSelect,
        error_messages=NEITHER,
    )  # fmt: skip

    def __init__(self, data, *, shown):
        super().__init__(data, prefix=shown.key)
        self.shown = shown
        for name in {"in_touch", "now", "news"} - set(shown.since.asks):
            del self.fields[name]
        for name in () if shown.often else ("times", "long"):
            del self.fields[name]
        self.goals = [HowItGoes(data, goal=one, must=shown.must_say) for one in shown.goals]

    @property
    def was_touched(self):
        """Something of how it goes, of a goal, or of how often they met."""
        return self.says_how_it_goes or bool(self.going() or self.often())

    @property
    def says_how_it_goes(self):
        """A face (also the sixth: "I don't know"), a worry or words, or what was asked of the time since an event."""
        typed = self.cleaned_data
        return self.add_prefix("feel") in self.data or bool(typed["worry"] or typed["words"] or self.since())

    def often(self):
        """How often they remember meeting, where that was asked and said."""
        typed = self.cleaned_data
        if typed.get("times") is None:
            return None
        return HowOften(typed["times"], typed["long"] if typed["times"] else None, *self.shown.often)

    def since(self):
        """What was said of the time since an event, where that was asked."""
        return {name: typed for name in self.shown.since.asks if (typed := self.cleaned_data[name])}

    @property
    def more_is_open(self):
        """Whether something is to be put right in what may be left out."""
        return self.is_bound and any([*(one.errors for one in self.goals), *map(self.errors.get, ("times", "long"))])

    def going(self):
        """What was said of the goals on it."""
        return [one.said() for one in self.goals if one.is_valid() and one.cleaned_data["value"]]

    def clean(self):
        """A worry is never held up by a question about a goal."""
        typed = super().clean()
        wrong = [one for one in self.goals if one.errors]
        is_worried = typed.get("worry") in ("yes", "maybe") or typed.get("words")
        if self.is_bound and not self.errors and not wrong and self.was_touched and not is_worried:
            for one in self.goals:
                if one.must and not one.cleaned_data["value"]:
                    one.add_error("value", _("Choose one of these. “Not now” is an answer, too."))
        return typed

    def said(self):
        typed = self.cleaned_data
        feeling = int(typed["feel"]) if typed["feel"] else None
        is_beside = not self.says_how_it_goes and self.shown.check_in.state != CheckIn.State.OPEN
        return Said(
            self.shown.check_in, feeling, WORRIES.get(typed["worry"], ""), typed["words"], **self.since(),
            often=self.often(), only_beside=is_beside,
        )  # fmt: skip


def everything(cards, *others):
    """These forms, and those of the goals on the cards, each looked at once."""
    return [*others, *cards, *(one for card in cards for one in card.goals)]


class Meet(forms.Form):
    """One meeting: we met, and how long; or it did not happen, and why."""

    met = forms.ChoiceField(choices=[("", ""), ("yes", _("We met")), ("no", _("It did not happen"))], required=False)
    minutes = minutes(required=False)
    cause = forms.ChoiceField(choices=CAUSES, required=False, error_messages=NEITHER)
    waited = forms.BooleanField(required=False)

    def __init__(self, data, *, meeting):
        super().__init__(data, prefix=f"m{meeting.pk}")
        self.meeting = meeting

    @property
    def was_touched(self):
        return bool(self.cleaned_data["met"])

    def said(self):
        typed, met = self.cleaned_data, self.cleaned_data["met"] == "yes"
        cause, waited = ("", None) if met else (typed["cause"], typed["waited"] or None)
        return Met(self.meeting, met, typed["minutes"], cause, waited)
