"""Pages of staff: event days, who is asked, what they said, who came, who talked with whom, and what came of it."""

from django.conf import settings
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from rapport.access.rights import Right
from rapport.core.codes import square
from rapport.core.languages import OF_STAFF, known, said_in
from rapport.core.months import day_in
from rapport.core.notices import kept
from rapport.core.pages import answer
from rapport.core.refused import Refused
from rapport.events import actions
from rapport.events.days import forms, looking
from rapport.events.days.questions import (
    MENTEE,
    MENTOR,
    followed,
    invitations_seen,
    is_asked_since,
    people_for,
    without_a_pair,
)
from rapport.events.forms import People, Tap
from rapport.events.hosting import choices_for, may_begin, people_seen
from rapport.events.models import EventDay, Invitation
from rapport.events.picking import asked_for
from rapport.matches.models import Match
from rapport.people.models import Person, kept_from
from rapport.programs.doors import staff_page

PAGE = 50
RIGHT = Right.MEETING_EDIT
State = Invitation.State


@staff_page(RIGHT)
def days(request, program):
    at = timezone.now()
    rows = list(seen(request, program).select_related("program", "site")[:PAGE])
    context = {"may_begin": may_begin(request.user, program, at), "is_asked_since": is_asked_since(program)}
    return render(request, "events/days/list.html", {"rows": rows, **context})


@staff_page(RIGHT)
def new(request, program):
    at = timezone.now()
    form = day_form(request, program, at, initial={"host": request.user.pk})
    if request.method == "POST" and form.is_valid():
        one = actions.make_day(program, **form.cleaned_data, by=request.user, at=at)
        kept(request, _("The event is kept. Nobody is asked yet: choose whom to ask."))
        return redirect(one)
    return answer(request, "events/days/new.html", {"form": form})


@staff_page(RIGHT)
def change(request, program, ref):
    one, at = the_day(request, program, ref), timezone.now()
    minutes = round((one.ends_at - one.starts_at).total_seconds() / 60)
    first = {name: getattr(one, name) for name in ("name", "about", "starts_at", "place", "room")}
    form = day_form(request, program, at, initial={**first, "minutes": minutes}, is_new=False)
    if request.method == "POST" and form.is_valid():
        changed = actions.change_day(one, **form.cleaned_data, by=request.user, at=at)
        words = _("It is changed. Nobody is written to: tell those who come.")
        kept(request, words if changed else _("Nothing was different."))
        return redirect(one)
    return answer(request, "events/days/change.html", {"day": one, "form": form})


def day_form(request, program, at, **more):
    return forms.Day(request.POST or None, zone=program.zone, **choices_for(request.user, program, at), **more)


@staff_page(RIGHT)
def day(request, program, ref):
    one, at = the_day(request, program, ref), timezone.now()
    rows = invitations_seen(one, request.user, at)
    by_state = [(state.label, [row for row in rows if row.state == state]) for state in State]
    may_see = Match.objects.filter(program=program).visible_to(request.user, Right.MATCH_VIEW, at)
    context = {
        "day": one, "by_state": by_state, "rows": rows, "has_begun": one.starts_at <= at, "is_over": one.ends_at <= at,
        "came": [row for row in rows if row.came], "is_asked_since": is_asked_since(program),
        "unsaid": [row for row in rows if row.came is None and row.state != State.NOT_COMING],
        "pairs": pairs_of(one, may_see), "followed": followed(one, request.user, at),
        "alone": without_a_pair(one, rows), "at_least": program.limit("small-cell"),
    }  # fmt: skip
    return render(request, "events/days/day.html", context)


def pairs_of(one, matches):
    rows = one.pairs.filter(match__in=matches.values("pk"))
    return list(rows.select_related("match__program", "mentor__person", "mentee__person"))


@staff_page(RIGHT)
def people(request, program, ref):
    one, at = the_day(request, program, ref), timezone.now()
    letters = asked_for(request)
    form = People(request.POST or None, people=people_for(one, request.user, at), letters=letters)
    if request.method == "POST" and form.is_valid():
        rows = actions.invite(one, list(form.cleaned_data["people"]), by=request.user, at=at)
        kept(request, _("%(n)d are asked, each by a letter; the family of a child gets its own.") % {"n": len(rows)})
        return redirect(one)
    return answer(request, "events/days/people.html", {"day": one, "form": form, "letters": letters})


