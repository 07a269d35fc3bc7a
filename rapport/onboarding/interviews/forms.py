"""What staff type of an interview, and of what interviews look at."""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from rapport.core.fields import CHOOSE, Day, OneLine, Words
from rapport.core.seen import as_they_stand, seen_field
from rapport.onboarding.interviews.reading import BEST, MOST_STEPS, SHOWN
from rapport.people.models import Participant
from rapport.programs.forms import number

Side = Participant.Side


class Found(forms.Form):
    """What was found: of a mentor each thing from 1 to 5, or left open; of a mentee what they need."""

    held_on = Day(label=lazy("Day of the talk"))

    def __init__(self, *args, rules, side, today, last=None, **kwargs):
        told = last.found if last else {}
        super().__init__(*args, initial={"held_on": today, "words": last.words if last else ""}, **kwargs)
        self.fields["held_on"].latest = today
        for rule in rules:
            self.fields[f"f-{rule.code}"] = field_of(rule, side, told.get(rule.code))
        self.fields["words"] = Words(
            label=_("A few words"), most=2000, required=False,
            help_text=_("What you saw and heard, not what you guess. No diagnosis."),
        )  # fmt: skip

    def told(self):
        """What was said, as `keep_interview` takes it: what was found as {code: 1 to 5, or 1 of a need}."""
        typed = self.cleaned_data
        found = {name[2:]: int(value) for name, value in typed.items() if name.startswith("f-") and value}
        return {"found": found, "words": typed["words"], "held_on": typed["held_on"]}


def field_of(rule, side, told):
    if side == Side.MENTEE:
        return forms.BooleanField(label=rule.label, required=False, initial=bool(told))
    ends = {1: _("1, hardly"), BEST: _("%(n)d, fully") % {"n": BEST}}
    steps = [(str(n), ends.get(n, str(n))) for n in range(1, BEST + 1)]
    return forms.ChoiceField(
        label=rule.label, choices=[("", _("not looked at")), *steps], required=False, widget=forms.RadioSelect,
        initial=str(told or ""), help_text=rule.goal and _("It serves: %(goal)s") % {"goal": rule.goal},
        error_messages=CHOOSE,
    )  # fmt: skip


class Rules(forms.Form):
    """Of each thing: whether it is looked at, and of a mentee how many steps it counts."""

    def __init__(self, *args, rules, **kwargs):
        super().__init__(*args, **kwargs)
        self.rules = rules
        self.fields["seen"] = seen_field(as_they_stand(rules.values(), SHOWN))
        for (side, code), rule in rules.items():
            self.fields[f"is_on-{side}-{code}"] = forms.BooleanField(
                label=rule.label, required=False, initial=rule.is_on
            )
            if side == Side.MENTEE:
                self.fields[f"steps-{side}-{code}"] = number(_("Steps"), MOST_STEPS, initial=rule.steps)

    def said(self):
        """{(side, code): {field: value}} as typed."""
        told = self.cleaned_data
        return {
            key: {"is_on": told["is_on-{}-{}".format(*key)], "steps": told.get("steps-{}-{}".format(*key), rule.steps)}
            for key, rule in self.rules.items()
        }

    def lines(self, side):
        """Each rule of a side with its fields."""
        for (of, code), rule in self.rules.items():
            if of == side:
                steps = self[f"steps-{of}-{code}"] if of == Side.MENTEE else None
                yield rule, self[f"is_on-{of}-{code}"], steps


class NewRule(forms.Form):
    """One thing more to look at."""

    side = forms.ChoiceField(
        label=lazy("In whom"), choices=Side.choices, widget=forms.RadioSelect, error_messages=CHOOSE
    )
    label = OneLine(label=lazy("What to look at"), most=120)
    goal = OneLine(label=lazy("Of a mentor: which goal of the program it serves"), most=120, required=False)
    steps = number(lazy("Of a mentee: how many steps it counts"), MOST_STEPS, initial=1)
    source = OneLine(label=lazy("Why you look at it, or where it comes from"), most=300)
