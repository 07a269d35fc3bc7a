"""Whether an answer is right, before any of its times counts. Each gate says whether it holds, or why it was not asked.

As a command: `python -m bench._gates FOLDER` solves the instance of that folder and prints a row for each gate.
"""

import json
import sys

import numpy as np

from bench import _instances
from rapport.matching.engine import array_checker, arrays, checker, column_files, running

ALL_PAIRS = 400_000_000  # checked one by one where there are no more
EDGES = 30_000_000  # pairs a graph of all that may be holds at most
DENSE, AS_PEOPLE, BRUTE = 2_000, 1_000, 350


def gates(problem, threads=1):
    """Rows of {gate, holds (None: not asked), said}."""
    found = arrays.solve(problem, threads)
    return [
        row("checker", lambda: checked(problem, found)),
        row("pure Python", lambda: by_hand(problem, found)),
        row("cardinality", lambda: cardinality(problem, found)),
        row("total", lambda: total(problem, found)),
        row("settled", lambda: settled(problem)),
        row("threads", lambda: threads_agree(problem, found)),
        row("order", lambda: order_is_nothing(problem, found)),
        row("people", lambda: people_agree(problem, found)),
        row("maximin", lambda: maximin(problem)),
    ]


def row(gate, ask):
    """One gate. A gate that cannot be asked here raises NotAsked."""
    try:
        return {"gate": gate, "holds": True, "said": ask()}
    except NotAsked as why:
        return {"gate": gate, "holds": None, "said": f"not asked: {why}"}
    except (AssertionError, checker.NotProven) as wrong:
        return {"gate": gate, "holds": False, "said": str(wrong) or "another answer"}


class NotAsked(Exception):
    """Too large here."""


def size_of(problem):
    return len(problem.mentee_keys), len(problem.mentor_keys)


def checked(problem, found):
    """The independent checker: rules, places, settled pairs, and the prices against every pair, or a drawn share."""
    proven = array_checker.check(problem, found, ALL_PAIRS)
    return f"{proven['served']} served, total {proven['total']}, prices held against {proven['looked_at']} pairs"


def by_hand(problem, found):
    """Every chosen pair judged bit by bit from raw numbers."""
    apart = set(map(tuple, problem.apart.tolist()))
    columns = [(one, *(side.tolist() for side in arrays.answers_of(one, problem)[:2])) for one in problem.criteria]
    used = np.bincount(found.mentor_of[found.mentor_of >= 0], minlength=len(problem.capacity))
    assert (used <= problem.capacity).all(), "somebody has more than they can take"
    for i, j in enumerate(found.mentor_of.tolist()):
        if j < 0:
            continue
        assert (i, j) not in apart, f"{i} and {j} are kept apart"
        for one, a, b in columns:
            assert not one["is_hard"] or may_be(one, a[i], b[j]), f"{i} and {j} break {one['code']}"
    return f"{len(problem.criteria)} rules"


def may_be(one, told, other):
    if one["kind"] == "overlap":
        return not any(told) or not any(other) or any(a & b for a, b in zip(told, other, strict=True))
    if not told or not other:
        return True
    if one["kind"] == "ordered-gap":
        return one["settings"].get("least", -99) <= other - told <= one["settings"].get("most", 99)
    return (told == other) == (one["kind"] == "same")


def all_that_may_be(problem):
    """(mentee, mentor, score) of every pair that may be, by the checker's own arithmetic."""
    if problem.pairs is not None:
        i, j = problem.pairs[:, 0], problem.pairs[:, 1]
        scores, good = array_checker.of_pairs(problem, [], {}, i, j)
        good &= np.asarray(problem.capacity)[j] > 0
        return i[good], j[good], scores[good]
    heard = [arrays.answers_of(one, problem)[:2] for one in problem.criteria]
    neutral = {one["code"]: 0 for one in problem.criteria}  # everybody answers everything
    kept, many = [], 0
    everybody = np.arange(len(problem.mentee_keys)), np.flatnonzero(np.asarray(problem.capacity) > 0)
    for rows, cols in array_checker.tiles(problem, *everybody, None):
        scores, good = array_checker.of_pairs(problem, heard, neutral, rows[:, None], cols[None, :])
        i, j = np.nonzero(good)
        kept.append((rows[i].astype(np.int32), cols[j].astype(np.int32), scores[i, j].astype(np.int32)))
        many += len(i)
        if many > EDGES:
            raise NotAsked(f"more than {EDGES} pairs may be")
    return tuple(np.concatenate([part[n] for part in kept]) for n in range(3)) if kept else (np.zeros(0, int),) * 3


def replicated(problem, i, j, *more):
    """A column for each place of a mentor."""
    places = np.asarray(problem.capacity)
    first = np.concatenate([[0], np.cumsum(places)])
    times = places[j]
    each = np.repeat(np.arange(len(i)), times)
    at = np.arange(len(each)) - np.repeat(np.cumsum(times) - times, times)
    return i[each], first[j[each]] + at, int(first[-1]), *(one[each] for one in more)


def hopcroft_karp(problem, i, j):
    from scipy.sparse import csr_matrix
    from scipy.sparse.csgraph import maximum_bipartite_matching

    rows, cols, width = replicated(problem, i, j)[:3]
    graph = csr_matrix((np.ones(len(rows), np.int8), (rows, cols)), shape=(len(problem.mentee_keys), max(1, width)))
    return int((maximum_bipartite_matching(graph, perm_type="column") >= 0).sum())


