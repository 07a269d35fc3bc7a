"""What criteria say about one pair, in plain Python from what people told: for explanations and for the checker.

The kernels work out the same in another way; that both agree on every pair that was chosen is checked in each run.
"""

from collections import Counter
from typing import NamedTuple

from rapport.matching.engine.telling import all_folded, answer_of, folded


class Part(NamedTuple):
    """Points in whole numbers, whether the pair could be judged, whether it is right."""

    points: int
    known: bool
    right: bool


class Judge:
    """One criterion, which remembers what it said about two answers. `neutral`: what a missing answer gives."""

    def __init__(self, criterion: dict, neutral: int = 0):
        self.criterion, self.neutral = criterion, neutral
        self.said: dict[tuple | int, Part] = {}
        self.hear, self.share = KINDS[criterion["kind"]]
        self.counts = self.share is overlap  # what two lists give is known by how many they share
        self.order = [folded(name) for name in criterion["settings"].get("order", ())]

    def heard(self, person: dict, side: str):
        """What this person told, made comparable; None where that is nothing."""
        return self.hear(answer_of(person["traits"], self.criterion, side), self.order)

    def of(self, told, other) -> Part:
        """What it gives a mentee who told the one and a mentor who told the other, both as heard."""
        if told is None or other is None:
            return Part(self.neutral, False, False)
        both = len(told & other) if self.counts else (told, other)
        if (part := self.said.get(both)) is None:
            share, right = self.share(told, other, self.criterion["settings"])
            part = self.said[both] = Part(self.criterion["weight"] * share // 100, True, right)
        return part


def judge(criterion: dict, mentee: dict, mentor: dict, neutral: int) -> Part:
    """One criterion about one pair. `neutral`: what a missing answer gives."""
    one = Judge(criterion, neutral)
    return one.of(one.heard(mentee, "mentee"), one.heard(mentor, "mentor"))


def neutral_of(criterion: dict, mentees: list[dict], mentors: list[dict]) -> int:
    """The mean of all pairs that can be judged, half the weight if none can; 0 where no answer is missing."""
    one, sides = Judge(criterion), (("mentee", mentees), ("mentor", mentors))
    return mean_of(one, *(Counter(one.heard(person, side) for person in people) for side, people in sides))


def mean_of(one: Judge, told: Counter, other: Counter) -> int:
    """As `neutral_of`, of answers as heard and how often each was."""
    everybody = told.total() * other.total()
    missing = told.pop(None, 0) + other.pop(None, 0)
    if not missing or not everybody:
        return 0
    known = told.total() * other.total()
    points = TOTALS.get(one.criterion["kind"], of_each)(one, told, other)
    return points // known if known else one.criterion["weight"] // 2


def of_each(one, told, other) -> int:
    """What all pairs get together, each looked at."""
    return sum(one.of(a, b).points * n * m for a, n in told.items() for b, m in other.items())


def of_words(one, told, other) -> int:
    """The same, of the kinds same and different."""
    alike = sum(n * other[a] for a, n in told.items())
    right = alike if one.criterion["kind"] == "same" else told.total() * other.total() - alike
    return one.criterion["weight"] * right


def of_overlaps(one, told, other) -> int:
    """The same, of overlaps: everybody who gave an answer stands as a bit of one long number."""
    places: dict[str, list[int]] = {}
    for n, given in enumerate(other.elements()):
        for name in given:
            places.setdefault(name, []).append(n)
    who = {name: packed(bits, other.total()) for name, bits in places.items()}
    weight, enough = one.criterion["weight"], one.criterion["settings"].get("enough", 1)
    total = 0
    for given, times in told.items():
        at_least = [0] * (min(enough, len(given)) + 1)  # who shares that many, and more
        for mask in (who[name] for name in given if name in who):
            for n in range(len(at_least) - 1, 1, -1):
                at_least[n] |= at_least[n - 1] & mask
            at_least[1] |= mask
        counts = [mask.bit_count() for mask in at_least] + [0]
        points = [weight * (n * 100 // enough) // 100 for n in range(len(at_least))]
        total += times * sum(points[n] * (counts[n] - counts[n + 1]) for n in range(1, len(at_least)))
    return total


def packed(bits, size):
    """One number with these bits."""
    octets = bytearray(size // 8 + 1)
    for n in bits:
        octets[n >> 3] |= 1 << (n & 7)
    return int.from_bytes(octets, "little")


def place(told, order):
    return order.index(folded(told)) if folded(told) in order else None


def gap(told, other, settings):
    steps = other - told
    share = {int(step): percent for step, percent in settings["points"].items()}.get(steps, 0)
    most = len(settings["order"])
    return share, settings.get("least", -most) <= steps <= settings.get("most", most)


def word(told, _order):
    return folded(told) or None


def same(told, other, _settings):
    return (told == other) * 100, told == other


def different(told, other, _settings):
    return (told != other) * 100, told != other


def words(told, _order):
    return frozenset(filter(None, all_folded(told if isinstance(told, list) else [told]))) or None


def overlap(told, other, settings):
    shared, enough = len(told & other), settings.get("enough", 1)
    return min(shared, enough) * 100 // enough, shared > 0


KINDS = {"ordered-gap": (place, gap), "same": (word, same), "different": (word, different), "overlap": (words, overlap)}
TOTALS = {"same": of_words, "different": of_words, "overlap": of_overlaps}
