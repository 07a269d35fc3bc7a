"""A circle, its next time, and what came of one."""

from django import forms
from django.utils.translation import gettext_lazy as _

from rapport.core.fields import Moment, OneLine, Several, Words
from rapport.events import forms as shared
from rapport.events.forms import ONE
from rapport.events.picking import shown


class Circle(shared.Hosted):
    """A name, the site it is for, and who hosts it."""

    name = OneLine(label=_("What you call it"), most=120, help_text=_("For example: Mentors of Lincoln School"))
    site = shared.site(_("For the mentors of"))
    host = shared.host(_("Who hosts it"), _("They set its times, and hear of it when it has not met for long"))


class Next(forms.Form):
    """When it meets next, and who is asked."""

    starts_at = Moment(label=_("When it begins"))
    minutes = shared.minutes()
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
        here = set(typed["there"])
        there = [seat for pk, seat in self.seats.items() if pk in here]
        away = [seat for pk, seat in self.seats.items() if pk not in here]
        told = {"there": there, "away": away, "notes": typed["notes"], "seen": typed["seen"]}
        return {"took_place": typed["took_place"] == "yes", **told}
