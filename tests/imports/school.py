"""A school that writes its roster as OneRoster 1.1 or 1.2, for tests: made up, and the same each time."""

import csv
import random
import zipfile
from copy import deepcopy
from dataclasses import dataclass, field

GIVEN = ["Ada", "Bo", "Cy", "Dora", "Eli", "Fay", "Gus", "Hana", "Ivo", "June", "Kit", "Lou", "Max", "Nia", "Oz", "Pia"]
FAMILY = ["Abel", "Brook", "Cole", "Dunn", "Eames", "Frost", "Grant", "Hale", "Irwin", "Jones", "Kerr", "Lane"]
SCHOOLS = {"o1": "North School", "o2": "South School", "o3": "East School"}
SECRET = {"password": "canary-secret", "grades": "canary-grade", "userMasterIdentifier": "canary-master"}
HEADINGS = {
    "users": [
        "sourcedId", "status", "dateLastModified", "enabledUser", "orgSourcedIds", "role", "username", "userIds",
        "givenName", "familyName", "middleName", "identifier", "email", "sms", "phone", "agentSourcedIds", "grades",
        "password", "userMasterIdentifier", "primaryOrgSourcedId",
    ],
    "orgs": ["sourcedId", "status", "dateLastModified", "name", "type", "identifier", "parentSourcedId"],
    "roles": [
        "sourcedId", "status", "dateLastModified", "userSourcedId", "roleType", "role", "beginDate", "endDate",
        "orgSourcedId", "userProfileSourcedId",
    ],
    "demographics": ["sourcedId", "status", "dateLastModified", "birthDate", "sex", "asian", "white"],
    "enrollments": [
        "sourcedId", "status", "dateLastModified", "classSourcedId", "schoolSourcedId", "userSourcedId", "role",
        "primary", "beginDate", "endDate",
    ],
}  # fmt: skip


@dataclass
class School:
    """Pupils {id: [given, family, school, birth date]}, adults {id: [given, family, role]}, and who belongs to whom."""

    pupils: dict = field(default_factory=dict)
    adults: dict = field(default_factory=dict)
    agents: dict = field(default_factory=dict)  # pupil: [adult, ...]

    def copy(self):
        return deepcopy(self)


def school(pupils, seed=7):
    """So many pupils; most have one guardian, some two, some none, some a relative, and brothers and sisters share."""
    chance, made = random.Random(seed), School()
    for n in range(pupils):
        born = f"{chance.randint(2011, 2016)}-{chance.randint(1, 12):02}-{chance.randint(1, 28):02}"
        key, family = f"p{n}", FAMILY[n % len(FAMILY)]
        made.pupils[key] = [f"{GIVEN[n % len(GIVEN)]}{n}", family, chance.choice(list(SCHOOLS)), born]
        made.agents[key] = []
        for role in chance.choice([["guardian"], ["guardian"], ["parent", "guardian"], [], ["relative"], ["old"]]):
            if role == "old" and n:
                made.agents[key] = list(made.agents[f"p{n - 1}"])
            elif role != "old":
                adult = f"a{len(made.adults)}"
                made.adults[adult] = [f"{chance.choice(GIVEN)}{adult}", family, role]
                made.agents[key].append(adult)
    return made


def tables(made, version):
    """{file: rows as dicts} of this school."""
    users, roles = [], []
    everybody = [(key, given, family, "student", org) for key, (given, family, org, _) in made.pupils.items()]
    everybody += [(key, given, family, role, "o1") for key, (given, family, role) in made.adults.items()]
    for key, given, family, role, org in [*everybody, ("t1", "Tess", "Teach", "teacher", "o1")]:
        user = {"sourcedId": key, "givenName": given, "familyName": family, "enabledUser": "true", **SECRET}
        user |= {"username": key, "agentSourcedIds": ",".join(made.agents.get(key, []))}
        user |= {"email": f"{key}@home.example"} if key in made.adults else {}
        if version == "1.1":
            user |= {"role": role, "orgSourcedIds": f"d1,{org}"}
        else:
            user |= {"primaryOrgSourcedId": org}
            roles.append({"sourcedId": f"r{key}", "userSourcedId": key, "roleType": "primary", "role": role,
                          "orgSourcedId": org})  # fmt: skip
        users.append(user)
    orgs = [{"sourcedId": key, "name": name, "type": "school"} for key, name in SCHOOLS.items()]
    orgs.append({"sourcedId": "d1", "name": "The District", "type": "district"})
    born = [{"sourcedId": k, "birthDate": b, "sex": "canary-sex", "asian": "canary-race"}
            for k, (_, _, _, b) in made.pupils.items()]  # fmt: skip
    classes = [{"sourcedId": f"e{k}", "classSourcedId": "c1", "schoolSourcedId": org, "userSourcedId": k,
                "role": "student"} for k, (_, _, org, _) in made.pupils.items()]  # fmt: skip
    said = {"users": users, "orgs": orgs, "demographics": born, "enrollments": classes}
    return said | ({"roles": roles} if version == "1.2" else {})


