"""What somebody says to a proposed match: yes, more first, or no. By link, on paper, by phone, in person.

A no goes to a person; nobody else is told who said it or why.
"""

import hashlib
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from rapport.audit.actions import record
from rapport.core.months import day_in
from rapport.core.refused import Refused
from rapport.matches.actions.moving import user_of
from rapport.matching.actions.advancing import (
    LETTER,
    NEW_LINK,
    advance,
    held_row,
    hold,
    no_longer_all,
    rows_now,
    stop,
)
from rapport.matching.actions.doubting import went_astray
from rapport.matching.models import Party, Proposal
from rapport.matching.proposals import calls
from rapport.matching.proposals.turns import may_change, still_theirs, with_matches
from rapport.outbox.actions import queue, somebody_else_reads
from rapport.outbox.links import require_not_shut
from rapport.outbox.models import Link
from rapport.safeguarding.actions import add_triage

State, Way = Proposal.State, Proposal.Way
CALLED_ABOUT = {State.MORE: calls.MORE, State.DECLINED: calls.NO}


class NotTheirs(Refused):
    """Their yes is no longer asked for."""

    sentence = lazy("This is no longer yours to answer. Talk to the program if that surprises you.")


class NotTheirTurn(Refused):
    """Somebody else is asked first."""

    sentence = lazy("It is not their turn yet. Somebody else is asked first.")


class PassedOn(Refused):
    """Their answer was passed on, and the next is asked already."""

    sentence = lazy("Thank you. Your answer was passed on already; to change it, talk to us.")


class SaidOtherwiseSince(Refused):
    """An old page was sent once more, after they had said something else."""

    sentence = lazy("You said something else since. If this is your word now, please send it once more.")


@dataclass(frozen=True)
class Answer:
    """An answer as it came: what it says, in which way, on which day, and who took it down with whom."""

    says: str
    way: str
    reason: str = ""
    wants_another: bool = False
    witness: str = ""
    on: date | None = None
    seen: str = ""  # what `mark_of` said when the page was shown


def mark_of(proposal):
    """Tells a page that was shown before an answer from one shown after it, without telling the answer."""
    return hashlib.sha256(f"{proposal.ref}:{proposal.answers}".encode()).hexdigest()[:20]


@transaction.atomic
def hear_answer(proposal, answer, *, link=None, by, at) -> Proposal:
    """Keep what somebody says to a proposed match; the same twice is one. What a young person or whoever stands for one
    writes beside it may hold a worry: a lead on safety reads it the same working day.

    By link (`link`: the one it was pressed by) an answer may be changed until the next is asked. Staff may write down a
    later word at any time before the match begins. Raises DecidedMeanwhile, LinkShut, NotTheirs, NotTheirTurn,
    PassedOn, SaidOtherwiseSince.
    """
    hold(proposal.match)
    require_not_shut(link)
    row = held_row(proposal)
    may_answer(row, answer, at)
    if (row.state, row.reason, row.wants_another) == (answer.says, answer.reason, answer.wants_another):
        return row
    if answer.seen and answer.seen != mark_of(row):
        raise SaidOtherwiseSince(proposal)
    keep(row, answer, by=by, at=at)
    have_words_read(row, by=by, at=at)
    go_on_from(row, by=by, at=at)
    return row


def go_on_from(row, *, by, at):
    """A yes asks the next, and the last yes lets the match begin where nothing is missing; anything else becomes a call
    to whoever looks after it."""
    match = row.match
    calls.no_longer(match, row.person, by=None, at=at)
    if row.state in CALLED_ABOUT:
        calls.call([(match, row.person)], CALLED_ABOUT[row.state], cause=row.answers, at=at)
    if row.state == State.DECLINED:
        stop(match)
    if row.state == State.YES:
        advance(match, by=by, at=at)
    else:
        no_longer_all(match, by=by, at=at)


def may_answer(row, answer, at):
    """Raises NotTheirs, NotTheirTurn, PassedOn."""
    if not still_theirs(row, at):
        raise NotTheirs(row)
    if row.asked_at is None:
        raise NotTheirTurn(row)
    if answer.way == Way.LINK and not may_change(row, rows_now(row.match, at), at):
        raise PassedOn(row)


def keep(row, answer, *, by, at):
    """Write the answer into its row, if nobody wrote another one meanwhile. The row is held."""
    facts = {
        "state": answer.says, "way": answer.way, "reason": answer.reason, "wants_another": answer.wants_another,
        "witness": answer.witness, "answered_at": at, "said_on": answer.on or day_in(at, row.match.program.zone),
        "taken_by": None if answer.way == Way.LINK else user_of(by), "answers": row.answers + 1,
    }  # fmt: skip
    Proposal.objects.filter(pk=row.pk, answers=row.answers).update(**facts)
    for name, value in facts.items():
        setattr(row, name, value)
    record("proposal.answered", about=row, by=by, at=at, says=str(answer.says), way=str(answer.way), party=row.party)


def have_words_read(row, *, by, at):
    """Why a child would rather not be with somebody is read by a lead on safety, too; the same words once."""
    program, on = row.match.program, day_in(at, row.match.program.zone)
    is_near_a_child = row.party == Party.GUARDIAN or row.person.counts_as_child(program, on)
    if not row.reason or program.adults_only or not is_near_a_child:
        return
    told = hashlib.sha256(row.reason.encode()).hexdigest()[:16]
    add_triage(
        program=program, person=row.person, match=row.match, words=row.reason, about=row, by=by, at=at,
        what=_("Wrote something about a match they were asked about"), cause_key=f"proposal:{row.ref}:{told}",
    )  # fmt: skip


@transaction.atomic
def ask_for_talk(proposal, *, at):
    """They would rather talk, or have it on paper: one call a day."""
    match = proposal.match
    cause = f"{day_in(at, match.program.zone)}"
    return calls.call([(match, proposal.person)], calls.TALK, cause=cause, at=at)


@transaction.atomic
def send_new_link(proposal, *, at):
    """Send a new link to the address on file, once an hour at most. Raises NotTheirs."""
    if not still_theirs(proposal, at):
        raise NotTheirs(proposal)
    key = f"proposal:{proposal.ref}:link:{at:%Y%m%d%H}"
    queue(NEW_LINK, to=proposal.person, about=proposal, program=proposal.match.program, key=key, at=at)


@transaction.atomic
def not_them(proposal, *, at):
    """Somebody else reads that address: every link that went there is shut, and a person looks into it."""
    moved = went_astray(proposal, at=at)
    if moved:
        somebody_else_reads(Link.objects.about_any(Proposal.objects.filter(pk=proposal.pk)), at=at)
    return moved


def undelivered(messages, *, at):
    """The outbox could not deliver these letters: paper, or a talk, takes their place."""
    about = {message.about_id for message in messages if message.kind in (LETTER, NEW_LINK)}
    for row in with_matches(Proposal.objects.filter(pk__in=about, state=State.ASKED)) if about else []:
        calls.call([(row.match, row.person)], calls.PAPER, cause="undelivered", at=at)
