"""Letting a proposed match be asked about: all of a round at once, or one by one, as a coordinator chooses."""

from dataclasses import dataclass, field

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from rapport.audit.actions import record, record_many
from rapport.core.refused import Refused
from rapport.matches.actions import NewMatch, propose, set_aside
from rapport.matches.models import Match, Member
from rapport.matches.questions import Readiness
from rapport.matching.actions.advancing import (
    CAME_TO_NOTHING,
    ask,
    hold,
    row_of,
    rows_now,
)
from rapport.matching.gathering import apart, not_to_be_shown
from rapport.matching.models import Proposal
from rapport.matching.proposals.turns import seats, turn_rules
from rapport.outbox.actions import Outgoing, queue_many
from rapport.people.models import Participant
from rapport.programs import profiles
from rapport.programs.models import Program

BATCH = 500
State = Proposal.State


class CannotBeAsked(Refused):
    """Nobody is asked about this match now; the sentence says what comes first."""

    sentence = lazy("This pair cannot be asked now. Look at it again.")


class NoRoom(Refused):
    """The mentor's places are taken, or the mentee is asked about somebody already."""

    sentence = lazy("There is no free place: somebody in it is asked about another match, or is in one.")


@dataclass
class Released:
    """What came of letting matches go: those asked about now, and why each other was not."""

    asked: list = field(default_factory=list)
    held: dict = field(default_factory=dict)  # match -> sentence


@transaction.atomic
def release(matches, *, by, at) -> Released:
    """Let these proposed matches of one program be asked about: the first turn of each is asked now.

    Matches and people are locked, and places counted again under the lock: fifty coordinators at once never ask about
    more matches than a mentor has places for. A match that is asked about already is left as it is, and so is one
    between whose people something stands. Sets, however many they are.
    """
    matches = kept_still(matches)
    if not matches:
        return Released()
    program, told = matches[0].program, Released()
    places = Places(matches, program)
    barred = what_bars(matches, program, at)
    for match in matches:
        words = barred.get(match.pk) or places.take(match)
        if words:
            told.held[match] = str(words)
        else:
            told.asked.append(match)
    ask_first(told.asked, program, at=at)
    record_many("match.released", about=told.asked, by=by, at=at)
    return told


def kept_still(matches):
    """Those of these that are proposed and not asked about yet, locked in one order, with their people."""
    pks = [match.pk for match in matches]
    asked = Exists(Proposal.objects.filter(match=OuterRef("pk")))
    there = Match.objects.select_for_update(of=("self",)).filter(pk__in=pks, state=Match.State.PROPOSED).order_by("pk")
    still = list(there.values_list("pk", flat=True))
    people = Member.objects.filter(match__in=still).values("participant")
    list(Participant.objects.select_for_update().filter(pk__in=people).order_by("pk").values("pk"))
    left = Match.objects.filter(pk__in=still).filter(~asked).order_by("pk")
    return list(left.select_related("program", "coordinator", "site").with_people())


class Places:
    """How many places each of these people has left, counting open matches and those asked about."""

    def __init__(self, matches, program):
        people = [one for match in matches for one in [*match.mentors, *match.mentees]]
        self.program, self.is_open_end = program, profiles.many_at_once(program)
        asked = Exists(Proposal.objects.filter(match=OuterRef("match")))
        theirs = Member.objects.filter(participant__in=[one.pk for one in people])
        taken = theirs.filter(match__state__in=Match.OPEN) | theirs.filter(asked, match__state=Match.State.PROPOSED)
        self.taken: dict = {}
        for pk in taken.values_list("participant_id", flat=True):
            self.taken[pk] = self.taken.get(pk, 0) + 1

    def take(self, match):
        """Take the places of one match; a sentence where there are none left."""
        if self.is_open_end:
            return ""
        for one in match.mentors:
            if self.taken.get(one.pk, 0) >= one.capacity:
                return _("%(name)s has no free place.") % {"name": one.person.first_name}
        for one in match.mentees:
            if self.program.one_to_one and self.taken.get(one.pk, 0):
                return _("%(name)s is in another match, or asked about one.") % {"name": one.person.first_name}
        for one in [*match.mentors, *match.mentees]:
            self.taken[one.pk] = self.taken.get(one.pk, 0) + 1
        return ""


