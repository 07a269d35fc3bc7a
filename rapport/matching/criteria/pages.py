"""What matching looks at: seen, weighed, added, changed, taken away, and tried on real people before it is kept."""

from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from rapport.access.rights import Right
from rapport.core.notices import kept
from rapport.matching import actions
from rapport.matching.criteria import known, previewing
from rapport.matching.criteria.forms import SHOWN, OneCriterion, Weights, changed
from rapport.matching.criteria.kinds import IN_WORDS, KINDS
from rapport.matching.models import Criterion
from rapport.programs import words
from rapport.programs.changing import change_all
from rapport.programs.doors import staff_page


@staff_page(Right.MATCHING_RUN)
def criteria(request, program):
    """All of them with what they weigh; whoever may change settings weighs them anew, and looks first."""
    may_edit = request.has_right(Right.PROGRAM_EDIT) and not program.archived_at
    if request.method == "POST" and not may_edit:
        raise Http404
    rows = list(program.criteria.select_related("program").order_by("pk"))
    form = Weights(request.POST or None, rows=rows)
    context = {"form": form, "may_edit": may_edit}
    if request.method == "POST" and form.is_valid():
        if request.POST.get("do") == "look":
            context |= looked_at(request, program, form.as_they_would_be())
        else:
            return keep_weights(request, program, form)
    if request.htmx:
        return piece(request, context)
    context |= {"live": may_edit and previewing.is_quick(program, timezone.now())}
    context |= {"groups": in_groups(form, words.last_changes(program)), "kinds": IN_WORDS.items()}
    return render(request, "matching/criteria.html", context, status=422 if form.errors else 200)


def looked_at(request, program, rows):
    """What these criteria would change, for the page."""
    seen = previewing.preview(program, rows, request.user, timezone.now())
    return {"seen": seen, "said": previewing.sentence(seen)}


def piece(request, context):
    """What was looked at, or what is to be put right first, as a part of the page."""
    return render(request, "matching/_preview.html", context, status=422 if context["form"].errors else 200)


def keep_weights(request, program, form):
    seen = form.cleaned_data["seen"]
    changed = actions.weigh(program, form.said(), seen=seen, by=request.user, at=timezone.now())
    kept(request, _("Kept. The next round looks at people so.") if changed else _("Nothing was different."))
    return redirect("matching:criteria", program.slug)


def in_groups(form, notes):
    """[(the group, its points together, [(criterion, what it looks at, its fields, who changed it)])]."""
    groups: dict[str, list] = {}
    for row, *fields in form.lines():
        note = notes.get(("matching.criterion", row.pk))
        groups.setdefault(row.group, []).append((row, described(row), *fields, note))
    shown = [(group, groups[group.value]) for group in Criterion.Group if group.value in groups]
    return [(group.label, sum(one[0].weight for one in rows if one[0].is_on), rows) for group, rows in shown]


def described(row):
    """What a criterion looks at, in words: "Interests: what they have in common"."""
    names = [row.settings.get("mentee"), row.settings.get("mentor")] if row.settings.get("mentee") else []
    names = names or [row.settings.get("trait", "")]
    looks = " / ".join(str(known.name_in_words(name)) for name in dict.fromkeys(filter(None, names)))
    return f"{looks}: {IN_WORDS.get(row.kind, row.kind)}"


@staff_page(Right.PROGRAM_EDIT)
def new(request, program, kind):
    """One criterion more, of one kind."""
    if kind not in KINDS:
        raise Http404
    form = OneCriterion(request.POST or None, program=program, kind=kind)
    context = {"title": _("Something more to look at"), "kind": IN_WORDS[kind]}

    def keep(by, at):
        actions.add_criterion(program, kind=kind, source=form.cleaned_data["source"], **form.row(), by=by, at=at)

    return one_page(request, program, form, context, keep)


@staff_page(Right.PROGRAM_EDIT)
def criterion(request, program, code):
    """One criterion: changed, or taken away."""
    row = get_object_or_404(program.criteria.select_related("program"), code=code)
    if request.method == "POST" and request.POST.get("do") == "take":
        actions.take_criterion(row, by=request.user, at=timezone.now())
        kept(request, _("Taken away. Rounds made so far stay as they are."))
        return redirect("matching:criteria", program.slug)
    form = OneCriterion(request.POST or None, program=program, kind=row.kind, criterion=row)
    note = words.last_changes(program).get(("matching.criterion", row.pk))
    context = {"title": row.label, "rule": row, "note": note, "kind": IN_WORDS.get(row.kind, row.kind)}

    def keep(by, at):
        change_all([(row, form.row())], seen=form.cleaned_data["seen"], names=SHOWN, by=by, at=at)

    return one_page(request, program, form, context, keep)


def one_page(request, program, form, context, keep):
    """The page of one criterion: seen, looked at on real people, and kept."""
    context |= {"form": form}
    if request.method == "POST" and form.is_valid():
        if request.POST.get("do") != "look":
            keep(request.user, timezone.now())
            kept(request, _("Kept. The next round looks at people so."))
            return redirect("matching:criteria", program.slug)
        if request.has_right(Right.MATCHING_RUN):
            context |= looked_at(request, program, with_this(program, form))
    if request.htmx:
        return piece(request, context)
    context |= {"live": previewing.is_quick(program, timezone.now())}
    return render(request, "matching/criterion.html", context, status=422 if form.errors else 200)


def with_this(program, form):
    """All criteria of the program, this one as typed."""
    own = form.criterion.pk if form.criterion else None
    return [*(changed(row) for row in program.criteria.exclude(pk=own)), form.as_it_would_be()]
