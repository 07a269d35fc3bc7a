"""What a school's roster says: its pupils, where they go to school, when they were born, and who stands for them.

Read from School Data Sync 2.1 here (users, roles, orgs, relationships, demographics), and from OneRoster in
`oneroster.py`. A `relative` is no guardian. Passwords, flags and the other protected columns are never read. Teachers
are passed over: they are invited as staff.
"""

from dataclasses import dataclass, field
from pathlib import Path

from django.core.exceptions import ValidationError

from rapport.imports import reading
from rapport.imports.files import Unreadable, open_table
from rapport.imports.reading import BadCell
from rapport.people.enrolling import Newcomer

MOST_ROWS = 200_000
MOST_LINES = 1_000  # on what was passed over
NEEDED = {"users": ["sourcedId", "givenName"], "roles": ["userSourcedId", "role"]}
OPTIONAL = {
    "orgs": ["sourcedId", "name"],
    "relationships": ["userSourcedId", "relationshipUserSourcedId", "relationshipRole"],
    "demographics": ["userSourcedId", "birthDate"],
}


@dataclass
class Roster:
    """What the files say together: rows of users by id, and what hangs on them."""

    source: str = "sds"
    users: dict[str, tuple[int, dict]] = field(default_factory=dict)
    schools: dict[str, str] = field(default_factory=dict)  # pupil id: school
    born: dict[str, str] = field(default_factory=dict)
    guardians: dict[str, dict[str, str]] = field(default_factory=dict)  # pupil id: {adult id: relation}
    doubts: dict[str, BadCell] = field(default_factory=dict)  # user id: why nobody can tell who that is
    unclear: set[str] = field(default_factory=set)  # pupils of whom the files say only half
    orgs: set[str] = field(default_factory=set)  # names of all its schools, also of those without pupils
    passed_over: list[dict] = field(default_factory=list)

    def add_user(self, key, number, row):
        """Keep a user; of one id on two rows nobody can tell whose it is."""
        if key in self.users:
            rows = f"{self.users[key][0]} and {number}"
            self.doubts[key] = BadCell("sourcedId", f"The id {key[:60]!r} stands in users.csv twice: rows {rows}.")
        else:
            self.users[key] = (number, row)

    def pass_over(self, number, file, reason):
        if len(self.passed_over) < MOST_LINES:
            self.passed_over.append({"row": number, "file": file, "reason": reason})

    @property
    def names_guardians(self):
        """Whether it speaks of guardians at all; one that does not says nothing about those we know."""
        return any(self.guardians.values())


def read_roster(files: list[Path]) -> Roster:
    """Read the roster's files, in whatever order they were named. Raises Unreadable."""
    by_name = {file.stem.casefold(): file for file in files}
    missing = [f"{name}.csv" for name in NEEDED if name not in by_name]
    if missing:
        raise Unreadable(None, f"A roster needs {' and '.join(missing)} as well.")
    tables = {name: list(records(name, by_name.get(name))) for name in (NEEDED | OPTIONAL)}
    roster = Roster()
    for number, row in tables["users"]:
        roster.add_user(row["sourcedId"].strip(), number, row)
    orgs = {row["sourcedId"]: row["name"] for _, row in tables["orgs"]}
    roster.orgs = {name for name in orgs.values() if name}
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
    for number, row in rows:
        key = row["userSourcedId"].strip()
        if row["role"].strip().casefold() == "student":
            if key in roster.users:
                roster.schools.setdefault(key, orgs.get(row.get("orgSourcedId", ""), ""))
            else:
                roster.pass_over(number, "roles.csv", f"{key[:60]} is not in users.csv")


def note_relations(roster, rows):
    for number, row in rows:
        pupil, adult = row["userSourcedId"].strip(), row["relationshipUserSourcedId"].strip()
        role = row["relationshipRole"].strip().casefold()
        if role != "guardian":
            roster.pass_over(number, "relationships.csv", f"a {role} is no guardian")
        elif pupil in roster.users and adult in roster.users:
            roster.guardians.setdefault(pupil, {})[adult] = "guardian"
        else:
            roster.unclear.add(pupil)
            roster.pass_over(number, "relationships.csv", "it names somebody who is not in users.csv")


def pupil(roster, key) -> Newcomer:
    """One pupil as a newcomer, with who stands for them. Raises BadCell.

    Half a guardian keeps the whole pupil out: half a family helps nobody.
    """
    said = person_of(roster, key)
    said.site = roster.schools[key]
    said.born_on = cell("birthDate", reading.day, roster.born.get(key, ""))
    said.guardians = [person_of(roster, adult, relation) for adult, relation in roster.guardians.get(key, {}).items()]
    return said


def person_of(roster, key, relation="") -> Newcomer:
    """One user as somebody known. Raises BadCell."""
    if key in roster.doubts:
        raise roster.doubts[key]
    row = roster.users[key][1]
    given = cell("givenName", reading.line, row.get("givenName") or "")
    if not given:
        raise BadCell("givenName", "There is no name.")
    return Newcomer(
        given_name=given,
        family_name=cell("familyName", reading.line, row.get("familyName") or ""),
        email=cell("email", reading.email, row.get("email") or ""),
        phone=cell("phone", reading.phone, row.get("phone") or row.get("sms") or ""),
        external_id=key[:200],
        source=roster.source,
        relation=relation,
    )


def cell(column, read, text):
    try:
        return read(text)
    except ValidationError as error:
        raise BadCell(column, " ".join(error.messages)) from error
