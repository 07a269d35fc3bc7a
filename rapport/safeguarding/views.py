"""Pages of safety. Whatever of level 4 they show is written into the trail before it is sent (security.md G11)."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import F
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import ngettext

from rapport.access.rights import Right
from rapport.core import places
from rapport.core.months import day_in
from rapport.core.notices import kept
from rapport.core.refs import new_ref
from rapport.programs.doors import program_page, staff_page, when_archived
from rapport.safeguarding import actions, forms
from rapport.safeguarding.banner import may_change
from rapport.safeguarding.models import Concern, TriageItem
from rapport.safeguarding.playbook import steps
from rapport.safeguarding.questions import calls_to_make, duty_history, duty_of, emergency_numbers, readiness
from rapport.tasks.models import Task

PAGE = 50


@staff_page(Right.CONCERN_LEAD)
def desk(request, program):
    at = timezone.now()
    worries = TriageItem.objects.visible_to(request.user, at).filter(program=program).open()
    worries = list(worries.select_related("person", "program").order_by("late_at", "pk"))
    concerns = Concern.objects.visible_to(request.user, at).filter(program=program).open()
    unread_first = F("acknowledged_at").asc(nulls_first=True)
    concerns = list(concerns.select_related("subject", "owner", "program").order_by(unread_first, "raised_at", "pk"))
    actions.look_over(program, worries=worries, concerns=concerns, by=request.user, at=at)
    context = {"worries": worries, "concerns": concerns, "unread": unread_words(worries, concerns), "at": at}
    context["missing"] = readiness(program)
    return render(request, "safeguarding/desk.html", context)


def unread_words(worries, concerns):
    """One concern and two worries nobody has read; empty where all is read."""
    new = sum(not one.acknowledged_at for one in concerns), sum(not one.read_at for one in worries)
    parts = [
        ngettext("%(n)d concern", "%(n)d concerns", new[0]) % {"n": new[0]} if new[0] else "",
        ngettext("%(n)d worry", "%(n)d worries", new[1]) % {"n": new[1]} if new[1] else "",
    ]
    things = _(" and ").join(part for part in parts if part)
    return _("Waiting to be read: %(things)s.") % {"things": things} if things else ""


@staff_page(Right.CONCERN_LEAD)
def closed(request, program):
    at, before = timezone.now(), places.find(request.GET.get("before"))
    rows = Concern.objects.visible_to(request.user, at).filter(program=program, state=Concern.State.CLOSED)
    if before is not None:
        rows = rows.filter(pk__lt=before)
    rows, place = places.cut(rows.select_related("subject", "program").order_by("-pk"), PAGE)
    actions.look_over(program, worries=[], concerns=rows, by=request.user, at=at)
    older = f"?before={place}" if place else ""
    return render(request, "safeguarding/closed.html", {"concerns": rows, "older": older})


@staff_page(Right.PROGRAM_VIEW)
@when_archived
def worry(request, program, ref):
    at = timezone.now()
    rows = TriageItem.objects.visible_to(request.user, at).filter(program=program)
    item = rows.select_related("program", "person", "match", "closed_by").filter(ref=ref).first()
    if item is None:
        return call(request, TriageItem.objects.filter(program=program, ref=ref), at)
    actions.read_triage(item, by=request.user, at=at)
    form = forms.CloseWorry(request.POST or None, today=day_in(at, program.zone))
    if request.method == "POST" and form.is_valid():
        raised = actions.close_triage(item, **form.cleaned_data, by=request.user, at=at)
        kept(request, _("Raised as a concern. It is yours.") if raised else _("Closed: the worry is off your desk."))
        return redirect(raised or desk_address(program))
    return render(request, "safeguarding/worry.html", {"item": item, "form": form}, status=422 if form.errors else 200)


@dataclass(frozen=True)
class Step:
    """One thing done with a concern: its form, its action, what is said afterwards."""

    form: type
    action: Callable
    said: Any
    for_named: bool = False


STEPS = {
    "read": Step(forms.Nothing, actions.acknowledge, lazy("You have read it. It is yours now.")),
    "note": Step(forms.Note, actions.note, lazy("Your note is in the file."), for_named=True),
    "danger": Step(forms.Weigh, actions.set_risk, lazy("Kept: how great the danger is.")),
    "hold": Step(forms.Nothing, actions.hold_contact, lazy("Contact is held. Everybody else reads that they pause.")),
    "let-go": Step(forms.Nothing, actions.let_go, lazy("Kept: this concern keeps them apart no longer.")),
    "telling": Step(forms.Tell, actions.tell_whom, lazy("Kept: who may be told.")),
    "reader": Step(forms.Name, actions.name_reader, lazy("They find it on their desk.")),
    "about": Step(forms.Accuse, actions.accuse, lazy("They can no longer open this file.")),
    "closing": Step(forms.Close, actions.close_concern, lazy("The concern is closed.")),
}


@staff_page(Right.PROGRAM_VIEW)
@when_archived
def concern(request, program, ref):
    at = timezone.now()
    if not Concern.objects.visible_to(request.user, at).filter(program=program, ref=ref).exists():
        return call(request, Concern.objects.filter(program=program, ref=ref), at)
    return show(request, seen(request, program, ref, at), at)


def call(request, rows, at):
    """For the one person asked to call outside: whom, and what to say; nothing of the matter. Else there is no page."""
    row = rows.not_about(request.user, at).select_related("program").first()
    if row is None or not calls_to_make(row, request.user).exists():
        raise Http404
    if request.method == "POST":
        actions.called_outside(row, by=request.user, at=at)
        kept(request, _("Thank you. That you called is kept."))
        return redirect("waiting:mine", row.program.slug)
    context = {"duty": duty_of(row.program), "numbers": emergency_numbers(row.program)}
    return render(request, "safeguarding/call.html", context)


@staff_page(Right.PROGRAM_VIEW)
@when_archived
def waiting(request, program):
    """What waits for this reader alone; the same empty page for everybody else."""
    tasks = Task.objects.open().filter(owner=request.user, program=program, kind__startswith="safeguarding/")
    tasks = tasks.prefetch_related("about__program").order_by("due_at", "pk")
    return render(request, "safeguarding/waiting.html", {"tasks": tasks})


@staff_page(Right.PROGRAM_VIEW)
@when_archived
def step(request, program, ref, step):
    at = timezone.now()
    one, chosen = seen(request, program, ref, at), STEPS.get(step)
    if chosen is None:
        raise Http404
    if request.method != "POST":
        return show(request, one, at, opened=step)
    form = form_of(step, one, at, request.POST)
    if not form.is_valid():
        return show(request, one, at, opened=step, form=form)
    chosen.action(one, **form.told(), by=request.user, at=at)
    kept(request, chosen.said)
    still = Concern.objects.visible_to(request.user, at).filter(pk=one.pk).exists()
    return redirect(one if still else desk_address(program))


def seen(request, program, ref, at):
    """The concern, for those who may see it; for everybody else there is none."""
    rows = Concern.objects.visible_to(request.user, at).filter(program=program)
    rows = rows.select_related("program", "match__site", "subject", "owner", "raised_by")
    return get_object_or_404(rows, ref=ref)


def form_of(name, one, at, data=None):
    today = day_in(at, one.program.zone)
    return STEPS[name].form(data, concern=one, today=today, at=at, prefix=name)


def show(request, one, at, *, opened="", form=None):
    """The file of a concern, after its reading is in the trail."""
    actions.read(one, by=request.user, at=at)
    is_lead = request.has_right(Right.CONCERN_LEAD)
    allowed = [name for name, chosen in STEPS.items() if one.is_open and (is_lead or chosen.for_named)]
    shown = {name: form_of(name, one, at) for name in allowed if STEPS[name].form is not forms.Nothing}
    if form is not None:
        shown[opened] = form
    context = {
        "concern": one,
        "forms": shown,
        "form": form,
        "opened": opened,
        "is_lead": is_lead,
        "entries": one.entries.select_related("by").order_by("-at", "-pk"),
        "accused": one.accused.order_by("given_name", "pk"),
        "named": one.named.order_by("name", "pk"),
        "numbers": emergency_numbers(one.program, one.match),
        "steps": steps(),
    }
    return render(request, "safeguarding/concern.html", context, status=422 if form is not None else 200)


@staff_page(Right.PROGRAM_VIEW)
@when_archived
def duty(request, program):
    if not may_change(request):
        raise Http404
    at, now = timezone.now(), duty_of(program)
    names = ("lead", "second_lead", "cover", "outside_contact", "read_by")
    initial = {name: getattr(now, name, None) for name in names}
    form = forms.Duty(request.POST or None, program=program, at=at, initial=initial)
    if request.method == "POST" and form.is_valid():
        actions.name_duty(program, **form.told(), by=request.user, at=at)
        kept(request, _("Kept: who reads worries."))
        return redirect("safeguarding:duty", program.slug)
    context = {"form": form, "duty": now, "missing": readiness(program), "history": duty_history(now)}
    return render(request, "safeguarding/duty.html", context, status=422 if form.errors else 200)


@program_page(Right.CONCERN_RAISE)
@when_archived
def raise_one(request, program):
    at = timezone.now()
    first = {"form_id": new_ref(), "about": request.GET.get("about", "")[:100]}
    form = forms.Raise(request.POST or None, user=request.user, program=program, at=at, initial=first)
    if request.method == "POST" and form.is_valid():
        person = getattr(request.user, "person", None)
        actions.raise_concern(program=program, raised_by=person, **form.told(), by=request.user, at=at)
        danger = "?danger=yes" if form.cleaned_data["danger"] != "no" else ""
        return redirect(sent_address(program) + danger)
    context = {"form": form, "numbers": emergency_numbers(program), "steps": steps(), **frame(request)}
    return render(request, "safeguarding/raise.html", context, status=422 if form.errors else 200)


@program_page(Right.CONCERN_RAISE)
def sent(request, program):
    """Only a receipt: it says the same whatever was written, and shows nothing of it."""
    in_danger = request.GET.get("danger") == "yes"
    context = {"in_danger": in_danger, "numbers": emergency_numbers(program), "steps": steps()}
    return render(request, "safeguarding/sent.html", context | frame(request))


def frame(request):
    """Staff see their bar; participants, a plain page. Whether a lead is named, and never who."""
    base = "core/staff_base.html" if request.has_right(Right.PROGRAM_VIEW) else "core/participant_base.html"
    named = duty_of(request.program)
    return {"base": base, "has_lead": bool(named and named.lead_id)}


def desk_address(program):
    return reverse("safeguarding:desk", args=[program.slug])


def sent_address(program):
    return reverse("safeguarding:sent", args=[program.slug])
