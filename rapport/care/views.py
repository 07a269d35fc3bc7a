"""The Today desk, and "Talked with ..."."""

from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from rapport.access.rights import Right
from rapport.care import actions, forms
from rapport.care.closing import closing_for, find, people_to_talk_with
from rapport.care.desk import desk_for, month_figures
from rapport.core.months import day_in
from rapport.core.notices import kept
from rapport.core.refs import new_ref
from rapport.programs.doors import staff_page


@staff_page(Right.TASK_DO)
def today(request, program):
    at = timezone.now()
    desk = desk_for(request.user, program, at, request.has_right(Right.CONTACT_VIEW))
    context = {"desk": desk, "at": at, "may_talk": request.has_right(Right.TALK)}
    return render(request, "care/today.html", context | {"figures": month_figures(request.user, program, at)})


@staff_page(Right.TALK)
def find_person(request, program):
    letters = request.GET.get("q", "").strip()[:60]
    people = find(people_to_talk_with(request.user, program, timezone.now()), letters)
    page = "care/_people.html" if request.htmx else "care/find.html"
    return render(request, page, {"people": people, "letters": letters})


@staff_page(Right.TALK)
def talk(request, program, ref):
    at = timezone.now()
    person = get_object_or_404(people_to_talk_with(request.user, program, at), ref=ref)
    closing = closing_for(person, request.user, program, at)
    today = day_in(at, program.zone)
    form = forms.Talk(request.POST or None, closing=closing, today=today, initial={"form_id": new_ref()})
    if request.method == "POST" and form.is_valid():
        talked = form.talked()
        actions.note_talk(person, program=program, **talked, by=request.user, at=at)
        kept(request, saved(person, talked))
        return redirect("care:today", program.slug)
    page = "care/_talk.html" if request.htmx else "care/talk.html"
    return render(request, page, {"form": form, "person": person, "closing": closing}, status=422 if form.errors else 200)


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
