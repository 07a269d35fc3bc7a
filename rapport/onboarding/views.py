"""Who has what a match asks of them: one person's gates, writing one down, and the list of who lacks what."""

from datetime import date

from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from rapport.access.rights import Right
from rapport.audit.models import Event
from rapport.core import places
from rapport.core.months import day_in
from rapport.core.notices import kept
from rapport.onboarding import actions, forms
from rapport.onboarding.actions.gates import MET
from rapport.onboarding.consenting import noes_that_stand
from rapport.onboarding.gatekeeping import Gatebook, label_of
from rapport.onboarding.models import Gate
from rapport.onboarding.questions import consenting_guardians, has_all, held_back
from rapport.people.models import Guardianship, Participant, kept_from
from rapport.programs.doors import staff_page, too_close_to

PAGE = 50
STORY = 30  # rows of history on one page


def reach(request, program):
    found = Participant.objects.visible_to(request.user, Right.CLEARANCE_EDIT).filter(program=program)
    return found.select_related("program", "person", "site")


def heard_by(request, program):
    """Those whose yes and no this reader asks for and hears. Never of whom they are in a match with: that is told to
    somebody else, or nobody could say it freely."""
    return reach(request, program).exclude(too_close_to("word", request.user))


@staff_page(Right.CLEARANCE_EDIT)
def gates(request, program, ref):
    one = get_object_or_404(reach(request, program), ref=ref)
    at = timezone.now()
    on, book, away = day_in(at, program.zone), Gatebook([one]), set(kept_from(request.user, at))
    asked = book.asked(one, on, with_minor=not program.adults_only)
    context = {
        "one": one,
        "hears": heard_by(request, program).filter(pk=one.pk).exists(),
        "asked": asked,
        "lacking": sum(bool(row.lack) for row in asked if row.weight == "hard"),
        "story": story(told_of(one, book.gates.values(), away)),
        "away": away,
    }
    return render(request, "onboarding/gates.html", context)


def told_of(one, gates, away):
    """These gates without the permission, where a guardian of the child is among those the reader is kept away from."""
    if not away or not Guardianship.objects.filter(child=one.person, adult__in=away).exists():
        return gates
    return [gate for gate in gates if gate.code != Gate.Code.PERMISSION]


def story(gates):
    """What the trail says of these gates, newest first: (when, who, gate's words, was it met, facts)."""
    about = {"about_type": Gate._meta.label_lower, "about_id__in": [gate.pk for gate in gates]}
    events = Event.objects.filter(**about).order_by("-at", "-pk")[:STORY]
    return [
        (
            event.at,
            event.actor_label.partition(": ")[2] or event.actor_label,
            label_of(event.facts.get("code", "")),
            event.verb == MET,
            event.facts,
            day_of(event.facts.get("valid_until_on")),
        )
        for event in events
    ]


def day_of(text):
    """A day as the trail keeps it."""
    return date.fromisoformat(text) if text else None


@staff_page(Right.CLEARANCE_EDIT)
def gate(request, program, ref, code):
    if code not in Gate.Code.values:
        raise Http404
    at = timezone.now()
    one = get_object_or_404(reach(request, program), ref=ref)
    on = day_in(at, program.zone)
    away, known = set(kept_from(request.user, at)), consenting_guardians(one, on)
    guardians = known.exclude(pk__in=away)
    asked = {"code": code, "today": on, "guardians": guardians, "of_mentor": one.side == Participant.Side.MENTOR}
    form = forms.Seen(request.POST or None, **asked, initial={"met_on": on})
    if request.method == "POST" and form.is_valid():
        actions.record_gate(one, code=code, is_met=True, **form.facts(), by=request.user, at=at)
        kept(request, _("Written down for %(name)s.") % {"name": one.person.first_name})
        return redirect("onboarding:gates", program.slug, one.ref)
    noes = noes_that_stand(one, at) if code == Gate.Code.PERMISSION else []
    context = {
        "one": one, "label": label_of(code), "code": code, "form": form, "guardians": list(guardians),
        "noes": [no for no in noes if no.given_by_id not in away],
        "is_with_a_colleague": known.filter(pk__in=away).exists(),
    }  # fmt: skip
    return render(request, "onboarding/gate.html", context, status=422 if form.errors else 200)


@staff_page(Right.CLEARANCE_EDIT)
def queue(request, program):
    """Who cannot begin yet, and what each still needs: constant queries, by key."""
    at = timezone.now()
    on = day_in(at, program.zone)
    side = Participant.Side.MENTEE if request.GET.get("side") == "mentee" else Participant.Side.MENTOR
    waiting = reach(request, program).active().filter(~has_all(program, side, on), side=side)
    waiting = waiting.exclude(pk__in=held_back(program, at))
    if after := places.find(request.GET.get("after")):
        waiting = waiting.filter(pk__gt=after)
    page, more = places.cut(waiting.order_by("pk"), PAGE)
    book = Gatebook(page)
    rows = [(one, book.lacking(one, on, with_minor=not program.adults_only)) for one in page]
    return render(request, "onboarding/queue.html", {"rows": rows, "side": side, "more": more, "after": after})
