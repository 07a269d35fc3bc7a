"""Who a round looks at, who must stay apart, and who is not ready yet: a handful of queries, however many people."""

import hashlib
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property

from django.db.models import Count, Exists, F, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from rapport.core.months import day_in
from rapport.matches.ages import too_near_in_age
from rapport.matches.models import Closure, Match, Member
from rapport.matching.criteria import known
from rapport.matching.rounds import policy
from rapport.matching.wishes import wishing
from rapport.onboarding.questions import held_back, missing_gates, ready
from rapport.people.models import Conflict, Consent, Guardianship, Participant, Restriction
from rapport.people.questions import refused
from rapport.programs import profiles


@dataclass
class Gathered:
    """Everybody a round looks at."""

    program: object
    criteria: list
    at: datetime | None = None
    mentees: list[Participant] = field(default_factory=list)
    mentors: list[Participant] = field(default_factory=list)
    not_ready: dict[Participant, list[str]] = field(default_factory=dict)
    apart: set = field(default_factory=set)  # (mentee, mentor), by primary key
    locked: list = field(default_factory=list)  # the same; these stay, whatever rules they break

    @cached_property
    def choices(self):
        """How the engine chooses among plans, and below which score nobody is paired."""
        return policy.for_engine(self.program, self.criteria, self.mentees, self.at)

    def problem(self):
        """What the engine is asked, as plain values."""
        return {
            "seed": self.program.slug,
            "mentees": [told(one) for one in self.mentees],
            "mentors": [{**told(one), "capacity": one.free} for one in self.mentors],
            "criteria": [plain(criterion) for criterion in self.criteria],
            "apart": sorted([str(mentee), str(mentor)] for mentee, mentor in self.apart),
            "locked": [[str(mentee), str(mentor)] for mentee, mentor in self.locked],
            "wishes": wishing.wished(self.program, self.criteria, self.mentees, self.mentors),
            **self.choices,
        }


def gather(program, at, criteria=None):
    """Everybody in this program who could be matched at that moment.

    With `criteria`, what those look at is read in place of what the program's own do.
    """
    if criteria is None:
        criteria = list(program.criteria.filter(is_on=True).order_by("code"))
    everybody = Gathered(program, criteria, at)
    waiting, free = waiting_mentees(program, at), free_mentors(program, at)
    if profiles.asks(program, "gates_before_round"):
        on = day_in(at, program.zone)
        are_ready = ready(program, Participant.Side.MENTEE, on).values("pk")
        late = list(waiting.exclude(pk__in=are_ready))
        missing = missing_gates(late, on, with_minor=not program.adults_only)
        everybody.not_ready = {one: missing.get(one.pk, []) for one in late}
        waiting = waiting.filter(pk__in=are_ready)
        free = free.filter(pk__in=ready(program, Participant.Side.MENTOR, on).values("pk"))
    everybody.mentees, everybody.mentors = list(with_since(waiting, program)), list(free)
    keep_unshown(everybody, at)
    everybody.apart = apart(everybody.mentees, everybody.mentors, program, at)
    known.give([*everybody.mentees, *everybody.mentors], criteria, day_in(at, program.zone))
    return everybody


def keep_unshown(everybody, at):
    """Whoever's name and interests may not be shown is not shown to anybody: no round looks at them."""
    unshown = not_to_be_shown([*everybody.mentees, *everybody.mentors], everybody.program, at)
    for one in [one for one in everybody.mentees if one.person_id in unshown]:
        words = _("first name and interests of %(name)s may not be shared") % {"name": one.person.first_name}
        everybody.not_ready.setdefault(one, []).append(words)
    everybody.mentees = [one for one in everybody.mentees if one.person_id not in unshown]
    everybody.mentors = [one for one in everybody.mentors if one.person_id not in unshown]


def not_to_be_shown(participants, program, at):
    return refused(Consent.Purpose.SHARE_BASICS, [one.person_id for one in participants], program=program, at=at)


def waiting_mentees(program, at):
    """Active mentees without an open or a proposed match; of whom it was decided "not now" are not among them."""
    people = program.participants.active().mentees().exclude(pk__in=held_back(program, at))
    return with_details(people.filter(~Exists(places_of(OuterRef("pk"), program))))


def with_since(people, program):
    """These, each with `since` when they wait."""
    return people.annotate(since=waits_since(Closure.objects.filter(program=program)))


def waits_since(endings, mentee=""):
    """Since when a mentee waits, for a query: since the last of these endings of a match of theirs, or since they came.

    `mentee`: the way from the row to the mentee, with two underscores behind it.
    """
    last = endings.filter(match__members__participant=OuterRef(f"{mentee}pk")).order_by("-closed_at")
    return Coalesce(Subquery(last.values("closed_at")[:1]), f"{mentee}joined_at")


def free_mentors(program, at):
    """Active mentors with a free place, and nothing decided against it; `free` says how many."""
    taken = places_of(OuterRef("pk"), program).order_by().values("participant").annotate(n=Count("pk")).values("n")
    there = program.participants.active().mentors().exclude(pk__in=held_back(program, at))
    people = there.annotate(free=F("capacity") - Coalesce(Subquery(taken), 0))
    return with_details(people.filter(free__gt=0))


def places_of(participant, program):
    """Their places in matches of this program that are open or proposed; other programs are not read."""
    here = Member.objects.filter(participant=participant, program=program, match__program=program)
    return here.filter(match__state__in=Match.ALIVE)


