"""The scores of one mentee with every mentor in plain Python: one question needs no compiled columns.

The kernels work out the same numbers another way; `tests/matching/test_top.py` holds both against each other.
"""

from collections import Counter
from operator import add, itemgetter

from rapport.matching.engine import lots
from rapport.matching.engine.checker import wishes_of
from rapport.matching.engine.judging import Judge, neutral_of

APART, FLOOR, FULL, WISH = "apart", "floor", "full", "wish"  # what else keeps two from each other, and a wished part
NEVER = -(1 << 40)  # a pair that may not be
LOWEST = -(1 << 30)  # below it, a score says so


class People:
    """A problem as single questions look at it: mentors in the order of their lots, and what each of them told."""

    def __init__(self, problem: dict):
        self.problem, self.criteria = problem, problem["criteria"]
        self.mentees = {one["key"]: one for one in problem["mentees"]}
        self.mentors = lots.in_order(problem["mentors"], problem["seed"])
        self.place_of = {one["key"]: n for n, one in enumerate(self.mentors)}
        settled = Counter(b for _, b in problem.get("locked", ()))
        self.places = [max(0, one["capacity"] - settled[one["key"]]) for one in self.mentors]
        both = problem["mentees"], problem["mentors"]
        self.judges = [Judge(one, neutral_of(one, *both)) for one in self.criteria]
        self.wishes = wishes_of(problem)
        self.apart = {(a, b) for a, b in problem["apart"]}
        self.floor = problem.get("floor")
        self.said = [numbered([judge.heard(one, "mentor") for one in self.mentors]) for judge in self.judges]
        self.own: dict[str, set[str]] = {}
        for a, b in [*self.wishes, *self.apart]:
            self.own.setdefault(a, set()).add(b)

    def mentee(self, key: str) -> dict:
        """This mentee. Raises ValueError where nobody has that key."""
        if key not in self.mentees:
            raise ValueError("nobody has that key")
        return self.mentees[key]

    def row(self, mentee: dict) -> list[int]:
        """What the pair with each mentor scores, in their order; below LOWEST where it may not be. Places are not
        looked at."""
        scores = [0] * len(self.mentors)
        for judge, (numbers, answers) in zip(self.judges, self.said, strict=True):
            told = judge.heard(mentee, "mentee")
            points = [points_of(judge, told, other) for other in answers]
            if len(points) == 1:
                scores = [score + points[0] for score in scores]
            elif points:
                scores = list(map(add, scores, itemgetter(*numbers)(points)))
        for key in self.own.get(mentee["key"], ()):
            if key in self.place_of:
                two = (mentee["key"], key)
                scores[self.place_of[key]] += NEVER if two in self.apart else self.wishes[two]
        if self.floor is not None:
            scores = [score if score >= self.floor else NEVER for score in scores]
        return scores

    def pair(self, mentee: dict, mentor: dict) -> dict:
        """One pair with its parts, and the codes of what it breaks. As `running.run` tells a pair."""
        judged = [judge.of(judge.heard(mentee, "mentee"), judge.heard(mentor, "mentor")) for judge in self.judges]
        parts = [
            {"code": one["code"], "points": part.points, "known": part.known, "right": part.right}
            for one, part in zip(self.criteria, judged, strict=True)
        ]
        two = (mentee["key"], mentor["key"])
        if wish := self.wishes.get(two):
            parts.append({"code": WISH, "points": wish, "known": True, "right": wish > 0})
        score = sum(part["points"] for part in parts)
        hard = [one["code"] for one in self.criteria if one["is_hard"]]
        breaks = [part["code"] for part in parts if part["code"] in hard and part["known"] and not part["right"]]
        breaks += [APART] * (two in self.apart) + [FLOOR] * (self.floor is not None and score < self.floor)
        return {"mentee": two[0], "mentor": two[1], "score": score, "parts": parts, "breaks": breaks}


def numbered(heard):
    """The number of each answer, and the different answers: most people answer as somebody else did."""
    answers = {answer: n for n, answer in enumerate(dict.fromkeys(heard))}
    return [answers[answer] for answer in heard], list(answers)


def points_of(judge, told, other):
    part = judge.of(told, other)
    return NEVER if judge.criterion["is_hard"] and part.known and not part.right else part.points