def within(problem, most):
    m, n = size_of(problem)
    if problem.pairs is None and m * n > most:
        raise NotAsked(f"{m} x {n} is too large")


def cardinality(problem, found):
    within(problem, 150_000_000)
    i, j, _ = all_that_may_be(problem)
    most, served = hopcroft_karp(problem, i, j), int((found.mentor_of >= 0).sum())
    assert most == served, f"Hopcroft-Karp serves {most}, we {served}"
    return f"Hopcroft-Karp serves {most} over {len(i)} pairs"


def total(problem, found):
    from scipy.optimize import linear_sum_assignment

    m, _ = size_of(problem)
    if m > DENSE:
        raise NotAsked(f"more than {DENSE} mentees; see OR-tools among the peers")
    i, j, scores = all_that_may_be(problem)
    rows, cols, width, scores = replicated(problem, i, j, scores)
    worth = np.zeros((m, max(1, width)))
    worth[rows, cols] = scores + np.int64(found.bonus)
    best = round(worth[linear_sum_assignment(worth, maximize=True)].sum())
    ours = array_checker.check(problem, found, 1)["worth"]
    assert best == ours, f"SciPy finds {best}, we {ours}"
    return f"SciPy finds the same worth, {best}"


def settled(problem):
    """Ten pairs drawn by lot are settled, most of which break a rule: kept, and the rest proven around them."""
    m, n = size_of(problem)
    dice = np.random.Generator(np.random.Philox(7))
    drawn = np.stack([dice.permutation(m)[:10], dice.integers(0, n, min(10, m))], 1)
    other = problem._replace(locked=drawn.astype(np.int64))
    found = arrays.solve(other)
    array_checker.check(other, found)
    assert (found.mentor_of[drawn[:, 0]] == drawn[:, 1]).all()
    return f"{len(drawn)} kept"


def threads_agree(problem, found):
    other = arrays.solve(problem, threads=2)
    assert (other.mentor_of == found.mentor_of).all(), "two threads find other pairs"
    assert (other.mentee_prices == found.mentee_prices).all(), "two threads find other prices"
    return "1 and 2: the same pairs and prices"


def order_is_nothing(problem, found):
    dice = np.random.Generator(np.random.Philox(9))
    rows, cols = (dice.permutation(n) for n in size_of(problem))
    at, over = np.argsort(rows), np.argsort(cols)

    def moved(pairs):
        return (
            None
            if pairs is None
            else np.column_stack([at[pairs[:, 0]], over[pairs[:, 1]], pairs[:, 2:]])[dice.permutation(len(pairs))]
        )

    other = arrays.solve(
        problem._replace(
            mentee_keys=problem.mentee_keys[rows],
            mentor_keys=problem.mentor_keys[cols],
            capacity=np.asarray(problem.capacity)[cols],
            mentee={name: column[rows] for name, column in problem.mentee.items()},
            mentor={name: column[cols] for name, column in problem.mentor.items()},
            **{name: moved(getattr(problem, name)) for name in ("apart", "locked", "wishes", "pairs")},
        )
    )
    back = np.where(other.mentor_of >= 0, cols[other.mentor_of], -1)[at]
    assert (back == found.mentor_of).all(), "another order of rows finds other pairs"
    return "rows shuffled: the same pairs"


def people_agree(problem, found):
    """The engine that programs use, on the same people as dicts: the same figures, and parts that add up."""
    if problem.pairs is not None or size_of(problem)[0] > AS_PEOPLE:
        raise NotAsked(f"pairs with a score, or more than {AS_PEOPLE}")
    asked = _instances.as_people(problem)
    answer = running.run(asked)
    if len(asked["mentees"]) <= BRUTE:
        checker.check(asked, answer)
    assert all(one["score"] == sum(part["points"] for part in one["parts"]) for one in answer["pairs"]), (
        "parts do not add up"
    )
    ours = array_checker.check(problem, found, 1)
    proof = answer["certificate"]
    assert (proof["served"], proof["total"]) == (ours["served"], ours["total"]), "people and columns differ"
    return f"parts of {len(answer['pairs'])} pairs add up, figures agree"


def maximin(problem):
    """The worst score of the engine's maximin plan beside the highest threshold that serves as many."""
    if problem.pairs is not None or size_of(problem)[0] > AS_PEOPLE:
        raise NotAsked(f"pairs with a score, or more than {AS_PEOPLE}")
    answer = running.run({**_instances.as_people(problem), "policy": {"maximin": True}})
    i, j, scores = all_that_may_be(problem)
    most, steps = hopcroft_karp(problem, i, j), np.unique(scores)
    low, high = 0, len(steps)
    while high - low > 1:  # serving fewer is never undone by a higher threshold
        middle = (low + high) // 2
        good = scores >= steps[middle]
        low, high = (middle, high) if hopcroft_karp(problem, i[good], j[good]) == most else (low, middle)
    worst = min((one["score"] for one in answer["pairs"]), default=0)
    assert len(answer["pairs"]) == most, f"maximin serves {len(answer['pairs'])}, not {most}"
    assert worst == int(steps[low]) == answer["policy"]["worst"], f"the worst is {worst}, it could be {int(steps[low])}"
    return f"the worst pair scores {worst}, and no plan that serves as many does better"


if __name__ == "__main__":
    print(json.dumps({"gates": gates(column_files.read(sys.argv[1]))}))
