"""May this pair, which met before Rapport, come in as a match that has begun? A rule; it writes nothing.

A list may not do what a beginning refuses: keep those apart who are to be kept apart, no mentor over what they take, no
mentee twice. Gates are no part of it: a pair with a child comes in and waits until its checks are confirmed.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from rapport.core.months import day_in
from rapport.matches.ages import is_old_enough, years_between
from rapport.matches.models import Match, Member
from rapport.matches.questions import NOT_TOGETHER, age_words, held_mentors, is_full, kept_apart, open_places
from rapport.people.colleagues import Colleagues
from rapport.people.models import Declared


@dataclass(frozen=True)
class OldPair:
    """A mentor and a mentee (participants) who met before Rapport, and since when."""

    mentor: Any
    mentee: Any
    begun_on: date
    coordinator: Any
    agreed_on: date | None = None
    met_before: int | None = None

    @property
    def people(self):
        return [self.mentor, self.mentee]

    @property
    def persons(self):
        return {one.person_id for one in self.people}


class Judge:
    """Looks at the pairs of a list in order; each that may come in takes its place from those after it.

    `taken`: what counts those places, where a list is too long to count them in memory.
    """

    def __init__(self, program, at, taken: Any = None):
        self.program, self.at, self.today = program, at, day_in(at, program.zone)
        self.years = years_between(program)
        self.taken = Counter() if taken is None else taken

    def refusals(self, pairs) -> list[str]:
        """For each of these pairs why it may not come in, in a sentence; empty: it may. A fixed number of queries."""
        everybody = {one.pk for pair in pairs for one in pair.people}
        persons = {person for pair in pairs for person in pair.persons}
        self.apart, self.declared = kept_apart(persons), Declared(persons)
        self.elsewhere, self.held = open_places(everybody), held_mentors(everybody)
        self.proposed = proposed_among(everybody)
        self.colleagues = Colleagues({p.coordinator.pk for p in pairs if p.coordinator}, {self.program.pk}, self.at)
        return [self.refusal(pair) for pair in pairs]

    def refusal(self, pair):
        rules = (self.days, self.who, self.kept, self.not_together, self.ages, self.coordinator, self.room)
        found = next((words for rule in rules if (words := rule(pair))), "")
        if not found:
            self.taken.update(one.pk for one in pair.people)
        return found

    def days(self, pair):
        """Each day has been, and nobody began before they were born."""
        for day in (pair.begun_on, pair.agreed_on):
            if day and day > self.today:
                return _("%(day)s is still to come. Somebody who begins now is proposed first.") % {"day": said(day)}
        for one in pair.people:
            if one.person.born_on and pair.begun_on < one.person.born_on:
                words = _("%(name)s was not born yet on %(day)s. Look at the start date and the date of birth.")
                return words % {"name": one.person.first_name, "day": said(pair.begun_on)}
        return ""

    def who(self, pair):
        gone = [one for one in pair.people if one.left_at and one.left_at <= self.at]
        if gone:
            return _("%(name)s has left the program.") % {"name": gone[0].person.first_name}
        if len(pair.persons) < len(pair.people):
            return _("A mentor and a mentee cannot be the same person.")
        if {one.pk for one in pair.people} in self.proposed:
            return _("They are proposed to each other already. Let them begin on their own page.")
        return ""

    def kept(self, pair):
        """Nobody here learns who is kept away from whom, nor why."""
        if any(one.is_live(self.today) and {one.kept_away_id, one.subject_id} <= pair.persons for one in self.apart):
            return _("This match cannot begin. Ask whoever recorded a restriction.")
        return ""

    def not_together(self, pair):
        """What was declared of them, and why, stands on their own pages."""
        two = ([pair.mentor.person_id], [pair.mentee.person_id])
        return str(NOT_TOGETHER) if self.declared.between(*two, self.program, self.today) else ""

    def ages(self, pair):
        mentor, mentee = pair.mentor.person, pair.mentee.person
        return "" if is_old_enough(mentor, mentee, self.years) else age_words(mentor, mentee, self.years)

    def coordinator(self, pair):
        if pair.coordinator is None:
            return _("Say who coordinates this pair: the e-mail address of a colleague who works in this program.")
        if not self.colleagues.may(pair.coordinator.pk, self.program.pk, pair.persons):
            return _("%(name)s cannot coordinate this pair. Name a colleague who works in this program.") % {
                "name": pair.coordinator.name
            }
        return ""

    def room(self, pair):
        """As for every beginning: a mentor takes so many, a mentee one, and who has a paused match begins no other."""
        mentor, mentee = pair.mentor, pair.mentee
        there = len(self.elsewhere[mentor.pk]) + self.taken[mentor.pk]
        if there >= mentor.capacity:
            return is_full(mentor, there)
        if self.program.one_to_one and (self.elsewhere[mentee.pk] or self.taken[mentee.pk]):
            return _("%(name)s has an open match.") % {"name": mentee.person.first_name}
        if any(state == Match.State.PAUSED for _match, state in self.elsewhere[mentor.pk]):
            return _("%(name)s has a match that is paused. It comes first.") % {"name": mentor.person.first_name}
        if mentor.pk in self.held:
            return _("This match cannot begin yet. Ask the program's leadership.")
        return ""


def proposed_among(participants):
    """Who is proposed to whom: a set of members for each proposed match that any of these is in."""
    theirs = Member.objects.filter(participant__in=participants, match__state=Match.State.PROPOSED).values("match")
    found = defaultdict(set)
    for match, one in Member.objects.filter(match__in=theirs).values_list("match_id", "participant_id"):
        found[match].add(one)
    return list(found.values())


def said(day):
    return date_format(day, "j F Y")
