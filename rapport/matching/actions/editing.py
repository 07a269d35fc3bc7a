"""A draft round changed by hand: pairs locked, made, taken out; the rest run again around those that are locked."""

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from rapport.audit.actions import record
from rapport.core.refused import Refused
from rapport.matching import gathering
from rapport.matching.actions.rounds import NotADraft, keep_round, one_at_a_time
from rapport.matching.calling import ask_engine
from rapport.matching.models import Draft, LeftWithout, Round
from rapport.matching.rounds import judging


class MayNotBe(Refused):
    """These two may never be together, or one of them cannot be paired now; why is not told."""

    sentence = lazy("These two may not be paired now.")


class NoPlace(Refused):
    """Every place of this mentor is taken in this draft."""

    sentence = lazy("This mentor has no place left in this draft. Take one of their pairs out first.")


class BreaksRules(Refused):
    """The pair breaks rules of the program: it is made only by somebody who has read that."""

    def __init__(self, labels):
        self.labels = labels
        super().__init__(labels, _("They break the rule “%(rules)s”.") % {"rules": "”, “".join(labels)})


class ChangedMeanwhile(Refused):
    """Somebody else changed this pair since the page was loaded."""

    sentence = lazy("Somebody changed this pair a moment ago. Look at how it stands now.")


def hold(kept):
    """The round, nobody else changing it meanwhile. Raises NotADraft."""
    held = Round.objects.select_for_update(of=("self",), no_key=True).select_related("program").get(pk=kept.pk)
    if not held.is_draft:
        raise NotADraft(kept)
    return held


@transaction.atomic
def lock_pair(draft, *, by, at):
    """Let a pair stay when the rest is run again. Returns whether it was not locked before. Raises NotADraft."""
    hold(draft.round)
    moved = Draft.objects.filter(pk=draft.pk, mentor=draft.mentor_id, locked_at=None).update(locked_at=at, locked_by=by)
    if moved:
        record("draft.locked", about=draft, by=by, at=at)
    return bool(moved)


@transaction.atomic
def unlock_pair(draft, *, by, at):
    """Let a pair be found anew when the rest is run again. Returns whether it was locked. Raises NotADraft."""
    hold(draft.round)
    moved = Draft.objects.filter(pk=draft.pk, locked_at__isnull=False).update(locked_at=None, locked_by=None)
    if moved:
        record("draft.unlocked", about=draft, by=by, at=at)
    return bool(moved)


@transaction.atomic
def take_out(draft, *, by, at):
    """Take a pair out of a draft; the mentee is left without. Raises NotADraft, ChangedMeanwhile."""
    held = hold(draft.round)
    gone, _of = Draft.objects.filter(pk=draft.pk, mentor=draft.mentor_id, match=None).delete()
    if not gone:
        raise ChangedMeanwhile(draft)
    leave_out(held, draft.mentee)
    Round.objects.filter(pk=held.pk).update(edited_at=at)
    record("draft.taken-out", about=held, by=by, at=at, mentor=draft.mentor_id, mentee=draft.mentee_id)


def leave_out(held, mentee):
    why = _("Somebody took them out of this draft.")
    LeftWithout.objects.create(round=held, mentee=mentee, kind=LeftWithout.Kind.TAKEN_OUT, reason=why)


@transaction.atomic
def pair_by_hand(kept, mentee, mentor, *, even_so=False, by, at):
    """Put two people together in a draft, locked; whoever the mentee had there loses them. Returns the draft.

    `even_so`: whoever presses has read which rules it breaks; it is kept with those. Raises NotADraft; MayNotBe where
    one of them cannot be paired now or they may not be together, which nothing overrides; NoPlace; BreaksRules.
    """
    held = hold(kept)
    found = gathering.these_two(held.program, mentee, mentor, at)
    if found is None:
        raise MayNotBe(held)
    mentee, mentor = found
    others = held.drafts.filter(mentor=mentor).exclude(mentee=mentee)
    if others.count() >= mentor.free:
        seen = by is None or others.visible_to(by, at=at).count() == others.count()
        raise NoPlace(mentor) if seen else MayNotBe(mentor)  # of whom `by` may not see, nothing is told
    pair = judging.judged(held, mentee, mentor)
    if pair.breaks and not even_so:
        raise BreaksRules(pair.labels_broken)
    facts = {"mentor": mentor, "score": pair.score, "parts": pair.parts, "breaks": pair.breaks, "is_by_hand": True}
    facts |= {"locked_at": at, "locked_by": by}
    draft, _made = Draft.objects.update_or_create(round=held, mentee=mentee, defaults=facts)
    held.left_without.filter(mentee=mentee).delete()
    Round.objects.filter(pk=held.pk).update(edited_at=at)
    record("draft.made-by-hand", about=draft, by=by, at=at, mentor=mentor.pk, mentee=mentee.pk, breaks=pair.breaks)
    return draft


def run_again(kept, *, by, at):
    """A new draft round: what is locked stays, the rest is found anew. Returns it and the locked pairs that cannot be.

    Pressed twice it is one. The engine works before anything is written. Raises NotADraft, calling.NoAnswer.
    """
    if not Round.objects.filter(pk=kept.pk, state=Round.State.DRAFT).exists():
        raise NotADraft(kept)
    everybody = gathering.gather(kept.program, at)
    locked = kept.drafts.locked().select_related("mentor__person", "mentee__person")
    stays, goes = gathering.split_locked(everybody, list(locked.order_by("pk")))
    everybody.locked = [(draft.mentee_id, draft.mentor_id) for draft in stays]
    answer = ask_engine(everybody.problem())
    with transaction.atomic():
        one_at_a_time(kept.program_id)
        hold(kept)
        made = keep_round(everybody, answer, made_from=kept, settled=stays, by=by, at=at)
    return made, goes
