"""Verifies what an answer says of its policy, from what people told, without knowing how it was found.

Three sets of prices. The answer's own: among pairs not below the weakest, nothing is better in the order of wishes.
`serves`: of all pairs that may be, nobody serves more, or longer waiting. `better`: of pairs above the weakest, every
plan serves fewer. Where the weakest pair is not asked for, the answer's own prices prove all of it.
"""

from collections import Counter

from rapport.matching.engine import checker


class Wished:
    """The policy of a problem held against an answer; `seen` is the checker's."""

    def __init__(self, seen):
        self.seen, self.proof, self.told = seen, seen.proof, seen.answer["policy"]
        policy = seen.problem.get("policy") or {}
        self.bands, self.steps = policy.get("bands") or [], checker.steps_of(policy)
        self.is_maximin, self.likes = policy.get("maximin", False), policy.get("stability") or 0
        settled = {mentee for mentee, _ in seen.locked}
        self.mentees = [key for key in seen.mentees if key not in settled]
        self.free, self.scores = seen.free, [one["score"] for one in seen.free]
        self.served = min(len(self.mentees), sum(seen.places.values()))
        self.check_groups()
        self.check_units()
        self.check_figures()
        self.check_choices()
        self.check_liked()
        self.covers = self.check_covers() if self.is_maximin else []
        self.least = min(self.told["worst_possible"], *self.scores) if self.is_maximin and self.scores else None
        self.blocking, self.blocks_liked = 0, False
        self.has = of_each(self.free, seen, self.scores)
        liked = [{"mentee": a, "mentor": b} for a, b in self.proof["liked"].items()]
        self.likes_of = of_each(liked, seen, [seen.score(a, b)[0] for a, b in self.proof["liked"].items()])

    def worth(self, a, b, score):
        """What the prices must cover of one pair."""
        below = sum(weight for weight, band in zip(self.proof["weights"], self.bands, strict=True) if score < band)
        liked = self.likes if self.proof["liked"].get(a) == b else 0
        return self.proof["bonus"] + self.proof["step"] * self.steps.get(a, 0) + score - below + liked

    def check_groups(self):
        """Each group is large enough or none; what is open and closed is as the certificate says."""
        told, require, seen = self.proof["groups"], checker.require, self.seen
        least = {key: one.get("least", 0) for key, one in seen.mentors.items()}
        sizes = Counter(one["mentor"] for one in seen.pairs)
        require({*told["open"], *told["closed"]} <= {key for key, n in least.items() if n > 1}, "a group that is none")
        require(not {*told["open"]} & {*told["closed"]}, "a group is open and closed")
        require(all(not n or n >= least[key] for key, n in sizes.items()), "a group is too small")
        require(all(sizes[key] >= least[key] for key in told["open"]), "an open group is too small")
        require(type(told["tried"]) is int and told["tried"] > 0, "no way was tried")

    def check_units(self):
        """Each wish outweighs all that comes after it, whatever a plan may hold."""
        proof, require = self.proof, checker.require
        numbers = [proof["bonus"], proof["step"], *proof["weights"]]
        require(all(type(n) is int and n >= 0 for n in numbers), "a unit is not whole")
        require(proof["likes"] == self.likes and len(proof["weights"]) == len(self.bands), "a unit is another")
        low, high = checker.reach_of(self.seen.problem)
        below = self.served * (high - low + self.likes)
        for weight in reversed(proof["weights"]):
            require(weight > below, "a band weighs too little")
            below += self.served * weight
        steps = sorted((self.steps.get(key, 0) for key in self.mentees), reverse=True)[: self.served]
        require(not sum(steps) or proof["step"] > below, "waiting weighs too little")
        require(
            proof["bonus"] > below + proof["step"] * sum(steps) or not self.served, "being served weighs too little"
        )

    def check_figures(self):
        told, require = self.told, checker.require
        require(told["worst"] == min(self.scores, default=None), "the weakest pair is another")
        below = [sum(score < band for score in self.scores) for band in self.bands]
        require(told["below"] == below, "another number is below a band")
        require(type(told["blocking"]) is int and told["blocking"] >= 0, "pairs that block are counted wrongly")
        lowest = told["worst"] if self.is_maximin else None
        require(told["worst_possible"] == lowest, "the weakest pair could be another")

    def check_choices(self):
        """What the choices cost adds up, from the most there is to this answer. Locked pairs have no part in it."""
        told, require, most = self.told["choices"], checker.require, self.proof["most"]
        digest = checker.digest([most["served"], most["total"], *told])
        require(digest == self.proof["choices"], "a choice says something else")
        total = most["total"]
        for one in told:
            require(one["price"] == total - one["total"], "the price of a choice is another")
            require(
                one["price_permille"] == (one["price"] * 1000 // most["total"] if most["total"] > 0 else 0), "a share"
            )
            require(set(one["unmatched"]) <= set(self.mentees), "a choice leaves somebody without whom nobody knows")
            total = one["total"]
        last = told[-1] if told else most
        require(
            (last["served"], last["total"]) == (len(self.free), sum(self.scores)), "the choices come to another plan"
        )

    def check_liked(self):
        """The pairs that count for more could all be at once."""
        liked, require = self.proof["liked"], checker.require
        require(bool(self.likes) or not liked, "pairs are liked that nobody asked for")
        require(
            set(liked) <= set(self.mentees) and set(liked.values()) <= set(self.seen.mentors), "a stranger is liked"
        )
        require(all(self.seen.score(a, b)[2] for a, b in liked.items()), "a pair is liked that may not be")
        used = Counter(liked.values())
        require(all(n <= self.seen.places[b] for b, n in used.items()), "more are liked than there are places")

    def check_covers(self):
        """The bounds of serving alone: reached by this answer; and not to be reached without its weakest pair."""
        steps, require = sum(self.steps.get(key, 0) for key in self.mentees), checker.require
        serves, better = self.proof["serves"], self.proof["better"]
        for one in (serves, better):
            checker.check_whole(self.seen, one, [one["bonus"]])
            require(one["bonus"] > steps, "being served weighs too little")
            require(self.seen.cost(one) == one["bound"], "the prices of serving come to something else")
        reached = sum(serves["bonus"] + self.steps.get(one["mentee"], 0) for one in self.free)
        require(serves["bonus"] == better["bonus"] and serves["bound"] == reached, "more could be served")
        require(not self.free or better["bound"] < reached, "a better weakest pair is not ruled out")
        require(not self.free or better["least"] == self.told["worst"] + 1, "the weakest pair is not the one proven")
        return [(serves, None), (better, better["least"])]

    def look_at(self, a, b, score):
        """One pair that may be: every set of prices that speaks of it covers it."""
        if self.least is None or score >= self.least:
            own = self.proof["mentee_prices"][a] + self.proof["mentor_prices"][b]
            checker.require(own >= self.worth(a, b, score), f"the prices miss the pair {a}, {b}")
        for prices, least in self.covers:
            if least is None or score >= least:
                own = prices["mentee_prices"][a] + prices["mentor_prices"][b]
                checker.require(own >= prices["bonus"] + self.steps.get(a, 0), f"the prices of serving miss {a}, {b}")
        self.blocking += blocks(a, b, score, *self.has)
        self.blocks_liked |= bool(self.likes) and blocks(a, b, score, *self.likes_of)

    def check_blocking(self):
        """After every pair was looked at."""
        checker.require(self.blocking == self.told["blocking"], "another number would rather have each other")
        checker.require(not self.blocks_liked, "the pairs that are liked are blocked by another")


def of_each(pairs, seen, scores):
    """What each mentee has, and the least each mentor of whom all places are taken has."""
    own, least, used = {}, {}, Counter(one["mentor"] for one in pairs)
    for one, score in zip(pairs, scores, strict=True):
        own[one["mentee"]] = score
        if used[one["mentor"]] == seen.places[one["mentor"]]:
            least[one["mentor"]] = min(score, least.get(one["mentor"], score))
    return own, least


def blocks(a, b, score, own, least):
    """Whether both would rather have each other."""
    return (a not in own or score > own[a]) and (b not in least or score > least[b])
