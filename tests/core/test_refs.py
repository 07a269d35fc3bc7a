"""Names of records in addresses: random, each sign as likely as the next."""

from collections import Counter

from rapport.core import refs
from rapport.core.refs import ALPHABET, LENGTH, new_ref


def test_a_name_has_twelve_signs_each_as_likely_and_none_comes_twice():
    drawn = [new_ref() for _n in range(5_000)]

    assert len(set(drawn)) == 5_000
    assert {len(one) for one in drawn} == {LENGTH}
    counted = Counter("".join(drawn))
    assert set(counted) == set(ALPHABET)
    assert max(counted.values()) < 1.2 * min(counted.values())  # six times as wide as chance makes it


def test_too_few_signs_are_drawn_again(monkeypatch):
    draws = iter([b"\x1f" * 24, bytes(range(24))])
    monkeypatch.setattr(refs.secrets, "token_bytes", lambda _n: next(draws))

    assert new_ref() == ALPHABET[:LENGTH]
