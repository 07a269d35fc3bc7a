"""What one criterion adds to the scores of a mentee with a stretch of mentors: short loops without a branch.

Each becomes wide instructions, sixteen mentors at a time where the machine can. For that the stretch, `size` mentors
from `first` on, is told in numbers without a sign: of others Numba asks each time whether they count from the end.
`told` of the mentee and `codes[k]` of the mentors are numbers of answers, 0 for none; `neutral` is what that gives.
"""

import numpy as np

from rapport.matching.engine.compiling import inner, ones

FEW = 4  # steps of an overlap that are worked out; points of more are looked up
DOZEN = 12  # answers of a table whose points are chosen, not looked up


@inner
def add_equal(scores, size, codes, k, first, told, right, wrong, neutral):
    """Of the kinds same and different."""
    for t in range(size):
        other = codes[k, first + t]
        scores[t] += right if other == told else (neutral if other == 0 else wrong)


@inner
def add_listed(scores, size, codes, k, first, looks, place):
    """Points by the other answer, listed from a place on."""
    for t in range(size):
        scores[t] += looks[place + np.uint64(codes[k, first + t])]


@inner
def add_chosen(scores, size, codes, k, first, looks, place, width):
    """The same of at most a dozen answers. Choosing by the bits of their numbers takes half as long as looking up."""
    last = np.uint64(width - 1)
    a, b, c, d = four_of(looks, place, np.uint64(0), last)
    e, f, g, h = four_of(looks, place, np.uint64(4), last)
    i, j, m, n = four_of(looks, place, np.uint64(8), last)
    for t in range(size):
        code = codes[k, first + t]
        low, middle, high = one_of(code, a, b, c, d), one_of(code, e, f, g, h), one_of(code, i, j, m, n)
        scores[t] += high if code & 8 != 0 else (middle if code & 4 != 0 else low)


@inner
def four_of(looks, place, n, last):
    """Four points listed from a place on, the nth being the first; past the last of all, that one."""
    one, two, three = np.uint64(1), np.uint64(2), np.uint64(3)
    return (
        looks[place + min(n, last)], looks[place + min(n + one, last)], looks[place + min(n + two, last)],
        looks[place + min(n + three, last)],
    )  # fmt: skip


@inner
def one_of(code, a, b, c, d):
    """Which of four, by the two lowest bits."""
    return (d if code & 1 != 0 else c) if code & 2 != 0 else (b if code & 1 != 0 else a)


@inner
def add_any(scores, size, word, bits, w, first, right, wrong, neutral):
    """Of an overlap whose answers are bits of one word, where one in common is enough."""
    for t in range(size):
        other = bits[w, first + t]
        points = right if word & other != 0 else wrong
        scores[t] += neutral if other == 0 else points


@inner
def count_shared(shared, size, words, i, bits, w, last, first):
    """How many answers mentee i and each mentor have in common, from one word of them to another."""
    word = words[w, i]
    for t in range(size):
        shared[t] = ones(word & bits[w, first + t])
    for v in range(w + 1, last):
        word = words[v, i]
        if word != 0:
            for t in range(size):
                shared[t] += ones(word & bits[v, first + t])


@inner
def add_counted(scores, size, codes, k, first, shared, looks, place, most, neutral):
    """Points by how many answers are in common, listed from a place on, the last of them for more."""
    for t in range(size):
        points = looks[place + np.uint64(min(shared[t], most))]
        scores[t] += neutral if codes[k, first + t] == 0 else points


@inner
def add_steps(scores, size, codes, k, first, shared, looks, place, most, neutral):
    """The same, of few: what each answer in common adds to the one before."""
    a, b, c, d, e = (
        looks[place], looks[place + min(1, most)], looks[place + min(2, most)], looks[place + min(3, most)],
        looks[place + most],
    )  # fmt: skip
    one, two, three, four, nothing = b - a, c - b, d - c, e - d, np.int32(0)
    for t in range(size):
        n = shared[t]
        points = a + (one if n > 0 else nothing) + (two if n > 1 else nothing)
        points += (three if n > 2 else nothing) + (four if n > 3 else nothing)
        scores[t] += neutral if codes[k, first + t] == 0 else points
