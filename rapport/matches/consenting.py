"""Writing down a yes or a no that came on paper, by voice or with an interpreter: it counts like a pressed one."""

from datetime import UTC, datetime, time, timedelta

from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from rapport.access.rights import Right
from rapport.core.languages import known
from rapport.core.months import day_in, moment
from rapport.core.notices import kept
from rapport.matches import actions
from rapport.onboarding.consenting import texts_of
from rapport.onboarding.forms import Choice, OnPaper
from rapport.onboarding.permission import ask_of
from rapport.programs.doors import staff_page


@staff_page(Right.CLEARANCE_EDIT)
def record_consent(request, program, ref):
    """What stands on the sheet. What was said before is not shown: this is about what was said now."""
    at = timezone.now()
    ask, today = ask_of(request, program, ref), day_in(at, program.zone)
    form = OnPaper(
        request.POST or None,
        program=program,
        people=(ask.person, ask.participant.person),
        at=at,
        initial={"said_on": today, "way": "paper"},
    )
    choices = [
        Choice(request.POST or None, shown=one)
        for one in texts_of(ask, language_of(request, ask), asked_by(request, form, program))
    ]
    is_empty = False
    if request.method == "POST" and form.is_valid() and all(one.is_valid() for one in choices):
        said = [one.said() for one in choices if one.was_touched]
        is_empty = not said
        if said:
            actions.hear_consent(ask, said=said, **form.facts(), by=request.user, at=at)
            kept(request, _("Written down. It counts from its day on, and can be taken back at any time."))
            return redirect("onboarding:consents", program.slug, ask.participant.ref)
    wrong = is_empty or bool(form.errors)
    context = {"ask": ask, "form": form, "choices": choices, "is_empty": is_empty, "title": title_of(ask)}
    return render(request, "matches/record_consent.html", context, status=422 if wrong else 200)


def title_of(ask):
    if ask.is_own:
        return _("What %(who)s said") % {"who": ask.person.first_name}
    return _("What %(who)s said about %(name)s") % {
        "who": ask.person.first_name, "name": ask.participant.person.first_name,
    }  # fmt: skip


def language_of(request, ask):
    """The language the sheet was printed in, as its code says."""
    asked = request.GET.get("in", "")
    return asked if known(asked) else ask.person.language


def asked_by(request, form, program):
    """Until when the words were written that stand on the sheet: when it was printed, as its code says, and before the
    end of its day, where one was typed."""
    day = form.cleaned_data.get("said_on") if form.is_bound and form.is_valid() else None
    until = [moment(day + timedelta(days=1), time(0), program.zone)] if day else []
    return min([*until, *printed_at(request)], default=None)


def printed_at(request):
    """The moment in the code of the sheet, as a list; empty where there is none."""
    try:
        return [datetime.fromtimestamp(float(request.GET["printed"]), UTC)]
    except (KeyError, ValueError, OverflowError, OSError):
        return []
