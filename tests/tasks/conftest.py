"""Tasks of one desk, and the clock of the pages on that Monday."""

import pytest

from tests.care.conftest import desk_of, on_monday, open_as, todo

__all__ = ["call", "desk_of", "on_monday", "open_as", "todo"]


@pytest.fixture
def call(cora, riverside, ama, match):
    """A call on Cora's desk."""
    return todo(cora, riverside, "When can she be back?", somebody=ama, about=match)
