"""Whether the program is the place for somebody, the end of their taking part, and coming back: pages of staff."""

from django import forms
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_POST

from rapport.access.rights import Right
from rapport.core.fields import Day, OneLine, Words
from rapport.core.months import day_in
from rapport.core.notices import kept
from rapport.matches import actions
from rapport.onboarding.models import Decision, Leaving
from rapport.portal.reading import participants_of
from rapport.programs.doors import staff_page

Says = Decision.Says
OWN = [value for value in Leaving.Why.values if value != Leaving.Why.NOT_SUITABLE]  # that one is decided, not said


class Decide(forms.Form):
    says = forms.ChoiceField(
        label=lazy("What do you decide?"), widget=forms.RadioSelect,
        choices=[(value, capfirst(words)) for value, words in Says.choices],
        error_messages={"required": lazy("Choose one.")},
    )  # fmt: skip
    reason = Words(
        label=lazy("Why"), required=False, most=2000,
        help_text=lazy("For staff who may change participants. It stands in no letter."),
    )  # fmt: skip
    look_again_on = Day(label=lazy("Not now: look again on"), required=False)
    referral = OneLine(
        label=lazy("What else may help them"), required=False, most=300,
        help_text=lazy("Another program, a group, somebody to call, and who told them of it."),
    )  # fmt: skip

    def clean(self):
        said = super().clean()
        if said.get("says") in (Says.LATER, Says.NOT_SUITABLE) and not said.get("reason"):
            self.add_error("reason", _("Why? A few words are enough; whoever comes after you has to understand it."))
        if said.get("says") != Says.LATER:
            said["look_again_on"] = None
        return said


class Leave(forms.Form):
    why = forms.ChoiceField(
        label=lazy("Why"), choices=[(value, capfirst(words)) for value, words in Leaving.Why.choices if value in OWN],
        widget=forms.RadioSelect, error_messages={"required": lazy("Choose one.")},
    )  # fmt: skip
    left_on = Day(label=lazy("Last day"))
    words = Words(label=lazy("A few words"), required=False, most=2000, help_text=lazy("For staff alone."))


def one_of(request, program, ref):
    """Somebody this reader may change."""
    seen = participants_of(request.user, program, timezone.now(), Right.PARTICIPANT_EDIT)
    return get_object_or_404(seen.select_related("person", "program"), ref=ref)


@staff_page(Right.PARTICIPANT_EDIT)
def decide(request, program, ref):
    one, at = one_of(request, program, ref), timezone.now()
    if one.left_at and request.method != "POST":  # a press is told why by the action
        return redirect(one)
    form = Decide(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        actions.decide(one, **form.cleaned_data, by=request.user, at=at)
        kept(request, said_of(one, form.cleaned_data["says"]))
        return redirect(one)
    title = _("Is this program the place for %(name)s?") % {"name": one.person.first_name}
    lead = _("“Not the place for them” takes them out of every list. A letter of thanks waits until you have read it.")
    return page(request, one, form, title, lead, _("Keep it so"))


def said_of(one, says):
    name = {"name": one.person.first_name}
    if says == Says.NOT_SUITABLE:
        return _("Kept. A letter of thanks waits under Messages that wait, if %(name)s can be written to.") % name
    return _("Kept for %(name)s.") % name


@staff_page(Right.PARTICIPANT_EDIT)
def leave(request, program, ref):
    one, at = one_of(request, program, ref), timezone.now()
    if one.left_at and request.method != "POST":  # a press is told why by the action
        return redirect(one)
    form = Leave(request.POST if request.method == "POST" else None, initial={"left_on": day_in(at, program.zone)})
    if request.method == "POST" and form.is_valid():
        actions.leave(one, **form.cleaned_data, by=request.user, at=at)
        kept(request, _("%(name)s takes part no longer. All that was stays.") % {"name": one.person.first_name})
        return redirect(one)
    title = _("%(name)s takes part no longer?") % {"name": one.person.first_name}
    lead = _("They are in no list, round or queue any more, and nobody asks them anything. All that was before stays.")
    return page(request, one, form, title, lead, _("They take part no longer"))


def page(request, one, form, title, lead, button):
    context = {"one": one, "form": form, "title": title, "lead": lead, "button": button}
    return render(request, "portal/leaving.html", context, status=422 if form.errors else 200)


@staff_page(Right.PARTICIPANT_EDIT)
@require_POST
def come_back(request, program, ref):
    one = one_of(request, program, ref)
    actions.come_back(one, by=request.user, at=timezone.now())
    kept(request, _("%(name)s takes part again.") % {"name": one.person.first_name})
    return redirect(one)
