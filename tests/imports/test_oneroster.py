"""A school's OneRoster set comes in, from its files or a zip; a broken one is told what is wrong."""

import zipfile

import pytest

from rapport.imports.bringing import bring_in
from rapport.imports.files import Unreadable
from rapport.imports.models import Import, Row
from rapport.onboarding.models import Gate
from rapport.people.models import ContactPoint, Guardianship, Participant, Person
from tests.cast import MONDAY
from tests.imports.school import SCHOOLS, School, school, tables, write_set, zipped

BOTH = pytest.mark.parametrize("version", ["1.1", "1.2"])
SMALL = School(
    pupils={"p1": ["Ben", "Adler", "o1", "2013-04-02"], "p2": ["Sam", "Cole", "o2", "2014-05-03"]},
    adults={"a1": ["Grace", "Adler", "guardian"], "a2": ["Uma", "Cole", "relative"]},
    agents={"p1": ["a1"], "p2": ["a2"]},
)


def bring(files, program, at=MONDAY, **options):
    return bring_in(files, what="roster", program=program, at=at, **options)


def stand(made):
    """{(adult, pupil)} by first names, as the set itself says."""
    return {
        (made.adults[adult][0], made.pupils[pupil][0])
        for pupil, agents in made.agents.items()
        for adult in agents
        if made.adults[adult][2] != "relative"
    }


@BOTH
def test_a_bulk_set_comes_in_as_it_says(tmp_path, riverside, version):
    made = school(60)

    report = bring(write_set(tmp_path / "set", made, version), riverside)

    assert (report["rows"], report["created"], report["bad"]) == (60, 60, [])
    came = {
        (p.person.given_name, p.person.family_name, p.site.name, str(p.person.born_on))
        for p in Participant.objects.mentees().select_related("person", "site")
    }
    assert came == {(given, family, SCHOOLS[org], born) for given, family, org, born in made.pupils.values()}
    pairs = Guardianship.objects.values_list("adult__given_name", "child__given_name")
    assert set(pairs) == stand(made)


@BOTH
def test_a_zip_says_the_same_as_its_files(tmp_path, riverside, version):
    files = write_set(tmp_path / "set", school(20), version)

    report = bring([zipped(files, tmp_path / "roster.zip")], riverside)
    again = bring(files, riverside)

    assert (report["created"], again["created"], again["updated"], again["unchanged"]) == (20, 0, 0, 20)


@BOTH
def test_a_relative_a_teacher_and_what_is_not_ours_stay_out(tmp_path, riverside, version):
    report = bring(write_set(tmp_path / "set", SMALL, version), riverside)

    assert sorted(Person.objects.values_list("given_name", flat=True)) == ["Ben", "Grace", "Sam"]
    assert [one["reason"] for one in report["passed_over"]] == ["a relative is no guardian"]
    kept = [str(row) for m in (Row, Import, Person, Participant, ContactPoint) for row in m.objects.values()]
    assert [text for text in kept if "canary" in text] == []
    assert Gate.objects.count() == 0


def test_guardians_who_name_their_children_are_known_as_well(tmp_path, riverside):
    said = tables(SMALL, "1.1")
    for user in said["users"]:
        user["agentSourcedIds"] = {"a1": "p1,p2"}.get(user["sourcedId"], "")

    bring(write_set(tmp_path / "set", SMALL, "1.1", users=said["users"]), riverside)

    assert set(Guardianship.objects.values_list("adult__given_name", "child__given_name")) == {
        ("Grace", "Ben"),
        ("Grace", "Sam"),
    }


def test_a_role_that_has_ended_makes_nobody_a_pupil(tmp_path, riverside):
    said = tables(SMALL, "1.2")
    ends = {"p1": {"endDate": "2026-11-15"}, "p2": {"beginDate": "2026-09-01", "endDate": "2026-11-16"}}
    roles = [role | ends.get(role["userSourcedId"], {}) for role in said["roles"]]

    bring(write_set(tmp_path / "set", SMALL, "1.2", roles=roles), riverside)

    assert [str(p) for p in Participant.objects.mentees()] == ["Sam Cole"]


def refused(files, program):
    with pytest.raises(Unreadable) as refusal:
        bring(files, program)
    assert Import.objects.count() == Person.objects.count() == 0
    return str(refusal.value)


def rewrite(folder, name, old, new):
    file = folder / f"{name}.csv"
    file.write_text(file.read_text().replace(old, new))


@pytest.mark.parametrize(
    ("version", "gone", "said"),
    [
        ("1.1", "manifest", "A OneRoster set needs manifest.csv as well: it says what is in the set."),
        ("1.1", "users", "manifest.csv names users.csv, but it is not there."),
        ("1.2", "roles", "manifest.csv names roles.csv, but it is not there."),
        ("1.1", "demographics", "manifest.csv names demographics.csv, but it is not there."),
    ],
)
def test_a_file_that_is_missing_is_named(tmp_path, riverside, version, gone, said):
    files = [file for file in write_set(tmp_path / "set", SMALL, version) if file.stem != gone]

    assert refused(files, riverside) == said


