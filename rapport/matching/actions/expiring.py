"""Nobody answers for ever: what was not answered in time goes back to a person. Nobody is reminded."""

from django.db import transaction

from rapport.audit.actions import record_many
from rapport.core.about import type_of
from rapport.matches.models import Match
from rapport.matching.actions.advancing import LETTER, until
from rapport.matching.models import Proposal
from rapport.matching.proposals import calls
from rapport.matching.proposals.turns import turn_rules, turns_of, with_matches
from rapport.outbox.models import Message

State = Proposal.State


@transaction.atomic
def expire(*, at, limit):
    """Let those proposals run out whose time to answer is over, and call whoever looks after them. Returns how many
    were looked at. When none is due this is one query by a small index.

    A letter that waited for its release gives its reader the whole time from the day it left. What was let go or has
    begun meanwhile is taken back without a word.
    """
    due = list(Proposal.objects.to_expire(at).order_by("expires_at", "pk").values_list("pk", flat=True)[:limit])
    if not due:
        return 0
    matches = Proposal.objects.filter(pk__in=due).values("match")
    list(Match.objects.select_for_update().filter(pk__in=matches).order_by("pk").values("pk"))
    rows = with_matches(Proposal.objects.to_expire(at).filter(pk__in=due))
    over = [row for row in rows if row.match.state == Match.State.PROPOSED]
    settle([row for row in rows if row.match.state != Match.State.PROPOSED], State.WITHDRAWN)
    later = put_off(over, at)
    run_out([row for row in over if row.pk not in later], at)
    return len(due)


def settle(rows, state):
    pks = [row.pk for row in rows]
    Proposal.objects.filter(pk__in=pks, state=State.ASKED).update(state=state)


def put_off(rows, at):
    """Those whose letter left later than they were asked, or not yet: their time counts from then. Their keys. Whose
    turn the program has no more is given no more time.
    """
    letters = Message.objects.filter(about_type=type_of(Proposal), about_id__in=[row.pk for row in rows], kind=LETTER)
    left: dict = {}
    for about, state, final_at in letters.order_by("pk").values_list("about_id", "state", "final_at"):
        left[about] = at if state in Message.WAITING else final_at
    later = []
    for row in rows:
        days = {rule.party: rule.days for rule in turn_rules(row.match.program)}.get(row.party)
        if days and left.get(row.pk) and (moved := until(row.match.program, left[row.pk], days)) > at:
            row.expires_at = moved
            later.append(row)
    Proposal.objects.bulk_update(later, ["expires_at"], batch_size=500)
    return {row.pk for row in later}


def run_out(rows, at):
    """These were not answered; each match that cannot go on because of it is called about, once.

    Whose yes is not needed any more, for another guardian gave it, keeps nobody waiting: that is taken back.
    """
    enough = {row.pk for turn in turns_with(rows, at) if turn.is_done for row in turn.rows}
    late = [row for row in rows if row.pk not in enough]
    settle([row for row in rows if row.pk in enough], State.WITHDRAWN)
    settle(late, State.EXPIRED)
    record_many("proposal.expired", about=late, by=None, at=at)
    turns = turns_with(late, at)
    in_a_turn = {row.pk for turn in turns for row in turn.rows}
    over = {row.match_id for turn in turns if turn.is_over for row in turn.rows}
    over |= {row.match_id for row in late if row.pk not in in_a_turn}
    one_each = {row.match_id: row for row in late if row.match_id in over}.values()
    calls.call([(row.match, row.person) for row in one_each], calls.LATE, cause=f"{at:%Y%m%d%H%M}", at=at)


def turns_with(rows, at):
    """Every turn of the matches of these proposals, as they stand now. One query."""
    matches = {row.match_id: row.match for row in rows}
    found: dict = {}
    for row in Proposal.objects.filter(match__in=matches).select_related("person", "child").order_by("pk"):
        found.setdefault(row.match_id, []).append(row)
    return [turn for pk, match in matches.items() for turn in turns_of(match, found[pk], at)]
