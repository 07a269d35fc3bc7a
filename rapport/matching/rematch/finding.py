"""A mentor for one mentee: the best who are free, and what moving drafts and unanswered proposals would open.

An active match takes its place and is never among what is moved, nor shown as if it could be. Whoever the reader may
not see is in no name and no count.
"""

from dataclasses import dataclass, field
from typing import Any

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from rapport.access.rights import Right
from rapport.audit.actions import record_read
from rapport.core.months import day_in
from rapport.matches.models import Match, Point
from rapport.matching import gathering
from rapport.matching.calling import ask_engine
from rapport.matching.criteria import known
from rapport.matching.models import Draft, Proposal, Round
from rapport.matching.rounds import reading
from rapport.onboarding.interviews.reading import LEVEL, found_of, readable
from rapport.people.models import Participant

SHOWN = 20
APART = "apart"
TAKEN = {"full", APART}  # what nobody overrides


@dataclass
class Candidate:
    """A mentor beside the mentee: points, each criterion in words, the rules they would break, who is drafted there."""

    mentor: Any
    score: int
    parts: list[dict]
    broken: list[str]
    drafted: list = field(default_factory=list)
    found: list[str] = field(default_factory=list)  # at their interview, for who may read it


@dataclass
class Way:
    """One way to place the mentee: how many others move, what all gain together, with whom, and who moves."""

    moves: int
    gain: int
    mentor: Any
    moved: list[tuple]  # (mentee, from, to, whether somebody is asked about it already)


