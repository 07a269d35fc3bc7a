"""What forms of circles, groups and event days share."""

from django import forms
from django.utils.translation import gettext_lazy as _

from rapport.core.fields import Several
from rapport.core.refs import new_ref
from rapport.events.picking import choose_from

ONE = {"invalid_choice": _("Choose one of these."), "required": _("Choose one of these.")}
LENGTH = dict.fromkeys(
    ("invalid", "required", "min_value", "max_value"), _("Write the minutes as a number, from 1 to 1440.")
)
ROOM = dict.fromkeys(("invalid", "min_value", "max_value"), _("Write a number from 1 to 500, or leave it empty."))


def site(label) -> forms.ModelChoiceField:
    return forms.ModelChoiceField(
        None, label=label, required=False, empty_label=_("the whole program"), error_messages=ONE
    )


def host(label, help_text="") -> forms.ModelChoiceField:
    return forms.ModelChoiceField(None, label=label, empty_label=None, error_messages=ONE, help_text=help_text)


def minutes(initial=60):
    return forms.IntegerField(label=_("Minutes"), min_value=1, max_value=1440, initial=initial, error_messages=LENGTH)


class Hosted(forms.Form):
    """Something of a program or of one of its sites (`site`) that a colleague answers for (`host`).

    `fixed` names what stays as it was begun. Sent twice it is begun once.
    """

    fixed: tuple = ()
    form_id = forms.CharField(max_length=40, required=False, widget=forms.HiddenInput, initial=new_ref)

    def __init__(self, *args, sites, hosts, has_whole, is_new=True, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["site"].queryset, self.fields["host"].queryset = sites, hosts
        if not has_whole:
            self.fields["site"].required, self.fields["site"].empty_label = True, None
        for name in () if is_new else ("form_id", *self.fixed):
            del self.fields[name]

    def clean_form_id(self):
        return self.cleaned_data["form_id"] or new_ref()


class People(forms.Form):
    """Some of many people."""

    people: Several = Several(
        None, label=_("Who"), widget=forms.CheckboxSelectMultiple,
        error_messages=ONE | {"required": _("Choose at least one."), "invalid_pk_value": _("Choose one of these.")},
    )  # fmt: skip

    def __init__(self, *args, people, letters="", **kwargs):
        super().__init__(*args, **kwargs)
        self.has_many = choose_from(self.fields["people"], people, letters)
        if not self.fields["people"].choices:
            self.fields["people"].help_text = _("Everybody you may choose is there already.")


class Tap(forms.Form):
    """One press beside one name: here, away, or taken back."""

    SAYS = {"here": True, "away": False, "none": None}

    who = forms.CharField(max_length=12)
    says = forms.ChoiceField(choices=[(one, one) for one in SAYS])

    @property
    def was_there(self):
        return self.SAYS[self.cleaned_data["says"]]
