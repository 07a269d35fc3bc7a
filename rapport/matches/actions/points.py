"""What must be ticked before a match starts or closes."""

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from rapport.audit.actions import record_many
from rapport.core.refused import Refused
from rapport.matches.actions.moving import user_of
from rapport.matches.actions.phases import Why, enter
from rapport.matches.models import Match, Point
from rapport.matches.questions import with_minors
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
    begin_endings({one.match_id for one in ticked if one.moment == Point.Moment.CLOSE}, by=by, at=at)
    return len(ticked)


def begin_endings(matches, *, by, at):
    """The first point of an ending says that the ending has begun."""
    if matches:
        ending = Match.objects.open().filter(pk__in=matches).select_related("program")
        enter(ending, Match.Phase.ENDING_WELL, why=Why.ENDING, by=by, at=at)


def tick_one(point, words, by, at):
    alive = Match.objects.filter(state__in=ALIVE[point.moment])
    open_ = Point.objects.untouched().filter(pk=point.pk, match__in=alive)
    return open_.update(kept_at=at, ticked_by=user_of(by), words=words)


@transaction.atomic
def untick(points, *, by, at):
    """Say that these no longer hold, while the match has not begun: somebody took their yes back. Returns how many."""
    taken = list(points.filter(match__state=Match.State.PROPOSED, kept_at__isnull=False))
    Point.objects.filter(pk__in=[one.pk for one in taken]).update(kept_at=None, ticked_by=None, words="")
    record_many("point.unticked", about=taken, by=by, at=at)
    return len(taken)


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
    rules = PointRule.objects.filter(program__in={match.program_id for match in matches}).order_by("pk")
    children = with_minors(matches, at)
    new = [
        point_of(rule, match)
        for match in matches
        for rule in rules
        if rule.program_id == match.program_id and (not rule.minors_only or match.pk in children)
    ]
    Point.objects.bulk_create(new, batch_size=500, ignore_conflicts=True)


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
