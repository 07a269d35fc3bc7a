"""What is typed about an agreement: what the pair settles, a yes or a no to it, and words somebody would like in it."""

import hashlib

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from rapport.core.fields import CHOOSE, Day, OneLine, Words
from rapport.core.refs import new_ref
from rapport.matches.models import Agreement, Proposal
from rapport.people.forms import HowItCame
from rapport.programs.models import Promise

NUMBER = {
    "invalid": lazy("Write a number."), "min_value": lazy("This is too small."), "max_value": lazy("This is too much."),
}  # fmt: skip
OVERLAP = [("none", lazy("No")), ("noted", lazy("Yes, and below stands how we deal with it"))]
OWN = "rules"  # the section of the pair's own rules
SIGNS = 1000


def whole(label, least, most, **more):
    return forms.IntegerField(
        label=label, min_value=least, max_value=most, required=False, error_messages=NUMBER, **more
    )


class Terms(forms.Form):
    """What a pair settles for itself. What is left empty is not promised."""

    every = whole(lazy("They meet once every"), 1, 365)
    unit = forms.ChoiceField(
        label=lazy("Days, weeks or months"), choices=[("", "–"), *Promise.Unit.choices], required=False,
        error_messages=CHOOSE,
    )  # fmt: skip
    minutes = whole(lazy("Minutes of one meeting"), 5, 1440)
    hours_a_month = forms.DecimalField(
        label=lazy("Hours together in a month"), min_value=0, max_value=200, max_digits=5, decimal_places=2,
        required=False, error_messages=NUMBER,
    )  # fmt: skip
    starts_on = Day(label=lazy("From"), required=False)
    ends_on = Day(label=lazy("Until"), required=False, help_text=lazy("Empty: as long as it is good for both"))
    place = OneLine(label=lazy("Where, or how they meet"), most=200, required=False)
    channels = OneLine(label=lazy("How they write or call each other"), most=200, required=False)
    hours = OneLine(label=lazy("At which hours"), most=200, required=False)
    notice_hours = whole(lazy("Whoever cannot come says so, hours before"), 1, 336)
    goals = OneLine(
        label=lazy("What they want to reach"), most=500, required=False,
        help_text=lazy("Everybody who signs reads it, the family too: nothing the mentee keeps from them."),
    )  # fmt: skip
    rules = Words(label=lazy("Their own rules"), most=2000, required=False, rows=3)
    overlap = forms.ChoiceField(
        label=lazy("Does one of them lead or assess the other, or may soon?"), choices=OVERLAP, required=False,
        widget=forms.RadioSelect, error_messages=CHOOSE,
    )  # fmt: skip
    overlap_words = OneLine(label=lazy("How they deal with it"), most=300, required=False)
    why = OneLine(label=lazy("Why there is a new version"), most=200, required=False)
    seen = OneLine(most=64, required=False, widget=forms.HiddenInput)

    def __init__(self, *args, asks_overlap, is_first, **kwargs):
        super().__init__(*args, **kwargs)
        self.stands = {name: kwargs["initial"].get(name) for name in self.fields if name != "seen"}
        self.initial["seen"] = hashlib.sha256(repr(self.stands).encode()).hexdigest()
        dropped = ([] if asks_overlap else ["overlap", "overlap_words"]) + (["why"] if is_first else [])
        for name in dropped:
            del self.fields[name]

    def clean(self):
        said = super().clean()
        if said.get("every") and not said.get("unit") and "unit" not in self.errors:
            self.add_error("unit", lazy("Days, weeks or months? Choose one."))
        if said.get("unit") and not said.get("every") and "every" not in self.errors:
            said["unit"] = ""
        first, last = said.get("starts_on"), said.get("ends_on")
        if first and last and last < first:
            self.add_error("ends_on", lazy("The last day lies before the first. Look at both."))
        if said.get("overlap") == "noted" and not said.get("overlap_words") and "overlap_words" not in self.errors:
            self.add_error("overlap_words", lazy("How do they deal with it? A few words."))
        if said.get("seen") and said["seen"] != self.initial["seen"]:
            self.add_error(None, self.meanwhile(said))
            self.data = self.data.copy()
            self.data["seen"] = self.initial["seen"]  # pressed once more, it takes the place of theirs
        return said

    def meanwhile(self, said):
        """What a colleague wrote since the page was opened, where it is otherwise than what was typed here."""
        words = _("A colleague wrote here meanwhile. Press once more to keep what stands below in its place.")
        changed = [
            name for name in self.fields if name in self.stands and (said.get(name) or None) != self.before(name)
        ]
        return " ".join([words, *(f"{self.fields[name].label}: {self.before(name) or '–'}." for name in changed)])

    def before(self, name):
        return self.stands[name] or None

    def terms(self):
        return {name: value for name, value in self.cleaned_data.items() if name in Agreement.TERMS}


