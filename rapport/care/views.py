"""The Today desk, and "Talked with ..."."""

from urllib.parse import urlsplit

from django.http import QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST
from django_htmx.http import retarget

from rapport.access.rights import Right
from rapport.care import actions, forms, sentences
from rapport.care.actions import handing
from rapport.care.closing import closing_for, find, last_talks, on_desk, people_to_talk_with
from rapport.care.desk import desk_for, ways_to_reach
from rapport.care.models import HandOver
from rapport.care.rest import month_figures
from rapport.checkins.paper import sheet_of
from rapport.core.months import day_in
from rapport.core.notices import kept
from rapport.core.refs import new_ref
from rapport.people.models import Person
from rapport.programs.doors import staff_page
from rapport.tasks.models import Task
from rapport.tasks.views import sent


@staff_page(Right.TASK_DO)
def today(request, program):
    at = timezone.now()
    hours = sentences.HOURS.get(asked_hours(request), 0)
    desk = desk_for(request.user, program, at, request.has_right(Right.CONTACT_VIEW))
    if hours:
        desk.fit(hours * sentences.HOUR)
    context = {
        "desk": desk,
        "at": at,
        "hours": hours,
        "may_talk": may_talk_with(request, desk, at),
        "figures": month_figures(request.user, program, at),
        "headline": sentences.headline(desk, hours),
        "lead": sentences.lead(desk.rest),
        "until": sentences.until_words(desk.rest) if desk.rest.safe else "",
        "in_calls": sentences.in_calls(desk),
        **handed(request, program),
        "left_behind": request.has_right(Right.STAFF_INVITE) and Task.objects.left_behind(program, at).exists(),
    }
    return render(request, "care/_desk.html" if request.htmx else "care/today.html", context)


def handed(request, program):
    """Work of those who left: what waits for the reader's word, and for those who invite, what waits for others'."""
    may_see = request.has_right(Right.STAFF_INVITE)
    rows = list(HandOver.objects.to_tell(program) if may_see else HandOver.objects.to_tell(program).of(request.user))
    mine = [row for row in rows if row.to_id == request.user.pk]
    return {"handed_to_me": mine, "handed_on": [row for row in rows if row not in mine]}


@staff_page(Right.TASK_DO)
@require_POST
def answer(request, program, ref):
    """Say yes to what a leaver had in hand, or give it back."""
    at = timezone.now()
    row = get_object_or_404(HandOver.objects.filter(program=program, to=request.user).select_related("by"), ref=ref)
    if request.POST.get("answer") == "no":
        taker = handing.give_back(row, by=request.user, at=at)
        said = _("%(name)s has it now.") % {"name": taker.name} if taker else _("There was nothing left of it.")
    else:
        handing.accept(row, by=request.user, at=at)
        said = _("It is yours.")
    kept(request, said)
    return redirect("care:today", program.slug)


def may_talk_with(request, desk, at):
    """Keys of those here whose talks this reader may write down; a thing handed over may be about somebody else."""
    if not request.has_right(Right.TALK):
        return set()
    here = {group.person.pk for group in desk.everybody if group.person}
    return set(people_to_talk_with(request.user, request.program, at, among=here).values_list("pk", flat=True))


def asked_hours(request):
    """The time chosen above the desk; it stays chosen when htmx puts a fresh desk in place of the one pressed on."""
    try:
        here = urlsplit(request.htmx.current_url or "").query if request.htmx else ""
    except ValueError:  # a header is what somebody sent, and need be no address
        here = ""
    return request.GET.get("hours") or QueryDict(here).get("hours")


@staff_page(Right.TALK)
def find_person(request, program):
    at = timezone.now()
    letters = request.GET.get("q", "").strip()[:60]
    found = find(letters, request.user, program, at) if letters else on_desk(request.user, program, at)
    page = "care/_people.html" if request.htmx else "care/find.html"
    return render(request, page, {"people": found, "letters": letters})


@staff_page(Right.TALK)
def talk(request, program, ref):
    at = timezone.now()
    among = Person.objects.filter(ref=ref)
    person = get_object_or_404(people_to_talk_with(request.user, program, at, among=among))
    closing = closing_for(person, request.user, program, at)
    today, start = day_in(at, program.zone), {"form_id": new_ref()}
    form = forms.Talk(sent(request), closing=closing, today=today, initial=start, auto_id=f"{ref}-%s")
    if request.method == "POST" and form.is_valid():
        talked = form.talked()
        actions.note_talk(person, program=program, **talked, by=request.user, at=at)
        kept(request, saved(person, talked))
        return redirect("care:today", program.slug)
    talks = last_talks(person, request.user, program, at) if request.has_right(Right.ANSWER_VIEW) else []
    reach = ways_to_reach([person], program, at) if request.has_right(Right.CONTACT_VIEW) else {}
    context = {"form": form, "person": person, "closing": closing, "talks": talks, "reach": reach.get(person.pk, "")}
    return talk_page(request, context | {"ask": sheet_of(person, request.user, program, at)})


def talk_page(request, context):
    """The form within its page, or by itself in the row of the desk; one to put right stays where it was typed."""
    form, page = context["form"], "care/_talk.html" if request.htmx else "care/talk.html"
    response = render(request, page, context, status=422 if form.errors else 200)
    return retarget(response, f"#talk-{context['person'].ref}") if request.htmx and form.errors else response


def saved(person, talked):
    """Saved, and what is off the desk now."""
    done = len(talked["tasks"]) + len(talked["check_ins"]) + len(talked["met"])
    name = person.first_name
    if talked["how"] == "no-answer" or not done:
        return _("Saved: your talk with %(name)s.") % {"name": name}
    words = ngettext(
        "Saved: your talk with %(name)s. One thing is closed.",
        "Saved: your talk with %(name)s. %(n)d things are closed.",
        done,
    )
    return words % {"name": name, "n": done}
