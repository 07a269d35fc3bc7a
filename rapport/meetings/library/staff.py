"""Good practice, for staff: what mentors said others may learn from, and what stands on the mentors' page."""

from django import forms
from django.db.models import Exists
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from rapport.access.rights import Right
from rapport.core.fields import Words
from rapport.core.notices import kept
from rapport.core.refused import Refused
from rapport.matches.models import Match
from rapport.meetings.actions import practice as actions
from rapport.meetings.models import GoodPractice, Log
from rapport.meetings.together import OPEN
from rapport.people.models import Participant
from rapport.programs.doors import staff_page

SHOWN = 50


class Put(forms.Form):
    words = Words(
        label=lazy("In words that name nobody"), most=actions.MOST, rows=4,
        error_messages={"required": lazy("Write what others may learn from it.")},
    )  # fmt: skip


@staff_page(Right.ANSWER_VIEW)
def practice(request, program):
    """Each waits until somebody has put it in words without a name; nothing gets there by itself."""
    at = timezone.now()
    waiting = list(waiting_of(program, request.user, at)[:SHOWN])
    if request.method == "POST" and "end" in request.POST:
        return end(request, program, at)
    chosen = next((one for one in waiting if key_of(one) == request.POST.get("log")), None)
    if request.method == "POST" and chosen is None:
        raise Http404
    form = Put(request.POST or None, prefix=key_of(chosen) if chosen else None)
    if chosen and form.is_valid():
        try:
            actions.put_good_practice(chosen, **form.cleaned_data, by=request.user, at=at)
        except Refused as refusal:
            form.add_error("words", str(refusal))
        else:
            kept(request, _("The mentors read it on their page from now on."))
            return redirect("meetings:practice", program.slug)
    rows = [(one, key_of(one), form if one == chosen else form_of(one)) for one in waiting]
    context = {"rows": rows, "there": there_of(program)[:SHOWN], "form": form if chosen else None}
    return render(request, "meetings/practice.html", context, status=422 if form.errors else 200)


def form_of(log):
    return Put(initial={"words": log.shared[: actions.MOST]}, prefix=key_of(log))


def key_of(log):
    return f"{log.meeting.ref}-{log.person.ref}"


def waiting_of(program, user, at):
    """Summaries of mentors that others may learn from, of the pairs whose answers this reader may read."""
    seen = Match.objects.filter(program=program).visible_to(user, Right.ANSWER_VIEW, at)
    logs = Log.objects.filter(
        program=program, meeting__match__in=seen, is_good_practice=True, is_suspect=False, good_practice=None,
        level=OPEN,
    )  # fmt: skip
    return logs.exclude(shared="").select_related("person", "meeting__match").order_by("-logged_at", "-pk")


def good_practice_for(person, program):
    """What mentors of the program may learn from; nothing for whoever is none."""
    mentors = Participant.objects.filter(person=person, program=program, side=Participant.Side.MENTOR).active()
    return there_of(program).filter(Exists(mentors))


def there_of(program):
    return GoodPractice.objects.filter(program=program, ended_at=None).order_by("-put_at", "-pk")


def end(request, program, at):
    put = next((one for one in there_of(program) if one.ref == request.POST["end"]), None)
    if put is None:
        raise Http404
    actions.end_good_practice(put, by=request.user, at=at)
    kept(request, _("It is off the page."))
    return redirect("meetings:practice", program.slug)
