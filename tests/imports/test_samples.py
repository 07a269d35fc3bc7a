"""Every list others have written comes in, or says what is wrong with it, row by row."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection

from rapport.imports.bringing import bring_in
from rapport.imports.models import Import, Row
from rapport.onboarding.models import Gate
from rapport.people.models import ContactPoint, Guardianship, Participant, Person
from tests.cast import MONDAY
from tests.conftest import FULL

SAMPLES = Path(__file__).parents[1] / "samples"
SUPERVISORS, EACH = (320, 800) if FULL else (6, 400)  # rows, and addresses in each
MOST_IN_A_QUESTION = 1000
SCHOOL = "school-roster-sds-v2.1"
SCHOOL_YEAR = datetime(2017, 9, 1, 9, 0, tzinfo=UTC)  # when its pupils were children
A_SECOND_RUN = "There is neither an e-mail address nor an id: a second run could not know this person again."
STAFF = "a supervisor is staff: invite them by name, under Program, Staff"


def report(rows, created=0, updated=0, unchanged=0, bad=(), left_out=None, passed_over=()):
    return {
        "rows": rows, "created": created, "updated": updated, "unchanged": unchanged, "bad": list(bad),
        "left_out": left_out or {}, "passed_over": list(passed_over),
    }  # fmt: skip


def wrong(row, column, reason):
    return {"row": row, "column": column, "reason": reason}


def two_supervisors(other, number, row):
    words = (
        f"volunteer1@example.net stands under {other} in row {number}, too: a volunteer has one supervisor. Keep one."
    )
    return wrong(row, "supervisor_volunteers", words)


LISTS = {
    "uk-civil-service-50/mentors.csv": ("mentors", report(50, created=50)),
    "uk-civil-service-50/mentees.csv": ("mentees", report(50, created=50)),
    "volunteer-imports/volunteers.csv": ("volunteers", report(3, created=3)),
    "volunteer-imports/volunteers_without_email.csv": (
        "volunteers",
        report(
            3, updated=1,
            bad=[wrong(3, "", "This row has 2 cells, the headings are 3."), wrong(4, "email", A_SECOND_RUN)],
        ),
    ),
    "volunteer-imports/volunteers_invalid_phone_numbers.csv": (
        "volunteers",
        report(
            3, updated=1,
            bad=[
                wrong(3, "phone_number", "'1bc12345678' is no telephone number."),
                wrong(4, "phone_number", "'111111111' is no telephone number."),
            ],
        ),
    ),
    "volunteer-imports/no_rows.csv": ("volunteers", report(0, left_out={"Age": "not known"})),
    "volunteer-imports/supervisors.csv": (
        "volunteers",
        report(
            3, updated=2, unchanged=1, left_out={"email": STAFF, "phone_number": STAFF},
            passed_over=[{
                "row": 4, "file": "supervisors.csv",
                "reason": "This supervisor looks after nobody on this list: passed over.",
            }],
        ),
    ),
    "volunteer-imports/supervisor_volunteers.csv": (
        "volunteers",
        report(
            2, bad=[two_supervisors("s6", 3, 2), two_supervisors("s5", 2, 3)],
            left_out={"email": STAFF, "phone_number": STAFF},
        ),
    ),
}  # fmt: skip


def bring(files, program, what, at=MONDAY):
    said = bring_in(files, what=what, program=program, at=at)
    assert (said.pop("program"), said.pop("as")) in {("riverside", what), ("riverside", "supervisors")}
    said.pop("notes", None)
    return said


def test_every_file_is_walked():
    there = {str(file.relative_to(SAMPLES)) for file in SAMPLES.rglob("*.csv")}

    assert {name for name in there if not name.startswith(SCHOOL)} == set(LISTS)
    assert {Path(name).stem for name in there if name.startswith(SCHOOL)} == {
        "users", "roles", "orgs", "relationships", "demographics",  # read
        "academicSessions", "classes", "courses", "enrollments", "userFlags",  # of no use here, or not ours to keep
    }  # fmt: skip


def test_each_list_is_reported_as_it_is_and_clears_nobody(riverside):
    said = {name: bring([SAMPLES / name], riverside, what) for name, (what, _) in LISTS.items()}

    assert said == {name: expected for name, (_, expected) in LISTS.items()}
    assert Gate.objects.count() == 0


def test_a_second_run_of_each_changes_nothing(riverside):
    for name, (what, _) in LISTS.items():
        bring([SAMPLES / name], riverside, what)
    before = (Person.objects.count(), Participant.objects.count(), ContactPoint.objects.count())

    again = [bring([SAMPLES / name], riverside, what) for name, (what, _) in LISTS.items()]

    assert [(one["created"], one["updated"]) for one in again] == [(0, 0)] * len(LISTS)
    assert (Person.objects.count(), Participant.objects.count(), ContactPoint.objects.count()) == before


def test_volunteers_are_mentors_to_be_each_under_their_supervisor(riverside):
    for name in ("volunteers.csv", "supervisors.csv"):
        bring([SAMPLES / "volunteer-imports" / name], riverside, "volunteers")

    rows = Participant.objects.order_by("person__contact_points__value").filter(person__contact_points__kind="email")
    assert [(row.side, row.person.full_name, row.traits) for row in rows] == [
        ("mentor", "Volunteer One", {"supervisor": "Supervisor One"}),
        ("mentor", "Volunteer Two", {"supervisor": "Supervisor Two"}),
        ("mentor", "Volunteer Three", {"supervisor": "Supervisor Two"}),
    ]
    assert not Person.objects.filter(given_name__startswith="Supervisor").exists()


def test_a_supervisor_of_somebody_nobody_knows_is_said(riverside):
    said = bring([SAMPLES / "volunteer-imports" / "supervisors.csv"], riverside, "volunteers")

    words = "volunteer1@example.net is no volunteer of this program. Bring the list of volunteers first."
    assert said["bad"][0] == wrong(2, "supervisor_volunteers", words)
    assert (len(said["bad"]), said["updated"], Person.objects.count()) == (2, 0, 0)


def test_a_school_s_roster_comes_in_with_one_guardian_to_a_child_and_no_relative(riverside):
    said = bring(sorted((SAMPLES / SCHOOL).glob("*.csv")), riverside, "roster", at=SCHOOL_YEAR)

    assert [(one["row"], one["what"], one["now"]) for one in said.pop("changes")] == [
        (2, "new", "Jack Craig"), (2, "guardian", "Jean Craig"), (4, "new", "Fred Hutch"),
        (5, "new", "Alice Smithee"), (5, "guardian", "Bob Smithee"), (9, "new", "Simon Miller"),
    ]  # fmt: skip
    assert said == report(
        4, created=4,
        passed_over=[{"row": 3, "file": "relationships.csv", "reason": "a relative is no guardian"}],
    )  # fmt: skip
    assert sorted(Guardianship.objects.values_list("adult__given_name", "child__given_name")) == [
        ("Bob", "Alice"), ("Jean", "Jack"),
    ]  # fmt: skip
    assert sorted(row.person.full_name for row in Participant.objects.mentees().select_related("person")) == [
        "Alice Smithee", "Fred Hutch", "Jack Craig", "Simon Miller",
    ]  # fmt: skip
    kept = str([str(row) for model in (Row, Person, Participant, ContactPoint) for row in model.objects.values()])
    for secret in ("P@ssword", "freeLunch", "iep", "hispanic", "asian", "Woodenville"):
        assert secret not in kept


@pytest.mark.parametrize("name", LISTS)
def test_by_the_page_the_same_files_give_the_same_figures(as_user, cora, riverside, name):
    from tests.imports.test_pages import bring as by_page

    what, expected = LISTS[name]
    if expected["updated"] or expected["bad"]:
        bring([SAMPLES / "volunteer-imports" / "volunteers.csv"], riverside, "volunteers")
    coras = as_user(cora)

    sent = by_page(coras, (SAMPLES / name).read_bytes(), what=what, name=Path(name).name)

    if name.endswith("no_rows.csv"):  # a name alone: nobody could be known again
        assert sent.status_code == 422
        return
    page = coras.get(sent.url)
    assert page.context["counts"] == {
        "new": expected["created"], "changed": expected["updated"], "unchanged": expected["unchanged"],
        "bad": len(expected["bad"]),
    }  # fmt: skip


def test_a_long_list_of_supervisors_with_many_addresses_each_is_answered(as_user, cora, riverside):
    """In full there are more of them than one question to the database may hold."""
    held = []

    def note(execute, sql, params, many, context):
        held.append(len(params or ()))
        return execute(sql, params, many, context)

    rows = (
        f"Supervisor {row},{' '.join(f'v{row}-{n}@example.net' for n in range(EACH))}\n" for row in range(SUPERVISORS)
    )
    file = SimpleUploadedFile("supervisors.csv", ("name,supervises\n" + "".join(rows)).encode())

    with connection.execute_wrapper(note):
        said = as_user(cora).post("/p/riverside/imports/new/", {"what": "volunteers", "sent": [file]}, follow=True)

    assert (said.status_code, max(held) < MOST_IN_A_QUESTION) == (200, True)
    assert Import.objects.get().counts == {"new": 0, "changed": 0, "unchanged": 0, "bad": SUPERVISORS}
