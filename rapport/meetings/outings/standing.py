"""Whether an outing is permitted: never stored, asked anew each time, from what the guardians said to this version.

Who must say yes is decided as for any permission (`people.questions.may_speak_for`): one guardian who may consent and
is not kept away. Where another such guardian says no, it is not permitted until they say otherwise. Silence is no.
"""

from dataclasses import dataclass, field

from rapport.core.months import day_in
from rapport.matches.models import Match
from rapport.meetings.models import Outing, OutingWord
from rapport.meetings.outings.rules import broken, children_of
from rapport.people.models import Guardianship, Person, Restriction


@dataclass
class Says:
    """One guardian about one child: the last word on this version, or None."""

    child: Person
    guardian: Person
    word: OutingWord | None = None


@dataclass
class Standing:
    """How one outing stands at a moment."""

    outing: Outing
    children: list
    says: list = field(default_factory=list)
    broken: list = field(default_factory=list)
    is_open: bool = True

    def shown(self, away):
        """The guardians, each with their word, of whom a reader may know who is kept away from these people."""
        return [one for one in self.says if one.guardian.pk not in away]

    def of(self, child):
        """The last words of those who may speak for this child."""
        return [one.word for one in self.says if one.child == child and one.word]

    def has_yes(self, child):
        words = self.of(child)
        return bool(words) and all(word.is_yes for word in words)

    @property
    def is_permitted(self):
        stands = self.is_open and not self.outing.called_off_at and not self.broken
        return stands and all(self.has_yes(child) for child in self.children)

    @property
    def differ(self):
        """Whether two who may speak for one child say otherwise: for a person to talk with both."""
        return any(len({word.is_yes for word in self.of(child)}) > 1 for child in self.children)


def standings(outings, at) -> list[Standing]:
    """How these stand, in order; in a fixed number of queries but for what each asks of its mentors' checks."""
    outings = list(outings)
    matches = with_people({one.match_id for one in outings})
    going = going_on(matches, at)
    found = []
    for one in outings:
        one.match = matches[one.match_id]
        children = children_of(one.match, day_in(one.starts_at, one.match.program.zone))
        wrong = broken(
            one.match, starts_at=one.starts_at, ends_at=one.ends_at, transport=one.transport, at=at, is_new=False
        )
        found.append(Standing(one, children, broken=wrong, is_open=one.match_id in going))
    fill(found, at)
    return found


def standing_of(outing, at) -> Standing:
    return standings([outing], at)[0]


def with_people(keys):
    return {one.pk: one for one in Match.objects.filter(pk__in=keys).select_related("program", "site").with_people()}


def going_on(matches, at) -> set:
    """Ids of those that meet at the moment."""
    active = Match.objects.active().unhindered(at).filter(pk__in=matches)
    return set(active.values_list("pk", flat=True))


def fill(found, at):
    """Who may speak for each child, and their last word on this version."""
    children = {child.pk for one in found for child in one.children}
    away = set(Restriction.objects.live_at(at).filter(subject__in=children).values_list("subject", "kept_away"))
    rows = Guardianship.objects.living_somewhere(at).filter(child__in=children, consents=True)
    guardians: dict = {}
    for row in rows.select_related("adult", "child").order_by("pk"):
        if (row.child_id, row.adult_id) not in away:
            guardians.setdefault(row.child_id, []).append(row)
    last = {}
    words = OutingWord.objects.counted().filter(outing__in=[one.outing.pk for one in found])
    for word in words.select_related("written_by"):
        last[word.outing_id, word.version, word.child_id, word.said_by_id] = word
    for one in found:
        one.says = [
            Says(child, row.adult, last.get((one.outing.pk, one.outing.version, child.pk, row.adult_id)))
            for child in one.children
            for row in guardians.get(child.pk, ())
            if row.is_living(day_in(at, one.outing.match.program.zone))
        ]
