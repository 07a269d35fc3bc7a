"""Mentees who wait for a mentor, and of those who had one: what they had, and whether the time for another is there.

The limits say when; no rule decides, and no button is missing because of one.
"""

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.db.models import Case, IntegerField, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from rapport.access.rights import Right
from rapport.audit.actions import record_read
from rapport.core import places
from rapport.core.months import day_in
from rapport.matches.models import Closure, Match
from rapport.matching import gathering
from rapport.matching.models import Waiting
from rapport.matching.rematch import asked
from rapport.onboarding.gatekeeping import day_words
from rapport.onboarding.interviews import reading
from rapport.onboarding.questions import ready
from rapport.people.models import Participant
from rapport.programs import profiles

PAGE = 40
AFTER, BY, OFTEN = "rematch-after", "rematch-within", "rematch-often"


@dataclass
class Ended:
    """A match they had: with whom, until when and, for who may read it, why it ended."""

    match: Any
    reason: str


@dataclass
class Row:
    """One mentee who waits: since when, what is kept of them, what they had, and what is to be thought of."""

    mentee: Any
    kept: Any
    is_ready: bool
    had: list[Ended] = field(default_factory=list)
    thoughts: list[str] = field(default_factory=list)
    needs: list[str] = field(default_factory=list)


def rows_of(program, user, after, at, by_need=False):
    """A page of mentees who wait: those who come first, then who waits longest; and the address of the next page.

    `by_need`: after those who come first, whoever needs it most, of whom this reader may read so; the others after.
    """
    people = those_who_wait(program, user, at)
    people = people.annotate(need=need_as_read(program, user, at) if by_need else Value(0))
    last = people.filter(pk=after).first() if after else None
    if last:
        later = Q(since__gt=last.since) | Q(since=last.since, pk__gt=last.pk)
        later = Q(need__lt=last.need) | Q(later, need=last.need)
        people = people.filter(Q(first__lt=last.first) | Q(later, first=last.first))
    found, next_place = places.cut(people.order_by("-first", "-need", "since", "pk"), PAGE)
    order = "by=need&" if by_need else ""
    more = f"?{order}after={next_place}" if next_place else ""
    return rows(found, program, user, at), more


def need_as_read(program, user, at):
    """By how many steps mentees come before others; 0 of whom this reader may not read it."""
    mine = reading.readable(user, program, Participant.Side.MENTEE, at).values("pk")
    return Case(When(pk__in=mine, then=reading.need(program)), default=Value(0), output_field=IntegerField())


def those_who_wait(program, user, at):
    """Mentees without a match whom this reader sees, with `since` when and whether they come `first`.

    After a match that ended, they wait since it did: as far as the reader sees that match.
    """
    seen = Participant.objects.visible_to(user, Right.MATCHING_RUN, at).filter(program=program)
    ended = Closure.objects.filter(match__in=matches_seen(program, user, at))
    first = Waiting.objects.filter(mentee=OuterRef("pk")).values("is_first")
    people = gathering.waiting_mentees(program, at).filter(pk__in=seen.values("pk")).select_related("program")
    return people.annotate(since=gathering.waits_since(ended), first=Coalesce(Subquery(first), False))


def matches_seen(program, user, at, right=Right.MATCH_VIEW):
    return Match.objects.visible_to(user, right, at).filter(program=program, state=Match.State.CLOSED).values("pk")


