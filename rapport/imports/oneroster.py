"""A bulk set of OneRoster 1.1 or 1.2 in CSV, as a Roster.

The two differ in where a role stands: on the user in 1.1, in roles.csv in 1.2. Both say who belongs to whom by a list
of ids on a user, in either direction, so it is the role of the other that tells a guardian from a relative. Only the
columns below are read, whatever else the files hold.
"""

from datetime import date
from pathlib import Path

from rapport.imports.files import Unreadable, open_table
from rapport.imports.reading import BadCell
from rapport.imports.roster import Roster

SOURCE = "oneroster"
VERSIONS = ("1.1", "1.2")
STATUSES = {"", "active"}
GOING = "tobedeleted"
MOST_ROWS = {"users": 200_000, "enrollments": 2_000_000}
NEEDED = {
    "manifest": ["propertyName", "value"],
    "users": ["sourcedId", "givenName", "familyName"],
    "orgs": ["sourcedId", "name"],
    "roles": ["userSourcedId", "role", "orgSourcedId"],
    "demographics": ["birthDate"],
    "enrollments": ["userSourcedId", "role", "schoolSourcedId"],
}
MORE = {
    "users": ["email", "phone", "sms", "agentSourcedIds", "primaryOrgSourcedId"],
    "orgs": ["type"],
    "roles": ["roleType", "beginDate", "endDate"],
    "demographics": ["sourcedId", "userSourcedId"],
}
OF_VERSION = {"1.1": {"users": ["role", "orgSourcedIds"]}, "1.2": {}}
NOT_READ = {
    "academicsessions", "categories", "classes", "classresources", "courses", "courseresources", "lineitems",
    "lineitemlearningobjectiveids", "lineitemscorescales", "resources", "results", "resultlearningobjectiveids",
    "resultscorescales", "scorescales", "userprofiles", "userresources", "userflags",
}  # fmt: skip


def is_oneroster(by_name: dict[str, Path]) -> bool:
    """Whether these files, by name, are of this kind. One that lost its manifest is told by a column of its own."""
    if "manifest" in by_name:
        return True
    if "users" not in by_name or "relationships" in by_name:
        return False
    headings = {heading.casefold() for heading in open_table(by_name["users"]).headings}
    return bool(headings & {"agentsourcedids", "orgsourcedids", "enableduser"})


def read_set(by_name: dict[str, Path], *, on: date) -> Roster:
    """Read the set as of a day. Raises Unreadable."""
    version, by_name = look_at_manifest(by_name)
    roster = Roster(source=SOURCE)
    orgs = read_orgs(roster, by_name)
    going = read_users(roster, by_name, version)
    roles = roles_of_users(roster) if version == "1.1" else roles_of_file(roster, by_name, going, on)
    choose_schools(roster, roles, orgs, enrolled(roster, by_name, going))
    for _number, row in kept(roster, "demographics", by_name):
        roster.born[row["userSourcedId"] or row["sourcedId"]] = row["birthDate"]
    note_guardians(roster, roles, going)
    return roster


def look_at_manifest(by_name):
    """The version, and the files that belong to the set. Raises Unreadable."""
    if "manifest" not in by_name:
        raise Unreadable(None, "A OneRoster set needs manifest.csv as well: it says what is in the set.")
    said = {row["propertyName"].casefold(): row["value"].strip() for _, row in rows_of("manifest", by_name, "")}
    version = said.get("oneroster.version", "")
    if version not in VERSIONS:
        said_so = version[:20] or "without a version"
        raise Unreadable(None, f"manifest.csv says OneRoster {said_so}; 1.1 and 1.2 are read.")
    modes = {name: said.get(f"file.{name}", "").casefold() for name in NEEDED if name != "manifest"}
    for name, mode in modes.items():
        if mode not in ("bulk", "absent", "delta", ""):
            raise Unreadable(None, f"manifest.csv says {mode[:20]!r} of {name}; it can be bulk or absent.")
        if mode == "delta":
            raise Unreadable(None, f"{name}.csv holds only what changed (delta). Bring a set with everything (bulk).")
        if mode == "bulk" and name not in by_name:
            raise Unreadable(None, f"manifest.csv names {name}.csv, but it is not there.")
    for name in ("users", "orgs", *(["roles"] if version == "1.2" else [])):
        if name not in by_name or modes[name] == "absent":
            raise Unreadable(None, f"A roster needs {name}.csv as well.")
    return version, {name: file for name, file in by_name.items() if modes.get(name) != "absent"}


def rows_of(name, by_name, version):
    """Rows of one file as dicts of the columns we read, and no others. Raises Unreadable."""
    if name not in by_name:
        return
    table = open_table(by_name[name])
    places = {heading.casefold(): place for place, heading in enumerate(table.headings)}
    needed = [*NEEDED[name], *OF_VERSION.get(version, {}).get(name, [])]
    lacking = [column for column in needed if column.casefold() not in places]
    if lacking:
        raise Unreadable(None, f"{name}.csv has no column {lacking[0]!r}.")
    most = MOST_ROWS.get(name, MOST_ROWS["users"])
    wanted = [(column, places.get(column.casefold())) for column in [*needed, *MORE.get(name, []), "status"]]
    for number, cells in table.rows:
        if number > most:
            raise Unreadable(None, f"{name}.csv has more than {most} rows.")
        yield number, {c: cells[at].strip() if at is not None and at < len(cells) else "" for c, at in wanted}


