"""What is typed about two people who are not to be matched."""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from rapport.core.fields import CHOOSE, Day, OneLine
from rapport.people.models import Conflict, Participant


class Declared(forms.Form):
    """With whom, why, until when. `offered`: those of `others` who stand to be chosen."""

    other = forms.ModelChoiceField(
        Participant.objects.none(), to_field_name="ref", widget=forms.RadioSelect, empty_label=None,
        error_messages=CHOOSE,
    )  # fmt: skip
    kind = forms.ChoiceField(
        label=lazy("One of them"), choices=Conflict.Kind.choices, widget=forms.RadioSelect, error_messages=CHOOSE
    )
    is_turned = forms.BooleanField(required=False)
    words = OneLine(
        label=lazy("A few words"),
        most=300,
        required=False,
        help_text=lazy("Staff read them, and nobody who takes part."),
    )
    until_on = Day(label=lazy("Until"), required=False, help_text=lazy("The last day. Empty: until it is taken back."))

    def __init__(self, *args, others, offered, one, **kwargs):
        super().__init__(*args, **kwargs)
        self.one = one
        self.fields["other"].queryset = others
        self.fields["other"].label = _("%(name)s is not to be matched with") % {"name": one.person.first_name}
        self.fields["other"].choices = [(other.ref, called_here(other)) for other in offered]
        self.fields["is_turned"].label = _("It is the mentee who leads, assesses or teaches")

    def facts(self):
        """What `declare_conflict` is told: the mentor is the one who leads, unless it is said to be turned."""
        said = dict(self.cleaned_data)
        both = sorted([self.one, said.pop("other")], key=lambda one: one.side != Participant.Side.MENTOR)
        first, second = both[::-1] if said.pop("is_turned") else both
        return {"person": first.person, "other": second.person, **said}


def called_here(participant):
    return (
        f"{participant.person.full_name}, {participant.site.name}" if participant.site else participant.person.full_name
    )
