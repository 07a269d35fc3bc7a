"""The second way to the solver, beside `preparing.prepare`: people as arrays, a million of them, none a dict.

A site that everybody told and that may not differ cuts the problem into parts that know nothing of each other: each is
solved alone, with one bonus for all, so that their prices together prove the whole.
"""

import hashlib
from concurrent.futures import ThreadPoolExecutor
from typing import Any, NamedTuple

import numpy as np

from rapport.matching.engine import columns, kernels, preparing, reach_kernels, reaching, solver
from rapport.matching.engine.columns import turned
from rapport.matching.engine.counting import counted
from rapport.matching.engine.telling import folded, is_yes, trait_of

DRAWN = 50_000  # lots drawn at a time
NONE = np.zeros((0, 3), dtype=np.int64)


class Arrays(NamedTuple):
    """A problem as arrays. Pairs are told by rows from 0; a trait is numbers from 1 (0: not told) or uint64 bits."""

    seed: str
    criteria: list[dict]
    mentee_keys: np.ndarray  # [M], whole numbers or text
    mentor_keys: np.ndarray  # [N]
    capacity: np.ndarray  # int64[N]
    mentee: dict[str, np.ndarray]  # trait: int[M], or uint64[M, W]
    mentor: dict[str, np.ndarray]
    answers: dict[str, list[str]]  # trait: what each number from 1, or each bit from the lowest, stands for
    floor: int | None = None
    apart: np.ndarray = NONE[:, :2]
    locked: np.ndarray = NONE[:, :2]
    wishes: np.ndarray = NONE
    pairs: np.ndarray | None = None  # int64[K, 3]: mentee, mentor, score; nobody else may be paired, no criteria


class Prepared(NamedTuple):
    """Places in the solver's order: `rows[n]` and `cols[n]` are rows of the arrays; the problem, and what proves it."""

    rows: np.ndarray
    cols: np.ndarray
    problem: solver.Problem
    neutral: dict[str, int]
    bonus: int
    block: np.ndarray | None  # the code of each mentee's and then of each mentor's part, if the problem falls in parts


class Found(NamedTuple):
    """The answer, by rows of the arrays; -1: nobody. Prices as in `solver.Solution`."""

    mentor_of: np.ndarray
    mentee_prices: np.ndarray
    mentor_prices: np.ndarray
    allowed: np.ndarray
    barring: dict[int, dict]  # of some who are left: how many could be theirs, and how many each rule forbids
    bonus: int
    neutral: dict[str, int]
    rounds: int
    listed: int
    parts: int


def solve(arrays: Arrays, threads: int = 1) -> Found:
    """Serve as many as possible, with the largest total. The same whatever the number of threads or order of rows."""
    return solve_pairs(arrays) if arrays.pairs is not None else told(arrays, *solve_parts(prepare(arrays), threads))


def lottery(keys, seed):
    """The order of `lots.in_order`, by the first eight bytes of the same lot."""
    lots = [drawn(keys[low : low + DRAWN].tolist(), seed) for low in range(0, len(keys), DRAWN)]
    return np.lexsort((keys, np.concatenate([np.zeros(0, dtype=">u8"), *lots])))


def drawn(keys, seed):
    """The first eight bytes of each one's lot, as numbers."""
    all_of_it = b"".join([hashlib.sha256(f"{seed}|{key}".encode()).digest() for key in keys])
    return np.frombuffer(all_of_it, dtype=">u8")[::4]


def prepare(arrays: Arrays) -> Prepared:
    """People in the order of the lottery and by block, criteria as columns, settled pairs taken out."""
    rows, cols = (lottery(keys, arrays.seed) for keys in (arrays.mentee_keys, arrays.mentor_keys))
    rows, cols, block = by_block(arrays, rows, cols)
    own = preparing.said_of_pairs(arrays, rows, cols)  # before the columns are there: it takes as much room for a while
    parts = [compiled(one, arrays, rows, cols) for one in arrays.criteria]
    has_parts = block is not None and parts[block].mentee.all() and parts[block].mentor.all()
    codes = np.concatenate([parts[block].mentee, parts[block].mentor]) if has_parts else None
    spans = preparing.spans(block, parts, len(rows), len(cols))
    compiled_all = columns.together(parts, own, spans, len(rows), len(cols))
    places, settled = places_left(arrays, rows, cols)
    compiled_all.spans[settled] = 0
    asked, bonus = preparing.with_bonus(compiled_all, places, arrays.floor)
    return Prepared(rows, cols, asked, preparing.neutral_of(arrays.criteria, parts), bonus, codes)


