"""The page that asks what each column of a list is, before anything of it is looked at."""

from collections import Counter

from django import forms
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from rapport.access.rights import Right
from rapport.core.refused import Refused
from rapport.imports import actions, guessing, pairs, proposing
from rapport.imports import mapping as maps
from rapport.imports.models import Import
from rapport.imports.questions import may_read_rows
from rapport.imports.reading import BadCell
from rapport.imports.showing import in_words
from rapport.imports.uploads import read_now_or_later
from rapport.programs.doors import staff_page

TRIED = 1000  # rows from the top, while somebody waits for the count
PERSON = ("given_name", "family_name", "full_name", "email", "phone", maps.DAY_FIRST, maps.MONTH_FIRST, "language")
PLACE = ("site", "capacity", "external_id", "would_be_both")
GUARDIAN = ("guardian_full_name", "guardian_given_name", "guardian_family_name", "guardian_email", "guardian_phone",
            "guardian_relation")  # fmt: skip
ASK = "?"


class Columns(forms.Form):
    """One choice for each column that may come in."""

    def __init__(self, *args, held, samples, asked, **kwargs):
        super().__init__(*args, **kwargs)
        self.held, self.samples, self.names = held, samples, {}
        for place, heading in enumerate(held.columns):
            if heading and not maps.why_never(heading):
                self.names[f"c{place}"] = heading
                of = self.of_pairs if held.what == proposing.PAIRS else self.of_people
                self.fields[f"c{place}"] = choice(heading, *of(heading, place, asked))

    def of_people(self, heading, place, asked):
        """What a column of a list of people can be, and what it is taken for."""
        initial = ASK if heading in asked.doubts else asked.fields.get(heading, "")
        initial = maps.DAY_FIRST if initial == "born_on" else initial
        return choices(heading, place, self.held.what, initial), initial

    def of_pairs(self, heading, _place, asked):
        """The same of a list of pairs. The order of day and month is asked where it can be read in two ways."""
        initial = ASK if heading in asked.doubts else asked.fields.get(heading, "")
        is_slashed = "." in initial or initial == ASK or guessing.order_of(pairs.days_in(self.samples.filled(heading)))
        return choices_of_pairs(is_slashed, initial), initial

    def clean(self):
        said = super().clean()
        chosen = {heading: said.get(name, "") for name, heading in self.names.items()}
        for name, heading in self.names.items():
            if chosen[heading] == ASK:
                self.add_error(name, str(maps.NOT_SURE))
        if not self.errors:
            self.check(chosen)
        said["chosen"] = chosen
        return said

    def check(self, chosen):
        """Whether a list can be read so at all."""
        try:
            mapping = proposing.propose(self.held.columns, chosen, samples=self.samples, what=self.held.what)
        except maps.MappingRefused as refusal:
            self.add_error(None, str(refusal))
            return
        for words in proposing.lacking(mapping, self.held.what):
            self.add_error(None, words)


def choice(heading, choices, initial):
    widget = forms.Select(attrs={"class": "form-select"})
    return forms.ChoiceField(label=heading, choices=choices, initial=initial, required=False, widget=widget)


def choices_of_pairs(is_slashed, initial):
    """What a column of a list of pairs can be, in words."""
    groups = [("", _("Leave out"))]
    if initial == ASK:
        groups = [(ASK, _("Days: say which comes first")), *groups]
    days = [f"{name}.{order}" for name in pairs.DAYS for order in pairs.ORDERS] if is_slashed else pairs.DAYS
    groups.append((_("Who"), [(name, in_words(name)) for name in ("mentor", "mentee", "coordinator")]))
    groups.append((_("Since when"), [(name, in_words(name)) for name in days]))
    groups.append((_("So far"), [(name, in_words(name)) for name in ("met_before", "talks")]))
    return groups


