"""Whose turn it is to say yes to a proposed match, and how each turn stands.

The order is data of the program. Where children may be, it is the mentor first, then whoever stands for a child, then
the mentee: no child is asked about somebody who has not said yes (requirements S3-08, S2-19).
"""

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from rapport.matches.agreement import guardians_of, signs_as_child, zones_of
from rapport.matches.clauses import of_profile
from rapport.matches.models import Match
from rapport.matching.models import Party, Proposal, TurnRule
from rapport.programs import profiles

State = Proposal.State
CHILDREN_LAST = [Party.MENTOR, Party.GUARDIAN, Party.MENTEE]


def wrong_turn(row):
    """What is wrong with one turn of a program's file: (key, sentence)."""
    if row.get("days") == 0:
        yield "days", _("days: a turn lasts a day at least")
    shows = row.get("shows", [])
    if not isinstance(shows, list) or not all(isinstance(one, str) and one.strip() for one in shows):
        yield "shows", _("shows: list what is shown of the other, in quotes")


@dataclass(frozen=True)
class Seat:
    """Whose yes is asked for: as whom, and of a guardian for which child."""

    party: str
    person: Any
    child: Any = None

    @property
    def key(self):
        return self.party, self.person.pk


def turn_rules(program) -> list:
    """The turns of a program in their order; one of before has those of its profile. Read once for each program."""
    if not hasattr(program, "_turns"):
        program._turns = turns_in(program)
    return program._turns


def turns_in(program):
    rows = list(program.turn_rules.all())
    rows = rows or [TurnRule(program=program, **row) for row in of_profile(program, "turn")]
    if program.adults_only:
        return [row for row in rows if row.party != Party.GUARDIAN]
    told = {row.party: row for row in rows}
    pattern = {row["party"]: row for row in of_pattern()}
    return [told.get(party) or TurnRule(program=program, **pattern[party]) for party in CHILDREN_LAST]


def of_pattern():
    """The turns that hold where children may be and a program is silent on one of them."""
    return profiles.kept(profiles.PATTERN)["turn"]


def seats(matches, at) -> dict:
    """{match id: [Seat]} of everybody whose yes is asked for, from what `with_people` brought. Two queries."""
    young = {
        one.person_id: one.person
        for match in matches
        for one in [*match.mentors, *match.mentees]
        if signs_as_child(one, match, at)
    }
    adults = guardians_of(set(young), at, zones_of(matches)) if young else {}
    return {match.pk: list(seats_of(match, young, adults)) for match in matches}


def seats_of(match, young, adults):
    yield from (Seat(Party.MENTOR, one.person) for one in match.mentors)
    for one in [*match.mentors, *match.mentees]:
        if one.person_id in young:
            yield from (Seat(Party.GUARDIAN, adult, one.person) for adult in adults[one.person_id, match.program.zone])
    yield from (Seat(Party.MENTEE, one.person) for one in match.mentees)


def children_in(match, at):
    """The persons of a match for whom a guardian is asked."""
    return [one.person for one in [*match.mentors, *match.mentees] if signs_as_child(one, match, at)]


@dataclass(frozen=True)
class Turn:
    """One turn of one match: its rule and the proposals in it."""

    rule: TurnRule
    rows: list
    children: tuple = ()

    @property
    def groups(self):
        """Those whose answers count together: each one alone, guardians of one child as the rule has it."""
        found = defaultdict(list)
        for row in self.rows:
            found[row.child_id if row.party == Party.GUARDIAN else row.person_id].append(row)
        return found

    @property
    def needs_one(self):
        return self.rule.party == Party.GUARDIAN and self.rule.needs == TurnRule.Needs.ONE

    @property
    def unspoken(self):
        """Children for whom nobody may say yes."""
        spoken = {row.child_id for row in self.rows}
        return [child for child in self.children if child.pk not in spoken]

    @property
    def is_said_no(self):
        return any(row.state == State.DECLINED for row in self.rows)

    @property
    def is_done(self):
        """All that is needed said yes, and nobody said no."""
        if self.is_said_no or self.unspoken:
            return False
        enough = any if self.needs_one else all
        return all(enough(row.state == State.YES for row in rows) for rows in self.groups.values())

    @property
    def is_over(self):
        """A no, or nobody is left who could say the yes that is needed."""
        gone = all if self.needs_one else any
        return self.is_said_no or any(gone(row.state == State.EXPIRED for row in rows) for rows in self.groups.values())


def turns_of(match, rows, at) -> list[Turn]:
    """The turns of a match that has somebody in them, in their order."""
    found = []
    for rule in turn_rules(match.program):
        theirs = [row for row in rows if row.party == rule.party]
        children = tuple(children_in(match, at)) if rule.party == Party.GUARDIAN else ()
        if theirs or children:
            found.append(Turn(rule, theirs, children))
    return found


def with_matches(proposals) -> list:
    """These proposals with all that a page or a rule reads of their match, in a fixed number of queries."""
    rows = list(proposals.select_related("program", "person", "child", "taken_by"))
    matches = Match.objects.filter(pk__in={one.match_id for one in rows})
    found = {one.pk: one for one in matches.select_related("program", "coordinator", "site").with_people()}
    programs = {match.program_id: match.program for match in found.values()}
    for one in rows:
        one.match = found[one.match_id]
        one.program = one.match.program = programs[one.program_id]
    return rows


def still_theirs(proposal, at) -> bool:
    """Whether whoever was asked may know of this match, and is still one of those whose yes is asked for."""
    match = proposal.match
    known = Match.objects.known_to(proposal.person_id, at).filter(pk=match.pk)
    if proposal.closed_at is not None or not known.exists():
        return False
    gone = {one.person_id for one in [*match.mentors, *match.mentees] if one.left_at and one.left_at <= at}
    here = {seat.key for seat in seats([match], at)[match.pk] if seat.person.pk not in gone}
    return (proposal.party, proposal.person_id) in here


def may_change(proposal, rows, at) -> bool:
    """Whether an answer by link still counts: asked, and nobody after them was asked since."""
    if proposal.match.state != Match.State.PROPOSED or proposal.state not in (State.ASKED, *Proposal.ANSWERED):
        return False
    order = [rule.party for rule in turn_rules(proposal.match.program)]
    mine = order.index(proposal.party) if proposal.party in order else len(order)
    later = [row for row in rows if row.party in order and order.index(row.party) > mine]
    return not any(row.asked_at and row.asked_at >= proposal.asked_at for row in later)