def by_block(arrays, rows, cols):
    """The order of the lottery within each block, and the criterion that makes blocks, if one does."""
    able = {n: one for n, one in enumerate(arrays.criteria) if one["kind"] == "same" and one["is_hard"]}
    parts = {n: compiled(one, arrays, rows, cols) for n, one in able.items()}
    block = preparing.block_of(arrays.criteria, parts)
    if block is None:
        return rows, cols, None
    told = parts[block].mentee, parts[block].mentor
    return (*(side[np.argsort(one, kind="stable")] for side, one in zip((rows, cols), told, strict=True)), block)


def compiled(criterion, arrays, rows, cols) -> columns.Compiled:
    """One criterion over these people in this order."""
    a, b, names = answers_of(criterion, arrays)
    a, b = a[rows], b[cols]
    if criterion["kind"] == "overlap":
        a, b = (np.ascontiguousarray(side.T) for side in (a, b))
        return columns.overlap_of(criterion, a, b, 64 * len(a))
    a, b = a.astype(np.int32), b.astype(np.int32)
    if criterion["kind"] == "ordered-gap":
        return columns.ordered_gap_of(criterion, a, b, len(criterion["settings"]["order"]))
    return columns.equal_of(criterion, a, b, 1 + int(max(a.max(initial=0), b.max(initial=0), len(names or ()))))


def answers_of(criterion, arrays) -> tuple[np.ndarray, np.ndarray, list[str] | None]:
    """What both sides told to a criterion, in the order of the arrays; places in its order where there is one."""
    settings: dict[str, Any] = criterion["settings"]
    names = [trait_of(criterion, side) for side in ("mentee", "mentor")]
    a, b = arrays.mentee[names[0]], arrays.mentor[names[1]]
    if criterion["kind"] == "overlap":
        wide = max(a.shape[1], b.shape[1])
        a, b = (np.pad(side, ((0, 0), (0, wide - side.shape[1]))) for side in (a, b))
    if criterion["kind"] == "ordered-gap":
        order = {folded(name): n + 1 for n, name in enumerate(settings["order"])}
        a, b = (placed(side, order, arrays.answers.get(name)) for side, name in ((a, names[0]), (b, names[1])))
    if "only_if" in settings:
        said = arrays.answers[settings["only_if"]]
        yes = np.array([False, *map(is_yes, said)])[np.asarray(arrays.mentee[settings["only_if"]])]
        a = np.where(yes if a.ndim == 1 else yes[:, None], a, a.dtype.type(0))
    return np.asarray(a), np.asarray(b), arrays.answers.get(names[0])


def placed(told, order, answers):
    """Numbers of answers as places in an order; without names they are such places already."""
    if answers is None:
        return told
    return np.array([0, *(order.get(folded(name), 0) for name in answers)], dtype=np.int32)[told]


def places_left(arrays, rows, cols):
    """Places after the settled pairs, and where the settled mentees stand."""
    places = np.array(arrays.capacity, dtype=np.int64)
    np.subtract.at(places, arrays.locked[:, 1], 1)
    return np.maximum(places, 0)[cols], turned(rows)[arrays.locked[:, 0]]


def solve_parts(ready: Prepared, threads: int):
    """Each part alone. Returns what was prepared, the solutions with where each begins, and who is left why."""
    stretches = stretches_of(ready)

    def one(stretch):
        problem = part_of(ready.problem, *stretch)
        found = solver.solve(problem)
        return found, why_left(problem, found)

    if threads < 2 or len(stretches) < 2:
        return ready, stretches, [one(stretch) for stretch in stretches]
    with ThreadPoolExecutor(threads) as pool:
        return ready, stretches, list(pool.map(one, stretches))


def stretches_of(ready):
    """(first and last mentee, first and last mentor) of each part that holds both."""
    m, n = len(ready.rows), len(ready.cols)
    if ready.block is None:
        return [(0, m, 0, n)]
    mentee, mentor = ready.block[:m], ready.block[m:]
    codes = np.unique(mentee)
    ends = [np.searchsorted(side, codes, side=to) for side in (mentee, mentor) for to in ("left", "right")]
    return [tuple(int(end) for end in four) for four in zip(*ends, strict=True)]


def part_of(problem, r0, r1, c0, c1):
    """The problem of some mentees and the mentors of their part."""
    c = problem.columns
    first, last = c.own_starts[r0], c.own_starts[r1]
    own = c.own_mentors[first:last]
    inside = (own >= c0) & (own < c1)
    before = np.concatenate([[0], np.cumsum(inside)]).astype(np.int64)
    spans = np.clip(c.spans[r0:r1] - c0, 0, c1 - c0)
    part = c._replace(
        mentee_codes=np.ascontiguousarray(c.mentee_codes[:, r0:r1]),
        mentor_codes=np.ascontiguousarray(c.mentor_codes[:, c0:c1]),
        mentee_bits=np.ascontiguousarray(c.mentee_bits[:, r0:r1]),
        mentor_bits=np.ascontiguousarray(c.mentor_bits[:, c0:c1]),
        own_starts=before[c.own_starts[r0 : r1 + 1] - first],
        own_mentors=own[inside] - c0,
        own_points=c.own_points[first:last][inside],
        spans=np.ascontiguousarray(spans),
    )
    return problem._replace(columns=part, places=problem.places[c0:c1], worth=problem.worth[r0:r1])


