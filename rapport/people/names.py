"""People found by how their names begin, by an index on both databases.

Names are compared as they sort by their signs, so nothing typed is ever a pattern.
"""

from django.db.models import Func, Q, TextField
from django.db.models.lookups import GreaterThanOrEqual, LessThan

LAST = chr(0x10FFFF)  # the sign after every other
COLUMNS = ("given_name", "family_name")
FEW = 1000  # people; of more, the rows of a list are looked at one by one


class Folded(Func):
    """Small letters, in the order of their signs. SQLite knows the small letters of A to Z alone."""

    function = "LOWER"
    arity = 1
    output_field = TextField()

    def as_postgresql(self, compiler, connection, **more):
        return super().as_sql(compiler, connection, template='(%(function)s(%(expressions)s) COLLATE "C")', **more)


def begin_with(letters, of=""):
    """The condition of a given or family name that begins so, whatever the case; `of` leads to the person."""
    condition = Q(pk__in=[])
    for start in starts_of(letters):
        for column in COLUMNS:
            name = Folded(f"{of}{column}")
            condition |= Q(GreaterThanOrEqual(name, start)) & Q(LessThan(name, start + LAST))
    return condition


def starts_of(letters):
    """How a name may be kept that is typed so: where a database folds A to Z alone, É stays apart from é."""
    return sorted({"".join(sign.lower() if sign.isascii() else sign for sign in way) for way in ways_of(letters)})


def ways_of(letters):
    return letters, letters.lower(), letters.title()


def called(letters, people, of="person"):
    """The condition on rows that lead to somebody of these people whose name begins so, or did before two records of
    theirs were put together.

    The few of a rare name are looked up first; of a common one, each row is asked. Those who were called so before are
    looked up then, too, if few: beside a question about them, PostgreSQL has no use for the indexes of names.
    """
    return so_called(letters, *looked_up(letters, people), of=of)


def so_called(letters, few, before, *, of=""):
    """The same condition, with what was looked up."""
    if few is not None:
        return Q(**{f"{of or 'pk'}__in": few})
    return begin_with(letters, of and f"{of}__") | Q(**{f"{of or 'pk'}__in": before})


def looked_up(letters, people):
    """The keys of those of these people whose name begins so, None of many; and of those whose name did before."""
    now = people.filter(begin_with(letters)).order_by().values_list("pk", flat=True)
    once = begin_with(letters, of="former_names__")  # an inner join: else everybody is read, had they one or not
    before = people.filter(once, former_names__isnull=False).order_by().values_list("pk", flat=True)
    few, few_before = set(now[: FEW + 1]), set(before[: FEW + 1])
    if len(few) + len(few_before) <= FEW:
        return few | few_before, few_before
    return None, few_before if len(few_before) <= FEW else before
