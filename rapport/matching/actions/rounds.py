"""Rounds: drafting, publishing, dropping; and writing down what matching looks at."""

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from rapport.audit.actions import record
from rapport.core.refused import Refused
from rapport.matches.actions import NewMatch, propose
from rapport.matching import gathering
from rapport.matching.calling import ask_engine
from rapport.matching.models import Draft, LeftWithout, Round
from rapport.matching.rounds import wording
from rapport.programs.models import Program

BATCH = 500


class NotADraft(Refused):
    """This round was published or dropped already."""

    sentence = _("This round is no draft any more.")


class NothingLeft(Refused):
    """No pair of this draft can be proposed by this person now."""

    sentence = _(
        "None of these pairs can be proposed any more: they are in a match, proposed, or may not be by now. Nothing was"
        " changed. Draft a round anew, and drop this one."
    )


def draft_round(program, *, by, at):
    """Pair everybody who can be matched now, with proof, and keep it as a draft that nobody is told of.

    The engine works in a process of its own, before anything is written. Raises calling.NoAnswer.
    """
    everybody = gathering.gather(program, at)
    return keep_round(everybody, ask_engine(everybody.problem()), by=by, at=at)


@transaction.atomic
def keep_round(everybody, answer, *, made_from=None, settled=(), by, at):
    """Keep what the engine found as rows: pairs with the parts of their score, and why somebody is left without.

    `settled`: the locked drafts of the round it was made from, which stay locked. The same asked twice is one draft.
    """
    one_at_a_time(everybody.program.pk)
    if same := kept_already(everybody, answer, made_from, by):
        return same
    kept = Round.objects.create(
        program=everybody.program,
        made_at=at,
        made_by=by,
        criteria=[gathering.plain(criterion) for criterion in everybody.criteria],
        policy={"asked": everybody.choices, **answer.get("policy", {})},
        certificate=answer["certificate"],
        made_from=made_from,
    )
    locks = {draft.mentee_id: lock_of(draft) for draft in settled}
    mentors, mentees = ({str(one.pk): one for one in side} for side in (everybody.mentors, everybody.mentees))
    drafts = [
        Draft(
            round=kept, mentor=mentors[p["mentor"]], mentee=mentees[p["mentee"]], score=p["score"], parts=p["parts"],
            breaks=p.get("breaks", []), **locks.get(int(p["mentee"]), {}),
        )
        for p in answer["pairs"]
    ]  # fmt: skip
    Draft.objects.bulk_create(drafts, batch_size=BATCH)
    LeftWithout.objects.bulk_create(without(kept, everybody, answer, mentees), batch_size=BATCH)
    record("round.drafted", about=kept, by=by, at=at, pairs=len(drafts), left=len(answer["left"]))
    return kept


def one_at_a_time(program_id):
    """The program, held: whoever else writes a round of it waits."""
    return Program.objects.select_for_update(no_key=True).get(pk=program_id)


def kept_already(everybody, answer, made_from, by):
    """The newest draft of whoever asks that was found from the very same, and in which nobody changed anything."""
    mine = everybody.program.rounds.filter(made_from=made_from, state=Round.State.DRAFT, edited_at=None)
    mine = mine.filter(made_by=by, made_by__isnull=False, certificate__input=answer["certificate"]["input"])
    for last in mine.order_by("-pk")[:1]:
        late = last.left_without.filter(kind=LeftWithout.Kind.NOT_READY).values_list("mentee", "reason")
        lacks = {one.pk: wording.not_ready(missing) for one, missing in everybody.not_ready.items()}
        locked = last.drafts.locked().values_list("mentee", "mentor")
        if dict(late) == lacks and set(locked) == set(everybody.locked):
            return last
    return None


def lock_of(draft):
    """What of a locked draft stays when the rest is run again."""
    return {name: getattr(draft, name) for name in ("locked_at", "locked_by_id", "is_by_hand")}


def without(kept, everybody, answer, mentees):
    """A row with a plain reason for everybody the round found nobody for."""
    kinds, labels = LeftWithout.Kind, {criterion.code: criterion.label for criterion in everybody.criteria}
    for left in answer["left"]:
        kind = kinds.NEEDED_ELSEWHERE if left["allowed"] else kinds.NOBODY_FITS
        mentee = mentees[left["mentee"]]
        told = {name: left[name] for name in ("relax", "hall") if left.get(name)}
        yield LeftWithout(round=kept, mentee=mentee, kind=kind, reason=wording.because(left, labels), told=told)
    for mentee, missing in everybody.not_ready.items():
        yield LeftWithout(round=kept, mentee=mentee, kind=kinds.NOT_READY, reason=wording.not_ready(missing))


@transaction.atomic
def publish(kept, *, accepted_by="", by, at):
    """Make each pair of a draft round a proposed match with `by` as coordinator. Returns the matches, in order.

    A pair that can no longer be (somebody left, is matched by now, is kept apart since, or is out of `by`'s sight) is
    left out and stays a draft; where that is all of them, so does the round. `accepted_by`: the name of staff who took
    the yes of both sides. Raises NotADraft, matches.actions.CannotCoordinate.
    """
    program = one_at_a_time(kept.program_id)
    still = Round.objects.filter(pk=kept.pk, state=Round.State.DRAFT)
    drafts = gathering.still_possible(kept, program, by=by, at=at)
    if not drafts and still.exists() and kept.drafts.exists():
        return []
    if not still.update(state=Round.State.PUBLISHED, published_at=at, published_by=by):
        raise NotADraft(kept)
    matches = propose(
        [NewMatch([draft.mentor], [draft.mentee], coordinator=by, site=draft.mentee.site) for draft in drafts],
        program=program,
        by=by,
        at=at,
    )
    for draft, match in zip(drafts, matches, strict=True):
        draft.match, draft.accepted_by = match, accepted_by
    Draft.objects.bulk_update(drafts, ["match", "accepted_by"], batch_size=BATCH)
    record("round.published", about=kept, by=by, at=at, matches=len(matches), accepted_by=accepted_by)
    return matches


@transaction.atomic
def drop_round(kept, *, by, at):
    """Put a draft round aside. Raises NotADraft."""
    moved = Round.objects.filter(pk=kept.pk, state=Round.State.DRAFT).update(state=Round.State.DROPPED)
    if not moved:
        raise NotADraft(kept)
    record("round.dropped", about=kept, by=by, at=at)


OF_A_PAIR = (
    "mentor_id", "score", "parts", "match_id", "accepted_by", "locked_at", "locked_by_id", "is_by_hand", "breaks",
)  # fmt: skip


def settle_draft(stays, goes, at):
    """Of two proposals of one round for one mentee, the one that became a match stays. Part of putting two together."""
    if goes.match_id and not stays.match_id:
        Draft.objects.filter(pk=goes.pk).update(match=None)
        facts = {name: getattr(goes, name) for name in OF_A_PAIR}
        Draft.objects.filter(pk=stays.pk).update(**facts)
