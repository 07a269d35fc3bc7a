"""From two people to a proposed match: propose, name a coordinator, set aside."""

from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from rapport.audit.actions import record, record_many
from rapport.core.months import day_in
from rapport.core.refused import Refused
from rapport.matches.actions.beginning import AlreadyBegun
from rapport.matches.actions.moving import NotAllowedNow, move, user_of
from rapport.matches.actions.phases import Why, write_steps
from rapport.matches.actions.points import lay_points
from rapport.matches.models import Change, Match, Member
from rapport.matches.questions import MENTEE, MENTOR, NOT_TOGETHER
from rapport.people.colleagues import Colleagues
from rapport.people.models import Declared, Participant

BATCH = 500


class NotAPair(Refused):
    """These people do not make a match of this program."""

    sentence = _("A match needs a mentor and a mentee of this program, and they cannot be the same person.")


class AlreadyProposed(Refused):
    """These people are proposed to each other, or together, already."""

    sentence = _("These people are in a match together already, or one is proposed.")


class NotToBeMatched(Refused):
    """It was declared that a mentor and a mentee among them are not to be matched."""

    sentence = NOT_TOGETHER


class CannotCoordinate(Refused):
    """This user cannot look after this match."""

    sentence = _(
        "This person cannot coordinate this match: they have no desk here, or it is about them, their family or"
        " somebody a rule keeps them from. Choose another colleague."
    )


@dataclass(frozen=True)
class NewMatch:
    """A match to be: participants of both sides, who coordinates, where they meet."""

    mentors: list
    mentees: list
    coordinator: Any = None
    site: Any = None

    @property
    def people(self):
        return [*self.mentors, *self.mentees]


@transaction.atomic
def propose(rows, *, program, by, at) -> list[Match]:
    """Propose these matches, with the points that the program asks for. Returns them in order.

    Raises NotAPair, NotToBeMatched, AlreadyProposed, CannotCoordinate; then none of them is proposed.
    """
    made = []
    rows = list(rows)
    for start in range(0, len(rows), BATCH):
        made += propose_batch(rows[start : start + BATCH], program, by=by, at=at)
    return made


def propose_batch(rows, program, *, by, at):
    check_pairs(rows, program, at)
    matches = Match.objects.bulk_create([match_of(row, program, at) for row in rows])
    for match in matches:
        match.program = program
    Member.objects.bulk_create(
        Member(program=program, match=match, participant=one, side=one.side)
        for match, row in zip(matches, rows, strict=True)
        for one in row.people
    )
    state = Match.State.PROPOSED
    Change.objects.bulk_create(Change(program=program, match=m, state=state, at=at, by=user_of(by)) for m in matches)
    lay_points(matches, at=at)
    write_steps(matches, Match.Phase.GETTING_READY, why=Why.PROPOSED, days={}, by=by, at=at)
    record_many("match.proposed", about=matches, by=by, at=at)
    return matches


def match_of(row, program, at):
    site_id = row.site.pk if row.site else next((one.site_id for one in row.mentees if one.site_id), None)
    return Match(program=program, site_id=site_id, coordinator=row.coordinator, proposed_at=at)


def check_pairs(rows, program, at):
    """Both sides there, in this program, nobody twice; not kept apart; not together already; a coordinator who may.

    The participants are locked, so that a double click proposes once.
    """
    for row in rows:
        people = {one.person_id for one in row.people}
        sides = all(one.side == MENTOR for one in row.mentors) and all(one.side == MENTEE for one in row.mentees)
        ours = all(one.program_id == program.pk and not has_left(one, at) for one in row.people)
        if not (row.mentors and row.mentees and sides and ours and len(people) == len(row.people)):
            raise NotAPair(row)
    everybody = {one.pk for row in rows for one in row.people}
    list(Participant.objects.select_for_update().filter(pk__in=everybody).order_by("pk").values("pk"))
    require_no_conflict(rows, program, day_in(at, program.zone))
    together = sets_together(everybody)
    wanted = [frozenset(one.pk for one in row.people) for row in rows]
    if len(set(wanted)) < len(wanted) or together & set(wanted):
        raise AlreadyProposed(rows)
    check_coordinators([(row.coordinator, row.people) for row in rows if row.coordinator], program, at)


def require_no_conflict(rows, program, on):
    """Nobody is proposed whom a declared conflict keeps from the other side. Raises NotToBeMatched."""
    declared = Declared({one.person_id for row in rows for one in row.people})
    for row in rows:
        mentors, mentees = ({one.person_id for one in side} for side in (row.mentors, row.mentees))
        if declared.between(mentors, mentees, program, on):
            raise NotToBeMatched(row)


def has_left(participant, at):
    return participant.left_at is not None and participant.left_at <= at


def sets_together(participants):
    """Who is in a living match with whom: a set of members for each match that any of these is in."""
    theirs = Member.objects.filter(participant__in=participants, match__state__in=Match.ALIVE).values("match")
    found = {}
    for match, one in Member.objects.filter(match__in=theirs).values_list("match_id", "participant_id"):
        found.setdefault(match, set()).add(one)
    return {frozenset(members) for members in found.values()}


def check_coordinators(pairs, program, at):
    """Each works here and is near to nobody in it: no match of their own, nor of a child of theirs.

    Raises CannotCoordinate.
    """
    colleagues = Colleagues({user.pk for user, _people in pairs}, {program.pk}, at)
    for user, people in pairs:
        if not colleagues.may(user.pk, program.pk, [one.person_id for one in people]):
            raise CannotCoordinate(user)


@transaction.atomic
def assign(matches, *, coordinator, by, at):
    """Name who coordinates these. Returns how many changed. Raises CannotCoordinate; then none is changed."""
    matches = [matches] if isinstance(matches, Match) else list(matches)
    places = Member.objects.filter(match__in=[match.pk for match in matches]).select_related("participant")
    people = {}
    for place in places:
        people.setdefault(place.match_id, []).append(place.participant)
    for program in {match.program for match in matches}:
        theirs = [match for match in matches if match.program_id == program.pk]
        check_coordinators([(coordinator, people.get(match.pk, [])) for match in theirs], program, at)
    open_ = Match.objects.filter(pk__in=[match.pk for match in matches], state__in=Match.ALIVE)
    changed = list(open_.exclude(coordinator=coordinator).select_for_update())
    Match.objects.filter(pk__in=[match.pk for match in changed]).update(coordinator=coordinator)
    record_many("match.assigned", about=changed, by=by, at=at, coordinator=coordinator.pk)
    for match in matches:
        match.coordinator = coordinator
    return len(changed)


@transaction.atomic
def set_aside(match, *, words="", by, at):
    """Let a proposal go, never counted as an ending; said twice is once. Raises AlreadyBegun."""
    if move(match, to=Match.State.NOT_BEGUN, only_from=[Match.State.PROPOSED], by=by, at=at, words=words):
        record("match.set-aside", about=match, by=by, at=at)
        return
    if Match.objects.filter(pk=match.pk, state=Match.State.NOT_BEGUN).exists():
        raise NotAllowedNow(match, _("This proposal was set aside already."))
    raise AlreadyBegun(match)
