"""The ways to reach one person, on one page: their order, best times, who reads them, who interprets, and what is done
when none works. Of a participant, or of somebody who stands for one.

That somebody else has an address or number is told by name only of those the reader may see here; of others nothing is
said but that it may be read.
"""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from rapport.access.rights import Right
from rapport.care.actions import note_tried, say_found, say_unreachable
from rapport.care.models import ReachPlan, ReachStep
from rapport.care.reaching import plans_shown
from rapport.core.months import day_in
from rapport.core.notices import kept
from rapport.outbox.questions import children_among
from rapport.people import actions, forms
from rapport.people.best_times import best_times_in_words, is_good_now
from rapport.people.interpreting import speak_no_more
from rapport.people.models import ContactPoint, Guardianship, Person, kept_from
from rapport.people.questions import are_or_stand_for
from rapport.people.scopes import close_to
from rapport.people.sharing import who_else_has
from rapport.portal.reading import participants_of
from rapport.programs.doors import staff_page

BEST = ("note", "best_days", "best_from", "best_until")


def whose(request, program, ref, who, right, at):
    """The participant of the page, and the person it is about: themselves, or one who stands for them now."""
    mine = participants_of(request.user, program, at, right).exclude(person__user=request.user)
    one = get_object_or_404(mine.select_related("person", "program"), ref=ref)
    if one.person.ref == who:
        return one, one.person
    living = Guardianship.objects.living(day_in(at, program.zone)).filter(child=one.person, adult__ref=who)
    living = living.exclude(adult__in=close_to(request.user)).exclude(adult__in=kept_from(request.user, at))
    return one, get_object_or_404(living.select_related("adult")).adult


def page(request, template, one, person, **more):
    form = more.get("form")
    context = {"one": one, "person": person, **more}
    return render(request, f"portal/reach/{template}.html", context, status=422 if form and form.errors else 200)


def back(program, one, person, name="portal:reach"):
    return redirect(name, program.slug, one.ref, person.ref)


@staff_page(Right.CONTACT_VIEW)
def reach(request, program, ref, who):
    """All their ways. Pressed: a step was tried, or they can be reached again."""
    at = timezone.now()
    one, person = whose(request, program, ref, who, Right.CONTACT_VIEW, at)
    may_edit = participants_of(request.user, program, at, Right.PARTICIPANT_EDIT).filter(pk=one.pk).exists()
    if request.method == "POST":
        if not may_edit:
            raise Http404
        press_on_plan(request, program, person, at)
        return back(program, one, person)
    points = list(person.contact_points.in_order().select_related("said_by", "asked_by", "interpreter"))
    describe(points, request.user, program, at)
    plan = plans_shown([person], program, at, user=request.user).get(person.pk)
    return page(request, "ways", one, person, points=points, plan=plan, may_edit=may_edit, at=at)


def press_on_plan(request, program, person, at):
    plans = ReachPlan.objects.open().filter(program=program, person=person)
    if request.POST.get("press") == "found":
        say_found(get_object_or_404(plans), by=request.user, at=at)
        kept(request, _("Good: %(name)s can be reached again.") % {"name": person.first_name})
        return
    code = request.POST.get("step", "").replace("\0", "")
    step = get_object_or_404(ReachStep.objects.filter(plan__in=plans), code=code)
    note_tried(step, by=request.user, at=at)
    kept(request, _("Kept: this was tried."))


def describe(points, user, program, at):
    """What is told of each way: best times, whether now is good, and who else has it of those the reader may see."""
    others, barred = who_else_has(points), speak_no_more(points, program, at)
    seen = names_seen({pk for some in others.values() for pk in some}, user, program, at)
    for point in points:
        point.speaks_no_more = point.pk in barred
        point.best = best_times_in_words(point)
        point.is_good_now = is_good_now(point, at, program.zone)
        point.goes_through_others = point.kind in ContactPoint.BY_OTHERS
        point.others = [seen[pk] for pk in sorted(others.get(point, ())) if pk in seen]


def names_seen(people, user, program, at):
    """{person id: first name} of those of these people whose ways the reader may see in this program."""
    if not people:
        return {}
    seen = participants_of(user, program, at, Right.CONTACT_VIEW).filter(program=program)
    found = Person.objects.filter(are_or_stand_for(seen, day_in(at, program.zone), among=people))
    return dict(found.exclude(pk__in=kept_from(user, at)).values_list("pk", "given_name"))


@staff_page(Right.CONTACT_VIEW)
def add(request, program, ref, who):
    at = timezone.now()
    one, person = whose(request, program, ref, who, Right.PARTICIPANT_EDIT, at)
    form = forms.Way(request.POST or None)
    if request.method == "POST" and form.is_valid():
        is_child = bool(children_among([person], program, at))
        point = actions.add_contact_point(
            person, about=one, **form.cleaned_data, is_child=is_child, by=request.user, at=at
        )
        kept(
            request, (AFTER_PRIVATE[False] if point.asked_at else _("Saved: a way to reach %(name)s.")) % named(person)
        )
        return back(program, one, person)
    return page(request, "form", one, person, form=form, title=_("A way to reach %(name)s") % named(person))


