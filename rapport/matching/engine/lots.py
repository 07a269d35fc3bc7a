"""Who comes first among equals: a lottery drawn from a seed and who people are, the same in every run."""

import hashlib


def in_order(people: list[dict], seed: str) -> list[dict]:
    """People by their lot; fair among equals, whatever the order of a list."""
    return sorted(people, key=lambda p: (hashlib.sha256(f"{seed}|{p['lot']}".encode()).hexdigest(), p["key"]))