def rows(mentees, program, user, at):
    """The same with all that stands beside them, in a fixed number of queries."""
    on, here = day_in(at, program.zone), [one.pk for one in mentees]
    kept = {one.mentee_id: one for one in Waiting.objects.filter(mentee__in=here).select_related("said_by")}
    had = history(here, program, user, at)
    able = set(here)
    if profiles.asks(program, "gates_before_round"):
        able = set(ready(program, Participant.Side.MENTEE, on).filter(pk__in=here).values_list("pk", flat=True))
    found = [Row(one, kept.get(one.pk), one.pk in able, had.get(one.pk, [])) for one in mentees]
    needs, another = needs_as_read(here, program, user, at), asked.for_another(here, program, user, at)
    for row in found:
        row.thoughts, row.needs = thoughts(program, row.kept, row.had, on), needs.get(row.mentee.pk, [])
        said_on, words = another.get(row.mentee.pk, (None, ""))
        if said_on and not any(one.match.ended_on and one.match.ended_on > said_on for one in row.had):
            row.thoughts.insert(0, words)
    return found


def needs_as_read(mentees, program, user, at):
    """{mentee: what they need}, of those of whom this reader may read it. That it was read is in the trail."""
    mine = reading.readable(user, program, Participant.Side.MENTEE, at).filter(pk__in=mentees)
    found = reading.needs_of(program, list(mine.values_list("pk", flat=True)))
    if found:
        record_read("needs.read", about=program, by=user, at=at, level=reading.LEVEL, mentees=sorted(found))
    return found


def history(mentees, program, user, at):
    """{mentee: matches of theirs that ended, the last first}. Why one ended is there for who may read answers of it."""
    closures = Closure.objects.filter(
        match__in=matches_seen(program, user, at), match__members__participant__in=mentees
    )
    closures = closures.select_related("match").order_by("-ended_on", "-pk").distinct()
    found = list(closures)
    read = matches_seen(program, user, at, Right.ANSWER_VIEW).filter(pk__in=[one.match_id for one in found])
    may_read = set(read.values_list("pk", flat=True))
    matches = Match.objects.filter(pk__in=[one.match_id for one in found]).select_related("program")
    with_people = {one.pk: one for one in matches.with_people()}
    had: dict[int, list] = {}
    for one in found:
        match = with_people[one.match_id]
        reason = str(one.get_reason_display()) if match.pk in may_read else ""
        for mentee in match.mentees:
            had.setdefault(mentee.pk, []).append(Ended(match, reason))
    return had


def thoughts(program, kept, had, on: date):
    """What a person thinks of before another match, as sentences; nothing for who had none."""
    if not had:
        return []
    found = []
    ended = max((one.match.ended_on for one in had if one.match.ended_on), default=None)
    if ended:
        found.append(in_time(program, ended, on))
    if len(had) >= program.limit(OFTEN):
        words = ngettext("They had %(n)d match before.", "They had %(n)d matches before.", len(had)) % {"n": len(had)}
        found.append(words + " " + _("Talk with a colleague first: what would make this one last?"))
    if not kept or not kept.wants:
        found.append(_("Nobody has written down yet whether they want another mentor."))
    elif kept.wants != Waiting.Wants.YES:
        found.append(_("Asked whether they want another mentor: %(said)s.") % {"said": kept.get_wants_display()})
    return found + open_talks(kept)


def in_time(program, ended, on):
    first, last = ended + days(program.limit(AFTER)), ended + days(program.limit(BY))
    said = {"ended": day_words(ended), "first": day_words(first), "last": day_words(last)}
    if on < first:
        return _("A rest after the ending on %(ended)s: until %(first)s.") % said
    if on <= last:
        return _("The rest after the ending is over; another by %(last)s keeps the thread.") % said
    return _("Waiting for another since the ending on %(ended)s.") % said


def days(limit) -> timedelta:
    return limit if isinstance(limit, timedelta) else timedelta(days=limit)


def open_talks(kept):
    """What was not talked about yet, before another match."""
    asked = {
        "is_understood": _("that it ended, and is nobody's fault"),
        "is_weighed": _("that another might end early, too"),
        "has_time": _("whether there is time enough left"),
    }
    missing = [str(words) for name, words in asked.items() if not (kept and getattr(kept, name))]
    return [_("Still to talk about: %(what)s.") % {"what": "; ".join(missing)}] if missing else []
