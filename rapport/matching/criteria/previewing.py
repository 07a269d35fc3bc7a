"""A change of criteria on real people before it is kept: who would be served, whom some would get the best mentor with.

Nothing is written. Only people whom the reader may see are named or counted.
"""

from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from rapport.access.rights import Right
from rapport.matching import gathering
from rapport.matching.calling import ask_engine
from rapport.matching.rounds import policy
from rapport.people.models import Participant

LOOKED_AT = 5  # mentees shown, those who wait longest first
QUICK = 250_000  # pairs that may be looked at with each change on the page; of more, somebody presses first
SHOWN = 3  # mentors of each
ASKED = 30  # of each, of whom the reader may see those that are shown


@dataclass
class Preview:
    """What is shown of a change: how many are served now and then, and some mentees with their best mentors."""

    served_now: int
    served_then: int
    looked_at: int
    rows: list = field(default_factory=list)
    no_longer: list = field(default_factory=list)
    newly: list = field(default_factory=list)


@dataclass
class Best:
    """A mentee, and whom they get the most points with, now and then: [(mentor, points)]."""

    mentee: Any
    now: list
    then: list

    @property
    def is_same(self):
        return [one for one, _points in self.now] == [one for one, _points in self.then]


def is_quick(program, at):
    """Whether a change is tried as it is typed."""
    waiting, free = gathering.waiting_mentees(program, at).count(), gathering.free_mentors(program, at).count()
    return waiting * free <= QUICK


def preview(program, criteria, user, at):
    """What these criteria (unsaved rows, all of them) would change. Raises calling.NoAnswer."""
    before = list(program.criteria.filter(is_on=True).order_by("code"))
    then = sorted((one for one in criteria if one.is_on), key=lambda one: one.code)
    everybody = gathering.gather(program, at, [*before, *then])
    everybody.criteria = before
    seen = whom_they_see([*everybody.mentees, *everybody.mentors], user, at)
    waiting = [one for one in everybody.mentees if one.pk in seen]
    some = sorted(waiting, key=lambda one: (one.since, one.pk))[:LOOKED_AT]
    problem, changed = everybody.problem(), problem_of(program, then, everybody.mentees, at)
    keys = [str(one.pk) for one in some]
    answer = ask_engine(problem, question="preview", changed=changed, mentees=keys, most=ASKED)
    return in_sight(answer, waiting, some, {str(one.pk): one for one in everybody.mentors if one.pk in seen})


def problem_of(program, criteria, mentees, at):
    """What other criteria change of a problem."""
    plain = [gathering.plain(one) for one in criteria]
    return {"criteria": plain, **policy.for_engine(program, criteria, mentees, at)}


def whom_they_see(participants, user, at):
    seen = Participant.objects.visible_to(user, Right.MATCHING_RUN, at)
    return set(seen.filter(pk__in=[one.pk for one in participants]).values_list("pk", flat=True))


def in_sight(answer, waiting, some, mentors):
    """The engine's answer as far as this reader may read it; who would be with somebody unseen is in no count."""
    pairs = [answer[when]["served"] for when in ("now", "then")]
    unseen = {mentee for side in pairs for mentee, mentor in side if mentor not in mentors}
    mentees = {str(one.pk): one for one in waiting if str(one.pk) not in unseen}
    now, then = ({mentee for mentee, _mentor in side if mentee in mentees} for side in pairs)
    rows = [
        Best(one, *(best_of(answer[when]["best"][str(one.pk)], mentors) for when in ("now", "then"))) for one in some
    ]
    only = [[mentees[key].person for key in sorted(side, key=int)] for side in (now - then, then - now)]
    return Preview(len(now), len(then), len(mentees), rows, *only)


def best_of(rows, mentors):
    return [(mentors[key].person, points) for key, points in rows if key in mentors][:SHOWN]


def sentence(seen):
    """The first thing to say: how many would be served."""
    if seen.served_now == seen.served_then:
        return _("As now, %(n)d of %(all)d would find a mentor.") % {"n": seen.served_then, "all": seen.looked_at}
    words = _("%(n)d of %(all)d would find a mentor; now it is %(now)d.")
    return words % {"n": seen.served_then, "all": seen.looked_at, "now": seen.served_now}
