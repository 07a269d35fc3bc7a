"""A list of those who look after volunteers: each volunteer of the program is told apart by who that is.

The people of this list are staff, and staff are invited by name: nothing else of it has a place here.
"""

import re

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext as _

from rapport.audit.actions import record
from rapport.imports import reading
from rapport.imports.actions.applying import finish
from rapport.imports.actions.deeds import note_deeds
from rapport.imports.actions.staging import BATCH, added
from rapport.imports.files import Unreadable
from rapport.imports.mapping import squeezed
from rapport.imports.models import Import, Row
from rapport.imports.reading import BadCell
from rapport.people.actions import enroll
from rapport.people.enrolling import Newcomer, Outcome
from rapport.people.models import ContactPoint, Participant

NAMES = {"displayname", "name", "fullname"}
SUPERVISES = {"supervisorvolunteers", "supervises", "supervisedvolunteers"}
TRAIT = "supervisor"
MOST_ROWS = 5_000


def names_supervisors(headings) -> bool:
    """Whether a list says whom each of its people looks after."""
    squeezed_ones = {squeezed(heading) for heading in headings}
    return bool(squeezed_ones & SUPERVISES) and bool(squeezed_ones & NAMES)


@transaction.atomic
def stage_supervisors(table, *, file_name, program, by, at):
    """Stage a list of supervisors: which volunteers would be told apart by whom. Raises Unreadable."""
    name = next(heading for heading in table.headings if squeezed(heading) in NAMES)
    whom = next(heading for heading in table.headings if squeezed(heading) in SUPERVISES)
    staff = _("a supervisor is staff: invite them by name, under Program, Staff")
    left_out = {heading: str(staff) for heading in table.headings if heading not in (name, whom)}
    staged = Import.objects.create(
        program=program,
        what="supervisors",
        file_name=file_name[:200],
        columns=table.headings,
        mapping={"fields": {name: "supervisor", whom: "supervises"}, "left_out": left_out},
        brought_at=at,
        brought_by=by,
    )
    rows = [read(staged, number, cells, name, whom) for number, cells in table.at_most(MOST_ROWS).rows]
    judge(rows, whom, program)
    Row.objects.bulk_create(rows, batch_size=BATCH)
    staged.counts = added({}, rows)
    staged.save(update_fields=["counts"])
    record("import.staged", about=staged, by=by, at=at, what=staged.what)
    return staged


def read(staged, number, cells, name, whom):
    """One row: a supervisor's name and the addresses of their volunteers."""
    row = Row(source=staged, number=number, cells={}, outcome=Outcome.UNCHANGED)
    said = dict(zip(staged.columns, cells, strict=False))
    try:
        if len(cells) != len(staged.columns):
            raise BadCell("", f"This row has {len(cells)} cells, the headings are {len(staged.columns)}.")
        try:
            row.cells = {"supervisor": reading.line(said[name]), "supervises": addresses(said[whom])}
        except ValidationError as error:
            raise BadCell(whom, " ".join(error.messages)) from error
        if not row.cells["supervisor"]:
            raise BadCell(name, "There is no name.")
    except BadCell as bad:
        row.outcome, row.column, row.reason = Outcome.BAD, bad.column, bad.reason
    return row


def addresses(cell):
    return list(dict.fromkeys(reading.email(word) for word in re.split(r"[,;\s]+", cell) if word))


def judge(rows, whom, program):
    """Write into each row what bringing it in would do; one volunteer under two is put right by a person."""
    good = [row for row in rows if row.outcome != Outcome.BAD]
    known = volunteers(program, [address for row in good for address in row.cells["supervises"]])
    under: dict[str, list] = {}
    for row in good:
        for address in row.cells["supervises"]:
            under.setdefault(address, []).append(row)
    for row in good:
        row.outcome, row.column, row.reason = verdict(row, whom, known, under)


def verdict(row, whom, known, under):
    name, mine = row.cells["supervisor"], row.cells["supervises"]
    for address in mine:
        others = [other for other in under[address] if other is not row]
        if others:
            words = "%s stands under %s in row %d, too: a volunteer has one supervisor. Keep one."
            return Outcome.BAD, whom, words % (address, others[0].cells["supervisor"], others[0].number)
        if address not in known:
            return Outcome.BAD, whom, f"{address} is no volunteer of this program. Bring the list of volunteers first."
    if not mine:
        return Outcome.UNCHANGED, "", "This supervisor looks after nobody on this list: passed over."
    if all(known[address].traits.get(TRAIT) == name for address in mine):
        return Outcome.UNCHANGED, "", ""
    return Outcome.CHANGED, "", ""


def volunteers(program, wanted):
    """The volunteers of a program by address, in a query for each five hundred."""
    wanted, known = list(wanted), {}
    mentors = Participant.objects.filter(program=program, side=Participant.Side.MENTOR, left_at=None)
    for start in range(0, len(wanted), BATCH):
        some = set(wanted[start : start + BATCH])
        points = ContactPoint.objects.annotate(address=Lower("value")).filter(kind="email", address__in=some)
        found = mentors.filter(Q(person__contact_points__in=points)).select_related("person")
        rows = found.annotate(address=Lower("person__contact_points__value"))
        known |= {row.address: row for row in rows if row.address in some}
    return known


@transaction.atomic
def apply_supervisors(staged, *, by, at):
    """Tell the volunteers apart by who looks after them, all or none. Returns counts by outcome. Raises AlreadyDone."""
    rows = list(staged.rows.filter(outcome=Outcome.CHANGED).order_by("number"))
    known = volunteers(staged.program, [address for row in rows for address in row.cells["supervises"]])
    if any(address not in known for row in rows for address in row.cells["supervises"]):
        raise Unreadable(staged, _("A volunteer of this list has left since. Drop it, and bring it again."))
    people = [(known[address], address, row) for row in rows for address in row.cells["supervises"]]
    newcomers = [told_apart(one.person, address, row.cells["supervisor"]) for one, address, row in people]
    done = enroll(newcomers, program=staged.program, side=Participant.Side.MENTOR, by=by, at=at)
    note_deeds(zip([row for _one, _address, row in people], done, strict=True))
    counts = {outcome: staged.counts[outcome] for outcome in Outcome}
    finish(staged, by=by, at=at, counts=staged.counts)
    return counts


def told_apart(person, address, supervisor):
    return Newcomer(
        given_name=person.given_name, family_name=person.family_name, email=address, traits={TRAIT: supervisor}
    )
