"""Verifies an answer in whole numbers, from what people told, without knowing how it was found (weak duality).

A pair is worth its score plus a bonus so large that one more pair always beats better pairs. Prices that cover the
worth of every pair that may be, and together cost exactly what the chosen pairs are worth, leave nothing better.
"""

import hashlib
import json
import operator
import random
from collections import Counter
from functools import cached_property
from typing import TYPE_CHECKING

from rapport.matching.engine import judging, policy_checker

if TYPE_CHECKING:
    from rapport.matching.engine.hearing import Hearing

PLAIN = 2_500  # pairs looked at one by one in plain Python; where there are more, many at once
FULL = 5_000_000  # pairs looked at in every run; where there are more, those of mentees drawn by lot
POINTS, name_of = operator.itemgetter("points"), operator.itemgetter("mentee", "mentor")
NUMBERS = ("served", "bonus", "worth", "bound")
STEPS = ("waiting", "needs")  # by which mentees come before others; a step of either counts the same


class NotProven(Exception):
    """This answer breaks a rule, or its prices do not prove it."""


def check(problem: dict, answer: dict, most: int | None = None, heard: "Hearing | None" = None) -> int:
    """Return how many mentees' pairs were held against the prices, or raise NotProven with the first thing wrong.

    Problem and answer as in `running.run`. Up to PLAIN pairs, and where `most` is None, each is looked at in plain
    Python, beyond at once (`many_checker`). Where there are more than `most`, the means that stand for missing answers
    and the number of blocking pairs are believed, and the prices are held against all pairs of some mentees only, drawn
    by lot; the chosen pairs always all. `heard`: what this very problem tells (`hearing.hear`), for whoever has it;
    plain Python hears it anew.
    """
    seen = Seen(problem, answer)
    pairs = len(seen.mentees) * len(seen.mentors)
    is_full, is_plain = most is None or pairs <= most, most is None or pairs <= min(PLAIN, most)
    check_numbers(seen)
    many = None if is_plain else many_of(seen, heard)
    check_pairs(seen, many.scored if many else seen.scored)
    wished = policy_checker.Wished(seen) if is_wished(problem) else None
    check_bound(seen, wished)
    keys = sorted(seen.mentees)
    if most is not None and not is_full:
        keys = random.Random(seen.proof["input"]).sample(keys, max(1, min(len(keys), most // len(seen.mentors))))  # noqa: S311
    if many:
        many.look(wished, keys, is_full)
    else:
        look(seen, keys, wished)
    return len(keys)


def many_of(seen, heard):
    """The loops over many pairs; None where a score might be larger than they hold."""
    from rapport.matching.engine.checking_rules import never_of
    from rapport.matching.engine.hearing import hear  # NumPy loads only where it is needed
    from rapport.matching.engine.many_checker import Many

    heard = heard or hear(seen.problem)
    wished = heard.wishes[:, 2]
    low, high = reach_of(seen.problem, [int(wished.min(initial=0)), int(wished.max(initial=0))])
    most = max(-low, high) + sum(map(abs, seen.proof["neutral"].values()))
    return Many(seen, heard) if most < -never_of(seen.problem["criteria"]) // 2 else None


def look(seen, keys, wished):
    """Every pair of these mentees, one by one, and what missing answers give. Who is settled asks nobody."""
    for one in seen.problem["criteria"]:
        mean = judging.neutral_of(one, seen.problem["mentees"], seen.problem["mentors"])
        require(mean == seen.proof["neutral"][one["code"]], "the mean of the answers is another")
    settled = {mentee for mentee, _ in seen.locked}
    for key in keys:
        if key not in settled:
            check_prices(seen, key, wished)
    if wished:
        wished.check_blocking()


def is_wished(problem):
    """Whether there is more to choose by than how many are served and the total."""
    return "policy" in problem or any(one.get("least") for one in problem["mentors"])


class Seen:
    """What was asked and answered, by key, and what is settled beforehand."""

    def __init__(self, problem, answer):
        self.problem, self.answer = problem, answer
        self.pairs, self.proof = answer["pairs"], answer["certificate"]
        self.mentees = {one["key"]: one for one in problem["mentees"]}
        self.mentors = {one["key"]: one for one in problem["mentors"]}
        self.locked = {(a, b) for a, b in problem.get("locked", ()) if a in self.mentees and b in self.mentors}
        self.free = [pair for pair in self.pairs if not self.locked or name_of(pair) not in self.locked]
        self.apart = {(a, b) for a, b in problem["apart"]}
        settled = Counter(b for _, b in self.locked)
        self.places = {key: max(0, one["capacity"] - settled[key]) for key, one in self.mentors.items()}
        told = self.proof.get("groups", {"open": [], "closed": []})
        self.places |= dict.fromkeys([key for key in told["closed"] if not settled[key]], 0)
        self.must = {key: max(0, self.mentors[key].get("least", 0) - settled[key]) for key in told["open"]}
        self.judges = [(one, judging.Judge(one, self.proof["neutral"][one["code"]])) for one in problem["criteria"]]
        self.told, self.other = {}, {}

    @cached_property
    def wishes(self):
        """What was wished for each pair."""
        return wishes_of(self.problem)

    def cost(self, prices):
        """What all prices come to: each mentee once, each mentor for every place.

        The price of an open group may be below zero; then it counts for the places that must be filled.
        """
        times = {key: self.places[key] if n >= 0 else self.must[key] for key, n in prices["mentor_prices"].items()}
        mentors = sum(times[key] * price for key, price in prices["mentor_prices"].items())
        return sum(prices["mentee_prices"].values()) + mentors

    def heard(self, told, people, key, side):
        """What somebody told to each criterion, made comparable; heard once."""
        if key not in told:
            told[key] = [judge.heard(people[key], side) for _, judge in self.judges]
        return told[key]

    def score(self, a, b):
        """(score, the points of its parts, whether the pair may be) from what both told."""
        parts, may_be = [], True
        told, other = (
            self.heard(self.told, self.mentees, a, "mentee"),
            self.heard(self.other, self.mentors, b, "mentor"),
        )
        for (criterion, judge), one, two in zip(self.judges, told, other, strict=True):
            part = judge.of(one, two)
            parts.append(part.points)
            may_be = may_be and not (criterion["is_hard"] and part.known and not part.right)
        return self.summed((a, b), parts, may_be)

    def scored(self, names):
        return [self.score(*name) for name in names]

    def summed(self, name, parts, may_be):
        """The same with what is said of this pair besides."""
        if self.wishes.get(name):
            parts = [*parts, self.wishes[name]]
        floor, score = self.problem.get("floor"), sum(parts)
        return score, parts, may_be and name not in self.apart and (floor is None or score >= floor)


def wishes_of(problem):
    """What was wished for each pair, added up."""
    wishes: dict = {}
    for a, b, points in problem.get("wishes", ()):
        wishes[a, b] = wishes.get((a, b), 0) + points
    return wishes


def check_numbers(seen):
    check_whole(seen, seen.proof, [seen.proof[name] for name in NUMBERS])
    numbers = [seen.proof["total"], *seen.proof["neutral"].values()]
    require(all(type(n) is int for n in numbers), "a number is not whole")
    sides = (seen.mentees, "mentees"), (seen.mentors, "mentors")
    require(all(len(one) == len(seen.problem[name]) for one, name in sides), "two people have one key")


def check_whole(seen, proof, numbers):
    """The prices of everybody, and these numbers, are whole and none below zero."""
    require(proof["mentee_prices"].keys() == seen.mentees.keys(), "the price of a mentee is missing")
    require(proof["mentor_prices"].keys() == seen.mentors.keys(), "the price of a mentor is missing")
    every = [*proof["mentee_prices"].values(), *proof["mentor_prices"].values(), *numbers]
    require(all(type(n) is int for n in every), "a number is not whole")
    mentors = [n for key, n in proof["mentor_prices"].items() if key not in seen.must]
    every = [*proof["mentee_prices"].values(), *mentors, *numbers]
    require(min(every, default=0) >= 0, "a number is below zero")


def check_pairs(seen, scored):
    names = list(map(name_of, seen.pairs))
    mentees, mentors = {a for a, _ in names}, {b for _, b in names}
    are_known = mentees <= seen.mentees.keys() and mentors <= seen.mentors.keys()
    require(are_known, "somebody is paired whom nobody knows")
    require(len(mentees) == len(names), "somebody is paired twice")
    require(not seen.locked or seen.locked <= set(names), "a settled pair is not kept")
    for pair, name, (score, parts, may_be) in zip(seen.pairs, names, scored(names), strict=True):
        if not may_be and name not in seen.locked:
            raise NotProven(f"the pair {name} may not be")
        if list(map(POINTS, pair["parts"])) != parts:
            raise NotProven(f"the parts of {name} are others")
        if type(pair["score"]) is not int or pair["score"] != score:
            raise NotProven(f"{name} does not score that")
    used = Counter(pair["mentor"] for pair in seen.free)
    require(all(n <= seen.places[b] for b, n in used.items()), "somebody has more than they can take")


def check_bound(seen, wished=None):
    proof = seen.proof
    if wished:
        worth = sum(wished.worth(*name_of(pair), pair["score"]) for pair in seen.free)
    else:
        worth = sum(pair["score"] for pair in seen.free) + proof["bonus"] * len(seen.free)
    bound = seen.cost(proof)
    require(proof["served"] == len(seen.pairs), "another number is served")
    require(proof["total"] == sum(pair["score"] for pair in seen.pairs), "the total is not the sum of the scores")
    require(proof["worth"] == worth == bound == proof["bound"], f"worth {worth}, but the prices allow {bound}")


def check_prices(seen, a, wished=None):
    """One mentee's price and each mentor's must cover what the two are worth."""
    own, bonus = seen.proof["mentee_prices"][a], seen.proof["bonus"]
    for b, places in seen.places.items():
        score, _, may_be = seen.score(a, b) if places else (0, [], False)
        if not may_be:
            continue
        if wished:
            wished.look_at(a, b, score)
        else:
            require(own + seen.proof["mentor_prices"][b] >= score + bonus, f"the prices miss the pair {a}, {b}")


def steps_of(policy):
    """{mentee key: by how many steps they come before others}, of all that a policy counts in steps."""
    total = Counter()
    for name in STEPS:
        total.update(policy.get(name) or {})
    return total


def reach_of(problem, wished=None):
    """(least, most) that a pair could score, whatever anybody told. `wished`: the points of each wish, added up."""
    shares = [max([100, *one["settings"].get("points", {}).values()]) for one in problem["criteria"]]
    points = sum(one["weight"] * share // 100 for one, share in zip(problem["criteria"], shares, strict=True))
    wished = wishes_of(problem).values() if wished is None else wished
    return min([0, *wished]), points + max([0, *wished])


def digest(told):
    """The same for the same values."""
    return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()


def require(holds, otherwise):
    if not holds:
        raise NotProven(otherwise)
