"""Files in: bring one, look at what it would do, bring it in or drop it, take the bad rows home."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django_htmx.http import HttpResponseClientRefresh

from rapport.access.rights import Right
from rapport.core import places
from rapport.core.export import csv_response
from rapport.core.models import Heartbeat
from rapport.core.notices import kept
from rapport.core.refused import Refused
from rapport.imports import actions, forms
from rapport.imports.actions import whom
from rapport.imports.actions.taking_back import STATES
from rapport.imports.maybes import flagged, maybes_of
from rapport.imports.models import Deed, Import, Row
from rapport.imports.questions import counts_of, left_to, may_read_rows, undone_of
from rapport.imports.showing import as_brought, changes_in_words, columns_in_words, headings_of, shown
from rapport.imports.uploads import bring, stage_upload, take_back
from rapport.people.reached import people_of
from rapport.programs.doors import staff_page

PAGE = 50
MAYBE = "maybe"
MOST_DIGITS = 9


@staff_page(Right.IMPORT)
def imports(request, program):
    rows = Import.objects.filter(program=program).select_related("brought_by", "program")
    if before := places.find(request.GET.get("before")):
        rows = rows.filter(pk__lt=before)
    rows, place = places.cut(rows.order_by("-pk"), PAGE)
    older = f"?before={place}" if place else ""
    counts = counts_of(rows)
    reads = may_read_rows(request.user, timezone.now())
    lines = [(row, counts[row.pk], sum(counts[row.pk].values())) for row in rows]
    return render(request, "imports/list.html", {"rows": lines, "older": older, "reads": reads})


@staff_page(Right.IMPORT)
def new(request, program):
    form = forms.Bring(request.POST, request.FILES) if request.method == "POST" else forms.Bring()
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            staged = stage_upload(said["sent"], what=said["what"], program=program, by=request.user, at=timezone.now())
        except Refused as refusal:
            form.add_error("sent", str(refusal))
        else:
            for note in getattr(staged, "notes", []):
                messages.info(request, note)
            page = "columns" if staged.state == Import.State.MAPPING else "show"
            return redirect(f"imports:{page}", program.slug, staged.ref)
    return render(request, "imports/new.html", {"form": form}, status=422 if form.errors else 200)


@staff_page(Right.IMPORT)
def show(request, program, ref):
    """What the list would do; pressing brings it in, or drops it."""
    staged = get_object_or_404(Import.objects.filter(program=program).select_related("program", "brought_by"), ref=ref)
    if request.method == "POST":
        return act(request, program, staged)
    if staged.state == Import.State.MAPPING:
        return redirect("imports:columns", program.slug, staged.ref)
    if staged.is_under_way:
        return under_way(request, staged)
    if request.htmx:
        return HttpResponseClientRefresh()
    if not may_read_rows(request.user, timezone.now()):
        return unread(request, staged)
    outcome = request.GET.get("only", "")
    maybe = flagged(staged, request.user, timezone.now())
    outcome = outcome if outcome in (*Row.Outcome, MAYBE) else ""
    rows = staged.rows.filter(**which(outcome, maybe))
    after = places.find(request.GET.get("after"))
    rows = list(rows.filter(number__gt=after or 0).order_by("number")[: PAGE + 1])
    context = {
        "staged": staged,
        "counts": counts_of([staged])[staged.pk],
        "rows": with_words(rows[:PAGE], request.user, staged, timezone.now()),
        "maybe": len(maybe),
        "left": left_to(request.user, staged, timezone.now()),
        "columns": columns_in_words(staged),
        "may_be_undone": may_be_undone(staged, True) and Import.objects.filter(pk=staged.pk).with_deeds().exists(),
        "undone": undone_of(staged),
        "only": outcome,
        "older": f"?only={outcome}&after={places.hide(rows[PAGE - 1].number)}" if len(rows) > PAGE else "",
        "newer": f"?only={outcome}" if after is not None else "",
    }
    return render(request, "imports/show.html", context)


def which(only, maybe):
    """The rows one looks at: all, those with one outcome, or those that may be somebody we know."""
    if only == MAYBE:
        return {"pk__in": [row.pk for row in maybe]}
    return {"outcome": only} if only else {}


def with_words(rows, user, staged, at):
    """Each row with what it says and does, and whom it may be."""
    maybe = maybes_of(rows, user, staged.program, at) if staged.state == Import.State.STAGED else {}
    return [(row, shown(row) | {"changes": changes_in_words(row), "maybe": maybe.get(row, [])}) for row in rows]


def unread(request, staged):
    """How long the list is, and what may be done with it, for those who may read no rows."""
    context = {
        "staged": staged,
        "rows": sum(counts_of([staged])[staged.pk].values()),
        "left": {"gone": left_to(request.user, staged, timezone.now()).get("gone")},
        "may_be_undone": may_be_undone(staged, False),  # also where it did nothing: that would tell
    }
    return render(request, "imports/unread.html", context)


def may_be_undone(staged, reads_rows):
    """Whether it may be taken back; what stayed then, by whoever may know that something did."""
    return staged.state in STATES or (
        reads_rows and staged.state == Import.State.UNDONE and actions.stays_of(staged).exists()
    )


def act(request, program, staged):
    """Bring in, stop on the way, or drop. Raises AlreadyDone, shown on the same page."""
    deed, at = request.POST.get("do"), timezone.now()
    if deed == "drop":
        actions.drop(staged, by=request.user, at=at)
        kept(request, _("Dropped: %(file)s. Nobody was touched.") % {"file": staged.file_name})
        return redirect("imports:list", program.slug)
    if deed in ("same", "other"):
        say_who(request, program, staged, deed, at)
        return redirect(f"{reverse('imports:show', args=[program.slug, staged.ref])}?only={MAYBE}")
    if deed == "stop":
        actions.ask_to_stop(staged, by=request.user, at=at)
    elif deed == "apply":
        bring(staged, by=request.user, at=at)
        staged.refresh_from_db()
        say_what_came_in(request, staged)
    else:
        raise Http404
    return redirect("imports:show", program.slug, staged.ref)


def say_who(request, program, staged, deed, at):
    """One row is somebody we know, or somebody else. Raises AlreadyDone, NotThatRow, NotBoth."""
    number = request.POST.get("row", "")
    if not may_read_rows(request.user, at) or not (number.isascii() and number.isdigit() and len(number) < MOST_DIGITS):
        raise Http404
    row = get_object_or_404(staged.rows, number=int(number))
    who = request.POST.get("who", "")[:20].replace("\0", "")
    person = get_object_or_404(people_of(request.user, program, at), ref=who)
    said = whom.say_the_same if deed == "same" else whom.say_another
    said(staged, row, person, by=request.user, at=at)


def say_what_came_in(request, staged):
    if staged.state == Import.State.APPLIED and not may_read_rows(request.user, timezone.now()):
        kept(request, _("Brought in."))
    elif staged.state == Import.State.APPLIED:
        words = _("Brought in: %(new)d new, %(changed)d changed, %(unchanged)d unchanged.")
        kept(request, words % counts_of([staged])[staged.pk])


def say_what_went(request, staged):
    if (undone := undone_of(staged)) and may_read_rows(request.user, timezone.now()):
        kept(request, _("Taken back: %(gone)d. Left as they are: %(stay)d.") % undone)


def under_way(request, staged):
    """How far it is, in a line that renews itself; by itself where the browser runs scripts, else with the page."""
    context = {"staged": staged, "is_worked_on": Heartbeat.objects.somebody_works() or actions.is_held(staged)}
    if staged.state == Import.State.UNDOING:
        context["to_undo"] = Deed.objects.filter(row__source=staged).count()
    template = "imports/_progress.html" if request.htmx else "imports/under_way.html"
    return render(request, template, context)


@staff_page(Right.IMPORT)
def undo(request, program, ref):
    """Ask, then take back what an applied list did. Raises AlreadyDone, shown on the same page."""
    staged = get_object_or_404(Import.objects.filter(program=program).select_related("program"), ref=ref)
    reads_rows = may_read_rows(request.user, timezone.now())
    if request.method == "POST" and not may_be_undone(staged, reads_rows):
        raise actions.AlreadyDone(staged)
    if request.method == "POST":
        take_back(staged, by=request.user, at=timezone.now())
        staged.refresh_from_db()
        say_what_went(request, staged)
        return redirect("imports:show", program.slug, staged.ref)
    if not may_be_undone(staged, reads_rows):
        return redirect("imports:show", program.slug, staged.ref)
    counts = counts_of([staged])[staged.pk] if reads_rows and staged.state in STATES else None
    return render(request, "imports/undo.html", {"staged": staged, "counts": counts})


@staff_page(Right.IMPORT)
def bad_rows(request, program, ref):
    """The rows to be put right as a file: their cells as they came, the row, the column and the reason."""
    staged = get_object_or_404(Import, program=program, ref=ref)
    if not may_read_rows(request.user, timezone.now()):
        raise Http404
    headings = headings_of(staged)
    rows = staged.rows.filter(outcome=Row.Outcome.BAD).order_by("number").iterator(chunk_size=500)
    lines = ([*as_brought(row, staged, headings), row.number, row.column, row.reason] for row in rows)
    more = [_("row in the file"), _("column to put right"), _("what is wrong")]
    return csv_response(f"to-put-right-{staged.ref}.csv", [*headings, *more], lines)