def choices(heading, place, what, initial):
    """What a column can be, in words."""
    groups = [("", _("Leave out"))]
    if initial == ASK:
        groups = [(ASK, _("Date of birth: say which comes first")), *groups]
    groups.append((_("The person"), [(name, in_words(name)) for name in PERSON]))
    groups.append((_("In the program"), [(name, in_words(name)) for name in PLACE]))
    if what == "mentees":
        groups.append((_("Who stands for the child"), [(name, in_words(name)) for name in GUARDIAN]))
    own = maps.own_trait(heading, place + 1)
    traits = dict.fromkeys([own, *maps.recipe_traits(), *([initial] if initial.startswith("trait.") else [])])
    groups.append((_("For matching"), [(name, in_words(name)) for name in traits]))
    return groups


@staff_page(Right.IMPORT)
def columns(request, program, ref):
    """Each column with three of its cells and what it is taken for; pressing reads the list so."""
    held = get_object_or_404(Import.objects.filter(program=program).select_related("program"), ref=ref)
    if held.state not in (Import.State.MAPPING, Import.State.STAGED) or not held.kept_file:
        return redirect("imports:show", program.slug, held.ref)
    try:
        samples = actions.samples_of(held)
    except Refused as gone:
        if held.state == Import.State.STAGED:
            return redirect("imports:show", program.slug, held.ref)
        raise Http404 from gone
    asked = asked_of(held, samples)
    form = Columns(request.POST or None, held=held, samples=samples, asked=asked)
    is_ready = form.is_valid()
    if request.method == "POST" and is_ready and request.POST.get("do") != "look":
        at = timezone.now()
        actions.settle(held, chosen=form.cleaned_data["chosen"], by=request.user, at=at)
        read_now_or_later(held)
        return redirect("imports:show", program.slug, held.ref)
    chosen = form.cleaned_data["chosen"] if form.is_bound else None
    reads = held.brought_by_id == request.user.pk or may_read_rows(request.user, timezone.now())
    context = {
        "held": held,
        "form": form,
        "rows": rows_of(form, samples if reads else guessing.Samples()),
        "never": [(heading, maps.why_never(heading)) for heading in held.columns if maps.why_never(heading)],
        "tried": tried(held, asked, chosen) if reads else None,
        "reads": reads,
    }
    if request.htmx and request.POST.get("do") == "look":
        return render(request, "imports/_tried.html", context)
    is_wrong = form.is_bound and not is_ready and request.POST.get("do") != "look"
    return render(request, "imports/columns.html", context, status=422 if is_wrong else 200)


def asked_of(held, samples):
    """What the columns are taken for: as was said of this list, as the last time, or as they look."""
    if held.mapping.get("fields"):
        return maps.Mapping(held.mapping["fields"], held.mapping["left_out"])
    return proposing.propose(held.columns, samples=samples, what=held.what)


def rows_of(form, samples):
    """Each column with its choice, three of its cells, and whether it is protected; those taken for something first."""
    rows = [
        {
            "field": form[name],
            "is_protected": maps.is_protected(heading),
            "cells": [] if maps.is_protected(heading) else samples.few(heading),
        }
        for name, heading in form.names.items()
    ]
    return sorted(rows, key=lambda row: not row["is_protected"])


def tried(held, asked, chosen):
    """How many of the first rows could be read so: (rows, readable, [(column, reason, how many)])."""
    if chosen is None and asked.doubts and held.what == proposing.PAIRS:
        return None  # nobody can tell yet since when they meet
    try:
        mapping = proposing.propose(held.columns, chosen, what=held.what) if chosen is not None else asked
    except maps.MappingRefused:
        return None
    except KeyError:
        return None
    rows = actions.first_rows(held, TRIED)
    wrong, reasons = Counter(), {}
    for _number, cells in rows:
        try:
            proposing.read(held.columns, cells, mapping, held.what)
        except BadCell as bad:
            wrong[bad.column] += 1
            reasons.setdefault(bad.column, bad.reason)
    lines = [(column, reasons[column], n) for column, n in wrong.most_common(8)]
    return {"rows": len(rows), "readable": len(rows) - wrong.total(), "lines": lines}
