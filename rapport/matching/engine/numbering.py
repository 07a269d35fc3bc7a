"""A number for each different answer: what many people told is one text, and a kernel walks through it once.

Most people answer as somebody else did. Only the different answers are folded and put in order, in Python.
"""

import secrets

import numpy as np

from rapport.matching.engine.compiling import compiled, inner
from rapport.matching.engine.telling import all_folded

END = ord("\n")  # of an answer; white space, so that no folded answer holds one
KEY = np.uint64(secrets.randbits(64))  # drawn anew: nobody can think of answers that all look alike
ENTRIES = ("different", "packed")  # what is called from outside


def numbered(told: list) -> tuple[np.ndarray, list[str]]:
    """Which of the different answers each is (int32), and what these are, folded."""
    told, text = text_of(told)
    letters = np.frombuffer(text.encode(errors="surrogatepass"), np.uint8)
    which, first = different(letters, len(told), KEY)
    names = [told[n] for n in first.tolist()]
    if text_of(names)[1].casefold().split() == names:
        return which, names
    folded = all_folded(names)  # some of them may be one now
    place = {name: n for n, name in enumerate(dict.fromkeys(folded))}
    return np.array([place[name] for name in folded], dtype=np.int32)[which], list(place)


def text_of(told):
    """Answers as they are, or folded where one is no text, or more than a line of it; and all in one, each ended."""
    try:
        text = "\n".join(told) + "\n"
    except TypeError:  # somebody told nothing, or a number
        return text_of(all_folded(told))
    return (told, text) if text.count("\n") <= max(1, len(told)) else text_of(all_folded(told))


@compiled
def different(letters, size, key):
    """Of so many answers, which of the different ones each is, by when they came first; and which was the first."""
    which, first, n = np.empty(size, np.int32), np.empty(size, np.int64), 0
    ends, marks, table = np.empty((size, 2), np.uint64), np.empty(size, np.uint64), table_for(size)
    at, last = np.uint64(0), np.uint64(len(table) - 1)
    for told in range(size):
        start, mark = at, key
        while letters[at] != END:
            mark = (mark ^ np.uint64(letters[at])) * np.uint64(0x9E3779B97F4A7C15)
            mark, at = mark ^ (mark >> np.uint64(29)), at + np.uint64(1)
        ends[n, 0], ends[n, 1], marks[n] = start, at, mark
        place = mark & last
        while table[place] > 0 and not is_same(letters, ends, marks, table[place] - 1, n):
            place = (place + np.uint64(1)) & last
        if table[place] == 0:
            first[n] = told
            n += 1
            table[place] = n
        which[told], at = table[place] - 1, at + np.uint64(1)
    return which, first[:n].copy()


@compiled
def table_for(size):
    """Room for numbers by what answers look like, half of it empty: the next place that is free is near."""
    room = 64
    while room < 2 * size:
        room *= 2
    return np.zeros(room, np.int32)


@inner
def is_same(letters, ends, marks, one, other):
    """Whether two answers are the same, letter by letter."""
    at, to, stop = ends[one, 0], ends[other, 0], ends[other, 1]
    if marks[one] != marks[other] or ends[one, 1] - at != stop - to:
        return False
    while to < stop and letters[at] == letters[to]:
        at, to = at + np.uint64(1), to + np.uint64(1)
    return to == stop


@compiled
def packed(numbers, sizes, words):
    """Bits (uint64[people, words]) of people who gave so many answers each, one after the other: numbers from 1, 0 for
    none."""
    bits, at = np.zeros((len(sizes), words), np.uint64), 0
    for who in range(len(sizes)):
        for n in numbers[at : at + sizes[who]]:
            if n > 0:
                bits[who, (n - 1) >> 6] |= np.uint64(1) << np.uint64((n - 1) & 63)
        at += sizes[who]
    return bits