def with_details(people):
    return people.select_related("person", "site").prefetch_related("person__contact_points").order_by("pk")


def apart(mentees, mentors, program, at):
    """Pairs that may not be, whatever the criteria say.

    One person, one family, matched before, kept apart, a conflict that was declared, ruled out by one of them
    beforehand, or nearer in age than the program allows.
    """
    mentee_of, mentor_of = ({one.person_id: one.pk for one in side} for side in (mentees, mentors))
    people = program.participants.active().values("person")
    pairs = [
        *restricted(people, day_in(at, program.zone)),
        *families(people),
        *matched_before(people),
        *declared(program, day_in(at, program.zone)),
        *((person, person) for person in mentee_of.keys() & mentor_of.keys()),
    ]
    here = {*mentee_of.values(), *mentor_of.values()}
    both_ways = {*pairs, *((b, a) for a, b in pairs)}
    near = {(mentee, mentor) for mentor, mentee in too_near_in_age(program, mentors, mentees)}
    near |= {(mentee, mentor) for mentee, mentor in wishing.ruled_out(program) if {mentee, mentor} <= here}
    return near | {(mentee_of[a], mentor_of[b]) for a, b in both_ways if a in mentee_of and b in mentor_of}


def restricted(people, on):
    """A restriction in any program of the house keeps two people apart in all of them."""
    return (
        Restriction.objects.live(on)
        .filter(kept_away__in=people, subject__in=people)
        .values_list("kept_away", "subject")
    )


def families(people):
    """A guardian and their child, and those who have a guardian in common. Ended guardianships count: family stays."""
    children: dict[int, list[int]] = {}
    for adult, child in Guardianship.objects.filter(child__in=people).values_list("adult", "child"):
        children.setdefault(adult, []).append(child)
    for adult, own in children.items():
        yield from ((adult, child) for child in own)
        yield from ((one, other) for one in own for other in own if one != other)


def matched_before(people):
    """Those who were in a match together: open, ended, proposed, or turned down."""
    mine = Member.objects.filter(side=Participant.Side.MENTOR, participant__person__in=people)
    others = mine.filter(match__members__side=Participant.Side.MENTEE)
    return others.values_list("match__members__participant__person", "participant__person")


def declared(program, on):
    """Those of this program of whom somebody wrote down that they are not to be matched."""
    return Conflict.objects.live(on).filter(program=program).values_list("person", "other")


def told(one):
    """One participant as the engine sees them. The lot is drawn by who they are, not by when they came in."""
    person = one.person
    addresses = sorted(point.value.lower() for point in person.contact_points.all())
    who = [person.given_name, person.family_name, str(person.born_on or ""), *addresses[:1]]
    lot = hashlib.sha256("|".join(who).encode()).hexdigest()
    return {"key": str(one.pk), "lot": lot, "traits": known.traits_of(one)}


class Plain:
    """A criterion as a round keeps it, where one of the program's own is expected."""

    def __init__(self, row):
        self.__dict__ |= row


def plain(criterion):
    return {name: getattr(criterion, name) for name in ("code", "kind", "label", "weight", "is_hard", "settings")}


def still_possible(kept, program, *, by, at):
    """The drafts of a round that can still be proposed, in order: both there and free, not apart, in `by`'s sight."""
    drafts = kept.drafts.visible_to(by, at=at) if by else kept.drafts.all()
    drafts = drafts.select_related("mentor__person", "mentee__person", "mentee__site").order_by("pk")
    waiting = {one.pk for one in waiting_mentees(program, at)}
    places = {one.pk: one.free for one in free_mentors(program, at)}
    drafts = [d for d in drafts if d.mentee_id in waiting and d.mentor_id in places]
    barred = apart([d.mentee for d in drafts], [d.mentor for d in drafts], program, at)
    unshown = not_to_be_shown([one for d in drafts for one in (d.mentee, d.mentor)], program, at)
    drafts = [d for d in drafts if not {d.mentee.person_id, d.mentor.person_id} & unshown]
    good = []
    for draft in drafts:
        if (draft.mentee_id, draft.mentor_id) not in barred and places[draft.mentor_id] > 0:
            places[draft.mentor_id] -= 1
            good.append(draft)
    return good


def these_two(program, mentee, mentor, at):
    """Both as a round would look at them, or nothing where one of them cannot be paired now or they may not be."""
    on, gates = day_in(at, program.zone), profiles.asks(program, "gates_before_round")
    waiting, free = waiting_mentees(program, at).filter(pk=mentee.pk), free_mentors(program, at).filter(pk=mentor.pk)
    if gates:
        waiting = waiting.filter(pk__in=ready(program, Participant.Side.MENTEE, on).values("pk"))
        free = free.filter(pk__in=ready(program, Participant.Side.MENTOR, on).values("pk"))
    found = [*waiting, *free]
    if len(found) < 2 or not_to_be_shown(found, program, at) or apart(found[:1], found[1:], program, at):
        return None
    return found


def split_locked(everybody, drafts):
    """The locked drafts that can still be, and those that cannot: somebody is gone or full, or they may not be."""
    waiting, places = {one.pk for one in everybody.mentees}, {one.pk: one.free for one in everybody.mentors}
    stays, goes = [], []
    for draft in drafts:
        may_be = (draft.mentee_id, draft.mentor_id) not in everybody.apart
        if may_be and draft.mentee_id in waiting and places.get(draft.mentor_id, 0) > 0:
            places[draft.mentor_id] -= 1
            stays.append(draft)
        else:
            goes.append(draft)
    return stays, goes
