"""The form that brings a file."""

from django import forms
from django.utils.translation import gettext_lazy as _

MOST_BYTES = 20 * 1024 * 1024
ROSTER_FILES = 25  # a set of the largest kind has 23
WHAT = [
    ("mentors", _("A list of mentors")),
    ("mentees", _("A list of mentees")),
    ("volunteers", _("A list of volunteers, who become mentors when all is seen; or of their supervisors")),
    ("matches", _("A list of pairs that meet already: who with whom, and since when")),
    ("logs", _("A list of meetings of pairs that are here: who with whom, on which day, how long")),
    ("roster", _("A school's roster, School Data Sync or OneRoster: its CSV files, or a zip of them")),
]


class ManyFiles(forms.ClearableFileInput):
    allow_multiple_selected = True


class Files(forms.FileField):
    """One file or several."""

    widget = ManyFiles

    def clean(self, data, initial=None):
        given = data if isinstance(data, list | tuple) and data else [None]
        return [super(Files, self).clean(one, initial) for one in given]


class Bring(forms.Form):
    what = forms.ChoiceField(
        label=_("What is it?"),
        choices=WHAT,
        widget=forms.RadioSelect,
        error_messages={"required": _("Say what the file is.")},
    )
    sent = Files(
        label=_("File"),
        help_text=_("A workbook (.xlsx), CSV, or a roster's zip. Nothing is changed until you have looked at it."),
        widget=ManyFiles(attrs={"accept": ".xlsx,.csv,.txt,text/csv,.zip"}),
        error_messages={"required": _("Choose a file."), "empty": _("This file is empty.")},
    )

    def clean_sent(self):
        files = self.cleaned_data["sent"]
        if sum(file.size for file in files) > MOST_BYTES:
            raise forms.ValidationError(
                _("This is too large for this page: more than 20 MB. Bring it in with the command: rapport import.")
            )
        return files

    def clean(self):
        said = super().clean()
        files, what = said.get("sent"), said.get("what")
        if files and what and what != "roster" and len(files) > 1:
            self.add_error("sent", _("One list at a time, please."))
        if files and len(files) > ROSTER_FILES:
            self.add_error("sent", _("These are more files than a roster has."))
        return said
