"""A heap in two arrays, the least key first, of equal keys the least item: for paths, and for the best of a row.

Numba keeps machine code by the age of the file that calls: after a change here, `bin/setup` compiles all of it again.
"""

from rapport.matching.engine.compiling import compiled


@compiled
def heap_in(keys, items, n, key, item):
    """Put one in. Returns how many there are."""
    at = n
    while at > 0:
        up = (at - 1) >> 1
        if keys[up] < key or (keys[up] == key and items[up] <= item):
            break
        keys[at], items[at] = keys[up], items[up]
        at = up
    keys[at], items[at] = key, item
    return n + 1


@compiled
def settle(keys, items, n, key, item):
    """Put one in the place of the first of n."""
    at = 0
    while True:
        low = 2 * at + 1
        if low >= n:
            break
        if low + 1 < n and (keys[low + 1] < keys[low] or (keys[low + 1] == keys[low] and items[low + 1] < items[low])):
            low += 1
        if key < keys[low] or (key == keys[low] and item <= items[low]):
            break
        keys[at], items[at] = keys[low], items[low]
        at = low
    keys[at], items[at] = key, item


@compiled
def heap_out(keys, items, n):
    """Take the first away. Returns how many there are."""
    if n > 1:
        settle(keys, items, n - 1, keys[n - 1], items[n - 1])
    return n - 1


@compiled
def keep_best(keys, items, n, most, key, item):
    """Keep the largest `most` keys. Returns how many there are."""
    if n < most:
        return heap_in(keys, items, n, key, item)
    if key > keys[0]:
        settle(keys, items, n, key, item)
    return n
