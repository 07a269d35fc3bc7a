"""Showing grown-ups a few people before a round, and keeping whom they would like. Never where children may be."""

from collections import defaultdict
from datetime import timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as lazy

from rapport.audit.actions import record, record_many
from rapport.core.months import day_in
from rapport.core.refused import Refused
from rapport.matches.actions.moving import user_of
from rapport.matching import gathering
from rapport.matching.actions.advancing import until
from rapport.matching.calling import ask_engine
from rapport.matching.models import Proposal, Suggestion, WishAsk
from rapport.outbox.actions import Outgoing, queue, queue_many, somebody_else_reads
from rapport.outbox.models import Link
from rapport.outbox.questions import reachable
from rapport.people.models import Participant
from rapport.programs.models import Program

LETTER, NEW_LINK = "matching/suggestions", "matching/suggestions-link"
BATCH = 500
WIDER = 4  # times as many of each mentee's best are looked at to choose a mentor's: a figure of work, not of the field
MENTEE, MENTOR = Participant.Side.MENTEE, Participant.Side.MENTOR


class NotWhereChildrenAre(Refused):
    """Nobody looks through children, nor children through grown-ups."""

    sentence = lazy("In a program with young people nobody chooses among people beforehand. Use proposals.")


class NoLongerAsked(Refused):
    """The time to answer is over, or it is no longer theirs."""

    sentence = lazy("These suggestions are over. Talk to the program if you want to tell us something.")


def suggest(program, *, side, by, at):
    """Show each who waits (or has a free place) and is not asked just now a few people who suit them best.

    The engine works before anything is written. Returns the new asks. Raises NotWhereChildrenAre, calling.NoAnswer.
    """
    if not program.adults_only:
        raise NotWhereChildrenAre(program)
    everybody = gathering.gather(program, at)
    on = day_in(at, program.zone)
    grown = [one for one in everybody.mentees if is_grown(one, on)], [m for m in everybody.mentors if is_grown(m, on)]
    shown = whom_to_show(everybody, side, grown)
    return keep_asks(program, side, shown, grown, by=by, at=at)


def is_grown(one, on):
    return one.person.born_on is None or one.person.is_adult(on)


def whom_to_show(everybody, side, grown):
    """{participant id: ids of those to show them, the best first}."""
    mentees, mentors = grown
    most = everybody.program.limit("suggestions-shown")
    if not mentees or not mentors:
        return {}
    asked = {"question": "best", "mentees": [str(one.pk) for one in mentees], "most": len(everybody.mentors)}
    asked["most"] = min(asked["most"], WIDER * most if side == MENTOR else most)
    told = ask_engine(everybody.problem(), **asked)
    pairs = [(int(mentee), int(mentor), points) for mentee, row in told.items() for mentor, points in row]
    there, found = {one.pk for one in mentors}, defaultdict(list)
    for mentee, mentor, _points in sorted(pairs, key=lambda pair: (-pair[2], pair[0], pair[1])):
        mine, other = (mentee, mentor) if side == MENTEE else (mentor, mentee)
        if mentor in there and len(found[mine]) < most:
            found[mine].append(other)
    return found


@transaction.atomic
def keep_asks(program, side, shown, grown, *, by, at):
    """Write who is shown whom, and send each a letter where one reaches them. Nobody is asked twice at one time."""
    if not Program.objects.select_for_update(no_key=True).filter(pk=program.pk, adults_only=True).exists():
        raise NotWhereChildrenAre(program)
    busy = WishAsk.objects.filter(program=program, expires_at__gt=at, closed_at=None)
    busy = set(busy.values_list("participant", flat=True))
    mine = [one for one in (grown[0] if side == MENTEE else grown[1]) if shown.get(one.pk) and one.pk not in busy]
    places = reachable([one.person for one in mine], program=program, at=at) if mine else {}
    ends = until(program, at, program.limit("suggestions-open") // timedelta(days=1))
    asks = [
        WishAsk(program=program, participant=one, person=one.person, adults_only=program.adults_only, made_at=at,
                made_by=user_of(by), expires_at=ends, by_letter=bool(places[one.person_id]))
        for one in mine
    ]  # fmt: skip
    WishAsk.objects.bulk_create(asks, batch_size=BATCH)
    rows = [Suggestion(program=program, ask=ask, other_id=pk) for ask in asks for pk in shown[ask.participant_id]]
    Suggestion.objects.bulk_create(rows, batch_size=BATCH)
    record_many("suggestions.sent", about=asks, by=by, at=at)
    letters = [Outgoing(to=one.person, about=one, key=f"suggestions:{one.ref}") for one in asks if one.by_letter]
    queue_many(LETTER, letters, program=program, at=at)
    return asks


def still_theirs(ask, at) -> bool:
    """Whether whoever was shown people may still answer: in a program of grown-ups, there, and in time."""
    here = ask.closed_at is None and ask.expires_at > at and ask.program.adults_only
    return here and Participant.objects.active().filter(pk=ask.participant_id).exists()


@transaction.atomic
def hear_wishes(ask, *, choices, ruled_out, way, by, at):
    """Keep whom somebody would like and whom not: `choices` {suggestion id: 1 for the first}, `ruled_out` ids.

    What was said before is replaced, until the time is over. Raises NoLongerAsked.
    """
    held = WishAsk.objects.select_for_update(of=("self",)).select_related("program").get(pk=ask.pk)
    if not still_theirs(held, at):
        raise NoLongerAsked(ask)
    rows = list(held.suggestions.all())
    Suggestion.objects.filter(ask=held).update(choice=None, is_ruled_out=False)
    for row in rows:
        row.choice, row.is_ruled_out = choices.get(row.pk), row.pk in ruled_out and row.pk not in choices
    Suggestion.objects.bulk_update(rows, ["choice", "is_ruled_out"])
    taken_by = None if way == Proposal.Way.LINK else user_of(by)
    WishAsk.objects.filter(pk=held.pk).update(answered_at=at, way=way, taken_by=taken_by)
    record("wishes.said", about=held, by=by, at=at, way=str(way))


@transaction.atomic
def send_new_link(ask, *, at):
    """Send a new link to the address on file, once an hour at most. Raises NoLongerAsked."""
    if not still_theirs(ask, at):
        raise NoLongerAsked(ask)
    key = f"suggestions:{ask.ref}:link:{at:%Y%m%d%H}"
    queue(NEW_LINK, to=ask.person, about=ask, program=ask.program, key=key, at=at)


@transaction.atomic
def not_them(ask, *, at):
    """Somebody else reads that address: every link that went there is shut, and what was said here does not count."""
    mine = WishAsk.objects.filter(pk=ask.pk)
    moved = mine.filter(closed_at=None).update(closed_at=at)
    if moved:
        record("wishes.not-them", about=ask, by=None, at=at)
        somebody_else_reads(Link.objects.about_any(mine), at=at)
    return bool(moved)
