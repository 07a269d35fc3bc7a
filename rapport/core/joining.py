"""What becomes of rows that point at a record when two records turn out to be one: a table that everybody can read.

Each app says so for its own relations (`<app>/joining.py`, told in `AppConfig.ready()`), for it alone knows what its
rows mean. `tests/people/test_decided.py` walks every model and fails on a relation that nobody decided. `object_when`
tells what keeps two apart, and `afterwards` what follows once they are one.
"""

from collections.abc import Callable
from dataclasses import dataclass

DECISIONS: dict[str, "Decision"] = {}
OBJECTIONS: list[Callable] = []
AFTERWARDS: list[Callable] = []


@dataclass(frozen=True)
class Decision:
    """What becomes of the rows of one relation.

    They move. Where a row of each record says the same and only one may stand, `settle(stays, goes, at)` carries into
    the one that stays what counts of the other, which then `folds` into it and is gone, or else stands aside by itself.
    `same(row)` names what makes two rows the same where the model's own constraints say too little.
    """

    words: str
    settle: Callable | None = None
    same: Callable | None = None
    folds: bool = False

    @property
    def joins(self) -> bool:
        return self.settle is not None


def moves(words):
    """The rows lead to the kept record; never do two of them say the same."""
    return Decision(words)


def folds(words, settle, same=None):
    """Of two rows that say the same one stays, with what `settle` takes from the other."""
    return Decision(words, settle, same, folds=True)


def stands_aside(words, settle, same=None):
    """Both rows stay; of two that cannot both stand `settle` lets one step back."""
    return Decision(words, settle, same)


def decide(table):
    """Tell what becomes of relations: {"app.model.field": decision}; of soft ones "app.model.about"."""
    DECISIONS.update(table)


def key_of(model, field):
    return f"{model._meta.label_lower}.{field}"


def object_when(f):
    """Let `f(one, other, at)` say what keeps two people apart: sentences, or `None` for what may not be told."""
    if f not in OBJECTIONS:
        OBJECTIONS.append(f)


def afterwards(f):
    """Let `f(kept, by, at)` do what follows, in the same transaction."""
    if f not in AFTERWARDS:
        AFTERWARDS.append(f)
