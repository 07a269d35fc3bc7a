"""Staff write down what somebody tells them: another time, what to talk about; and print the page on paper."""

from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from rapport.access.rights import Right
from rapport.core.codes import square
from rapport.core.notices import kept
from rapport.core.pages import answer
from rapport.matches.printing import require_printable
from rapport.meetings import actions
from rapport.meetings.models import AgendaItem, Meeting, Rearrangement
from rapport.meetings.own.forms import Changed, Told
from rapport.meetings.views import matches, parties, the_match
from rapport.people.models import kept_from
from rapport.programs.doors import staff_page

SHOWN = 20  # changes on one page
NEXT = 4


@staff_page(Right.MEETING_EDIT)
def change(request, program, ref):
    """One meeting to come is moved, called off, or on again: by whose wish, or by the program itself."""
    at = timezone.now()
    meeting = get_object_or_404(Meeting.objects.filter(match__in=matches(request, program)), ref=ref)
    meeting.match = match = the_match(request, program, pk=meeting.match_id)
    if request.method != "POST" and (meeting.starts_at <= at or meeting.kept_at or meeting.excused_at):
        return redirect(match)
    form = Changed(request.POST or None, people=parties(meeting, request.user), meeting=meeting, zone=program.zone)
    if request.method == "POST" and form.is_valid():
        form.act(by=request.user, at=at)
        kept(request, _("Kept. The others are told once."))
        return redirect(match)
    context = {"match": match, "form": form, "begins": meeting.starts_at.astimezone(program.zone)}
    return answer(request, "meetings/change.html", context)


@staff_page(Right.MEETING_EDIT)
def place(request, program, ref):
    """Where they mean to meet is all right: somebody looked at it."""
    match = the_match(request, program, ref=ref)
    if request.method != "POST":
        raise Http404
    actions.agree_to_place(match, by=request.user, at=timezone.now())
    kept(request, _("Kept: they may meet there."))
    return redirect(match)


@staff_page(Right.MEETING_EDIT)
def agenda(request, program, ref):
    """What the pair wants to talk about, as far as staff read it; and what became of their meetings beforehand."""
    at = timezone.now()
    match, away = the_match(request, program, ref=ref), set(kept_from(request.user, at))
    people = [one.person for one in [*match.mentors, *match.mentees]]
    form = Told(request.POST or None, people=people)
    if request.method == "POST" and "done" in request.POST:
        items = open_items(match, away).filter(for_staff_too=True)
        item = get_object_or_404(items, ref=request.POST["done"])
        actions.agenda_done(item, person=item.said_by, by=request.user, at=at)
        return redirect("meetings:agenda", program.slug, match.ref)
    if request.method == "POST" and form.is_valid():
        actions.add_to_agenda(match, **form.told(), by=request.user, at=at)
        kept(request, _("It is on their list."))
        return redirect("meetings:agenda", program.slug, match.ref)
    context = {"match": match, "form": form, "changes": changes(match, away), "at": at}
    context |= read_by_staff(match, away)
    return answer(request, "meetings/agenda.html", context)


def open_items(match, away):
    return AgendaItem.objects.filter(match=match, done_at=None).exclude(said_by__in=away)


def read_by_staff(match, away):
    """The words that staff may read; of the others only that they are there. `away`: whom they are kept away from."""
    items = list(open_items(match, away).select_related("said_by"))
    return {
        "items": [one for one in items if one.for_staff_too],
        "has_own": any(not one.for_staff_too for one in items),
    }


def changes(match, away):
    """What was moved or called off, the newest first, with its notice in hours."""
    rows = (
        Rearrangement.objects.filter(meeting__match=match)
        .exclude(person__in=away)
        .select_related("person", "written_by")
    )
    found = list(rows.order_by("-said_at", "-pk")[:SHOWN])
    for one in found:
        one.hours = max(0, int(one.notice.total_seconds() // 3600))
    return found


@staff_page(Right.MEETING_EDIT)
def sheet(request, program, ref):
    """The page of their meetings on paper: what comes next, and lines for what they want to say."""
    at = timezone.now()
    match = the_match(request, program, ref=ref)
    require_printable(match, at)
    coming = Meeting.objects.filter(match=match, starts_at__gt=at, kept_at=None, excused_at=None, missed_at=None)
    coming = coming.order_by("starts_at")[:NEXT] if match.state == match.State.ACTIVE else []
    back = request.build_absolute_uri(reverse("meetings:agenda", args=[program.slug, match.ref]))
    context = {"match": match, "coming": coming, "code": square(back)}
    return render(request, "meetings/public/own_sheet.html", context)
