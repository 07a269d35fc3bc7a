"""Pages of staff: circles of mentors, their next time, and what came of it."""

from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from rapport.access.rights import Right
from rapport.core.notices import kept
from rapport.core.pages import answer
from rapport.events import actions
from rapport.events.circles import forms
from rapport.events.circles.questions import mentors_for, seats_seen, with_times
from rapport.events.hosting import choices_for, colleagues_of, may_begin
from rapport.events.models import Circle, Gathering
from rapport.events.picking import asked_for
from rapport.programs.doors import staff_page

PAGE = 20


@staff_page(Right.MEETING_EDIT)
def circles(request, program):
    at = timezone.now()
    rows = with_times(seen(request, program).going_on(), at).select_related("site", "host")
    return render(request, "events/circles.html", {"rows": rows, "may_begin": may_begin(request.user, program, at)})


@staff_page(Right.MEETING_EDIT)
def new(request, program):
    at = timezone.now()
    first = {"host": request.user.pk}
    form = forms.Circle(request.POST or None, initial=first, **choices_for(request.user, program, at))
    if request.method == "POST" and form.is_valid():
        circle = actions.begin_circle(program, **form.cleaned_data, by=request.user, at=at)
        kept(request, _("The circle is kept. Set its first time."))
        return redirect(circle)
    return answer(request, "events/new.html", {"form": form})


@staff_page(Right.MEETING_EDIT)
def circle(request, program, ref):
    one = the_circle(request, program, ref)
    at = timezone.now()
    times = list(one.gatherings.all()[:PAGE])
    ahead = sorted((time for time in times if time.starts_at > at), key=lambda time: time.starts_at)
    past = [time for time in times if time.starts_at <= at]
    return render(request, "events/circle.html", {"circle": one, "ahead": ahead, "past": past})


@staff_page(Right.MEETING_EDIT)
def end(request, program, ref):
    one = the_circle(request, program, ref)
    if request.method == "POST":
        actions.end_circle(one, by=request.user, at=timezone.now())
        kept(request, _("The circle has ended."))
        return redirect("events:circles", program.slug)
    return render(request, "events/end.html", {"circle": one})


@staff_page(Right.MEETING_EDIT)
def ask(request, program, ref):
    one, at = the_circle(request, program, ref), timezone.now()
    mentors, letters = mentors_for(one, request.user, at), asked_for(request)
    form = forms.Next(
        request.POST or None, initial={"colleagues": [request.user.pk]}, mentors=mentors,
        letters=letters, colleagues=colleagues_of(program, at), zone=program.zone,
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        time = actions.ask_to(one, **form.cleaned_data, by=request.user, at=at)
        words = _("It is set, and each mentor gets a letter.") if time.starts_at > at else _("It is kept.")
        kept(request, words)
        return redirect(time)
    return answer(request, "events/ask.html", {"circle": one, "form": form, "letters": letters})


@staff_page(Right.MEETING_EDIT)
def gathering(request, program, ref):
    time, at = the_time(request, program, ref), timezone.now()
    seats = seats_seen(time, request.user, at)
    form = forms.Noted(request.POST or None, seats=seats, initial=as_noted(time, seats))
    if request.method == "POST" and form.is_valid():
        try:
            actions.note(time, **form.said(), by=request.user, at=at)
        except actions.NotedMeanwhile as refusal:
            return noted_meanwhile(request, refusal, the_time(request, program, ref), seats)
        kept(request, _("It is noted."))
        return redirect(time)
    context = {"time": time, "circle": time.circle, "seats": seats, "form": form, "is_ahead": time.starts_at > at}
    return answer(request, "events/gathering.html", context)


def noted_meanwhile(request, refusal, time, seats):
    """What was typed, above it what stands there now: the next press takes its place."""
    typed = request.POST.copy()
    typed["seen"] = time.noted_as
    form = forms.Noted(typed, seats=seats)
    context = {"time": time, "circle": time.circle, "seats": seats, "form": form, "refusal": refusal}
    return render(request, "events/gathering.html", context, status=409)


@staff_page(Right.MEETING_EDIT)
def call_off(request, program, ref):
    time = the_time(request, program, ref)
    if request.method == "POST":
        actions.call_off(time, by=request.user, at=timezone.now())
        kept(request, _("It is called off, and whoever was asked hears of it."))
        return redirect(time.circle)
    return render(request, "events/call_off.html", {"time": time, "circle": time.circle})


def seen(request, program):
    return Circle.objects.visible_to(request.user, Right.MEETING_EDIT).filter(program=program)


def the_circle(request, program, ref):
    return get_object_or_404(seen(request, program).select_related("program", "site", "host"), ref=ref)


def the_time(request, program, ref):
    times = Gathering.objects.filter(circle__in=seen(request, program)).select_related("program", "circle__program")
    return get_object_or_404(times, ref=ref)


def as_noted(time, seats):
    """What was noted, or everybody there."""
    said = {True: "yes", False: "no"}.get(bool(time.kept_at) if time.kept_at or time.missed_at else None, "")
    there = [str(seat.pk) for seat in seats if seat.was_there or (not said and seat.was_there is None)]
    return {"took_place": said, "there": there, "notes": time.notes, "seen": time.noted_as}
