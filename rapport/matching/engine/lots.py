"""Who comes first among equals: a lottery drawn from a seed and who people are, the same in every run."""

import hashlib


def in_order(people: list[dict], seed: str) -> list[dict]:
    """People by their lot; fair among equals, whatever the order of a list."""
    return [people[n] for n in order_of(people, seed)]


def order_of(people: list[dict], seed: str) -> list[int]:
    """The places of people in a list, by their lot; of one lot by key."""
    lots: list = [hashlib.sha256(f"{seed}|{one['lot']}".encode()).digest() for one in people]
    if len({*lots}) < len(lots):
        lots = [(lot, one["key"]) for lot, one in zip(lots, people, strict=True)]
    return sorted(range(len(people)), key=lots.__getitem__)
