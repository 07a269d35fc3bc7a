"""Among a list of numbers, as lean as it can be asked.

Work goes in batches of 500, so most questions name 500 numbers. Django looks at each of them several times and writes
a sign for each into the statement, which the driver of PostgreSQL then reads sign by sign: that took longer than the
answer. Numbers need no looking at, and PostgreSQL takes them as one value.
"""

from django.db.models import Field, ForeignObject, IntegerField
from django.db.models.fields.related_lookups import RelatedIn
from django.db.models.lookups import In


class Numbers:
    """The lean way, where whole numbers are looked for in a column of them; everything else is left to Django."""

    def get_prep_lookup(self):
        if isinstance(self.rhs, list | tuple | set | frozenset) and self.is_a_number() and only_numbers(self.rhs):
            return list(self.rhs)
        return super().get_prep_lookup()

    def process_rhs(self, compiler, connection):
        if not self.is_lean():
            return super().process_rhs(compiler, connection)
        return f"({', '.join(['%s'] * len(self.rhs))})", self.rhs

    def as_postgresql(self, compiler, connection):
        if not self.is_lean() or len(self.rhs) == 1:  # one number is an equal sign, which plans better
            return self.as_sql(compiler, connection)
        column, values = self.process_lhs(compiler, connection)
        return f"{column} = ANY(%s)", [*values, self.rhs]

    def is_lean(self):
        is_a_list = isinstance(self.rhs, list) and self.rhs and not self.bilateral_transforms
        return is_a_list and self.is_a_number() and only_numbers(self.rhs)

    def is_a_number(self):
        field = getattr(self.lhs, "output_field", None)
        return isinstance(getattr(field, "target_field", field), IntegerField)


class Among(Numbers, In):
    """Of a column of its own."""


class RelatedAmong(Numbers, RelatedIn):
    """Of the key of another record."""


def only_numbers(several) -> bool:
    return {int}.issuperset(map(type, several))


def install() -> None:
    """From here on every `__in` asks so."""
    Field.register_lookup(Among)
    ForeignObject.register_lookup(RelatedAmong)
