"""The numbers of a program, read lean: a step of the clock reads them of every program, and asks for few."""

from collections.abc import Mapping

READ = ("id", "program_id", "code", "value", "unit")  # where they come from is read when somebody asks


class Limits(Mapping):
    """The limits of one program by code. Each becomes a row only when it is asked for: most want two of ninety."""

    def __init__(self, model, db):
        self.model, self.db = model, db
        self.read, self.made = {}, {}

    def __getitem__(self, code):
        if code not in self.made:
            self.made[code] = self.model.from_db(self.db, READ, self.read[code])
        return self.made[code]

    def __iter__(self):
        return iter(self.read)

    def __len__(self):
        return len(self.read)

    @classmethod
    def of(cls, programs, *, of, db):
        """{pk of a program: its limits}, in one query. `of`: the model."""
        found = {pk: cls(of, db) for pk in programs}
        for row in of.objects.using(db).filter(program__in=found).values_list(*READ):
            found[row[1]].read[row[2]] = row
        return found
