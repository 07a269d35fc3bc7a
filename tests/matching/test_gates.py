"""The made-up programs of the measures pass every gate of theirs: no time is read here."""

import numpy as np
import pytest

from bench import _gates, _instances
from rapport.matching.engine import arrays, listing, solver

SMALL = [(60, 1, regime) for regime in _instances.REGIMES] + [(90, 3, "scarce")]


@pytest.mark.parametrize(("size", "cap", "regime"), [(300, 1, "balanced"), *SMALL])
def test_every_gate_holds(size, cap, regime):
    rows = _gates.gates(_instances.make(size, cap, 1 + 2 * (cap == 3), 1, regime))

    assert [row for row in rows if row["holds"] is False] == []
    assert {row["gate"] for row in rows if row["holds"] is None} == (
        {"people", "maximin"} if regime == "chain" else set()
    )


def test_the_same_words_make_the_same_program():
    one, other, another = (_instances.hashed(_instances.make(50, 3, 2, seed, "alike")) for seed in (1, 1, 2))

    assert one == other != another


def test_what_is_listed_comes_in_order_and_each_pair_once():
    ready = arrays.prepare(_instances.make(300)).problem

    listed, _allowed = solver.first_listed(ready, 1)

    assert np.all(np.diff(listed.keys) > 0)
    assert np.isin(listing.named(ready).keys, listed.keys).all()