def why_left(problem, found):
    """(rows of the part, how many could be theirs, {row: {rule: mentors it forbids}}) of those left without."""
    bits = np.zeros(len(problem.places), dtype=np.int64)
    has_place = problem.places > 0
    left = (found.mentor_of < 0) & problem.columns.spans.any(axis=1)
    unsure = left & ((found.allowed == 0) | (not has_place.all()))
    return {int(i): why(i, problem, bits, has_place) for i in np.flatnonzero(unsure)}


def why(i, problem, bits, has_place):
    reach_kernels.barred(i, problem.columns, reaching.hard_of(problem.columns), bits)
    return counted(problem, i, bits, has_place)


def told(arrays, ready, stretches, found) -> Found:
    """The solutions of all parts, by rows of the arrays."""
    m, n = len(ready.rows), len(ready.cols)
    mentor_of, prices = np.full(m, -1, dtype=np.int64), np.zeros(m, dtype=np.int64)
    mentor_prices, allowed = np.zeros(n, dtype=np.int64), np.zeros(m, dtype=np.int64)
    barring: dict[int, dict] = {}
    for (r0, r1, c0, c1), (one, why) in zip(stretches, found, strict=True):
        got = one.mentor_of >= 0
        mentor_of[ready.rows[r0:r1][got]] = ready.cols[c0 + one.mentor_of[got]]
        prices[ready.rows[r0:r1]], allowed[ready.rows[r0:r1]] = one.mentee_prices, one.allowed
        mentor_prices[ready.cols[c0:c1]] = one.mentor_prices
        barring |= {int(ready.rows[r0 + i]): of_one for i, of_one in why.items()}
    mentor_of[arrays.locked[:, 0]] = arrays.locked[:, 1]
    rounds = max((one.rounds for one, _ in found), default=0)
    listed = sum(one.listed for one, _ in found)
    return Found(
        mentor_of, prices, mentor_prices, allowed, barring, ready.bonus, ready.neutral, rounds, listed, len(found)
    )


def solve_pairs(arrays: Arrays) -> Found:
    """Only what is listed may be, and scores what is said: no criteria, nothing left to price."""
    rows, cols = (lottery(keys, arrays.seed) for keys in (arrays.mentee_keys, arrays.mentor_keys))
    m, n = len(rows), len(cols)
    i, j, scores = may_be(arrays)
    keys = turned(rows)[i] * max(1, n) + turned(cols)[j]
    by = np.argsort(keys)
    places, _ = places_left(arrays, rows, cols)
    most, least = int(scores.max(initial=0)), int(scores.min(initial=0))
    bonus = 1 + min(m, int(places.sum())) * (most - min(0, least))
    none = np.zeros(m + 1, np.int64), np.zeros(0, np.int64), np.zeros(0, np.int32)
    empty = columns.together([], none, np.zeros((m, 4), np.int64), m, n)
    problem = solver.Problem(empty, places, np.full(m, bonus, np.int64), kernels.LOWEST, most)
    state = solver.solve_listed(problem, solver.Listed(keys[by], scores[by]), None)
    mentor_of, prices, mentor_prices = np.full(m, -1, np.int64), np.zeros(m, np.int64), np.zeros(n, np.int64)
    got = state.match >= 0
    mentor_of[rows[got]] = cols[state.match[got]]
    mentor_of[arrays.locked[:, 0]] = arrays.locked[:, 1]
    prices[rows], mentor_prices[cols] = most + bonus - state.u, -state.v
    return Found(mentor_of, prices, mentor_prices, np.bincount(i, minlength=m), {}, bonus, {}, 1, len(keys), 1)


def may_be(arrays):
    """Mentees, mentors and scores of the listed pairs that may be: wishes added, those kept apart and settled out."""
    i, j, scores = (np.array(arrays.pairs[:, n], dtype=np.int64) for n in range(3))
    n = max(1, len(arrays.mentor_keys))
    keys = i * n + j
    order = np.argsort(keys)
    wished = arrays.wishes[:, 0] * n + arrays.wishes[:, 1]
    at = np.searchsorted(keys[order], wished)
    known = at < len(keys)
    known[known] = keys[order][at[known]] == wished[known]
    np.add.at(scores, order[at[known]], arrays.wishes[known, 2])
    good = ~np.isin(keys, arrays.apart[:, 0] * n + arrays.apart[:, 1]) & ~np.isin(i, arrays.locked[:, 0])
    good &= np.asarray(arrays.capacity)[j] > 0
    if arrays.floor is not None:
        good &= scores >= arrays.floor
    return i[good], j[good], scores[good]
