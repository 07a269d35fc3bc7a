"""An outing as it is asked for, and a word about it that came on paper or by voice."""

from datetime import datetime, timedelta

from django import forms
from django.utils.translation import gettext_lazy as _

from rapport.core.fields import CHOOSE, Moment, OneLine
from rapport.meetings.models import Outing
from rapport.onboarding.forms import OnPaper

HOURS = _("Write the hours as a number, from 1 to 24.")


class Asked(forms.Form):
    """What, where, when, how, and who else."""

    form_id = OneLine(most=40, required=False, widget=forms.HiddenInput)
    version = forms.IntegerField(required=False, min_value=1, max_value=32_000, widget=forms.HiddenInput)
    what = OneLine(label=_("What do you want to do?"), most=200)
    place = OneLine(label=_("Where?"), most=200)
    starts_at = Moment(label=_("When do you leave?"))
    hours = forms.IntegerField(
        label=_("For how many hours?"), min_value=1, max_value=24, initial=2,
        error_messages=dict.fromkeys(("invalid", "required", "min_value", "max_value"), HOURS),
    )  # fmt: skip
    transport = forms.ChoiceField(
        label=_("How do you get there?"), choices=Outing.Transport.choices, widget=forms.RadioSelect,
        error_messages=CHOOSE,
    )  # fmt: skip
    company = OneLine(
        label=_("Who else comes along?"), help_text=_("For example: another mentor; my sister, grown up"), most=200,
        required=False,
    )  # fmt: skip

    def __init__(self, *args, zone, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["starts_at"].zone = zone

    @property
    def read(self):
        """Which version was on the page when it was pressed; 0: none that there is."""
        return self.cleaned_data["version"] or 0

    def outing(self):
        """What the action takes."""
        typed = {name: self.cleaned_data[name] for name in ("what", "place", "starts_at", "transport", "company")}
        starts_at: datetime = typed["starts_at"]
        return typed | {"ends_at": starts_at + timedelta(hours=self.cleaned_data["hours"])}


def as_it_is(outing):
    """An outing as the beginning of the form."""
    hours = (outing.ends_at - outing.starts_at).total_seconds() // 3600
    names = ("what", "place", "starts_at", "transport", "company", "version")
    return {name: getattr(outing, name) for name in names} | {"hours": int(hours)}


class Written(OnPaper):
    """Whose word it is, about whom, and what they said."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=32_000)
    who = forms.ChoiceField(label=_("Who said it, about whom"), widget=forms.RadioSelect, error_messages=CHOOSE)
    says = forms.ChoiceField(
        label=_("What they said"), choices=[("yes", _("Yes")), ("no", _("No"))], widget=forms.RadioSelect,
        error_messages=CHOOSE,
    )  # fmt: skip

    def __init__(self, *args, says, **kwargs):
        super().__init__(*args, **kwargs)
        self.rows = {f"{one.guardian.ref}-{one.child.ref}": one for one in says}
        words = _("%(guardian)s, about %(child)s")
        self.fields["who"].choices = [
            (key, words % {"guardian": one.guardian.full_name, "child": one.child.first_name})
            for key, one in self.rows.items()
        ]
        self.order_fields(["version", "who", "says"])

    def word(self):
        """What the action takes."""
        facts, row = self.facts(), self.rows[self.cleaned_data["who"]]
        is_paper = facts["channel"] == "paper"
        return {
            "child": row.child, "person": row.guardian, "is_yes": self.cleaned_data["says"] == "yes",
            "version": self.cleaned_data["version"], "channel": "paper" if is_paper else "voice",
            "evidence": facts["how"], "said_on": facts["said_on"],
        }  # fmt: skip
