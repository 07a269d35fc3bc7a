"""What the pages of proposals show: who waits on whom, since when, until when, and what is to be done now."""

from dataclasses import dataclass, field
from typing import Any

from django.db.models import Exists, OuterRef

from rapport.access.rights import Right
from rapport.core import places
from rapport.matches.models import Match
from rapport.matches.questions import Lack, lacks_for
from rapport.matching.models import Proposal
from rapport.matching.proposals.turns import turns_of
from rapport.people.models import kept_from

PAGE = 50
State = Proposal.State


@dataclass
class Standing:
    """How one proposed match stands with those who are asked about it, to a reader who is kept away from some."""

    match: Any
    turns: list
    lacks: list[Lack] = field(default_factory=list)
    kept_from: frozenset = frozenset()

    @property
    def rows(self):
        return [row for turn in self.turns for row in turn.rows]

    @property
    def is_unasked(self):
        return not any(row.asked_at for row in self.rows)

    @property
    def shown(self):
        """Each turn with those of it whom the reader may know of."""
        return [(turn, [row for row in turn.rows if row.person_id not in self.kept_from]) for turn in self.turns]

    @property
    def waits_on(self):
        """Those who are asked just now."""
        return [row for _turn, rows in self.shown for row in rows if row.state == State.ASKED]

    @property
    def stuck(self):
        """Those with whom somebody of staff has to do something now."""
        return [row for _turn, rows in self.shown for row in rows if row.state in Proposal.STUCK]

    @property
    def is_with_a_colleague(self):
        """Somebody is asked, or said something, from whom the reader is kept away."""
        return any(row.person_id in self.kept_from for row in self.rows)

    @property
    def is_over(self):
        return any(turn.is_over for turn in self.turns)

    @property
    def may_ask_again(self):
        return any(row.may_be_asked_again for row in self.rows)

    @property
    def said_yes(self):
        """All said yes; what is missing before they begin is in `lacks`."""
        return bool(self.turns) and all(turn.is_done for turn in self.turns)


def reached(user, program):
    """Proposed matches of this program that this user looks after."""
    seen = Match.objects.visible_to(user, Right.MATCH_EDIT).filter(program=program)
    return seen.filter(state=Match.State.PROPOSED)


def of_kind(matches):
    """The same by what is to be done with them: not asked about yet, somebody's to act on, and those that wait."""
    asked = Proposal.objects.filter(match=OuterRef("pk"))
    stuck = Exists(asked.stuck())
    return {
        "unasked": matches.filter(~Exists(asked)),
        "stuck": matches.filter(stuck),
        "waiting": matches.filter(Exists(asked.filter(state=State.ASKED))).exclude(stuck),
        "yes": matches.filter(Exists(asked)).exclude(stuck).exclude(Exists(asked.filter(state=State.ASKED))),
    }


def page_of(matches, after, user, at):
    """So many of these matches, oldest first, each with how it stands; and the address of the next."""
    rows = matches.select_related("program", "coordinator", "site").with_people().order_by("pk")
    if after:
        rows = rows.filter(pk__gt=after)
    found, more = places.cut(rows, PAGE)
    return standings(found, user, at), more


def standings(matches, user, at) -> list[Standing]:
    """How each of these stands as this user may know it, in a fixed number of queries."""
    rows: dict = {}
    asked = Proposal.objects.filter(match__in=[match.pk for match in matches])
    for row in asked.select_related("person", "child", "taken_by").order_by("pk"):
        rows.setdefault(row.match_id, []).append(row)
    program = {match.program_id: match.program for match in matches}
    for match in matches:
        match.program = program[match.program_id]
    away = frozenset(kept_from(user, at))
    found = [Standing(match, turns_of(match, rows.get(match.pk, []), at), kept_from=away) for match in matches]
    all_yes = [one for one in found if one.said_yes]
    lacks = lacks_for([one.match for one in all_yes], at) if all_yes else {}
    for one in all_yes:
        one.lacks = lacks[one.match.pk]
    return found
