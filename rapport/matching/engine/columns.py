"""People as columns: one whole number or a few bits for each answer, criteria compiled to what each answer gives.

A criterion is a dict: code, kind, weight, is_hard, settings (see `docs/matching.md`). A missing answer is neutral: such
a pair gets the mean of the pairs that can be judged, and no hard rule bites it.
"""

from typing import NamedTuple

import numpy as np

from rapport.matching.engine import kernels
from rapport.matching.engine.hearing import Heard
from rapport.matching.engine.judging_many import by_steps

MOST = 1 << 23  # points all criteria may give together; as many for preferences
TRIED = 40_000  # different answers of a side looked at for a mean; drawn by lot where there are more


class Columns(NamedTuple):
    """What the kernels read. C criteria, M mentees, N mentors, W words of bits; mentors in order of their block."""

    kinds: np.ndarray  # int64[C]: TABLE, EQUAL, OVERLAP
    mentee_codes: np.ndarray  # int32[C, M]: the answer's number from 1, 0 for none; of an overlap 1 where there is any
    mentor_codes: np.ndarray  # int32[C, N]
    gives: np.ndarray  # int32[C, 3]: points where right, where wrong, where not answered
    offsets: np.ndarray  # int64[C]: where its part of `looks` begins
    widths: np.ndarray  # int64[C]
    looks: np.ndarray  # int32: points by both answers, or by how many are shared
    words: np.ndarray  # int64[C + 1]: its words of bits
    mentee_bits: np.ndarray  # uint64[W, M]
    mentor_bits: np.ndarray  # uint64[W, N]
    own_starts: np.ndarray  # int64[M + 1]: what is said of single pairs
    own_mentors: np.ndarray  # int64
    own_points: np.ndarray  # int32: a preference, or NEVER
    spans: np.ndarray  # int64[M, 4]: two stretches of mentors outside of which nobody may be theirs


class Compiled(NamedTuple):
    """One criterion: its kind, numbers and bits of both sides, what it gives, and its table, if it has one."""

    kind: int
    mentee: np.ndarray
    mentor: np.ndarray
    gives: tuple[int, int, int]
    looks: np.ndarray
    width: int
    mentee_bits: np.ndarray
    mentor_bits: np.ndarray


def compiled(criterion: dict, heard: Heard) -> Compiled:
    """One criterion over people who told this."""
    a, b, answers = heard
    if criterion["kind"] == "overlap":
        return overlap_of(criterion, np.ascontiguousarray(a.T), np.ascontiguousarray(b.T), len(answers))
    if criterion["kind"] == "ordered-gap":
        return ordered_gap_of(criterion, a, b, len(answers))
    return equal_of(criterion, a, b, len(answers) + 1)


def equal_of(criterion, a, b, width):
    """The kinds same and different, of answers that are numbers below `width`, 0 for none."""
    counts = np.bincount(a, minlength=width), np.bincount(b, minlength=width)
    alike, known = int((counts[0] * counts[1])[1:].sum()), int(counts[0][1:].sum()) * int(counts[1][1:].sum())
    weight, never = criterion["weight"], kernels.NEVER if criterion["is_hard"] else 0
    same = criterion["kind"] == "same"
    neutral = mean(weight * (alike if same else known - alike), known, len(a) * len(b), weight)
    right, wrong = (weight, never) if same else (never, weight)
    return Compiled(kernels.EQUAL, a, b, (right, wrong, neutral), NO_LOOKS, 0, bare(a), bare(b))


def ordered_gap_of(criterion, a, b, most):
    """How many steps the mentor stands above the mentee: places in `order` from 1 to `most`, 0 for none; `points` says
    per cent by steps."""
    settings, weight = criterion["settings"], criterion["weight"]
    steps = np.arange(most + 1)
    gap = steps - steps[:, None]
    points = by_steps(criterion, gap)
    counts = np.outer(np.bincount(a, minlength=len(steps)), np.bincount(b, minlength=len(steps)))[1:, 1:]
    neutral = mean(int((points[1:, 1:] * counts).sum()), int(counts.sum()), len(a) * len(b), weight)
    if criterion["is_hard"]:
        points[(gap < settings.get("least", -most)) | (gap > settings.get("most", most))] = kernels.NEVER
    points[0, :] = points[:, 0] = neutral
    return Compiled(kernels.TABLE, a, b, (0, 0, neutral), points.ravel(), len(steps), bare(a), bare(b))