@staff_page(Right.CONTACT_VIEW)
def language(request, program, ref, who):
    at = timezone.now()
    one, person = whose(request, program, ref, who, Right.PARTICIPANT_EDIT, at)
    form = forms.Reading(request.POST or None, person=person)
    if request.method == "POST" and form.is_valid():
        actions.note_reading(person, about=one, **form.cleaned_data, by=request.user, at=at)
        kept(request, _("Saved: how %(name)s is spoken to.") % {"name": person.first_name})
        return back(program, one, person)
    return page(request, "form", one, person, form=form, title=_("The language of %(name)s") % named(person))


@staff_page(Right.CONTACT_VIEW)
def interpreter(request, program, ref, who):
    """Who speaks between them and us: never a child, never one of the family, and with a promise of their own."""
    at = timezone.now()
    one, person = whose(request, program, ref, who, Right.PARTICIPANT_EDIT, at)
    form = forms.WhoInterprets(request.POST or None, program=program, today=day_in(at, program.zone))
    if request.method == "POST" and form.is_valid():
        speaks = form.cleaned_data.get("known") or actions.name_interpreter(
            program, **form.facts(), person=person, by=request.user, at=at
        )
        actions.let_interpret(speaks, person=person, about=one, by=request.user, at=at)
        kept(request, _("Saved: %(who)s interprets for %(name)s.") % {"who": speaks.name, **named(person)})
        return back(program, one, person)
    lead = _(
        "A grown-up from outside the family, or a service. Never the child, a brother or a sister: nobody can say in"
        " front of them what has to be said, and no child should carry it."
    )
    title = _("Somebody who interprets for %(name)s") % named(person)
    return page(request, "form", one, person, form=form, title=title, lead=lead)


@staff_page(Right.CONTACT_VIEW)
def lost(request, program, ref, who):
    """A colleague says that somebody cannot be reached: one plan, one task."""
    at = timezone.now()
    one, person = whose(request, program, ref, who, Right.PARTICIPANT_EDIT, at)
    form = forms.Lost(request.POST or None)
    if request.method == "POST" and form.is_valid():
        say_unreachable(person, program=program, **form.cleaned_data, by=request.user, at=at)
        kept(
            request,
            _("There is a plan now. It ends by itself when somebody talks with %(name)s.") % named(person),
        )
        return back(program, one, person)
    lead = _("It happens in every family and is nobody's fault. The steps come to one desk, with a day for each.")
    title = _("%(name)s cannot be reached") % named(person)
    return page(request, "form", one, person, form=form, title=title, lead=lead)


@staff_page(Right.CONTACT_VIEW)
def way(request, program, ref, who, pk):
    """One way: its note and best times, and what is pressed about it."""
    at = timezone.now()
    one, person = whose(request, program, ref, who, Right.PARTICIPANT_EDIT, at)
    rows = person.contact_points.select_related("said_by", "asked_by", "interpreter")
    point = get_object_or_404(rows, pk=pk)
    press = request.POST.get("press", "") if request.method == "POST" else ""
    form = forms.BestTimes(request.POST if press == "save" else None, initial=now_said(point))
    why = forms.WhyPrivate(request.POST if press == "private" else None)
    is_child = bool(children_among([person], program, at))
    if press == "save" and form.is_valid():
        actions.change_contact_point(point, about=one, **form.cleaned_data, by=request.user, at=at)
        kept(request, _("Saved: a way to reach %(name)s.") % named(person))
        return back(program, one, person)
    if press == "private" and why.is_valid():
        holds = actions.say_private(point, about=one, **why.cleaned_data, is_child=is_child, by=request.user, at=at)
        kept(request, AFTER_PRIVATE[holds] % named(person))
        return back(program, one, person)
    if press in PRESSES:
        do, said = PRESSES[press]
        do(point, about=one, by=request.user, at=at)
        kept(request, said)
        return back(program, one, person)
    if request.method == "POST" and press not in ("save", "private"):
        messages.error(request, _("Choose one of these."))
    describe([point], request.user, program, at)
    context = {"form": form, "why": why, "point": point, "is_child": is_child}
    response = page(request, "way", one, person, **context)
    response.status_code = 422 if request.method == "POST" else 200
    return response


def now_said(point):
    said = {name: getattr(point, name) for name in BEST}
    return {**said, "best_days": list(point.best_days)}


def it_is_so(point, **facts):
    actions.look_again_at_private(point, is_so=True, **facts)


def it_is_not_so(point, **facts):
    actions.look_again_at_private(point, is_so=False, **facts)


def named(person):
    return {"name": person.first_name}


AFTER_PRIVATE = {
    True: lazy("Saved: nobody else reads it, as you say. It is looked at again if somebody else turns out to have it."),
    False: lazy("Kept, with your reason. Nothing goes there before a second colleague has looked at it on this page."),
}
PRESSES = {
    "first": (actions.put_first, lazy("Saved: they like this way best.")),
    "silent": (actions.note_silent, lazy("Saved: nothing arrives there. It is not used until you say that it works.")),
    "works": (actions.note_working, lazy("Saved: it works again.")),
    "shared": (actions.say_shared, lazy("Saved: others read it, too. Nothing private goes there from now on.")),
    "so": (it_is_so, lazy("Saved: two of you have looked, and nobody else reads it.")),
    "not-so": (it_is_not_so, lazy("Saved: it stays one that others may read.")),
    "drop": (actions.drop_contact_point, lazy("Dropped: a way to reach them.")),
}
