"""The scores of one mentee with every mentor in plain Python: one question needs no compiled columns.

The kernels work out the same numbers another way; `tests/matching/test_top.py` holds both against each other.
"""

from collections import Counter
from collections.abc import Iterable
from functools import cached_property

from rapport.matching.engine import lots
from rapport.matching.engine.checker import wishes_of
from rapport.matching.engine.judging import Judge, mean_of

APART = "apart"  # pairs that may not be, whatever the criteria say: one code for all reasons, nobody's business
FLOOR, FULL = "floor", "full"  # a score below it; no free place
WISH = "wish"  # what one of the two, or somebody for them, asked for or against
NEVER = -(1 << 40)  # a pair that may not be
LOWEST = -(1 << 30)  # below it, a score says so
MANY = 40_000  # people of a side from which a question is worth compiled columns (and means are drawn: `columns.TRIED`)


class People:
    """A problem as single questions look at it: mentors in the order of their lots, and what each of them told."""

    def __init__(self, problem: dict, neutral: dict | None = None):
        self.problem, self.criteria = problem, problem["criteria"]
        self.mentees = {one["key"]: one for one in problem["mentees"]}
        self.mentors = lots.in_order(problem["mentors"], problem["seed"])
        self.place_of = {one["key"]: n for n, one in enumerate(self.mentors)}
        settled = Counter(b for _, b in problem.get("locked", ()))
        self.places = [max(0, one["capacity"] - settled[one["key"]]) for one in self.mentors]
        self.judges = [Judge(one) for one in self.criteria]
        for judge in self.judges:
            judge.neutral = self.mean(judge) if neutral is None else neutral[judge.criterion["code"]]
        self.wishes = wishes_of(problem)
        self.apart = {(a, b) for a, b in problem["apart"]}
        self.hard = hard_codes(self.criteria)
        self.floor = problem.get("floor")
        self.asking: tuple[dict, list] | None = None  # the mentee asked about last, and what they told
        self.own, self.apart_of = by_mentee(self.wishes), by_mentee(self.apart)

    def mean(self, judge):
        """What a missing answer gives."""
        told = Counter(judge.heard(one, "mentee") for one in self.problem["mentees"])
        return mean_of(judge, told, Counter(self.heard[judge.criterion["code"]]))

    @cached_property
    def heard(self):
        """Of each criterion what the mentors told, made comparable."""
        return {one.criterion["code"]: [one.heard(who, "mentor") for who in self.mentors] for one in self.judges}

    @cached_property
    def said(self):
        """The same as the number of each answer, and the different answers."""
        return [numbered(self.heard[one["code"]]) for one in self.criteria]

    def mentee(self, key: str) -> dict:
        """This mentee. Raises ValueError where nobody has that key."""
        if key not in self.mentees:
            raise ValueError("nobody has that key")
        return self.mentees[key]

    def row(self, mentee: dict) -> dict[int, int]:
        """What the pair with each mentor scores that may be theirs, by and in the order of their places here. Whether
        they have a free place is not looked at."""
        found = [0] * len(self.mentors)
        barred = {self.place_of[b] for b in self.apart_of.get(mentee["key"], ()) if b in self.place_of}
        able = [j for j in range(len(self.mentors)) if j not in barred]
        for judge, (numbers, answers) in self.narrowing:
            told, points = judge.heard(mentee, "mentee"), {}
            for j in able:
                if (number := numbers[j]) not in points:
                    points[number] = points_of(judge, told, answers[number])
                found[j] += points[number]
            able = [j for j in able if found[j] > LOWEST]
        for key in self.own.get(mentee["key"], ()):
            if key in self.place_of:
                found[self.place_of[key]] += self.wishes[mentee["key"], key]
        return {j: found[j] for j in able if self.floor is None or found[j] >= self.floor}

    @cached_property
    def narrowing(self):
        """Judges with what mentors told: those that forbid first, and of them those that hear fewest answers."""
        both = zip(self.judges, self.said, strict=True)
        return sorted(both, key=lambda one: (not one[0].criterion["is_hard"], len(one[1][1])))

    def judged(self, mentee: dict, mentor: dict) -> tuple[list, list]:
        """Of each criterion what both told, made comparable, and what it says of them."""
        if self.asking is None or self.asking[0] is not mentee:
            self.asking = mentee, [judge.heard(mentee, "mentee") for judge in self.judges]
        heard = [(told, judge.heard(mentor, "mentor")) for told, judge in zip(self.asking[1], self.judges, strict=True)]
        return heard, [judge.of(*both) for judge, both in zip(self.judges, heard, strict=True)]

    def pair(self, mentee: dict, mentor: dict) -> dict:
        """One pair with its parts, and the codes of what it breaks. As `running.run` tells a pair."""
        return self.told(mentee, mentor, self.judged(mentee, mentor)[1])

    def told(self, mentee: dict, mentor: dict, judged: list) -> dict:
        pair = scored(mentee, mentor, self.judges, judged, self.wishes)
        is_low = self.floor is not None and pair["score"] < self.floor
        return pair | {"breaks": broken(pair, self.hard, self.apart) + [FLOOR] * is_low}


def scored(mentee: dict, mentor: dict, judges: list[Judge], judged: list, wishes: dict) -> dict:
    """One pair with its score and the parts of it: what each judge said, and what was wished."""
    parts = [
        {"code": one.criterion["code"], "points": points, "known": known, "right": right}
        for one, (points, known, right) in zip(judges, judged, strict=True)
    ]
    return summed(mentee["key"], mentor["key"], sum([part["points"] for part in parts]), parts, wishes)


def summed(mentee: str, mentor: str, points: int, parts: Iterable[dict], wishes: dict) -> dict:
    """One pair with the parts of its score, which give so many points together, and what was wished besides."""
    wish = wishes.get((mentee, mentor), 0)
    parts = [*parts, told_part(WISH, wish, True, wish > 0)] if wish else list(parts)
    return {"mentee": mentee, "mentor": mentor, "score": points + wish, "parts": parts}


def broken(pair: dict, hard: set[str], apart: set[tuple]) -> list[str]:
    """The codes of the rules a pair breaks, those that forbid being `hard`."""
    codes = [part["code"] for part in pair["parts"] if not part["right"] and part["known"] and part["code"] in hard]
    return codes + [APART] * ((pair["mentee"], pair["mentor"]) in apart)


def told_part(code, points, known, right):
    return {"code": code, "points": points, "known": known, "right": right}


def hard_codes(criteria: list[dict]) -> set[str]:
    return {one["code"] for one in criteria if one["is_hard"]}


def by_mentee(pairs) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for a, b in pairs:
        found.setdefault(a, set()).add(b)
    return found


def numbered(heard):
    """The number of each answer, and the different answers: most people answer as somebody else did."""
    answers = {answer: n for n, answer in enumerate(dict.fromkeys(heard))}
    return [answers[answer] for answer in heard], list(answers)


def points_of(judge, told, other):
    part = judge.of(told, other)
    return NEVER if judge.criterion["is_hard"] and part.known and not part.right else part.points