def overlap_of(criterion, mentee_bits, mentor_bits, answers):
    """How many of several answers both gave, `enough` of them (1) giving the whole weight: of bits (uint64[W, people]),
    one for each of so many different answers."""
    bits = mentee_bits, mentor_bits
    a, b = (side.any(axis=0).astype(np.int32) for side in bits)
    enough, weight = criterion["settings"].get("enough", 1), criterion["weight"]
    top = min(enough, answers + 1)
    points = np.array([weight * (min(n, enough) * 100 // enough) // 100 for n in range(top + 1)], dtype=np.int64)
    neutral = mean_of_overlaps(bits, (a, b), points, weight)
    if criterion["is_hard"]:
        points[0] = kernels.NEVER
    gives = (int(points[-1]), int(points[0]), neutral)
    return Compiled(kernels.OVERLAP, a, b, gives, points, len(points), *bits)


NO_LOOKS = np.zeros(0, dtype=np.int64)


def bare(codes):
    return np.zeros((0, len(codes)), dtype=np.uint64)


def mean(total: int, known: int, pairs: int, weight: int) -> int:
    """What a missing answer gives: the mean of what is known; half the weight if nothing is, 0 if none is missing."""
    if known == pairs:
        return 0
    return total // known if known else weight // 2


def mean_of_overlaps(bits, known, points, weight):
    """As `mean`, over pairs of different answers. Nothing to work out where everybody answered."""
    if all(side.all() for side in known):
        return 0
    (a, a_times), (b, b_times) = (different(*side) for side in zip(bits, known, strict=True))
    total = kernels.sum_of_overlaps(a, a_times, b, b_times, points)
    return mean(int(total), int(a_times.sum()) * int(b_times.sum()), len(known[0]) * len(known[1]), weight)


def different(bits, known):
    """The different answers of one side that were given, and how often each was."""
    rows, times = np.unique(bits[:, known.astype(bool)].T, axis=0, return_counts=True)
    if len(rows) > TRIED:
        drawn = np.random.Generator(np.random.Philox(TRIED)).choice(len(rows), TRIED, replace=False)
        rows, times = rows[drawn], times[drawn]
    return np.ascontiguousarray(rows.T).reshape(len(bits), -1), times.astype(np.int64)


def together(parts: list[Compiled], own, spans, mentees: int, mentors: int) -> Columns:
    """All criteria as one. `own`: starts, mentors and points of what is said of single pairs."""
    check_sizes(parts)
    own_starts, own_mentors, own_points = own
    sizes = [len(part.looks) for part in parts]
    words = [part.mentee_bits.shape[0] for part in parts]
    return Columns(
        np.array([part.kind for part in parts], dtype=np.int64),
        stacked([part.mentee for part in parts], mentees, np.int32),
        stacked([part.mentor for part in parts], mentors, np.int32),
        np.array([part.gives for part in parts], dtype=np.int32).reshape(-1, 3),
        np.cumsum([0, *sizes], dtype=np.int64)[:-1],
        np.array([part.width for part in parts], dtype=np.int64),
        np.concatenate([np.zeros(0), *(part.looks for part in parts)]).astype(np.int32),
        np.cumsum([0, *words], dtype=np.int64),
        np.concatenate([np.zeros((0, mentees), dtype=np.uint64), *(part.mentee_bits for part in parts)]),
        np.concatenate([np.zeros((0, mentors), dtype=np.uint64), *(part.mentor_bits for part in parts)]),
        own_starts,
        own_mentors,
        own_points,
        spans,
    )


def stacked(rows, width, dtype):
    return np.array(rows, dtype=dtype).reshape(len(rows), width)


def check_sizes(parts):
    """Refuse what the whole numbers of the kernels cannot hold."""
    most = sum(max([*part.gives, *part.looks.tolist(), 0]) for part in parts)
    hard = sum(min([*part.gives, *part.looks.tolist(), 0]) < 0 for part in parts)
    if most >= MOST or hard > 30:
        raise ValueError(f"weights together stay below {MOST}, and there are at most 30 hard rules")


def most_points(c: Columns) -> int:
    """No pair scores more."""
    of_one = [max(int(c.gives[k].max()), looks_of(c, k).max(initial=0)) for k in range(len(c.kinds))]
    return int(sum(of_one)) + max(0, int(c.own_points.max(initial=0)))


def least_points(c: Columns) -> int:
    """No pair that may be scores less: criteria take nothing away, wishes may."""
    against = c.own_points[(c.own_points < 0) & (c.own_points > kernels.LOWEST)]
    return int(against.min(initial=0))


def answers_of(c: Columns, k: int, i: np.ndarray, j: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """What pairs told to a criterion, as `judging_many.judged` takes it."""
    if c.kinds[k] == kernels.OVERLAP:
        words = slice(c.words[k], c.words[k + 1])
        return c.mentee_bits[words, i].T, c.mentor_bits[words, j].T
    return c.mentee_codes[k, i], c.mentor_codes[k, j]


def part_of(c: Columns, rows: np.ndarray, cols: np.ndarray) -> Columns:
    """The columns of some mentees, in this order, and of some mentors, who come in the order they have."""
    starts, sizes = c.own_starts[rows], c.own_starts[rows + 1] - c.own_starts[rows]
    ends = np.cumsum([0, *sizes.tolist()])
    places = np.repeat(starts - ends[:-1], sizes) + np.arange(ends[-1])
    own = np.searchsorted(cols, c.own_mentors[places])
    kept = cols[np.minimum(own, len(cols) - 1)] == c.own_mentors[places]
    return c._replace(
        mentee_codes=c.mentee_codes.take(rows, axis=1),
        mentor_codes=c.mentor_codes.take(cols, axis=1),
        mentee_bits=c.mentee_bits.take(rows, axis=1),
        mentor_bits=c.mentor_bits.take(cols, axis=1),
        own_starts=np.cumsum([0, *kept.tolist()], dtype=np.int64)[ends],
        own_mentors=own[kept],
        own_points=c.own_points[places[kept]],
        spans=np.searchsorted(cols, c.spans[rows]),
    )


def only(c: Columns, which: np.ndarray) -> Columns:
    """The columns with some of the criteria only, by number."""
    looks = [looks_of(c, k) for k in which]
    words = [np.arange(c.words[k], c.words[k + 1]) for k in which]
    rows = np.concatenate([np.zeros(0, np.int64), *words])
    return c._replace(
        kinds=c.kinds[which],
        mentee_codes=c.mentee_codes[which],
        mentor_codes=c.mentor_codes[which],
        gives=c.gives[which],
        offsets=np.cumsum([0, *map(len, looks)], dtype=np.int64)[:-1],
        widths=c.widths[which],
        looks=np.concatenate([c.looks[:0], *looks]),
        words=np.cumsum([0, *map(len, words)], dtype=np.int64),
        mentee_bits=c.mentee_bits[rows],
        mentor_bits=c.mentor_bits[rows],
    )


def alike(c: Columns, i: int, mentors: np.ndarray) -> list[list]:
    """Of each criterion a key for each mentor; those of one key told the same, or share the same with mentee i."""
    codes = c.mentor_codes[:, mentors].tolist()
    shared = (c.mentor_bits[:, mentors] & c.mentee_bits[:, i, None]).tolist()
    words = c.words.tolist()
    for k in np.flatnonzero(c.kinds == kernels.OVERLAP).tolist():
        codes[k] = list(zip(codes[k], *shared[words[k] : words[k + 1]], strict=True))
    return codes


def turned(order: np.ndarray) -> np.ndarray:
    """Where each place stands in an order."""
    place = np.empty(len(order), dtype=np.int64)
    place[order] = np.arange(len(order))
    return place


def looks_of(c, k):
    return c.looks[c.offsets[k] : c.offsets[k + 1] if k + 1 < len(c.kinds) else None]
