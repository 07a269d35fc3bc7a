"""One match on one page, for those who work with it: what each reader may know, and nothing else."""

from dataclasses import replace
from datetime import datetime

from django.db.models import Exists, Max, OuterRef, Q
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _

from rapport.access.rights import Right
from rapport.care.questions import TALKED_ABOUT, strips
from rapport.care.reaching import plans_shown
from rapport.core.months import day_in, month_of
from rapport.matches.models import Match
from rapport.matches.questions import lacks_for
from rapport.matching.proposals.reading import standings
from rapport.meetings.remembered import remembered_of
from rapport.meetings.wording import plan_said
from rapport.people.models import Guardianship, Restriction, kept_from
from rapport.people.scopes import close_to
from rapport.portal.agreed import agreed
from rapport.portal.growing import growing
from rapport.portal.looking_after import who_looks_after
from rapport.portal.promised import promised_time
from rapport.portal.reading import matches_of
from rapport.portal.story import story
from rapport.portal.together import next_meetings, time_together
from rapport.portal.voices import voices
from rapport.programs.doors import staff_page

DOING = (Right.MATCH_EDIT, Right.MATCH_CLOSE, Right.MEETING_EDIT, Right.TALK, Right.ANSWER_VIEW)


@staff_page(Right.MATCH_VIEW)
def match(request, program, ref):
    at = timezone.now()
    seen = matches_of(request.user, program, at).select_related("program", "site", "coordinator").with_people()
    found = get_object_or_404(seen, ref=ref)
    known = strips([found], request.user, at)[found.pk]
    level = known.level
    may = what_they_may(request, found, at)
    people = people_of(found, request.user, at, with_guardians=may["talk"] or level >= TALKED_ABOUT)
    after = who_looks_after(found, at)
    entries, earlier = story(found, level, at, before_in(request), away=set(kept_from(request.user, at)))
    context = {
        "match": found,
        "at": at,
        "may": may,
        "month": month_number(found, at),
        "people": people,
        "after": after,
        "others": [one for one in after if not one.is_coordinator],
        "how": known.how,
        "owed": known.owed,
        "voices": voices(found, request.user, at) if level >= TALKED_ABOUT else None,
        "remembered": remembered_of(found, at) if level >= TALKED_ABOUT else [],
        "told": promised_time(found, at),
        "coming": next_meetings(found, at),
        "rest": rest_of(found),
        "plan": plan_said(found, day_in(at, program.zone)),
        "missing": missing(found, may, at),
        "asked": standing_of(found, request.user, at) if may["match_edit"] else None,
        "unreached": unreached(people, found, request.user, at) if may["talk"] and found.is_open else [],
        "entries": entries,
        "earlier": earlier,
    }
    context |= time_together(found, at) | growing(found, level, request.user, at) | agreed(found)
    return render(request, "portal/match.html", context)


def before_in(request):
    """The moment from which the line goes on; nothing where the address is not ours."""
    try:
        moment = datetime.fromisoformat(request.GET.get("before", ""))
    except ValueError:
        return None
    return moment if moment.tzinfo else None


def what_they_may(request, match, at):
    """What this reader may do with this very match, by the short name of the right; asked in one query."""
    reached = {
        right.name.lower(): Exists(matches_of(request.user, match.program, at, right).filter(pk=OuterRef("pk")))
        for right in DOING
        if request.has_right(right)
    }
    may = {right.name.lower(): False for right in DOING}
    may |= Match.objects.filter(pk=match.pk).values(**reached).get() if reached else {}
    may["participant_view"] = request.has_right(Right.PARTICIPANT_VIEW)
    may["staff_view"] = request.has_right(Right.STAFF_VIEW)
    may["concern_raise"] = request.has_right(Right.CONCERN_RAISE)
    return may


def month_number(match, at):
    """Which month of theirs it is, counted from 1; None before they begin and after they end."""
    if not match.is_open:
        return None
    return max(0, month_of(match.begun_on, day_in(at, match.program.zone))) + 1


def rest_of(match):
    """Since when they rest, and when they mean to go on: a day only where each who rests named one. None while they do
    not. A hold shows in neither: it looks as the rest before it looked, or as one without a day."""
    if match.state != Match.State.PAUSED:
        return None
    paused_at = match.changes.filter(state=Match.State.PAUSED).aggregate(at=Max("at"))["at"]
    since_then = Q(ended_on__gt=day_in(paused_at, match.program.zone)) if paused_at else Q()
    rests = match.pauses.filter(Q(ended_on=None) | since_then)
    rests = list(rests.values_list("starts_on", "back_on", "ended_on", "is_hold"))
    backs = [back_on for _starts_on, back_on, ended_on, is_hold in rests if ended_on is None and not is_hold]
    return {
        "since": min((rest[0] for rest in rests), default=None),
        "back": max(backs) if backs and all(backs) else None,
    }


def people_of(match, user, at, *, with_guardians):
    """(person, their role, participant or None) of everybody in it; guardians for those who may talk with them."""
    rows = [(one.person, one.get_side_display(), one) for one in [*match.mentors, *match.mentees]]
    if with_guardians:
        rows += [(row.adult, row.relation or "guardian", None) for row in guardians_of(match, user, at)]
    return rows


def guardians_of(match, user, at):
    """Living guardians who are told, without those who are to be kept away from their child, and without those from
    whom this reader is kept away."""
    unseen = {*close_to(user), *kept_from(user, at)}
    today = day_in(at, match.program.zone)
    children = [one.person_id for one in match.mentees]
    rows = Guardianship.objects.living(today).told().filter(child__in=children).exclude(adult__in=unseen)
    apart = set(Restriction.objects.live(today).filter(subject__in=children).values_list("kept_away", "subject"))
    return [row for row in rows.select_related("adult").order_by("pk") if (row.adult_id, row.child_id) not in apart]


def unreached(people, match, user, at):
    """Sentences about those of them, and of their guardians, who cannot be reached just now."""
    persons = [person for person, _role, _one in people]
    return [shown.sentence for shown in plans_shown(persons, match.program, at, user=user).values()]


def missing(match, may, at):
    """What stands before a proposed match; of an open one, what it has lost since, for those who can put it right."""
    if match.state == Match.State.PROPOSED:
        return lacks_for([match], at)[match.pk]
    if not match.is_open or not may["match_edit"]:
        return []
    lacks = [lost(lack, is_new=match.awaits_checks) for lack in lacks_for([match], at)[match.pk] if lack.kind != "ask"]
    return list({lack.sentence: lack for lack in lacks}.values())


def lost(lack, *, is_new=False):
    """Whose gate it is and no more: the sentence of a gate may name somebody who is kept away."""
    if lack.kind != "gate":
        return lack
    if is_new:
        words = _("%(name)s does not have all that a match asks for yet. Their page says what.")
        return replace(lack, sentence=words % {"name": lack.who.person.first_name})
    words = _("%(name)s no longer has all that a match asks for. Their page says what.")
    return replace(lack, sentence=words % {"name": lack.who.person.first_name})


def standing_of(match, user, at):
    """How a proposed match stands with those who are asked about it."""
    return standings([match], user, at)[0] if match.state == Match.State.PROPOSED else None
