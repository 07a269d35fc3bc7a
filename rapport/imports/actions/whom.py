"""Whom a row of a staged list is: said by a person, and taken so at bringing in."""

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from rapport.core.refused import Refused
from rapport.imports.actions import syncing
from rapport.imports.actions.applying import AlreadyDone
from rapport.imports.actions.cells import from_cells, to_cells
from rapport.imports.actions.staging import SIDES
from rapport.imports.models import Import, Row
from rapport.people import enrolling
from rapport.people.joining import AGES, age_of
from rapport.people.models import Person


class NotBoth(Refused):
    """A young person is not somebody grown up."""

    sentence = AGES


class NotThatRow(Refused):
    """The row says no more that it may be this person."""

    sentence = _("This row was looked at already. Look at the list as it is now.")


@transaction.atomic
def say_the_same(staged, row, person, *, by, at):
    """This row is somebody we know: they keep their name. Raises AlreadyDone, NotThatRow, NotBoth."""
    row = locked(staged, row, person)
    if person.born_on and row.cells.get("born_on") and age_of(person, at) != age_of_row(row, at):
        raise NotBoth(row)
    judge_anew(staged, row, {"same_as": person.ref}, at=at)


@transaction.atomic
def say_another(staged, row, person, *, by, at):
    """This row is somebody else, and stays so when it has come in. Raises AlreadyDone, NotThatRow."""
    row = locked(staged, row, person)
    apart = [*row.cells.get("not_same", []), person.ref]
    judge_anew(staged, row, {"same_as": "", "not_same": list(dict.fromkeys(apart))}, at=at)


def locked(staged, row, person):
    """The row as it is now, while its list waits. Two who press at once do it one after the other."""
    if not Import.objects.filter(pk=staged.pk, state=Import.State.STAGED).update(state=Import.State.STAGED):
        raise AlreadyDone(staged)
    row = Row.objects.select_for_update().get(pk=row.pk)
    if person.ref not in {ref for ref, _why in row.cells.get("maybe", [])}:
        raise NotThatRow(row)
    return row


def age_of_row(row, at):
    """By the day in UTC, as `age_of` tells it of whom they may be."""
    newcomer = from_cells(row.cells)
    return "adult" if Person(born_on=newcomer.born_on).is_adult(at.date()) else "child"


def judge_anew(staged, row, said, *, at):
    """What the row does now, and the figures of its list."""
    before, program = row.outcome, staged.program
    newcomer = from_cells({**row.cells, **said})
    plan = enrolling.plan([newcomer], program=program, side=SIDES[staged.what], at=at)[0]
    row.cells = {**to_cells(newcomer), "maybe": row.cells["maybe"]}
    row.outcome, row.column, row.reason = plan.outcome, plan.column, plan.reason
    if staged.what == "roster":
        syncing.note_changes(row, plan, [], [], dict(program.sites.values_list("pk", "name")))
    row.save(update_fields=["cells", "outcome", "column", "reason", "changes"])
    counts = Import.objects.values_list("counts", flat=True).get(pk=staged.pk)
    if counts and before != row.outcome:
        counts[before] -= 1
        counts[str(row.outcome)] += 1
        Import.objects.filter(pk=staged.pk).update(counts=counts)
