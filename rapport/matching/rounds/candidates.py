"""Who else could be a mentee's mentor in a draft: the best first, or those found by name, each with their parts."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from rapport.access.rights import Right
from rapport.matching import gathering
from rapport.matching.calling import ask_engine
from rapport.matching.models import Draft, LeftWithout
from rapport.matching.rounds import judging, reading
from rapport.people.models import Participant, Person
from rapport.people.names import called

SHOWN = 10
ASKED = 40  # of whom the reader may see those that are shown


@dataclass
class Candidate:
    """A mentor with a free place beside a mentee: the parts of the score in words, rules it breaks, whom they have in
    the draft."""

    mentor: Any
    judged: Any
    parts: list[dict]
    has: list

    @property
    def is_full(self):
        """Whether those whom the reader sees with them in the draft take all their places."""
        return len(self.has) >= self.mentor.free


def of_round(kept):
    """The mentees of a round: paired, or left without; whoever is not ready cannot be paired."""
    left = kept.left_without.exclude(kind=LeftWithout.Kind.NOT_READY)
    return [*kept.drafts.values_list("mentee", flat=True), *left.values_list("mentee", flat=True)]


def now_with(kept, mentee, user):
    """The pair this mentee is in now, as far as the reader may see it, with its parts."""
    draft = Draft.objects.visible_to(user).filter(round=kept, mentee=mentee).select_related(*reading.BOTH).first()
    return reading.with_parts([draft], kept)[0] if draft else None


def rows(kept, mentee, user, letters, at):
    """The best mentors for this mentee, or those whose name begins so; whoever may not be theirs is not among them."""
    seen = Participant.objects.visible_to(user, Right.MATCHING_RUN, at).mentors().filter(program=kept.program)
    free = gathering.free_mentors(kept.program, at)
    if letters:
        seen = seen.filter(called(letters, Person.objects.filter(organization=kept.program.organization_id)))
        found = list(free.filter(pk__in=seen.values("pk"))[:ASKED])
        barred = gathering.apart([mentee], found, kept.program, at)
        found = [one for one in found if (mentee.pk, one.pk) not in barred][:SHOWN]
    else:
        keys = best(kept, mentee, at)
        known = {one.pk: one for one in free.filter(pk__in=seen.filter(pk__in=keys).values("pk"))}
        found = [known[key] for key in keys if key in known][:SHOWN]
    return beside(kept, mentee, found, user)


def best(kept, mentee, at):
    """Primary keys of those with whom this mentee gets the most points, by the criteria of the round."""
    everybody = gathering.gather(kept.program, at, [gathering.Plain(one) for one in kept.criteria])
    if mentee.pk not in {one.pk for one in everybody.mentees}:
        return []
    found = ask_engine(everybody.problem(), question="top", mentee_key=str(mentee.pk), n=ASKED)
    return [int(one["mentor"]) for one in found]


def beside(kept, mentee, mentors, user):
    """What the criteria of the round say of this mentee with each of them, and whom each has in the draft."""
    has: dict[int, list] = {}
    theirs = Draft.objects.visible_to(user).filter(Q(round=kept, mentor__in=mentors)).exclude(mentee=mentee)
    for draft in theirs.select_related("mentee__person").order_by("pk"):
        has.setdefault(draft.mentor_id, []).append(draft.mentee.person)
    judged = judging.judged_all(kept, mentee, mentors)
    return [
        Candidate(one, pair, reading.parts_in_words(pair.parts, kept.criteria, mentee, one), has.get(one.pk, []))
        for one, pair in zip(mentors, judged, strict=True)
    ]
