"""The page of a no whose giver decides no more: who says so, why, and who decides now."""

from django import forms
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from rapport.access.rights import Right
from rapport.core.fields import Words
from rapport.core.months import day_in
from rapport.core.notices import kept
from rapport.onboarding.consenting import may_answer_for, words_about
from rapport.onboarding.questions import consenting_guardians
from rapport.onboarding.views import heard_by
from rapport.people.actions import setting_aside as actions
from rapport.people.models import Consent, Person, SetAside, kept_from
from rapport.programs.doors import staff_page


class Settle(forms.Form):
    why = Words(label=lazy("Why does it no longer count?"), most=1000)
    decides: forms.ModelChoiceField = forms.ModelChoiceField(
        Person.objects.none(), label=lazy("Who decides now"), to_field_name="ref", empty_label=None,
        widget=forms.RadioSelect, error_messages={"required": lazy("Choose who decides now.")},
        help_text=lazy("What they said counts, and what they will say. Nothing is said yes to by this."),
    )  # fmt: skip

    def __init__(self, *args, deciders, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["decides"].queryset = deciders


@staff_page(Right.CLEARANCE_EDIT)
def settle(request, program, ref, pk):
    at = timezone.now()
    one = get_object_or_404(heard_by(request, program), ref=ref)
    away = kept_from(request.user, at)
    word = get_object_or_404(noes_of_the_past(one, at).exclude(given_by__in=away), pk=pk)
    row = SetAside.objects.standing().filter(consent=word).select_related("by", "decides").first()
    form = Settle(request.POST or None, deciders=deciders(one, at).exclude(pk__in=away))
    if request.method == "POST" and row:
        actions.count_again(word, by=request.user, at=at)
        kept(request, _("The no counts again."))
        return redirect("onboarding:consents", program.slug, one.ref)
    if request.method == "POST" and form.is_valid():
        actions.set_aside(word, **form.cleaned_data, by=request.user, at=at)
        kept(request, _("Settled. What %(name)s says counts now.") % {"name": form.cleaned_data["decides"].first_name})
        return redirect("onboarding:consents", program.slug, one.ref)
    if word.is_given and not row and (word.expires_at is None or word.expires_at > at):
        raise Http404
    context = {"one": one, "word": word, "row": row, "form": form}
    return render(request, "onboarding/set_aside.html", context, status=422 if form.errors else 200)


def noes_of_the_past(one, at):
    """Last words about somebody whose giver may say them no more. On taking part it is settled at its gate."""
    words = words_about(one).exclude(purpose=Consent.Purpose.JOIN).last_counted(at).select_related("given_by")
    theirs = may_answer_for([(one, word.given_by) for word in words], at)
    past = [word.pk for word in words if (one.pk, word.given_by_id) not in theirs]
    return Consent.objects.filter(pk__in=past).select_related("given_by", "person", "program")


def deciders(one, at):
    """Who may decide now: the guardians of a child who may consent, or whoever is grown up for themselves."""
    on = day_in(at, one.program.zone)
    if one.person.counts_as_child(one.program, on):
        return consenting_guardians(one, on)
    return Person.objects.filter(pk=one.person_id)
