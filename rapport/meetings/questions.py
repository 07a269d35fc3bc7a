"""What others may ask about meetings."""

from datetime import timedelta

from django.db.models import F, FilteredRelation, OuterRef, Q

from rapport.matches.models import Match, taken_back, torn
from rapport.meetings.models import Meeting
from rapport.people.models import Participant
from rapport.programs import profiles
from rapport.programs.models import Limit

ASKED_BACK = "meetings-asked-back"
MOST = 8  # meetings on one page; more than that nobody fills in


def unlogged(at):
    """Meetings of active matches, over and not long ago, of which nobody has said whether they happened.

    Of a pair from before Rapport, those after Rapport began to look after it (`Match.begun_at`).
    """
    recent = Meeting.objects.without_word(at).filter(not_long_ago(at))
    recent = recent.filter(match__state=Match.State.ACTIVE, match__awaits_checks=False)
    recent = recent.exclude(torn(OuterRef("match"), at) | taken_back(OuterRef("match"), at))
    return recent.filter(Q(match__counts_from_on=None) | Q(starts_at__gte=F("match__begun_at")))


def not_long_ago(at):
    """The condition on meetings that a form still asks for: as long as most programs say, or as its own one says."""
    usual = profiles.limit_row(profiles.PATTERN, ASKED_BACK)["value"]
    others = dict(Limit.objects.filter(code=ASKED_BACK).exclude(value=usual).values_list("program", "value"))
    condition = Q(ends_at__gt=at - timedelta(days=usual))
    for program, days in others.items():
        condition = condition & ~Q(program=program) | Q(program=program, ends_at__gt=at - timedelta(days=days))
    return condition


def unlogged_of_mentors(at):
    """The same, once for each mentor, whose person is in `mentor`."""
    places = FilteredRelation("match__members", condition=Q(match__members__side=Participant.Side.MENTOR))
    rows = unlogged(at).annotate(mentor_place=places)
    return rows.annotate(mentor=F("mentor_place__participant__person")).filter(mentor__isnull=False)


def unlogged_by(person, program, at):
    """What this mentor is asked for in this program, oldest first.

    Most people who are asked are no mentor, so their matches come first, found from the person: the query above, asked
    for one person, would walk through every meeting of the program, and one from the places through every pair.
    """
    own = Participant.objects.filter(person=person, program=program)
    own = own.filter(places__side=Participant.Side.MENTOR, places__match__state=Match.State.ACTIVE)
    matches = list(own.values_list("places__match", flat=True))
    if not matches:
        return []
    latest = unlogged(at).filter(match__in=matches).select_related("match").order_by("-starts_at")[:MOST]
    return list(latest)[::-1]
