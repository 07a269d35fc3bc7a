"""Figures of groups in which nobody can be recognised, neither in one of them nor by taking one from another."""


def told_alone(groups: dict, smallest: int) -> tuple[list, list]:
    """Which groups may be told one by one, and which only together.

    `groups`: {name: counts, as many for each}. A count of 1 to `smallest` - 1 is small. Groups with a small count are
    told together only and, while their sum has one still, the next larger group joins them: what is left when all that
    is told is taken from the whole is never small. Where even all together have a small count, nothing may be told, not
    even the whole: then the first list is empty, and `is_small` says so of the sum.
    """
    together = [name for name, counts in groups.items() if is_small(counts, smallest)]
    alone = sorted((name for name in groups if name not in together), key=lambda name: -sum(groups[name]))
    while together and alone and is_small(sums(groups, together), smallest):
        together.append(alone.pop())
    return [name for name in groups if name in alone], [name for name in groups if name in together]


def is_small(counts, smallest: int) -> bool:
    return any(0 < n < smallest for n in counts)


def sums(groups: dict, names) -> list[int]:
    """What these groups come to, count by count."""
    return [sum(column) for column in zip(*(groups[name] for name in names), strict=True)]