class Place:
    """Everybody one mentee could be placed among, as far as this reader sees them. A fixed number of queries."""

    def __init__(self, mentee, user, at):
        self.mentee, self.program, self.user, self.at = mentee, mentee.program, user, at
        self.everybody = gathering.gather(self.program, at)
        seen = Participant.objects.visible_to(user, Right.MATCHING_RUN, at).filter(program=self.program)
        self.seen = set(seen.values_list("pk", flat=True))
        self.everybody.mentees = [one for one in self.everybody.mentees if one.pk in self.seen]
        self.everybody.mentors = [one for one in self.everybody.mentors if one.pk in self.seen]

    @property
    def criteria(self):
        return [gathering.plain(one) for one in self.everybody.criteria]

    @property
    def most(self):
        """The points of a pair that fits in everything."""
        return sum(one.weight for one in self.everybody.criteria)

    @property
    def hindrance(self):
        """Why nobody is looked for now, in a sentence; empty: nothing is in the way."""
        if any(one.pk == self.mentee.pk for one in self.everybody.mentees):
            return ""
        missing = next((words for one, words in self.everybody.not_ready.items() if one.pk == self.mentee.pk), None)
        if missing is None:
            return _("Just now nobody is looked for: they are in a match, proposed to somebody, or not to be matched.")
        return _("Not ready yet: %(what)s") % {"what": "; ".join(str(one) for one in missing)}

    def best(self, everybody=False):
        """The best twenty; with `everybody`, also those who break a rule of the program, after the others.

        Whoever may never be theirs, for whatever reason, is not among them. Raises calling.NoAnswer.
        """
        barred = {mentor for mentee, mentor in self.everybody.apart if mentee == self.mentee.pk}
        problem = self.everybody.problem()
        problem["mentors"] = [one for one in problem["mentors"] if int(one["key"]) not in barred]
        rows = ask_engine(problem, question="top", mentee_key=str(self.mentee.pk), n=SHOWN, everybody=everybody)
        rows = [row for row in rows if not TAKEN & set(row["breaks"])]
        mentors = {str(one.pk): one for one in self.everybody.mentors}
        mentee = next(one for one in self.everybody.mentees if one.pk == self.mentee.pk)
        drafted = self.drafted()
        shown = [self.beside(mentee, mentors[row["mentor"]], row, drafted) for row in rows]
        found = self.found_of([one.mentor.pk for one in shown])
        for one in shown:
            one.found = found.get(one.mentor.pk, [])
        return shown

    def found_of(self, mentors):
        """What interviews found of these mentors, as far as this reader reads it. That it was read is in the trail."""
        mine = readable(self.user, self.program, Participant.Side.MENTOR, self.at).filter(pk__in=mentors)
        found = found_of(self.program, list(mine.values_list("pk", flat=True)))
        if found:
            facts = {"level": LEVEL, "mentors": sorted(found)}
            record_read("interviews.read", about=self.program, by=self.user, at=self.at, **facts)
        return found

    def beside(self, mentee, mentor, row, drafted):
        parts = reading.parts_in_words(row["parts"], self.criteria, mentee, mentor)
        said = [one for one in row["parts"] if one["known"]]
        for part, told in zip(parts, said, strict=False):
            part["shares"] = bool(row["shared"].get(told["code"])) or (told["right"] and told["points"] == part["most"])
        labels = {one.code: one.label for one in self.everybody.criteria}
        broken = [labels.get(code) or _("the score is below the floor of the program") for code in row["breaks"]]
        return Candidate(mentor, row["score"], parts, broken, drafted.get(mentor.pk, []))

    def drafted(self):
        """{mentor: mentees of the draft that waits}, of those the reader sees."""
        found: dict[int, list] = {}
        for draft in self.drafts():
            if draft.mentee_id != self.mentee.pk:
                found.setdefault(draft.mentor_id, []).append(draft.mentee.person)
        return found

    def drafts(self):
        """The pairs of the newest draft round of which the reader sees both."""
        newest = Round.objects.filter(program=self.program, state=Round.State.DRAFT).order_by("-pk").values("pk")[:1]
        rows = Draft.objects.filter(round__in=list(newest.values_list("pk", flat=True)), match=None)
        rows = rows.select_related("mentee__person", "mentor__person", "round").order_by("pk")
        return [one for one in rows if {one.mentee_id, one.mentor_id} <= self.seen]

    def ways(self, most_moves=2):
        """The best way with 0, 1 and 2 moves of others. Raises calling.NoAnswer."""
        drafts = [one for one in self.drafts() if one.mentee_id != self.mentee.pk]
        asked = movable_proposals(self.program, self.user, self.at)
        asked = [one for one in asked if {one.mentees[0].pk, one.mentors[0].pk} <= self.seen]
        people = self.with_these(asked)
        standing = [plain(one.mentee_id, one.mentor_id, one.locked_at is None) for one in drafts]
        standing += [plain(one.mentees[0].pk, one.mentors[0].pk, True) for one in asked]
        problem = self.everybody.problem()
        rows = ask_engine(
            problem, question="rematch", standing=standing, mentee_key=str(self.mentee.pk), most_moves=most_moves
        )
        return [way_of(row, people, {one.mentees[0].pk for one in asked}) for row in rows]

    def with_these(self, asked):
        """Add the people of proposals that may be moved, with the places they take. Returns everybody by key."""
        here = self.everybody
        extra = gathering.with_details(Participant.objects.filter(pk__in=[p.pk for m in asked for p in people_of(m)]))
        extra = gathering.with_since(extra, self.program)
        extra = {one.pk: one for one in extra}
        places = {one.pk: one for one in here.mentors}
        for match in asked:
            mentor = extra[match.mentors[0].pk]
            place = places.setdefault(mentor.pk, mentor)
            place.free = getattr(place, "free", 0) + 1
        here.mentors = [places[pk] for pk in sorted(places)]
        here.mentees = here.mentees + [extra[match.mentees[0].pk] for match in asked]
        here.apart = gathering.apart(here.mentees, here.mentors, self.program, self.at)
        known.give([*here.mentees, *here.mentors], here.criteria, day_in(self.at, self.program.zone))
        return {str(one.pk): one for one in [*here.mentees, *here.mentors]}


def plain(mentee, mentor, movable):
    return {"mentee": str(mentee), "mentor": str(mentor), "movable": movable}


def people_of(match):
    return [*match.mentors, *match.mentees]


def way_of(row, people, asked):
    moved = [(people[a], people[b], people[c], int(a) in asked) for a, b, c in row["moved"]]
    return Way(row["moves"], row["gain"], people[row["pairs"][0][1]], moved)


def unanswered(matches):
    """Proposed matches to which nobody has said anything yet, by whatever way, and of which nothing is ticked."""
    said = Proposal.objects.filter(match=OuterRef("pk"), answered_at__isnull=False)
    ticked = Point.objects.filter(match=OuterRef("pk"), kept_at__isnull=False)
    rows = matches.filter(~Exists(said), ~Exists(ticked), state=Match.State.PROPOSED)
    return rows.exclude(draft__accepted_by__gt="")


def movable_proposals(program, user, at):
    """Those this reader may let go, of which everybody may be looked at now, by key."""
    seen = Match.objects.visible_to(user, Right.MATCH_EDIT, at).filter(program=program)
    found = list(unanswered(seen).unhindered(at).with_people().order_by("pk"))
    found = [match for match in found if len(match.mentors) == len(match.mentees) == 1]
    unshown = gathering.not_to_be_shown([one for match in found for one in people_of(match)], program, at)
    return [match for match in found if not {one.person_id for one in people_of(match)} & unshown]
