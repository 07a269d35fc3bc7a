"""What stands between a match and its beginning, and what an open match has lost since: sentences for staff."""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import ngettext

from rapport.core.months import day_in
from rapport.matches.ages import is_old_enough, years_between
from rapport.matches.models import Match, Member, Pause, Point
from rapport.onboarding.gatekeeping import Gatebook
from rapport.onboarding.models import Decision
from rapport.people.colleagues import desks_in
from rapport.people.models import Declared, Participant, Restriction
from rapport.programs import profiles
from rapport.programs.models import GateRule, PointRule

MENTOR, MENTEE = Participant.Side.MENTOR, Participant.Side.MENTEE
NOT_TOGETHER = lazy("It is written down that they are not to be matched. Look at their pages.")


@dataclass(frozen=True)
class Lack:
    """One thing that is missing, and what puts it right: a gate or the page of `who`, a point, a coordinator."""

    sentence: str
    kind: str  # "gate", "person", "coordinator", "point", "ask"
    who: Any = None


def what_is_missing(match, at) -> list[str]:
    """Points and gates that this match lacks at that moment, a sentence each; empty: a proposed match may begin."""
    return missing_for([match], at)[match.pk]


def missing_for(matches, at) -> dict[int, list[str]]:
    """The same for many, in a fixed number of queries: {pk: [sentence]}. Of an open match, what it has lost since.

    For staff only: the sentences tell of clearances, and that somebody is kept away from somebody.
    """
    return {pk: [lack.sentence for lack in lacks] for pk, lacks in lacks_for(matches, at).items()}


def lacks_for(matches, at) -> dict[int, list[Lack]]:
    """The same, each with what puts it right."""
    matches = list(matches)
    readiness = Readiness(matches, at)
    return {match.pk: readiness.lacks(match) for match in matches}


def with_minors(matches, at) -> set[int]:
    """Those of these matches with somebody in them who counts as a child that day, by one query."""
    programs = {match.program_id: match.program for match in matches}
    on = {pk: day_in(at, program.zone) for pk, program in programs.items()}
    places = Member.objects.filter(match__in=[match.pk for match in matches]).select_related("participant__person")
    return {
        place.match_id
        for place in places
        if place.participant.person.counts_as_child(programs[place.program_id], on[place.program_id])
    }