def headings(name, version):
    gone = {"1.1": {"userMasterIdentifier", "primaryOrgSourcedId"}, "1.2": {"role", "orgSourcedIds"}}[version]
    return [heading for heading in HEADINGS[name] if name != "users" or heading not in gone]


def write_set(folder, made, version="1.1", **changes):
    """Write the set into a folder. Returns its files. `changes`: a table instead of the one that would be written."""
    folder.mkdir(exist_ok=True)
    said = tables(made, version) | changes
    manifest = [("propertyName", "value"), ("manifest.version", "1.0"), ("oneroster.version", version)]
    manifest += [(f"file.{name}", "bulk" if name in said else "absent") for name in HEADINGS]
    for name, rows in said.items():
        with (folder / f"{name}.csv").open("w", newline="") as file:
            out = csv.DictWriter(file, headings(name, version), extrasaction="ignore")
            out.writeheader()
            out.writerows(rows)
    with (folder / "manifest.csv").open("w", newline="") as file:
        csv.writer(file).writerows(manifest)
    return sorted(folder.iterdir())


def zipped(files, place):
    with zipfile.ZipFile(place, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in files:
            archive.write(file, file.name)
    return place


def next_year(made, each=3, seed=11):
    """The same school later: so many of each kind of change."""
    chance, later = random.Random(seed), made.copy()
    known = sorted(made.pupils)
    chance.shuffle(known)
    guarded = [key for key in known if any(made.adults[a][2] != "relative" for a in made.agents[key])]
    for n in range(each):
        later.pupils[f"n{n}"] = [f"New{n}", "Neu", "o2", "2015-06-07"]
        later.agents[f"n{n}"] = [f"b{n}", later.agents[guarded[n]][0]]
        later.adults[f"b{n}"] = [f"Brand{n}", "Neu", "guardian"]
        key = known.pop()
        del later.pupils[key], later.agents[key]
        later.pupils[known.pop()][0] = f"Renamed{n}"
        later.pupils[known.pop()][1] = f"Wed{n}"
        moved = later.pupils[known.pop()]
        moved[2] = "o3" if moved[2] != "o3" else "o1"
        later.pupils[known.pop()][3] = "2012-02-29"
        both = later.pupils[known.pop()]
        both[0], both[3] = f"Both{n}", "2012-12-12"
        later.adults[f"c{n}"] = [f"Added{n}", "Plus", "parent"]
        later.agents[known.pop()].append(f"c{n}")
    for key in [key for key in guarded if key in known][:each]:
        later.agents[key] = []
    return later


def read(folder, name):
    file = folder / f"{name}.csv"
    return list(csv.DictReader(file.open(newline=""))) if file.exists() else []


def as_it_says(folder):
    """{pupil id: (name, school, birth date, {guardians by name})}, from the files alone."""
    users = {row["sourcedId"]: row for row in read(folder, "users")}
    roles = {row["userSourcedId"]: (row["role"], row["orgSourcedId"]) for row in read(folder, "roles")}
    for key, row in users.items():
        roles.setdefault(key, (row.get("role"), row.get("orgSourcedIds", "").split(",")[-1]))
    orgs = {row["sourcedId"]: row["name"] for row in read(folder, "orgs")}
    born = {row["sourcedId"]: row["birthDate"] for row in read(folder, "demographics")}
    names = {key: f"{row['givenName']} {row['familyName']}" for key, row in users.items()}
    found = {}
    for key, row in users.items():
        if roles[key][0] == "student":
            agents = [one for one in row["agentSourcedIds"].split(",") if one]
            adults = {names[one] for one in agents if roles[one][0] in ("guardian", "parent")}
            found[key] = (names[key], orgs[roles[key][1]], born[key], adults)
    return found


def differences(before, after):
    """{(id, what, was, now)}: what a second set changes, by comparing the files of both and nothing else."""
    old, new, found = as_it_says(before), as_it_says(after), set()
    for key in old.keys() | new.keys():
        if key not in new:
            found.add((key, "gone", old[key][0], None))
            continue
        name, site, born, adults = new[key]
        had = old.get(key, (name, site, born, set()))
        if key not in old:
            found.add((key, "new", None, name))
        pairs = (("name", had[0], name), ("site", had[1], site), ("born_on", had[2], born))
        found |= {(key, what, was, now) for what, was, now in pairs if was != now}
        found |= {(key, "guardian", None, adult) for adult in adults - had[3]}
        found |= {(key, "guardian-ended", adult, None) for adult in had[3] - adults}
    return found
