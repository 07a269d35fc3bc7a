"""What criteria say about many pairs at once, by NumPy from what people told: no kernels, and no order of a solver.

The same as `judging`, which looks at one pair in plain Python; the checkers and the parts of chosen pairs rest on it.
"""

import numpy as np


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


def found_of(table, i, j):
    """Which of these pairs are in a table that is in order, and in which row."""
    keys, wanted = table[:, 0] << 32 | table[:, 1], i << 32 | j
    at = np.minimum(np.searchsorted(keys, wanted), max(0, len(keys) - 1))
    return (keys[at] == wanted if len(keys) else np.zeros(len(i), bool)), at
