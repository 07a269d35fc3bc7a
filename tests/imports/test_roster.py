"""A school's roster comes in: pupils, their guardians, and nothing that is not ours to keep."""

from datetime import UTC, datetime

import pytest

from rapport.imports.bringing import bring_in
from rapport.imports.files import Unreadable
from rapport.imports.models import Row
from rapport.people.models import ContactPoint, Guardianship, Participant, Person
from tests.cast import MONDAY

SCHOOL_DAYS = datetime(2018, 9, 3, 9, 0, tzinfo=UTC)  # when the pupils of the file were children

FILES = {
    "users.csv": """sourcedId,username,givenName,familyName,password,email,phone,sms
1,ben@school.example,Ben,Adler,canary-secret,ben@school.example,,
2,grace@example.org,Grace,Adler,canary-secret,grace@example.org,+12065550100,
3,sam@school.example,Sam,Cole,canary-secret,sam@school.example,,
4,kay@school.example,Kay,Fein,canary-secret,kay@school.example,,
""",
    "roles.csv": """userSourcedId,orgSourcedId,role
1,10,student
3,10,student
4,10,teacher
""",
    "orgs.csv": "sourcedId,name,type\n10,Lincoln School,school\n",
    "relationships.csv": "userSourcedId,relationshipUserSourcedId,relationshipRole\n1,2,guardian\n3,2,relative\n",
    "demographics.csv": "userSourcedId,sex,birthDate,raceCodes\n1,male,2007-04-02,canary-race\n"
    "3,male,2007-05-03,canary-race\n",
    "userFlags.csv": "userSourcedId,flag\n1,canary-flag\n",
}


@pytest.fixture
def roster(tmp_path):
    def write(**changes):
        files = []
        for name, text in (FILES | changes).items():
            file = tmp_path / name
            file.write_text(text)
            files.append(file)
        return files

    return write


def bring(files, program, at=MONDAY, **options):
    return bring_in(files, what="roster", program=program, at=at, **options)


def test_pupils_come_in_with_their_school_their_birthday_and_their_guardian(roster, riverside):
    report = bring(roster(), riverside)

    pupils = Participant.objects.mentees().order_by("person__given_name")
    assert (report["created"], report["bad"]) == (2, [])
    assert [(p.person.full_name, p.site.name) for p in pupils] == [
        ("Ben Adler", "Lincoln School"),
        ("Sam Cole", "Lincoln School"),
    ]
    assert [(g.adult.given_name, g.child.given_name) for g in Guardianship.objects.all()] == [("Grace", "Ben")]


def test_a_relative_is_no_guardian_and_the_report_says_so(roster, riverside):
    report = bring(roster(), riverside)

    assert report["passed_over"] == [{"row": 3, "file": "relationships.csv", "reason": "a relative is no guardian"}]


def test_teachers_are_no_participants(roster, riverside):
    bring(roster(), riverside)

    assert sorted(Person.objects.values_list("given_name", flat=True)) == ["Ben", "Grace", "Sam"]


def test_a_second_run_changes_nothing(roster, riverside):
    bring(roster(), riverside)

    report = bring(roster(), riverside)

    assert (report["created"], report["updated"], report["unchanged"]) == (0, 0, 2)
    assert (Person.objects.count(), Guardianship.objects.count(), ContactPoint.objects.count()) == (3, 1, 4)


def test_rights_over_somebody_who_is_eighteen_have_ended_and_lived_before(roster, riverside):
    bring(roster(), riverside, at=SCHOOL_DAYS)

    guardianship = Guardianship.objects.get()

    assert guardianship.is_living(SCHOOL_DAYS.date())
    assert list(Guardianship.objects.living(SCHOOL_DAYS.date())) == [guardianship]
    assert guardianship.ended_at_18(MONDAY.date())
    assert list(Guardianship.objects.living(MONDAY.date())) == []


def test_nothing_that_is_not_ours_to_keep_is_kept(roster, riverside):
    bring(roster(), riverside)

    kept = [str(row) for model in (Row, Person, Participant, ContactPoint) for row in model.objects.values()]

    assert [text for text in kept if "canary" in text] == []


def test_a_roster_without_roles_is_refused_and_nothing_is_staged(roster, riverside):
    files = [file for file in roster() if file.name != "roles.csv"]

    with pytest.raises(Unreadable) as refusal:
        bring(files, riverside)

    assert str(refusal.value) == "A roster needs roles.csv as well."
    assert Row.objects.count() == 0


def test_a_pupil_with_a_birthday_that_is_none_is_named(roster, riverside):
    report = bring(roster(**{"demographics.csv": "userSourcedId,birthDate\n1,2007-02-31\n3,2007-05-03\n"}), riverside)

    assert report["bad"] == [
        {"row": 2, "column": "birthDate", "reason": "31 February 2007 does not exist. February 2007 has 28 days."}
    ]
    assert report["created"] == 1
