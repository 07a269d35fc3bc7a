"""A circle, its next time, and what came of one."""

from django import forms
from django.utils.translation import gettext_lazy as _

from rapport.core.fields import Moment, OneLine, Several, Words
from rapport.events.picking import shown

LENGTH = _("Write the minutes as a number, from 1 to 1440.")
ONE = {"invalid_choice": _("Choose one of these."), "required": _("Choose one of these.")}


class Circle(forms.Form):
    """A name, the site it is for, and who hosts it."""

    form_id = forms.CharField(max_length=40, required=False, widget=forms.HiddenInput)
    name = OneLine(label=_("What you call it"), most=120, help_text=_("For example: Mentors of Lincoln School"))
    site: forms.ModelChoiceField = forms.ModelChoiceField(
        None, label=_("For the mentors of"), required=False, empty_label=_("the whole program"), error_messages=ONE
    )
    host: forms.ModelChoiceField = forms.ModelChoiceField(
        None, label=_("Who hosts it"), empty_label=None, error_messages=ONE,
        help_text=_("They set its times, and hear of it when it has not met for long"),
    )  # fmt: skip

    def __init__(self, *args, sites, hosts, has_whole, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["site"].queryset, self.fields["host"].queryset = sites, hosts
        if not has_whole:
            self.fields["site"].required, self.fields["site"].empty_label = True, None


class Next(forms.Form):
    """When it meets next, and who is asked."""

    starts_at = Moment(label=_("When it begins"))
    minutes = forms.IntegerField(
        label=_("Minutes"), min_value=1, max_value=1440, initial=60,
        error_messages=dict.fromkeys(("invalid", "required", "min_value", "max_value"), LENGTH),
    )  # fmt: skip
    place = OneLine(label=_("Where"), required=False, most=120)
    about = OneLine(
        label=_("What it is about"), required=False, most=500, help_text=_("Everybody asked reads this: name no child")
    )
    mentors: Several = Several(
        None, label=_("Mentors"), widget=forms.CheckboxSelectMultiple,
        error_messages=ONE | {"required": _("Ask at least one mentor.")},
    )  # fmt: skip
    colleagues: Several = Several(
        None, label=_("Colleagues"), required=False, widget=forms.CheckboxSelectMultiple, error_messages=ONE,
        help_text=_("They get no letter: tell them yourself"),
    )  # fmt: skip

    def __init__(self, *args, mentors, letters="", colleagues, zone, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["starts_at"].zone = zone
        self.fields["mentors"].queryset, self.fields["colleagues"].queryset = mentors, colleagues
        few, self.has_many = shown(mentors, letters)
        self.fields["mentors"].choices = [(one.pk, one.person.full_name) for one in few]
        self.initial["mentors"] = [one.pk for one in few]


class Noted(forms.Form):
    """Whether it took place, who was there, and what was said."""

    seen = forms.CharField(max_length=40, required=False, widget=forms.HiddenInput)
    took_place = forms.ChoiceField(
        label=_("Did it take place?"), choices=[("yes", _("Yes")), ("no", _("No"))], widget=forms.RadioSelect,
        error_messages=ONE,
    )  # fmt: skip
    there = forms.MultipleChoiceField(
        label=_("Who was there"), required=False, widget=forms.CheckboxSelectMultiple, error_messages=ONE
    )
    notes = Words(
        label=_("What was said"), required=False,
        help_text=_("What goes well, what mentors ask for. A worry about a child does not belong here"),
    )  # fmt: skip

    def __init__(self, *args, seats, **kwargs):
        super().__init__(*args, **kwargs)
        self.seats = {str(seat.pk): seat for seat in seats}
        self.fields["there"].choices = [(pk, str(seat)) for pk, seat in self.seats.items()]

    def said(self):
        typed = self.cleaned_data
        there = [self.seats[pk] for pk in typed["there"]]
        away = [seat for seat in self.seats.values() if seat not in there]
        told = {"there": there, "away": away, "notes": typed["notes"], "seen": typed["seen"]}
        return {"took_place": typed["took_place"] == "yes", **told}