class Sign(forms.Form):
    """A yes or a no to the whole. Nothing is chosen beforehand."""

    use_required_attribute = False  # a no asks for nothing else

    say = forms.ChoiceField(
        choices=[("yes", lazy("Yes, I sign this")), ("no", lazy("No, not like this"))], widget=forms.RadioSelect,
        label=lazy("Your answer"), error_messages=CHOOSE,
    )  # fmt: skip
    read_with = OneLine(
        label=lazy("Who read it together with you?"), most=200,
        help_text=lazy("For a yes: you need not read it alone."),
        error_messages={"required": lazy("Ask somebody you trust to read it with you, and write who it was.")},
    )  # fmt: skip
    words = Words(
        label=lazy("Anything you want to say about it"), most=SIGNS, required=False, rows=2,
        help_text=lazy("Only the staff read this. A no needs no reason."),
    )  # fmt: skip
    read = OneLine(most=64, widget=forms.HiddenInput)
    form_id = OneLine(most=40, required=False, widget=forms.HiddenInput)

    def __init__(self, *args, is_young, **kwargs):
        super().__init__(*args, **kwargs)
        if not is_young:
            del self.fields["read_with"]
        elif self.is_bound and self.data.get("say") != "yes":
            self.fields["read_with"].required = False


class OnPaper(HowItCame):
    """What stands on the sheet, or was said with a witness; the paper is kept."""

    say = forms.ChoiceField(
        choices=[("yes", lazy("Yes")), ("no", lazy("No"))], widget=forms.RadioSelect, label=lazy("What they said"),
        error_messages=CHOOSE,
    )  # fmt: skip
    words = Words(label=lazy("What they said about it"), most=SIGNS, required=False, rows=2)
    read_with = OneLine(label=lazy("Who read it together with them"), most=200, required=False)
    kept_at = OneLine(label=lazy("Where the paper is kept"), most=200, required=False)
    form_id = OneLine(most=40, required=False, widget=forms.HiddenInput)

    WAYS = [("paper", lazy("On the sheet, signed")), ("voice", lazy("By voice, with a witness"))]
    WITNESSED = {"voice": lazy("Who heard it, too?")}
    field_order = ("say", "said_on", "way", "witness", "kept_at", "read_with", "words", "form_id")

    def __init__(self, *args, is_young, **kwargs):
        super().__init__(*args, **kwargs)
        self.is_young = is_young
        self.fields["witness"].help_text = lazy("Somebody grown up, neither who says it nor a child.")
        if not is_young:
            del self.fields["read_with"]

    def clean(self):
        said = super().clean()
        if said.get("way") == "paper" and not said.get("kept_at") and "kept_at" not in self.errors:
            self.add_error("kept_at", lazy("Where is the paper kept?"))
        if self.is_young and said.get("say") == "yes" and not said.get("read_with") and "read_with" not in self.errors:
            self.add_error("read_with", lazy("A child signs nothing alone: who read it with them?"))
        return said


class WordsFor(forms.Form):
    """Words that somebody would like in one section."""

    section = forms.ChoiceField(label=lazy("About which part"), error_messages=CHOOSE)
    wish = Words(label=lazy("What you would like there, in your own words"), most=SIGNS, rows=2)
    form_id = OneLine(most=40, required=False, widget=forms.HiddenInput)

    def __init__(self, *args, sections, **kwargs):
        super().__init__(*args, **kwargs)
        self.initial.setdefault("form_id", new_ref())
        self.fields["section"].choices = [
            (OWN, lazy("Our own rules")),
            ("terms", lazy("How often, how long, where and when")),
            *((one.code, one.title) for one in sections),
        ]


class Decision(forms.Form):
    """Taken in or not, with a reason that is said back."""

    proposal = OneLine(most=20, widget=forms.HiddenInput)
    fate = forms.ChoiceField(
        label=lazy("Is it taken in?"), widget=forms.RadioSelect, error_messages=CHOOSE,
        choices=[(one.value, one.label) for one in (Proposal.Fate.TAKEN, Proposal.Fate.NOT_TAKEN)],
    )  # fmt: skip
    reply = OneLine(
        label=lazy("Why, in words for them"), most=500,
        error_messages={"required": lazy("Say why, in a few kind words.")},
    )  # fmt: skip


class ClauseWords(forms.Form):
    """The words of one section, in one language."""

    title = OneLine(label=lazy("Title"), most=120)
    words = Words(label=lazy("Words"), most=3000, rows=6)
    after = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
