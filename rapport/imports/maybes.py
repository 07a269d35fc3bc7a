"""Whom of those we know the new rows of a list may be. Nobody is taken for anybody by itself."""

from rapport.imports.models import Row
from rapport.people.enrolling import Outcome
from rapport.people.foreseen import known_alike
from rapport.people.models import Likeness
from rapport.people.reached import people_of

MOST = 1000  # rows of one list that are looked through for the reader's own


def note_maybes(rows, newcomers, program):
    """Write into each new row of a batch, not yet saved, whom it may be and why."""
    pairs = [(row, one) for row, one in zip(rows, newcomers, strict=True) if row.outcome == Outcome.NEW]
    found = known_alike([one for _row, one in pairs], program.organization)
    for place, people in found.items():
        pairs[place][0].cells["maybe"] = [[person.ref, str(why)] for person, why in people.items()]


def maybes_of(rows, user, program, at):
    """{row: [whom it may be, why, what was said]} of those this reader may change; of others nothing is told."""
    said = {row: row.cells.get("maybe", []) for row in rows}
    refs = {ref for some in said.values() for ref, _why in some}
    people = people_of(user, program, at).filter(ref__in=refs).prefetch_related("participations__site") if refs else ()
    there = {person.ref: person for person in people}
    return {
        row: [
            {"person": there[ref], "why": Likeness.Why(why).label, "said": said_of(row, ref)}
            for ref, why in some
            if ref in there
        ]
        for row, some in said.items()
    }


def said_of(row, ref):
    if row.cells.get("same_as") == ref:
        return "same"
    return "other" if ref in row.cells.get("not_same", []) else ""


def flagged(staged, user, at):
    """The rows of a list that waits which may be somebody this reader may change."""
    if staged.state != staged.State.STAGED:
        return []
    rows = list(Row.objects.filter(source=staged, cells__has_key="maybe").order_by("number")[:MOST])
    return [row for row, some in maybes_of(rows, user, staged.program, at).items() if some]
