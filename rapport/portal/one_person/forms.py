"""Which value stays where two records differ."""

from django import forms
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from rapport.portal.templatetags.portal import language_word

KEPT, OTHER = "kept", "other"


class OnePerson(forms.Form):
    """A choice for each thing that differs; what only one of them has is taken by itself."""

    seen = forms.CharField(widget=forms.HiddenInput, max_length=40)

    def __init__(self, *args, kept, other, twice, **kwargs):
        super().__init__(*args, **kwargs)
        self.twice = twice
        self.offer("name", _("Name"), kept.full_name, other.full_name)
        self.offer("born_on", _("Born"), *(one.born_on and date_format(one.born_on, "j F Y") for one in (kept, other)))
        self.offer("language", _("Language"), *(language_word(one.language) for one in (kept, other)))
        for mine, theirs in twice:
            label = _("Site in %(program)s") % {"program": mine.program.name}
            self.offer(f"site-{mine.ref}", label, *(one.site and one.site.name for one in (mine, theirs)))

    def offer(self, name, label, mine, theirs):
        if mine and theirs and mine != theirs:
            choices = [(KEPT, mine), (OTHER, theirs)]
            self.fields[name] = forms.ChoiceField(
                label=label, choices=choices, widget=forms.RadioSelect, initial=KEPT,
                error_messages={"required": _("Choose which of the two stays.")},
            )  # fmt: skip

    def takes(self):
        return [name for name in ("name", "born_on", "language") if self.cleaned_data.get(name) == OTHER]

    def sites(self):
        """{program: site} where the other record's site is to stay."""
        chosen = {mine: theirs for mine, theirs in self.twice if self.cleaned_data.get(f"site-{mine.ref}") == OTHER}
        return {mine.program_id: theirs.site for mine, theirs in chosen.items()}
