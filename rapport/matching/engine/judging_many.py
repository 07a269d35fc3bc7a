"""What criteria say about many pairs at once, by NumPy from what people told: no kernels, and no order of a solver.

The same as `judging`, which looks at one pair in plain Python; the checkers and the parts of chosen pairs rest on it.
"""

from typing import NamedTuple

import numpy as np

from rapport.matching.engine.telling import folded, lists_of, told_by, words_of


class Heard(NamedTuple):
    """What both sides told to a criterion: numbers from 1 (0: nothing), of an ordered gap places in its order; of an
    overlap bits."""

    mentee: np.ndarray  # int32[M], or uint64[M, W]
    mentor: np.ndarray  # int32[N], or uint64[N, W]
    answers: list[str]  # the different ones, as each number from 1, or each bit from the lowest, stands for them


def heard(criterion: dict, mentees: list[dict], mentors: list[dict]) -> Heard:
    """What people of these traits told to a criterion. Raises ValueError for a kind there is not."""
    told = [told_by(side, criterion, name) for side, name in ((mentees, "mentee"), (mentors, "mentor"))]
    if criterion["kind"] not in KINDS:
        raise ValueError(f"there is no kind of criterion {criterion['kind']!r}")
    return KINDS[criterion["kind"]](criterion["settings"], told)


def words(_settings, told):
    """A number for each answer."""
    sides, names = numbered(*told)
    return Heard(*sides, names)


def places(settings, told):
    """The place of each answer in an order, that of the first where it stands in it twice."""
    order = [folded(name) for name in settings["order"]]
    place = {name: n for n, name in reversed(list(enumerate(order, start=1))) if name}
    sides, names = words_of(*told)
    each = {one: place.get(name, 0) for one, name in names.items()}
    return Heard(*(numbers(side, each) for side in sides), order)


def bits(_settings, told):
    """A bit for each of several answers."""
    (flat, sizes), (other, other_sizes) = map(lists_of, told)
    (a, b), names = numbered(flat, other)
    return Heard(packed(a, sizes, len(names)), packed(b, other_sizes, len(names)), names)


KINDS = {"ordered-gap": places, "same": words, "different": words, "overlap": bits}


def numbered(*told):
    """A number from 1 for each answer of both sides, the same however they came, 0 for none; and all answers."""
    sides, names = words_of(*told)
    answers = sorted({*names.values()} - {""})
    order = {name: n for n, name in enumerate(["", *answers])}
    each = {one: order[name] for one, name in names.items()}
    return [numbers(side, each) for side in sides], answers


def numbers(told, each):
    return np.fromiter(map(each.__getitem__, told), dtype=np.int32, count=len(told))


def packed(flat, sizes, answers):
    """Bits of people who gave so many answers each, one after the other."""
    told = np.zeros((len(sizes), 64 * max(1, (answers + 63) // 64)), dtype=np.uint8)
    who = np.repeat(np.arange(len(sizes)), sizes)[flat > 0]
    told[who, flat[flat > 0] - 1] = 1
    return np.packbits(told, axis=1, bitorder="little").view(np.uint64)


def is_known(side: np.ndarray) -> np.ndarray:
    """Who told anything."""
    return np.asarray(side.any(axis=-1) if side.dtype == np.uint64 else side > 0)


def judged(one: dict, a: np.ndarray, b: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """(points, whether both told, whether it is right) of pairs: a and b of one shape, or spreading over each other."""
    weight, settings = one["weight"], one["settings"]
    if one["kind"] == "overlap":
        shared = shared_of(a, b)
        return by_shared(one, a.shape[-1]).take(shared, mode="clip"), is_known(a) & is_known(b), shared > 0
    known = (a > 0) & (b > 0)
    if one["kind"] == "ordered-gap":
        steps, most = b.astype(np.int64) - a, len(settings["order"])
        inside = (steps >= settings.get("least", -most)) & (steps <= settings.get("most", most))
        return by_steps(one, steps), known, inside
    right = (a == b) if one["kind"] == "same" else (a != b)
    return weight * right.astype(np.int64), known, right


def by_steps(one: dict, steps: np.ndarray) -> np.ndarray:
    """The points of an ordered gap by how many steps the mentor stands above."""
    share = {int(step): percent for step, percent in one["settings"]["points"].items()}
    far = 1 + max([0, *map(abs, share)])
    points = np.zeros(2 * far + 1, dtype=np.int64)
    for step, percent in share.items():
        points[step + far] = one["weight"] * percent // 100
    return points.take(steps + far, mode="clip")


def shared_of(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """How many bits are in common, counted in as few bytes as hold it."""
    shared = np.bitwise_count(a[..., 0] & b[..., 0])
    if a.shape[-1] > 3:  # 255 is not enough
        shared = shared.astype(np.uint16)
    for w in range(1, a.shape[-1]):
        shared += np.bitwise_count(a[..., w] & b[..., w])
    return shared


def by_shared(one: dict, words: int) -> np.ndarray:
    """The points of an overlap by how many answers are in common, as many as so many words hold."""
    enough = one["settings"].get("enough", 1)
    return one["weight"] * (np.arange(min(enough, 64 * words) + 1) * 100 // enough) // 100