@staff_page(RIGHT)
def invitation(request, program, ref):
    """A yes or a no that came on paper, by phone or in person."""
    at = timezone.now()
    one = the_invitation(request, program, ref)
    away = {*kept_from(request.user, at), *Person.objects.filter(user=request.user).values_list("pk", flat=True)}
    voices = [who for who in (one.participant.person, *looking.families(one, at)) if who.pk not in away]
    first = {"said_on": day_in(at, program.zone), "way": "paper"}
    form = forms.Written(request.POST or None, voices=voices, program=program, at=at, initial=first)
    if request.method == "POST" and form.is_valid():
        actions.answer_invitation(one, **form.said(), by=request.user, at=at)
        kept(request, _("Written down, as the word of %(name)s.") % {"name": form.said()["said_by"].first_name})
        return redirect(one.day)
    return answer(request, "events/days/invitation.html", {"invitation": one, "day": one.day, "form": form})


@staff_page(RIGHT)
def sheet(request, program, ref):
    """The invitation on paper."""
    one = the_invitation(request, program, ref)
    person = one.participant.person
    back = settings.ADDRESS + reverse("event-days:invitation", args=[program.slug, one.ref])
    context = {"invitation": one, "day": one.day, "person": person, "code": square(back), "ref": one.ref}
    language = person.language if known(person.language) else OF_STAFF
    return said_in(language, render, request, "events/days/sheet.html", context)


@staff_page(RIGHT)
def door(request, program, ref):
    """Who comes, one tap each."""
    one, at = the_day(request, program, ref), timezone.now()
    rows = invitations_seen(one, request.user, at)
    refusal, status = None, 200
    form = Tap(request.POST or None)
    if request.method == "POST":
        row = next((row for row in rows if form.is_valid() and row.ref == form.cleaned_data["who"]), None)
        if row is None:
            status = 422
        else:
            try:
                actions.mark_came(row, came=form.was_there, by=request.user, at=at)
                return redirect("event-days:door", program.slug, one.ref)
            except Refused as refused:
                refusal, status = refused, 409
    return render(request, "events/days/door.html", {"day": one, "rows": rows, "refusal": refusal}, status=status)


@staff_page(RIGHT)
def pairs(request, program, ref):
    """Who talked with whom: a pair at a time."""
    one, at = the_day(request, program, ref), timezone.now()
    people = [row.participant for row in invitations_seen(one, request.user, at)]
    sides = {side: [who for who in people if who.side == side] for side in (MENTOR, MENTEE)}
    form = forms.Pair(request.POST or None, mentors=sides[MENTOR], mentees=sides[MENTEE])
    if request.method == "POST" and form.is_valid():
        pair = actions.note_pair(one, **form.said(), by=request.user, at=at)
        begun = _("Noted. Their match has begun on the day of the event.")
        words = begun if pair.match.is_open else _("Noted. Their match is proposed: its page says what is missing.")
        kept(request, words)
        return redirect("event-days:pairs", program.slug, one.ref)
    may_see = Match.objects.filter(program=program).visible_to(request.user, Right.MATCH_VIEW, at)
    return answer(request, "events/days/pairs.html", {"day": one, "form": form, "pairs": pairs_of(one, may_see)})


@staff_page(RIGHT)
def call_off(request, program, ref):
    one = the_day(request, program, ref)
    if request.method == "POST":
        actions.call_off_day(one, by=request.user, at=timezone.now())
        kept(request, _("It is called off, and whoever was asked hears of it."))
        return redirect(one)
    return render(request, "events/days/call_off.html", {"day": one})


def seen(request, program):
    return EventDay.objects.visible_to(request.user, RIGHT).filter(program=program)


def the_day(request, program, ref):
    return get_object_or_404(seen(request, program).select_related("program", "site", "host"), ref=ref)


def the_invitation(request, program, ref):
    mine = people_seen(program, request.user, timezone.now())
    rows = Invitation.objects.filter(day__in=seen(request, program).values("pk"), participant__in=mine.values("pk"))
    return get_object_or_404(rows.select_related("day__program", "day__site", "participant__person"), ref=ref)
