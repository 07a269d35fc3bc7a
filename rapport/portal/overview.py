"""A program at a glance: how its matches are, what waits, what is not ready yet."""

from django.db.models import Count
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from rapport.access.rights import Right
from rapport.checkins.models import CheckIn
from rapport.matches.models import Match
from rapport.outbox.models import Message
from rapport.outbox.preview import open_to
from rapport.people.models import Participant
from rapport.portal.reading import findings_for, how_many_are, matches_of, participants_of
from rapport.programs.doors import staff_page
from rapport.programs.missing import of_staff
from rapport.safeguarding import questions as safety


@staff_page(Right.PROGRAM_VIEW)
def program(request, program):
    at = timezone.now()
    context = {"figures": figures(program), "how": None, "people": None, "at": at}
    if request.has_right(Right.MATCH_VIEW):
        context["how"] = how_they_are(request.user, program, at)
    if request.has_right(Right.PARTICIPANT_VIEW):
        context["people"] = sides(request.user, program, at)
    return render(request, "portal/program.html", context | what_waits(request, program, at))


def figures(program):
    """Matches of the program by state: numbers alone, for everybody who may see the program."""
    rows = dict(Match.objects.filter(program=program).order_by().values_list("state").annotate(n=Count("pk")))
    states = {str(state): rows.get(state, 0) for state in Match.State}
    return states | {"open": states["active"] + states["paused"]}


def how_they_are(user, program, at):
    """How the open matches within this reader's reach are, told by findings they may know of."""
    counts = how_many_are(matches_of(user, program, at), findings_for(user, program, at))
    return counts | {"all": sum(counts.values())}


def sides(user, program, at):
    """How many take part on each side, of those this reader may see."""
    seen = participants_of(user, program, at).active()
    counts = dict(seen.order_by().values_list("side").annotate(n=Count("pk")))
    return [(side, counts.get(side.value, 0)) for side in Participant.Side]


def what_waits(request, program, at):
    """What this reader could do something about: only for those who may."""
    may = request.has_right
    held = 0
    if may(Right.MESSAGE_RELEASE):
        held = open_to(request.user, Message.objects.held().filter(program=program), at).count()
    late = None
    if may(Right.MATCH_VIEW):
        asked = CheckIn.objects.asking(at).filter(program=program).late(at)
        late = asked.filter(match__in=matches_of(request.user, program, at).values("pk")).count()
    return {
        "held": held,
        "late": late,
        "missing": not_ready(program, at) if may(Right.PROGRAM_EDIT) else [],
    }


def not_ready(program, at):
    """What should be set before the program leans on it, in sentences."""
    missing = [*safety.readiness(program), *of_staff(program, at)]
    if not program.contact_line:
        missing.append(_("how participants reach the program"))
    if not program.closed_times.exists():
        missing.append(_("the days on which it is closed"))
    return missing
