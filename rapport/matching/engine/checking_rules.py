"""What criteria say, and what is said of single pairs, as the loops of the checkers read it (`checking_kernels`).

Made of what people told and of `judging_many` alone; people stand in the order of the lists they came in. A rule that
forbids a pair gives it so many points below zero that whatever else it scores, it stays below any pair that may be.
"""

from itertools import groupby
from typing import NamedTuple

import numpy as np

from rapport.matching.engine import checking_kernels
from rapport.matching.engine.checking_kernels import ALIKE, BY_ANSWER, SHARED
from rapport.matching.engine.judging_many import by_shared, is_known, judged

WORD = 1 << 30  # scores stay below it


class Rules(NamedTuple):
    """R criteria about M mentees and N mentors. Answers are numbers from 1, 0 where one told nothing."""

    kinds: np.ndarray  # int64[R]: BY_ANSWER, ALIKE, SHARED
    gives: np.ndarray  # int32[R, 3]: points where both told the same, where nothing of that, where one told nothing
    mentee: np.ndarray  # int32[R, M]: numbers of answers; of SHARED 1 for any
    mentor: np.ndarray  # int32[R, N]
    lists: np.ndarray  # int64[R + 1]: of BY_ANSWER where its rows begin
    given: np.ndarray  # int32[A, N]: the points of a mentee of that answer with every mentor
    starts: np.ndarray  # int64[R + 1]: of SHARED where its rises begin
    rises: np.ndarray  # int32[K, 3]: after so many answers in common, so many more give so much each
    words: np.ndarray  # int64[R + 1]: of SHARED where its words of bits begin
    mentee_bits: np.ndarray  # uint64[W, M]
    mentor_bits: np.ndarray  # uint64[W, N]
    never: int  # the points of a pair that may not be


class Said(NamedTuple):
    """What is said of single pairs, those of each mentee together; and who may not be."""

    wish_starts: np.ndarray  # int64[M + 1]
    wish_mentors: np.ndarray  # int64
    wish_points: np.ndarray  # int32
    apart_starts: np.ndarray  # int64[M + 1]
    apart_mentors: np.ndarray  # int64
    closed: np.ndarray  # int32[N]: the points of a pair that may not be, of a mentor without a place; else 0
    floor: int  # pairs that score less may not be


class Rule(NamedTuple):
    """One criterion of them."""

    kind: int
    gives: tuple[int, int, int]
    mentee: np.ndarray
    mentor: np.ndarray
    given: np.ndarray  # [A, N], without rows but of BY_ANSWER
    rises: list[tuple[int, int, int]]
    bits: tuple[np.ndarray, np.ndarray]  # [W, M] and [W, N], without rows but of SHARED


def never_of(criteria: list[dict]) -> int:
    """What a rule that forbids gives: all that may do so, and no place and who is kept apart, fit one word together.
    Pairs that may be score more than half of that."""
    return -(WORD // (2 + sum(one["is_hard"] for one in criteria)))


def rules_of(criteria: list[dict], told: list, neutral: dict[str, int], mentees: int, mentors: int) -> Rules:
    """`told`: what both sides told to each, as `judging_many.Heard` begins; `neutral`: what a missing answer gives."""
    never = never_of(criteria)
    rules = [rule_of(one, a, b, neutral[one["code"]], never) for one, (a, b, *_) in zip(criteria, told, strict=True)]
    return Rules(
        kinds=np.array([one.kind for one in rules], np.int64),
        gives=np.array([one.gives for one in rules], np.int32).reshape(-1, 3),
        mentee=np.array([one.mentee for one in rules], np.int32).reshape(-1, mentees),
        mentor=np.array([one.mentor for one in rules], np.int32).reshape(-1, mentors),
        lists=starts_of(one.given for one in rules),
        given=together([one.given for one in rules], mentors, np.int32),
        starts=starts_of(one.rises for one in rules),
        rises=np.array([rise for one in rules for rise in one.rises], np.int32).reshape(-1, 3),
        words=starts_of(one.bits[0] for one in rules),
        mentee_bits=together([one.bits[0] for one in rules], mentees, np.uint64),
        mentor_bits=together([one.bits[1] for one in rules], mentors, np.uint64),
        never=never,
    )


def starts_of(parts):
    return np.cumsum([0, *map(len, parts)], dtype=np.int64)


def together(parts, people, dtype):
    """The rows of all parts in one piece."""
    return np.concatenate([np.zeros((0, people), dtype), *parts], dtype=dtype, casting="unsafe")


def rule_of(one, a, b, neutral, never):
    """One criterion of what these mentees and these mentors told."""
    nothing, none = (
        np.zeros((0, len(b)), np.int32),
        (np.zeros((0, len(a)), np.uint64), np.zeros((0, len(b)), np.uint64)),
    )
    wrong = never * one["is_hard"]
    if one["kind"] == "overlap":
        known, rises = [is_known(side) for side in (a, b)], rises_of(by_shared(one, a.shape[1]))
        return Rule(SHARED, (0, wrong, neutral), *known, nothing, rises, (a.T, b.T))
    if one["kind"] == "ordered-gap":
        told, which = np.unique(a, return_inverse=True)
        points, known, right = judged(one, told[:, None], np.arange(1 + b.max(initial=0)))
        given = np.where(known, points + wrong * ~right, neutral).astype(np.int32)
        return Rule(BY_ANSWER, (0, 0, neutral), which, b, given.take(b, axis=1), [], none)
    gives = (one["weight"], wrong) if one["kind"] == "same" else (wrong, one["weight"])
    return Rule(ALIKE, (*gives, neutral), a, b, nothing, [], none)


def rises_of(points):
    """Points by how many answers are in common, as stretches in which each answer more gives the same."""
    rises, after = [], 0
    for each, same in groupby(np.diff(points).tolist()):
        many = len(list(same))
        rises.append((after, many, each))
        after += many
    return [one for one in rises if one[2]]


def said_of(wishes, apart, is_open: np.ndarray, mentees: int, floor: int | None, never: int) -> Said:
    """`wishes` (mentee, mentor, points) and `apart`: tables in the order of their mentees, each pair once."""
    wish_starts, apart_starts = (np.searchsorted(table[:, 0], np.arange(mentees + 1)) for table in (wishes, apart))
    wished = wishes[:, 1].copy(), wishes[:, 2].astype(np.int32)
    closed, lowest = np.where(is_open, 0, never).astype(np.int32), never // 2
    floor = lowest if floor is None else min(max(floor, lowest), WORD)
    return Said(wish_starts, *wished, apart_starts, apart[:, 1].copy(), closed, floor)


def mean_of(one: dict, told, rules: Rules, k: int) -> int:
    """What a missing answer to the k-th criterion gives: the mean of all pairs of whom both told; 0 if all told."""
    a, b = told[:2]
    pairs, known = len(a) * len(b), int(is_known(a).sum()) * int(is_known(b).sum())
    if known == pairs:
        return 0
    return total_of(one, a, b, rules, k) // known if known else one["weight"] // 2


def total_of(one, a, b, rules, k):
    """What all pairs get together of whom both told."""
    if one["kind"] == "overlap":
        return int(checking_kernels.total_of_shared(rules, k))
    (mine, times), (theirs, other_times) = (np.unique(side[side > 0], return_counts=True) for side in (a, b))
    return int(times @ judged(one, mine[:, None], theirs[None])[0] @ other_times)
