"""Whom somebody would like, and whom not: one choice for each suggestion."""

from django import forms
from django.utils.translation import gettext as _

from rapport.core.fields import CHOOSE
from rapport.matching.models import Suggestion
from rapport.people.forms import HowItCame

OUT = "out"


class Wishes:
    """A field for each suggestion: which choice it is, "please not", or nothing. Each choice is given once."""

    def lay(self, rows):
        self.rows = list(rows)
        numbers = [(str(n), _("My choice %(n)d") % {"n": n}) for n in range(1, len(self.rows) + 1)]
        for row in self.rows:
            self.fields[f"wish-{row.pk}"] = forms.ChoiceField(
                label=str(row.other.person.first_name), required=False, error_messages=CHOOSE,
                choices=[("", _("Nothing to say")), *numbers, (OUT, _("Please not"))],
            )  # fmt: skip

    def check(self, said):
        given: dict = {}
        for row in self.rows:
            value = said.get(f"wish-{row.pk}")
            if value and value != OUT and given.setdefault(value, row) is not row:
                self.add_error(f"wish-{row.pk}", _("You gave this choice to somebody else already."))
        if not self.errors and not any(said.get(f"wish-{row.pk}") for row in self.rows):
            self.add_error(None, _("Choose somebody first, or leave this page: nobody waits for it."))
        return said

    def answer(self):
        """What was said, as `hear_wishes` takes it."""
        told = {row.pk: self.cleaned_data[f"wish-{row.pk}"] for row in self.rows}
        return {
            "choices": {pk: int(value) for pk, value in told.items() if value and value != OUT},
            "ruled_out": {pk for pk, value in told.items() if value == OUT},
        }

    def fields_of(self):
        """Each suggestion with its field."""
        return [(row, self[f"wish-{row.pk}"]) for row in self.rows]


class Say(Wishes, forms.Form):
    def __init__(self, *args, rows, **kwargs):
        super().__init__(*args, **kwargs)
        self.lay(rows)

    def clean(self):
        return self.check(super().clean())


class OnPaper(Wishes, HowItCame):
    """What stands on the sheet, or was said to staff."""

    def __init__(self, *args, rows, **kwargs):
        super().__init__(*args, **kwargs)
        self.lay(rows)
        self.order_fields([*(f"wish-{row.pk}" for row in self.rows), "said_on", "way", "witness"])

    def clean(self):
        return self.check(super().clean())


def suggestions_of(ask):
    """The suggestions of an ask, with what is shown of them, as far as they may still be shown."""
    return list(Suggestion.objects.filter(ask=ask).select_related("other__person", "other__site"))
