"""How a round chooses among plans: seen by whoever runs rounds, changed by whoever changes settings."""

from django import forms
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from rapport.access.rights import Right
from rapport.core.notices import kept
from rapport.core.seen import as_they_stand, seen_field
from rapport.matching import actions
from rapport.matching.rounds import policy, positions
from rapport.matching.rounds.whole import sees_everybody
from rapport.programs import words
from rapport.programs.doors import staff_page
from rapport.programs.forms import number


class Choices(forms.Form):
    """Each choice: whether it is made, and how much of it."""

    def __init__(self, *args, rules, **kwargs):
        super().__init__(*args, **kwargs)
        self.rules = rules
        self.fields["seen"] = seen_field(as_they_stand(rules.values(), policy.SHOWN))
        for code, rule in rules.items():
            label = policy.Code(code).label
            self.fields[f"is_on-{code}"] = forms.BooleanField(label=label, required=False, initial=rule.is_on)
            if code not in policy.WITHOUT_AMOUNT:
                unit = _("Days") if code in policy.IN_DAYS else _("Per cent of all points")
                self.fields[f"amount-{code}"] = number(unit, policy.most_of(code), initial=rule.amount)

    def said(self):
        """{code: {"is_on": ..., "amount": ...}} as typed."""
        told = self.cleaned_data
        return {
            code: {"is_on": told[f"is_on-{code}"], "amount": told.get(f"amount-{code}", rule.amount)}
            for code, rule in self.rules.items()
        }

    def lines(self):
        """Each rule with its hint, its fields, and none where it has no amount."""
        for code, rule in self.rules.items():
            amount = self[f"amount-{code}"] if f"amount-{code}" in self.fields else None
            yield rule, policy.HINTS[code], self[f"is_on-{code}"], amount


@staff_page(Right.MATCHING_RUN)
def policy_page(request, program):
    """All choices with where they come from; the next round makes them."""
    may_edit = request.has_right(Right.PROGRAM_EDIT) and not program.archived_at
    if request.method == "POST" and not may_edit:
        raise Http404
    form = Choices(request.POST or None, rules=policy.rules_of(program))
    if request.method == "POST" and form.is_valid():
        seen = form.cleaned_data["seen"]
        changed = actions.choose(program, form.said(), seen=seen, by=request.user, at=timezone.now())
        kept(request, _("Kept. The next round chooses so.") if changed else _("Nothing was different."))
        return redirect("matching:policy", program.slug)
    notes = words.last_changes(program)
    rows = [(*line, notes.get(("matching.policyrule", line[0].pk))) for line in form.lines()]
    may_try = sees_everybody(request.user, program, timezone.now())  # its figures are of all who wait
    context = {"form": form, "rows": rows, "may_edit": may_edit, "may_try": may_try}
    if request.method == "GET" and may_try and request.GET.get("try") == policy.Code.STABILITY:
        context |= {"tried": True, "positions": positions.tried(program, timezone.now())}
    return render(request, "matching/policy.html", context, status=422 if form.errors else 200)