def kept(roster, name, by_name, version=""):
    """Rows that stand: those to be deleted are left out, those of a status that is none are told of."""
    for number, row in rows_of(name, by_name, version):
        status = row["status"].casefold()
        if status in STATUSES:
            yield number, row
        elif status != GOING:
            roster.unclear.add(row.get("userSourcedId", ""))
            roster.pass_over(number, f"{name}.csv", wrong_status(row))


def wrong_status(row):
    return f"The status {row['status'][:30]!r} is neither active nor tobedeleted."


def read_orgs(roster, by_name):
    """{id: (name, whether it is a school)}."""
    orgs = {}
    for _number, row in kept(roster, "orgs", by_name):
        orgs[row["sourcedId"]] = (row["name"], row["type"].casefold() in ("school", ""))
    roster.orgs = {name for name, _is_school in orgs.values() if name}
    return orgs


def read_users(roster, by_name, version):
    """Keep the users. Returns the ids of those who are to be deleted."""
    going = set()
    for number, row in rows_of("users", by_name, version):
        key, status = row["sourcedId"], row["status"].casefold()
        if not key:
            roster.pass_over(number, "users.csv", "there is no sourcedId")
        elif status == GOING:
            going.add(key)
        else:
            roster.add_user(key, number, row)
            if status not in STATUSES:
                roster.doubts.setdefault(key, BadCell("status", wrong_status(row)))
    return going - set(roster.users)


def roles_of_users(roster):
    """{user: [(role, org), ...]} of 1.1, the first org first."""
    return {
        key: [(row["role"].casefold(), org) for org in several(row["orgSourcedIds"]) or [""]]
        for key, (_number, row) in roster.users.items()
    }


def roles_of_file(roster, by_name, going, on):
    """The same of 1.2: roles that hold on that day; the main org of the user first, then primary roles."""
    found = {key: [] for key in roster.users}
    for number, row in kept(roster, "roles", by_name):
        user = row["userSourcedId"]
        if user in found:
            if holds(row, on):
                is_main = row["orgSourcedId"] == roster.users[user][1]["primaryOrgSourcedId"]
                rank = (not is_main, row["roleType"].casefold() != "primary")
                found[user].append((rank, (row["role"].casefold(), row["orgSourcedId"])))
        elif user not in going:
            roster.pass_over(number, "roles.csv", f"{user[:60] or 'nobody'} is not in users.csv")
    return {key: [role for _rank, role in sorted(ranked, key=lambda one: one[0])] for key, ranked in found.items()}


def holds(row, on):
    """Whether a role has begun and not ended on that day; days are written year first."""
    today = on.isoformat()
    return (row["beginDate"] or today)[:10] <= today and (row["endDate"] or today)[:10] >= today


def enrolled(roster, by_name, going):
    """{pupil: school} by the first class each is in."""
    found = {}
    for number, row in kept(roster, "enrollments", by_name):
        user = row["userSourcedId"]
        if user not in roster.users and user not in going:
            roster.pass_over(number, "enrollments.csv", f"{user[:60] or 'nobody'} is not in users.csv")
        elif row["role"].casefold() == "student":
            found.setdefault(user, row["schoolSourcedId"])
    return found


def choose_schools(roster, roles, orgs, enrolled):
    """Who is a pupil, and at which school: the one of their role; of several the one whose classes they are in."""
    for user, held in roles.items():
        places = [org for role, org in held if role == "student"]
        if not places:
            continue
        if enrolled.get(user) in places:
            places.insert(0, enrolled[user])
        schools = [org for org in [*places, enrolled.get(user)] if orgs.get(org, ("", False))[1]]
        roster.schools[user] = orgs[schools[0]][0] if schools else ""
        unknown = [org for org in places if org and org not in orgs]
        if unknown:
            words = f"the school {unknown[0][:60]} of {user[:60]} is not in orgs.csv"
            roster.pass_over(roster.users[user][0], "users.csv", words)


def note_guardians(roster, roles, going):
    """Who stands for whom, from the lists of ids of pupils and of adults."""
    kinds = {user: {role for role, _org in held} for user, held in roles.items()}
    for user, (number, row) in roster.users.items():
        for other in several(row["agentSourcedIds"]):
            if other in going:
                continue
            if other not in roster.users:
                roster.unclear.add(user)
                roster.pass_over(number, "users.csv", f"{other[:60]}, named with {user[:60]}, is not in users.csv")
                continue
            pupil, adult = (user, other) if user in roster.schools else (other, user)
            if pupil in roster.schools and adult not in roster.schools:
                note_guardian(roster, pupil, adult, kinds[adult], number)


def note_guardian(roster, pupil, adult, kinds, number):
    relation = next((kind for kind in ("guardian", "parent") if kind in kinds), "")
    if adult in roster.doubts or relation:
        roster.guardians.setdefault(pupil, {})[adult] = relation
    elif "relative" in kinds:
        roster.pass_over(number, "users.csv", "a relative is no guardian")


def several(cell):
    """The ids of a cell, each once."""
    return list(dict.fromkeys(filter(None, (word.strip() for word in cell.split(",")))))