class Readiness:
    """All that decides whether these matches may begin, read at once."""

    def __init__(self, matches, at):
        self.at = at
        pks = [match.pk for match in matches]
        self.places = defaultdict(list)
        for place in Member.objects.filter(match__in=pks).select_related("participant__person").order_by("pk"):
            self.places[place.match_id].append(place)
        everybody = [place.participant for places in self.places.values() for place in places]
        self.book = Gatebook(everybody)
        self.desks = desks_in({match.program_id for match in matches}, {match.coordinator_id for match in matches}, at)
        self.kept_apart = kept_apart({one.person_id for one in everybody})
        self.declared = Declared({one.person_id for one in everybody})
        self.elsewhere = open_places([one.pk for one in everybody])
        self.decided = decided_against([one.pk for one in everybody], self.book.programs, at)
        self.held = held_mentors([one.pk for one in everybody])
        self.points = defaultdict(list)
        for point in Point.objects.filter(match__in=pks, moment=Point.Moment.BEGIN).order_by("pk"):
            self.points[point.match_id].append(point)
        self.rules = defaultdict(list)
        for rule in PointRule.objects.filter(program__in=self.book.programs, moment=Point.Moment.BEGIN).order_by("pk"):
            self.rules[rule.program_id].append(rule)

    def lacks(self, match) -> list[Lack]:
        parts: tuple[Callable[..., list[Lack]], ...] = ()
        if match.state == Match.State.PROPOSED:
            parts = (
                self.left, self.not_the_place, self.apart, self.not_together, self.ages, self.gates, self.coordinator,
                self.room, self.waits, self.unticked,
            )  # fmt: skip
        elif match.is_open:
            parts = (self.apart, self.ages, self.gates, self.coordinator)
            parts = (self.left, *parts) if match.awaits_checks else parts
        return [lack for part in parts for lack in part(match)]

    def on(self, match):
        return day_in(self.at, self.book.programs[match.program_id].zone)

    def people(self, match):
        return [place.participant for place in self.places[match.pk]]

    def mentors(self, match):
        return [place.participant for place in self.places[match.pk] if place.side == MENTOR]

    def has_minor(self, match):
        return any(self.book.is_child(one, self.on(match)) for one in self.people(match))

    def left(self, match):
        gone = [one for one in self.people(match) if one.left_at and one.left_at <= self.at]
        return [
            Lack(_("%(name)s has left the program.") % {"name": one.person.first_name}, "person", one) for one in gone
        ]

    def not_the_place(self, match):
        """What was decided, and why, is for those who record it: here it says no more than where to look."""
        words = _("%(name)s is not to be matched now. Ask whoever decides about who takes part.")
        decided = [one for one in self.people(match) if one.pk in self.decided]
        return [Lack(words % {"name": one.person.first_name}, "person", one) for one in decided]

    def apart(self, match):
        """Nobody here learns who is kept away from whom, nor why."""
        persons, on = {one.person_id for one in self.people(match)}, self.on(match)
        if not any(r.is_live(on) and {r.kept_away_id, r.subject_id} <= persons for r in self.kept_apart):
            return []
        begins = _("This match cannot begin. Ask whoever recorded a restriction.")
        goes_on = _("This match cannot go on as it is. Ask whoever recorded a restriction.")
        return [Lack(goes_on if match.is_open else begins, "ask")]

    def not_together(self, match):
        """What was declared of them, and why, stands on their own pages. A match that has begun goes on."""
        mentors, mentees = (
            {place.participant.person_id for place in self.places[match.pk] if place.side == side}
            for side in (MENTOR, MENTEE)
        )
        program = self.book.programs[match.program_id]
        if not self.declared.between(mentors, mentees, program, self.on(match)):
            return []
        return [Lack(str(NOT_TOGETHER), "ask")]

    def ages(self, match):
        """A mentor who is not so much older than the mentee as the program asks, or nobody knows."""
        years = years_between(self.book.programs[match.program_id])
        mentees = [place.participant for place in self.places[match.pk] if place.side == MENTEE]
        pairs = [(one, other) for one in self.mentors(match) for other in mentees]
        near = [pair for pair in pairs if not is_old_enough(pair[0].person, pair[1].person, years)]
        return [Lack(age_words(mentor.person, mentee.person, years), "person", mentor) for mentor, mentee in near]

    def gates(self, match, weight=GateRule.Weight.HARD):
        on, with_minor = self.on(match), self.has_minor(match)
        return [
            Lack(sentence, "gate", one)
            for one in self.people(match)
            for sentence in self.book.lacking(one, on, with_minor=with_minor, weight=weight)
        ]

    def coordinator(self, match):
        if match.coordinator_id is None:
            return [Lack(_("Nobody coordinates this match yet."), "coordinator")]
        if (match.program_id, match.coordinator_id) in self.desks:
            return []
        return [Lack(_("The coordinator of this match no longer works in this program."), "coordinator")]

    def room(self, match):
        """Whoever has as many open matches as they take, or has one where there is only one."""
        program = self.book.programs[match.program_id]
        if profiles.many_at_once(program):
            return []
        lacks, one_to_one = [], program.one_to_one
        for place in self.places[match.pk]:
            one, there = place.participant, len(self.others(match, place.participant))
            if place.side == MENTOR and there >= one.capacity:
                lacks.append(Lack(is_full(one, there), "person", one))
            if place.side == MENTEE and there and one_to_one:
                lacks.append(Lack(_("%(name)s has an open match.") % {"name": one.person.first_name}, "person", one))
        return lacks

    def others(self, match, participant):
        return [state for pk, state in self.elsewhere[participant.pk] if pk != match.pk]

    def waits(self, match):
        """A mentor whose other match is paused begins no new one: a hold and an ordinary pause read the same."""
        for one in self.mentors(match):
            if Match.State.PAUSED in self.others(match, one):
                words = _("%(name)s has a match that is paused. It comes first.") % {"name": one.person.first_name}
                return [Lack(words, "person", one)]
        if any(one.pk in self.held for one in self.mentors(match)):
            return [Lack(_("This match cannot begin yet. Ask the program's leadership."), "ask")]
        return []

    def unticked(self, match, is_required=True):
        """Points not ticked, and rules of the program that have no point here yet."""
        points = self.points[match.pk]
        open_ = [p for p in points if p.kept_at is None and p.excused_at is None and p.is_required is is_required]
        there = {point.code for point in points}
        new = [r for r in self.rules[match.program_id] if r.code not in there and r.is_required is is_required]
        new = [rule for rule in new if not rule.minors_only or self.has_minor(match)]
        return [Lack(_("Not ticked yet: %(what)s.") % {"what": p.label}, "point", p.code) for p in [*open_, *new]]

    def advice(self, match) -> list[Lack]:
        """What should be met and refuses nothing: soft gates, points that are not required."""
        if match.state != Match.State.PROPOSED:
            return self.gates(match, weight=GateRule.Weight.SOFT) if match.is_open else []
        return [*self.gates(match, weight=GateRule.Weight.SOFT), *self.unticked(match, is_required=False)]


def age_words(mentor, mentee, years):
    undated = [person.first_name for person in (mentor, mentee) if person.born_on is None]
    if undated:
        return _("The date of birth is missing: %(names)s.") % {"names": _(" and ").join(undated)}
    words = ngettext(
        "%(mentor)s must be at least %(n)d year older than %(mentee)s.",
        "%(mentor)s must be at least %(n)d years older than %(mentee)s.",
        years,
    )
    return words % {"mentor": mentor.first_name, "mentee": mentee.first_name, "n": years}


def is_full(participant, there):
    words = ngettext(
        "%(name)s has %(there)d open match and takes no more than %(most)d.",
        "%(name)s has %(there)d open matches and takes no more than %(most)d.",
        there,
    )
    return words % {"name": participant.person.first_name, "there": there, "most": participant.capacity}


def kept_apart(persons):
    """Restrictions between any two of these, of whatever program: what a court says is about people."""
    return list(Restriction.objects.filter(kept_away__in=persons, subject__in=persons))


def open_places(participants):
    """Their open matches: {participant: [(match, state)]}."""
    found = defaultdict(list)
    places = Member.objects.filter(participant__in=participants, match__state__in=Match.OPEN)
    for participant, match, state in places.values_list("participant_id", "match_id", "match__state"):
        found[participant].append((match, state))
    return found


def decided_against(participants, programs, at):
    """Those of whom a person decided that this is not the place for them, or not yet, as rounds read it."""
    words = Decision.objects.last().filter(participant__in=participants).exclude(says=Decision.Says.SUITABLE)
    return {word.participant_id for word in words if word.holds_back(day_in(at, programs[word.program_id].zone))}


def held_mentors(participants):
    """Those who mentor in a match whose hold nobody let go, closed ones included."""
    held = Pause.objects.filter(is_hold=True, ended_on=None).values("match")
    places = Member.objects.filter(participant__in=participants, side=MENTOR, match__in=held)
    return set(places.values_list("participant_id", flat=True))
