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
