"""The keys of an install and what is sealed with them, for whoever hosts it: names and numbers, never a key."""

from django.db.models import Count

from rapport.core.sealing import KeysUnreadable, add_key, newest, ring
from rapport.people.actions.restricting import seal_papers
from rapport.people.models import Restriction

BATCH = 100


def papers_by_key():
    """(name of a key, how many papers it seals, whether it is here), newest key last; without a name: not sealed."""
    here = keys_here()
    rows = Restriction.objects.exclude(paper="").order_by().values_list("paper_key").annotate(n=Count("pk"))
    counted = dict.fromkeys(here, 0) | dict(rows)
    order = {name: place for place, name in enumerate(here)}
    return [
        (name, counted[name], name in here) for name in sorted(counted, key=lambda name: (order.get(name, -1), name))
    ]


def keys_here():
    """The ring; where its file cannot be read, there are none."""
    try:
        return ring()
    except KeysUnreadable:
        return {}


def lost():
    """How many papers cannot be opened, because their key is not on this machine."""
    return sum(number for name, number, is_here in papers_by_key() if name and not is_here)


def rotate(*, at):
    """Make a new key, and give every paper an envelope of it. Returns how many have one, and how many have not.

    Raises KeysUnreadable.
    """
    newest()
    add_key()
    done = 0
    while moved := seal_papers(at=at, limit=BATCH):
        done += moved
    current, _key = newest()
    return done, Restriction.objects.exclude(paper="").exclude(paper_key=current).count()
