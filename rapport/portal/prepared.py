"""What a colleague's role asks for before they begin (a training), seen or waived, from the staff page (S1-53)."""

from django import forms
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from rapport.access.rights import Right
from rapport.core.fields import Day, OneLine
from rapport.core.months import day_in
from rapport.core.notices import kept
from rapport.programs.actions import write_prepared
from rapport.programs.crew import Trainings
from rapport.programs.doors import staff_page
from rapport.programs.models import Membership


class Seen(forms.Form):
    code = forms.ChoiceField(
        label=lazy("What"), error_messages={"invalid_choice": lazy("Choose what their role asks for.")}
    )
    met_on = Day(label=lazy("The day of it"), help_text=lazy("Of the training; where it is waived, of the decision."))
    valid_until_on = Day(label=lazy("Counts until"), required=False, help_text=lazy("Empty: it does not run out."))
    is_waived = forms.BooleanField(label=lazy("It is waived for this colleague"), required=False)
    words = OneLine(
        label=lazy("What was seen, or why it is waived"), required=False,
        help_text=lazy("For example: certificate seen; ten years as a youth worker."),
    )  # fmt: skip

    def __init__(self, *args, rules, today, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["code"].choices = [(rule.code, rule.label) for rule in rules]
        self.today = today

    def clean(self):
        said = super().clean()
        met_on, until = said.get("met_on"), said.get("valid_until_on")
        if met_on and met_on > self.today:
            self.add_error("met_on", _("The day lies ahead. Write it down once it has come."))
        if met_on and until and until < met_on:
            self.add_error("valid_until_on", _("The last day lies before the first. Look at both."))
        if said.get("is_waived") and not said.get("words"):
            self.add_error("words", _("Why is it waived? A few words are enough."))
        return said


@staff_page(Right.STAFF_INVITE)
def prepared(request, program, pk):
    """Write down what a colleague had, or why it is waived. What was written before stays."""
    at = timezone.now()
    live = Membership.objects.live(at).staff().filter(program=program).select_related("user", "role")
    member = get_object_or_404(live, pk=pk)
    asked = Trainings(program, at).of(member)
    form = Seen(
        request.POST if request.method == "POST" else None,
        rules=[rule for rule, _row, _holds in asked], today=day_in(at, program.zone),
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        write_prepared(member.user, program=program, **form.cleaned_data, by=request.user, at=at)
        kept(request, _("Written down for %(name)s.") % {"name": member.user.name})
        return redirect("portal:staff", program.slug)
    context = {"member": member, "form": form, "asked": asked}
    return render(request, "portal/staff_prepared.html", context, status=422 if form.errors else 200)
