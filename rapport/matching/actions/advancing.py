"""From one turn to the next: whoever is next is asked, and the last yes lets the match begin, if nothing is missing."""

from datetime import timedelta

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from rapport.audit.actions import record, record_many
from rapport.core.months import day_in, moment
from rapport.core.refused import Refused
from rapport.matches.actions import begin, tick_codes
from rapport.matches.actions.points import untick
from rapport.matches.models import Match, Point
from rapport.matching.models import Proposal
from rapport.matching.proposals import calls
from rapport.matching.proposals.turns import seats, turn_rules, turns_of
from rapport.outbox.actions import Outgoing, queue_many
from rapport.outbox.questions import reachable

LETTER, NEW_LINK, CAME_TO_NOTHING = "matching/proposal", "matching/proposal-link", "matching/came-to-nothing"
SAID_YES = "said-yes"  # the point that all who are asked said yes
State = Proposal.State


class DecidedMeanwhile(Refused):
    """The match has begun, or was let go."""

    sentence = lazy("This was settled meanwhile. Nothing was changed by it.")


def hold(match):
    """Keep a proposed match as it is until this is written. Raises DecidedMeanwhile."""
    there = Match.objects.select_for_update().filter(pk=match.pk, state=Match.State.PROPOSED)
    if not there.exists():
        raise DecidedMeanwhile(match)
    match.state = Match.State.PROPOSED


def held_row(proposal):
    """The proposal as it stands, held until this is written, with its match at hand as it was."""
    row = Proposal.objects.select_for_update(of=("self",)).select_related("person", "child").get(pk=proposal.pk)
    row.match = proposal.match
    return row


def rows_now(match, at) -> list:
    """The proposals of those whose yes counts now: whoever came meanwhile gets one, whoever no longer stands for a
    child is left out."""
    held = seats([match], at)[match.pk]
    rows = {(row.party, row.person_id): row for row in match.asked_about.select_related("person", "child")}
    new = [row_of(match, seat, at) for seat in held if seat.key not in rows]
    if new:
        Proposal.objects.bulk_create(new, ignore_conflicts=True)
        rows = {(row.party, row.person_id): row for row in match.asked_about.select_related("person", "child")}
    return [rows[seat.key] for seat in held if seat.key in rows]


def row_of(match, seat, at):
    return Proposal(
        program_id=match.program_id, match=match, person=seat.person, party=seat.party, child=seat.child, made_at=at
    )


def advance(match, *, by, at):
    """Ask whoever is next, or let the match begin: its turns are looked at in their order. The match is held."""
    for turn in turns_of(match, rows_now(match, at), at):
        if turn.is_over:
            return
        if turn.is_done:
            continue
        ask([(match, row) for row in turn.rows if row.state in Proposal.TO_ASK], at=at)
        if turn.unspoken:
            calls.call([(match, child) for child in turn.unspoken], calls.NOBODY, cause="", at=at)
        return
    let_begin(match, by=by, at=at)


def ask(pairs, *, at):
    """Ask these (match, proposal): by letter where one reaches them, else a person does it, on paper or in a talk.

    A young person is written to only where nobody else reads. Sets, however many they are.
    """
    if not pairs:
        return
    program = pairs[0][0].program
    places = reachable([row.person for _match, row in pairs], program=program, at=at)
    days = {rule.party: rule.days for rule in turn_rules(program)}
    for _match, row in pairs:
        row.state, row.asked_at, row.by_letter = State.ASKED, at, bool(places[row.person_id])
        row.expires_at = until(program, at, days[row.party])
    Proposal.objects.bulk_update(
        [row for _match, row in pairs], ["state", "asked_at", "by_letter", "expires_at"], batch_size=500
    )
    record_many("proposal.asked", about=[row for _match, row in pairs], by=None, at=at)
    queue_many(LETTER, [letter(row, at) for _match, row in pairs if row.by_letter], program=program, at=at)
    unreached = [(match, row.person) for match, row in pairs if not row.by_letter]
    calls.call(unreached, calls.PAPER, cause=f"{at:%Y%m%d%H%M%S}", at=at)


def letter(row, at):
    return Outgoing(to=row.person, about=row, key=f"proposal:{row.ref}:{at:%Y%m%d%H%M%S}")


def until(program, at, days):
    """The end of the day up to which it is theirs to answer."""
    return moment(day_in(at, program.zone) + timedelta(days=days), calls.END_OF_DAY, program.zone)


def stop(match):
    """A no: nobody else is asked."""
    match.asked_about.filter(state=State.ASKED).update(state=State.WITHDRAWN)


def ask_nobody_after(match, party, *, at):
    """Where a turn stands open again, whoever comes after it is asked no longer: no child about somebody who has not
    said yes. They are asked again when it is their turn. The match is held."""
    turns = turns_of(match, rows_now(match, at), at)
    parties = [turn.rule.party for turn in turns]
    if party in parties and not turns[parties.index(party)].is_done:
        later = parties[parties.index(party) + 1 :]
        match.asked_about.filter(state=State.ASKED, party__in=later).update(state=State.WITHDRAWN)


def no_longer_all(match, *, by, at):
    """Where somebody took a yes back that is needed, the point that all said yes is no longer ticked."""
    if not all(turn.is_done for turn in turns_of(match, rows_now(match, at), at)):
        untick(match.points.filter(moment=Point.Moment.BEGIN, code=SAID_YES), by=by, at=at)


def let_begin(match, *, by, at):
    """All said yes: that is ticked, and they begin if every point and gate is met; else somebody looks at what is
    missing. Returns whether they began."""
    words = str(_("Each side was asked and said yes."))
    tick_codes(match, moment=Point.Moment.BEGIN, words_by_code={SAID_YES: words}, by=by, at=at)
    record("match.all-said-yes", about=match, by=by, at=at)
    try:
        with transaction.atomic():
            begin(match, by=by, at=at)
    except Refused:
        today = f"{day_in(at, match.program.zone):%Y%m%d}"
        calls.call([(match, match.mentees[0].person)], calls.ALL_YES, cause=today, at=at)
        return False
    return True
