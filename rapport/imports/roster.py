"""A school's roster in School Data Sync 2.1 shape (OneRoster-like): pupils become mentees, their guardians come along.

Read from the files themselves: users, roles, orgs, relationships, demographics. A `relative` is no guardian. Passwords,
flags and the other protected columns are never read. Teachers are passed over: they are invited as staff.
"""

from dataclasses import dataclass, field
from pathlib import Path

from django.core.exceptions import ValidationError

from rapport.imports import reading
from rapport.imports.files import Unreadable, open_table
from rapport.imports.reading import BadCell
from rapport.people.enrolling import Newcomer

SOURCE = "sds"
MOST_ROWS = 200_000
NEEDED = {"users": ["sourcedId", "givenName"], "roles": ["userSourcedId", "role"]}
OPTIONAL = {
    "orgs": ["sourcedId", "name"],
    "relationships": ["userSourcedId", "relationshipUserSourcedId", "relationshipRole"],
    "demographics": ["userSourcedId", "birthDate"],
}


@dataclass
class Roster:
    """What the files say together: rows of users by id, and what hangs on them."""

    users: dict[str, tuple[int, dict]] = field(default_factory=dict)
    schools: dict[str, str] = field(default_factory=dict)  # pupil id: school
    born: dict[str, str] = field(default_factory=dict)
    guardians: list[tuple[str, str]] = field(default_factory=list)  # (adult id, pupil id)
    passed_over: list[dict] = field(default_factory=list)


def read_roster(files: list[Path]) -> Roster:
    """Read the roster's files, in whatever order they were named. Raises Unreadable."""
    by_name = {file.stem.casefold(): file for file in files}
    missing = [f"{name}.csv" for name in NEEDED if name not in by_name]
    if missing:
        raise Unreadable(None, f"A roster needs {' and '.join(missing)} as well.")
    tables = {name: list(records(name, by_name.get(name))) for name in (NEEDED | OPTIONAL)}
    roster = Roster()
    roster.users = {row["sourcedId"].strip(): (number, row) for number, row in tables["users"]}
    orgs = {row["sourcedId"]: row["name"] for _, row in tables["orgs"]}
    roster.born = {row["userSourcedId"]: row["birthDate"] for _, row in tables["demographics"]}
    note_roles(roster, tables["roles"], orgs)
    note_relations(roster, tables["relationships"])
    return roster


def records(name, file):
    """Rows of one file as dicts, with the columns this kind of file must have. Raises Unreadable."""
    if file is None:
        return
    table = open_table(file)
    wanted = (NEEDED | OPTIONAL)[name]
    lacking = [column for column in wanted if column not in table.headings]
    if lacking:
        raise Unreadable(None, f"{file.name} has no column {lacking[0]!r}.")
    for number, cells in table.rows:
        if number > MOST_ROWS:
            raise Unreadable(None, f"{file.name} has more than {MOST_ROWS} rows.")
        yield number, dict(zip(table.headings, cells, strict=False))


def note_roles(roster, rows, orgs):
    for _, row in rows:
        if row["role"].strip().casefold() == "student":
            roster.schools.setdefault(row["userSourcedId"].strip(), orgs.get(row.get("orgSourcedId", ""), ""))


def note_relations(roster, rows):
    for number, row in rows:
        pupil, adult = row["userSourcedId"].strip(), row["relationshipUserSourcedId"].strip()
        role = row["relationshipRole"].strip().casefold()
        if role == "guardian" and pupil in roster.users and adult in roster.users:
            roster.guardians.append((adult, pupil))
        else:
            reason = f"a {role} is no guardian" if role != "guardian" else "it names somebody who is not in users.csv"
            roster.passed_over.append({"row": number, "file": "relationships.csv", "reason": reason})


def pupil(roster, key) -> Newcomer:
    """One pupil as a newcomer. Raises BadCell."""
    said = person_of(roster.users[key][1])
    said.site = roster.schools[key]
    said.born_on = cell("birthDate", reading.day, roster.born.get(key, ""))
    return said


def guardian(roster, key) -> Newcomer:
    """One guardian as somebody known. Raises BadCell."""
    return person_of(roster.users[key][1])


def person_of(row) -> Newcomer:
    given = cell("givenName", reading.line, row.get("givenName") or "")
    if not given:
        raise BadCell("givenName", "There is no name.")
    return Newcomer(
        given_name=given,
        family_name=cell("familyName", reading.line, row.get("familyName") or ""),
        email=cell("email", reading.email, row.get("email") or ""),
        phone=cell("phone", reading.phone, row.get("phone") or row.get("sms") or ""),
        external_id=row["sourcedId"].strip()[:200],
        source=SOURCE,
    )


def cell(column, read, text):
    try:
        return read(text)
    except ValidationError as error:
        raise BadCell(column, " ".join(error.messages)) from error
