"""Who signs the agreement of a match, who has, and since when it holds.

Who must sign is data of the program. A guardian counts while they stand for the child, may consent and are not kept
away: one whom that no longer holds for is neither asked nor counted, and nothing is said about it.
"""

from collections import defaultdict
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import Exists, Min, OuterRef, Q

from rapport.core.months import day_in
from rapport.matches.clauses import signer_rules
from rapport.matches.models import Agreement, Match, Signature, SignedBy, SignerRule
from rapport.people.models import Guardianship, Participant, Restriction

ONE = SignerRule.Needs.ONE


@dataclass(frozen=True)
class Seat:
    """Somebody's place under an agreement: in which role, and of a guardian for which child."""

    party: str
    person: Any
    child: Any = None

    @property
    def role(self):
        return SignedBy(self.party).label


@dataclass(frozen=True)
class Missing:
    """A signature that is not there. `people`: who could give it (empty: nobody can, or the program itself)."""

    party: str
    people: tuple
    child: Any = None
    said_no: bool = False
    is_with_a_colleague: bool = False

    @property
    def role(self):
        return SignedBy(self.party).label

    def without(self, away):
        """The same for a reader who is kept away from these: neither who they are, nor whether they answered."""
        people = tuple(one for one in self.people if one.pk not in away)
        if len(people) == len(self.people):
            return self
        return replace(self, people=people, said_no=self.said_no and bool(people), is_with_a_colleague=not people)


def signed_on(matches) -> dict:
    """{match id: the day from which they first had an agreement}, of those that have one. One query.

    A list of pairs from before Rapport may bring that day along.
    """
    found = {match.pk: match.agreed_on for match in matches if match.agreed_on}
    rows = Agreement.objects.filter(match__in=[match.pk for match in matches], signed_on__isnull=False)
    for match, day in rows.values_list("match").annotate(first=Min("signed_on")).order_by():
        found[match] = min(day, found.get(match, day))
    return found


def seats(matches, at) -> dict:
    """{match id: [Seat]} of everybody who is asked to sign, from what `with_people` brought. Three queries."""
    rules = signer_rules({match.program for match in matches})
    young = {
        one.person_id: one.person
        for match in matches
        for one in [*match.mentees, *match.mentors]
        if signs_as_child(one, match, at)
    }
    guardians = guardians_of(set(young), at, zones_of(matches))
    return {match.pk: list(seats_of(match, rules[match.program_id], guardians, young)) for match in matches}


def zones_of(matches):
    return {match.program.zone for match in matches}


def signs_as_child(one, match, at) -> bool:
    """Whether a guardian signs, too, and somebody reads it with them. A mentor without a birth date is a grown-up whose
    date nobody wrote down: pupils who mentor pupils come in with theirs."""
    if one.side == Participant.Side.MENTOR and one.person.born_on is None:
        return False
    return one.person.counts_as_child(match.program, day_in(at, match.program.zone))


def seats_of(match, rules, guardians, young):
    for party, people in ((SignedBy.MENTOR, match.mentors), (SignedBy.MENTEE, match.mentees)):
        if party in rules:
            yield from (Seat(party, one.person) for one in people)
    if SignedBy.GUARDIAN in rules:
        zone = match.program.zone
        for one in [*match.mentees, *match.mentors]:
            if one.person_id in young:
                yield from (Seat(SignedBy.GUARDIAN, adult, one.person) for adult in guardians[one.person_id, zone])


def guardians_of(children, at, zones):
    """{(child id, zone): [adult]} of those who may consent on the day that it is there, and are not kept away from the
    child."""
    found = defaultdict(list)
    days = [(zone, day_in(at, zone)) for zone in zones]
    rows = Guardianship.objects.living_somewhere(at).filter(child__in=children, consents=True)
    away = set(Restriction.objects.live_at(at).filter(subject__in=children).values_list("subject", "kept_away"))
    for row in rows.select_related("adult", "child").order_by("pk"):
        if (row.child_id, row.adult_id) not in away:
            for zone, on in days:
                if row.is_living(on):
                    found[row.child_id, zone].append(row.adult)
    return found


def seats_held(agreement, at) -> list[Seat]:
    """The same of one version, whose match brings its people along."""
    return seats([agreement.match], at)[agreement.match_id]


def lacking(agreements, at) -> dict:
    """{agreement id: [Missing]} in words' order: what is not there yet, or was answered with a no. Four queries."""
    matches = [one.match for one in agreements]
    held, rules = seats(matches, at), signer_rules({match.program for match in matches})
    said: dict = defaultdict(dict)
    words = Signature.objects.counted().filter(agreement__in=[one.pk for one in agreements]).order_by("pk")
    for row in words:
        said[row.agreement_id][row.party, row.person_id] = row.is_yes
    return {
        one.pk: lacking_of(one, held[one.match_id], rules[one.match.program_id], said[one.pk], at) for one in agreements
    }


def lacking_of(agreement, held, rules, said, at):
    found = []
    for seat in held:
        answer = said.get((seat.party, seat.person.pk))
        if answer is False or (answer is None and seat.party != SignedBy.GUARDIAN):
            found.append(Missing(seat.party, (seat.person,), seat.child, said_no=answer is False))
    if SignedBy.GUARDIAN in rules:
        found += guardians_missing(agreement.match, held, rules, said, at)
    if SignedBy.COORDINATOR in rules and not said.get((SignedBy.COORDINATOR, None)):
        found.append(Missing(SignedBy.COORDINATOR, ()))
    return found


def guardians_missing(match, held, rules, said, at):
    """For each child: one guardian's yes, or each one's, as the program has it. A no was told already."""
    for one in [*match.mentees, *match.mentors]:
        if not signs_as_child(one, match, at):
            continue
        adults = [seat.person for seat in held if seat.party == SignedBy.GUARDIAN and seat.child == one.person]
        answers = {adult: said.get((SignedBy.GUARDIAN, adult.pk)) for adult in adults}
        silent = tuple(adult for adult, answer in answers.items() if answer is None)
        if rules[SignedBy.GUARDIAN] == ONE and True in answers.values():
            continue
        if silent and rules[SignedBy.GUARDIAN] != ONE:
            yield from (Missing(SignedBy.GUARDIAN, (adult,), one.person) for adult in silent)
        elif silent or not adults:
            yield Missing(SignedBy.GUARDIAN, silent, one.person)


def still_theirs(ask, at) -> bool:
    """Whether whoever was asked may still read and answer: they may know of this match, and have their seat."""
    known = Match.objects.filter(state__in=Match.ALIVE).known_to(ask.person_id, at)
    if not known.filter(pk=ask.agreement.match_id).exists():
        return False
    return any(seat.party == ask.party and seat.person.pk == ask.person_id for seat in seats_held(ask.agreement, at))


def sign_by(match):
    """The day by which all were to sign: so long after their first day; None while it is not known."""
    return match.counted_from + match.program.limit("agreement-within") if match.begun_on else None


def without_one(matches, program, today):
    """Of these, open pairs past that day for which nothing is signed or out for signature, as a query."""
    last_day = today - program.limit("agreement-within")
    if not signer_rules([program])[program.pk] or last_day < program.using_since_on:
        return Match.objects.none()
    came = Q(counts_from_on=None) | Q(counts_from_on__lte=last_day)
    sent = Agreement.objects.standing().filter(match=OuterRef("pk"))
    late = matches.filter(came, state__in=Match.OPEN, awaits_checks=False, begun_on__lte=last_day)
    return late.filter(~Exists(sent)).select_related("program", "coordinator").with_people()
