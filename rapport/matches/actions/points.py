"""What must be ticked before a match starts or closes."""

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from rapport.audit.actions import record_many
from rapport.core.months import day_in
from rapport.core.refused import Refused
from rapport.matches.actions.moving import user_of
from rapport.matches.models import Match, Member, Point
from rapport.programs.models import PointRule


class WordsMissing(Refused):
    """This point is ticked with words."""

    sentence = _("Write a few words to it: what was said, or that they chose not to say.")


ALIVE = {Point.Moment.BEGIN: [Match.State.PROPOSED], Point.Moment.CLOSE: Match.ALIVE}


@transaction.atomic
def tick(points, *, words="", by, at):
    """Say that these are done; done already stays as it was. Returns how many were ticked. Raises WordsMissing."""
    points = [points] if isinstance(points, Point) else list(points)
    if not words.strip() and any(point.needs_words for point in points):
        raise WordsMissing(points)
    ticked = [point for point in points if tick_one(point, words.strip()[:300], by, at)]
    record_many("point.ticked", about=ticked, by=by, at=at)
    return len(ticked)


def tick_one(point, words, by, at):
    alive = Match.objects.filter(state__in=ALIVE[point.moment])
    open_ = Point.objects.untouched().filter(pk=point.pk, match__in=alive)
    return open_.update(kept_at=at, ticked_by=user_of(by), words=words)


@transaction.atomic
def tick_codes(match, *, moment, words_by_code, by, at):
    """Tick points of this match by their codes, each with its words; rules that have no point here get one first.

    Returns how many were ticked. Raises WordsMissing.
    """
    lay_points([match], at=at)
    points = match.points.filter(moment=moment, code__in=words_by_code)
    return sum(tick(point, words=words_by_code[point.code], by=by, at=at) for point in points)


def lay_points(matches, *, at):
    """Write the points that the programs' rules ask of these matches and that are not there yet."""
    matches = list(matches)
    programs = {match.program_id: match.program for match in matches}
    rules = PointRule.objects.filter(program__in=programs).order_by("pk")
    children = with_children(matches, programs, at)
    new = [
        point_of(rule, match)
        for match in matches
        for rule in rules
        if rule.program_id == match.program_id and (not rule.minors_only or match.pk in children)
    ]
    Point.objects.bulk_create(new, batch_size=500, ignore_conflicts=True)


def with_children(matches, programs, at):
    """Which of these matches have a minor in them."""
    places = Member.objects.filter(match__in=[match.pk for match in matches]).select_related("participant__person")
    on = {pk: day_in(at, program.zone) for pk, program in programs.items()}
    return {
        place.match_id
        for place in places
        if place.participant.person.counts_as_child(programs[place.program_id], on[place.program_id])
    }


def point_of(rule, match):
    return Point(
        program_id=match.program_id,
        match=match,
        moment=rule.moment,
        code=rule.code,
        label=rule.label,
        is_required=rule.is_required,
        needs_words=rule.needs_words,
    )