@pytest.mark.parametrize(
    ("name", "old", "new", "said"),
    [
        ("users", "givenName", "first", "users.csv has no column 'givenName'."),
        ("users", ",role,", ",job,", "users.csv has no column 'role'."),
        ("orgs", ",name,", ",title,", "orgs.csv has no column 'name'."),
        ("demographics", "birthDate", "age", "demographics.csv has no column 'birthDate'."),
        ("manifest", "version,1.1", "version,1.0", "manifest.csv says OneRoster 1.0; 1.1 and 1.2 are read."),
        ("manifest", "oneroster.version", "x", "manifest.csv says OneRoster without a version; 1.1 and 1.2 are read."),
        (
            "manifest", "file.users,bulk", "file.users,delta",
            "users.csv holds only what changed (delta). Bring a set with everything (bulk).",
        ),
        (
            "manifest", "file.users,bulk", "file.users,some",
            "manifest.csv says 'some' of users; it can be bulk or absent.",
        ),
        ("manifest", "file.users,bulk", "file.users,absent", "A roster needs users.csv as well."),
    ],
)  # fmt: skip
def test_a_set_that_cannot_be_read_says_why(tmp_path, riverside, name, old, new, said):
    files = write_set(tmp_path / "set", SMALL)
    rewrite(tmp_path / "set", name, old, new)

    assert refused(files, riverside) == said


def test_ids_nobody_knows_are_passed_over_with_their_reason(tmp_path, riverside):
    said = tables(SMALL, "1.1")
    said["users"][0]["agentSourcedIds"] = "a1,a9"
    said["users"][1]["orgSourcedIds"] = "o9"
    stray = {"sourcedId": "e9", "schoolSourcedId": "o1", "userSourcedId": "p9", "role": "student"}
    files = write_set(tmp_path / "set", SMALL, users=said["users"], enrollments=[*said["enrollments"][:1], stray])

    report = bring(files, riverside)

    assert {(one["file"], one["row"], one["reason"]) for one in report["passed_over"]} == {
        ("users.csv", 2, "a9, named with p1, is not in users.csv"),
        ("users.csv", 3, "the school o9 of p2 is not in orgs.csv"),
        ("users.csv", 3, "a relative is no guardian"),
        ("enrollments.csv", 3, "p9 is not in users.csv"),
    }
    assert (report["created"], report["bad"]) == (2, [])


def test_an_id_that_stands_twice_keeps_out_whoever_it_is_about(tmp_path, riverside):
    users = tables(SMALL, "1.1")["users"]
    files = write_set(tmp_path / "set", SMALL, users=[*users, users[1] | {"givenName": "Zed"}, users[2]])

    report = bring(files, riverside)

    assert report["bad"] == [
        {"row": 2, "column": "sourcedId", "reason": "The id 'a1' stands in users.csv twice: rows 4 and 8."},
        {"row": 3, "column": "sourcedId", "reason": "The id 'p2' stands in users.csv twice: rows 3 and 7."},
    ]
    assert Person.objects.count() == 0


@BOTH
def test_a_wrong_status_is_said_and_one_to_be_deleted_is_not_brought(tmp_path, riverside, version):
    users = tables(SMALL, version)["users"]
    users[0]["status"], users[1]["status"] = "inactiv", "ToBeDeleted"

    report = bring(write_set(tmp_path / "set", SMALL, version, users=users), riverside)

    words = "The status 'inactiv' is neither active nor tobedeleted."
    assert report["bad"] == [{"row": 2, "column": "status", "reason": words}]
    assert Person.objects.count() == 0


def put(place, *parts, **more):
    with zipfile.ZipFile(place, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts:
            archive.writestr(name, text, **more)
    return place


def lying(place):
    """A zip whose directory says that a file is shorter than it is."""
    put(place, ("users.csv", "sourcedId\n" + "x" * 500))
    content = bytearray(place.read_bytes())
    at = content.rfind(b"PK\x01\x02")
    content[at + 24 : at + 28] = (20).to_bytes(4, "little")
    place.write_bytes(content)
    return place


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda p: put(p, ("users.csv", "x" * 20_000_000)), "This zip unpacks to far more than a roster."),
        (lying, "The parts of this zip are not what its contents say."),
        (lambda p: put(p, ("../../users.csv", "a\n")), "This zip names a place outside itself."),
        (lambda p: put(p, ("/etc/users.csv", "a\n")), "This zip names a place outside itself."),
        (lambda p: put(p, ("..\\users.csv", "a\n")), "This zip names a place outside itself."),
        (lambda p: put(p, ("users.csv", b"PK\x03\x04zip")), "This zip holds other zips or workbooks inside"),
        (lambda p: put(p, ("a/users.csv", "a\n"), ("b/users.csv", "a\n")), "This zip holds a file twice."),
        (lambda p: put(p, ("photo.png", "a\n")), "This zip holds no file of a roster."),
        (lambda p: p.write_bytes(b"PK\x03\x04 not at all") and p, "This zip cannot be read: it is damaged."),
        (lambda p: put(p, ("users.csv", "a\n"), compress_type=zipfile.ZIP_LZMA), "This zip cannot be read"),
    ],
)
def test_a_zip_that_means_harm_is_not_opened(tmp_path, riverside, make, said):
    assert refused([make(tmp_path / "roster.zip")], riverside).startswith(said)
    assert sorted(file.name for file in tmp_path.rglob("*") if file.is_file()) == ["roster.zip"]
