"""Changing one rule of a program: first what it will do, then, with the same press once more, it is kept."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from rapport.access.rights import Right
from rapport.core.notices import kept
from rapport.portal import program_file
from rapport.portal.ahead import changes
from rapport.portal.ahead.views import looked_at
from rapport.portal.changing import change_rule, gate_foretold
from rapport.programs import forms, words
from rapport.programs.actions import change_gate
from rapport.programs.doors import staff_page
from rapport.programs.templatetags.programs import code_words


@staff_page(Right.PROGRAM_VIEW)
def as_file(request, program):
    """The program as a file that makes the same again; it names nobody who takes part."""
    response = HttpResponse(program_file.write(program), content_type="application/toml; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{program.slug}.toml"'
    return response


@staff_page(Right.PROGRAM_EDIT)
def limit(request, program, code):
    rule = get_object_or_404(program.limits.select_related("program"), code=code)
    form = forms.ChangeLimit(request.POST or None, limit=rule)
    return numbers(request, program, rule, form)


@staff_page(Right.PROGRAM_EDIT)
def promise(request, program, code):
    rule = get_object_or_404(program.promises.select_related("program"), code=code)
    form = forms.ChangePromise(request.POST or None, promise=rule)
    return numbers(request, program, rule, form)


def numbers(request, program, rule, form):
    """A promise or a limit: looked at with what it will send, or, where nothing is sent for it, with a sentence."""
    if request.method == "POST" and form.is_valid() and differs(rule, form.cleaned_data):
        change = changes.of_rule(rule, form.cleaned_data)
        if changes.sends(change):
            return looked_at(request, program, change)
    return change_one(
        request, program, rule, form,
        look=lambda said, at: [_("Nothing is sent because of this; what reads it does so from now on.")],
        keep=lambda said, at: change_rule(rule, said, by=request.user, at=at),
    )  # fmt: skip


@staff_page(Right.PROGRAM_EDIT)
def gate(request, program, side, code):
    """How strictly a gate is asked."""
    rule = get_object_or_404(program.gate_rules.select_related("program"), side=side, code=code)
    form = forms.ChangeGate(request.POST or None, initial={"weight": rule.weight})
    return change_one(
        request, program, rule, form,
        look=lambda said, at: gate_foretold(rule, said["weight"], user=request.user, at=at),
        keep=lambda said, at: change_gate(rule, **said, by=request.user, at=at),
    )  # fmt: skip


def change_one(request, program, rule, form, *, look, keep):
    """Seen, looked at with what it will do, and kept: `sure` names what was looked at, so nothing else is kept."""
    context = {"form": form, **explained(rule, program)}
    if request.method == "POST" and form.is_valid():
        said, at = form.cleaned_data, timezone.now()
        if not differs(rule, said):
            kept(request, _("Nothing was different."))
            return redirect("programs:settings", program.slug)
        sure = named(rule, said)
        if request.POST.get("sure") == sure:
            keep(said, at)
            kept(request, _("Kept. It holds from now on."))
            return redirect("programs:settings", program.slug)
        context |= {"ahead": look(said, at), "sure": sure}
    return render(request, "programs/rule.html", context)


def differs(rule, said):
    return any(getattr(rule, name) != value for name, value in said.items() if hasattr(rule, name))


def named(rule, said):
    """What a change is, from what to what: "value 3 5"."""
    parts = [f"{name} {getattr(rule, name, '')} {value}" for name, value in sorted(said.items()) if hasattr(rule, name)]
    return ", ".join(parts)


def explained(rule, program):
    """A rule's name, where it comes from, and who changed it last."""
    note = words.last_changes(program).get((rule._meta.label_lower, rule.pk))
    return {"title": code_words(rule.code), "rule": rule, "note": note}