def what_bars(matches, program, at) -> dict:
    """{match id: why nobody is asked about it}, in the words in which a match says why it cannot begin: somebody left
    or is not to be matched, a restriction, their ages, another match that rests; and whoever may not be shown."""
    people = [one for match in matches for one in [*match.mentors, *match.mentees]]
    fine = set(Match.objects.filter(pk__in=[match.pk for match in matches]).unhindered(at).values_list("pk", flat=True))
    unshown, readiness = not_to_be_shown(people, program, at), Readiness(matches, at)
    parts = (
        readiness.left, readiness.not_the_place, readiness.apart, readiness.not_together, readiness.ages,
        readiness.waits,
    )  # fmt: skip
    found: dict = {}
    for match in matches:
        hidden = [one for one in [*match.mentors, *match.mentees] if one.person_id in unshown]
        if lacks := [lack for part in parts for lack in part(match)]:
            found[match.pk] = lacks[0].sentence
        elif match.pk not in fine:
            found[match.pk] = CannotBeAsked.sentence
        elif hidden:
            words = _("First name and interests of %(name)s may not be shared.")
            found[match.pk] = words % {"name": hidden[0].person.first_name}
    return found


def ask_first(matches, program, *, at):
    """Write who is asked about each of these, and ask the first turn."""
    held = seats(matches, at) if matches else {}
    rows = [(match, row_of(match, seat, at)) for match in matches for seat in held[match.pk]]
    Proposal.objects.bulk_create([row for _match, row in rows], batch_size=BATCH)
    order = [rule.party for rule in turn_rules(program)]
    first = {match.pk: next(p for p in order if any(s.party == p for s in held[match.pk])) for match in matches}
    ask([(match, row) for match, row in rows if row.party == first[match.pk]], at=at)


@transaction.atomic
def ask_again(match, *, by, at):
    """Ask those anew who did not answer in time, or whose letter reached somebody else, as a person decides.

    Raises DecidedMeanwhile, CannotBeAsked.
    """
    hold(match)
    late = [row for row in rows_now(match, at) if row.may_be_asked_again]
    if not late or what_bars([match], match.program, at):
        raise CannotBeAsked(match)
    Proposal.objects.filter(pk__in=[row.pk for row in late]).update(closed_at=None)
    ask([(match, row) for row in late], at=at)
    record("match.asked-again", about=match, by=by, at=at)


@transaction.atomic
def let_go(match, *, words="", by, at):
    """Let a proposal go. Whoever had said yes, or was still asked, reads that it did not come about, and never why.

    Raises matches.actions.AlreadyBegun, NotAllowedNow.
    """
    set_aside(match, words=words, by=by, at=at)
    rows = match.asked_about.filter(closed_at=None)
    told = list(rows.filter(state__in=[State.YES, State.MORE, State.ASKED]).select_related("person"))
    rows.filter(state__in=[State.ASKED, State.WAITING]).update(state=State.WITHDRAWN)
    letters = [Outgoing(to=row.person, about=row, key=f"proposal:{row.ref}:over") for row in told if row.by_letter]
    queue_many(CAME_TO_NOTHING, letters, program=match.program, at=at)


@transaction.atomic
def release_next(match, *, mentor, by, at) -> Match:
    """Let a proposal go and let the mentee be asked about another mentor, whom a person chose. Never by itself.

    The mentor's places are counted again under the lock. Raises NoRoom, CannotBeAsked, and what `propose` and
    `let_go` raise; then nothing is changed.
    """
    mentees = match.mentees
    let_go(match, by=by, at=at)
    program = Program.objects.select_for_update(no_key=True).get(pk=match.program_id)
    if apart(mentees, [mentor], program, at):
        raise CannotBeAsked(match)
    row = NewMatch([mentor], mentees, coordinator=match.coordinator, site=match.site)
    new = propose([row], program=program, by=by, at=at)[0]
    told = release([new], by=by, at=at)
    if not told.asked:
        raise NoRoom(match, next(iter(told.held.values()), None))
    return told.asked[0]
