"""Lists come in: known people are known again, nothing comes twice, and what is wrong is said."""

import csv

import pytest

from rapport.imports.bringing import bring_in
from rapport.imports.files import Unreadable, open_table
from rapport.imports.mapping import MappingRefused, propose
from rapport.imports.models import Import, Row
from rapport.onboarding.models import Gate
from rapport.people.models import ContactPoint, Participant, Person
from tests.cast import MONDAY
from tests.imports.test_pages import bring as bring_by_page

HEADINGS = ["first name", "last name", "email address", "both mentor and mentee", "grade", "characteristics"]


@pytest.fixture
def a_list(tmp_path):
    """Write a list to a file and say where it is."""

    def write(*rows, headings=HEADINGS, name="mentors.csv", encoding="utf-8", delimiter=","):
        file = tmp_path / name
        with file.open("w", newline="", encoding=encoding) as stream:
            csv.writer(stream, delimiter=delimiter).writerows([headings, *rows])
        return file

    return write


AMA = ["Ama", "Mensah", "ama@example.org", "yes", "Grade 7", "Gay, Non-binary"]
KOFI = ["Kofi", "Boateng", "kofi@example.org", "no", "SEO", ""]


def bring(file, program, what="mentors", **options):
    return bring_in([file], what=what, program=program, at=MONDAY, **options)


def figures(report):
    return {name: report[name] for name in ("rows", "created", "updated", "unchanged")} | {"bad": len(report["bad"])}


def test_a_list_comes_in_and_a_second_run_changes_nothing(a_list, riverside):
    file = a_list(AMA, KOFI)

    first, second = bring(file, riverside), bring(file, riverside)

    assert figures(first) == {"rows": 2, "created": 2, "updated": 0, "unchanged": 0, "bad": 0}
    assert figures(second) == {"rows": 2, "created": 0, "updated": 0, "unchanged": 2, "bad": 0}
    assert Person.objects.count() == 2


def test_of_ten_rows_seven_come_in_and_three_go_home_with_their_reasons(as_user, cora, riverside):
    lines = [f"Given{n},{'nowhere' if n in (2, 5) else f'p{n}@example.org'}" for n in range(9)] + [",last@example.org"]
    body = "\n".join(["first name,email", *lines])
    where = bring_by_page(as_user(cora), body).url

    as_user(cora).post(where, {"do": "apply"})
    home = as_user(cora).get(where + "to-put-right/").content.decode("utf-8-sig")

    assert Participant.objects.count() == 7
    assert [row[2:] for row in csv.reader(home.splitlines())][1:] == [
        ["4", "email", "'nowhere' is no e-mail address."],
        ["7", "email", "'nowhere' is no e-mail address."],
        ["11", "first name", "There is no name."],
    ]  # fmt: skip


def test_a_file_with_a_mark_other_lines_and_a_password_comes_in_and_the_password_is_gone(tmp_path, riverside):
    file = tmp_path / "list.csv"
    file.write_bytes("\ufefffirst name,email,password\r\nZoë,zoe@example.org,canary\r\n".encode())

    report = bring(file, riverside)

    assert (figures(report)["created"], report["bad"], list(report["left_out"])) == (1, [], ["password"])
    assert Person.objects.get().given_name == "Zoë"
    assert "canary" not in str(list(Row.objects.values_list("cells", flat=True)))


def test_what_a_row_says_is_kept_with_several_values_apart(a_list, riverside):
    bring(a_list(AMA), riverside)

    ama = Participant.objects.get()

    assert (ama.person.full_name, ama.side, ama.would_be_both) == ("Ama Mensah", "mentor", True)
    assert ama.traits == {"grade": "Grade 7", "characteristics": ["Gay", "Non-binary"]}
    assert list(ama.person.contact_points.values_list("kind", "value")) == [("email", "ama@example.org")]


def test_willing_to_be_both_makes_no_second_participant(a_list, riverside):
    bring(a_list(AMA), riverside)

    assert list(Participant.objects.values_list("side", "would_be_both")) == [("mentor", True)]


def test_one_person_on_both_lists_is_one_person(a_list, riverside):
    bring(a_list(AMA), riverside, what="mentors")
    bring(a_list(AMA, name="mentees.csv"), riverside, what="mentees")

    assert Person.objects.count() == 1
    assert sorted(Participant.objects.values_list("side", flat=True)) == ["mentee", "mentor"]


def test_only_what_changed_is_changed(a_list, riverside):
    bring(a_list(AMA, KOFI), riverside)

    report = bring(a_list(AMA, [*KOFI[:4], "Grade 6", ""]), riverside)

    assert figures(report) == {"rows": 2, "created": 0, "updated": 1, "unchanged": 1, "bad": 0}
    assert Participant.objects.get(person__given_name="Kofi").traits["grade"] == "Grade 6"


def test_an_address_is_known_whatever_its_case(a_list, riverside):
    bring(a_list(AMA), riverside)

    report = bring(a_list(["Ama", "Mensah", "AMA@Example.org", "yes", "Grade 7", "Gay, Non-binary"]), riverside)

    assert figures(report)["unchanged"] == 1


def test_a_family_s_address_is_private_to_none_of_them(a_list, riverside, grace):
    lily, rosa = (
        ["Lily", "Adler", "grace@example.org", "no", "", ""],
        ["Rosa", "Adler", "grace@example.org", "no", "", ""],
    )

    report = bring(a_list(lily, rosa), riverside, what="mentees")

    assert figures(report) == {"rows": 2, "created": 2, "updated": 0, "unchanged": 0, "bad": 0}
    points = ContactPoint.objects.filter(value="grace@example.org")
    assert sorted(points.values_list("person__given_name", "is_private")) == [
        ("Grace", False),
        ("Lily", False),
        ("Rosa", False),
    ]


BAD_ROWS = [
    (["", "Mensah", "ama@example.org", "yes", "", ""], "first name", "There is no name."),
    (["Ama", "Mensah", "ama(at)example", "yes", "", ""], "email address", "'ama(at)example' is no e-mail address."),
    (
        ["Ama", "Mensah", "ama@example.org", "perhaps", "", ""],
        "both mentor and mentee",
        "'perhaps' is neither yes nor no.",
    ),
    (["Ama", "Mensah"], "", "This row has 2 cells, the headings are 6."),
    (["Ama", "Mensah", "ama@example.org", "yes", "", "", "more"], "", "This row has 7 cells, the headings are 6."),
    (
        ["Ama", "Mensah", "", "yes", "", ""],
        "email address",
        "There is neither an e-mail address nor an id: a second run could not know this person again.",
    ),
    (
        ["Ama\u202eneB", "Mensah", "ama@example.org", "yes", "", ""],
        "first name",
        "There are signs in this text that turn its reading order. Type it anew.",
    ),
    (
        ["Ama\x07", "Mensah", "ama@example.org", "yes", "", ""],
        "first name",
        "There are signs in this text that cannot be shown. Type it anew.",
    ),
]


@pytest.mark.parametrize(("cells", "column", "reason"), BAD_ROWS)
def test_a_row_that_cannot_be_right_is_named_and_the_others_come_in(a_list, riverside, cells, column, reason):
    report = bring(a_list(cells, KOFI), riverside)

    assert report["bad"] == [{"row": 2, "column": column, "reason": reason}]
    assert figures(report) == {"rows": 2, "created": 1, "updated": 0, "unchanged": 0, "bad": 1}


def test_the_same_person_twice_in_one_list_is_put_right_by_a_person(a_list, riverside):
    report = bring(a_list(AMA, KOFI, AMA), riverside)

    assert report["bad"] == [{"row": 4, "column": "", "reason": "This is the same person as in row 2."}]


def test_an_address_known_under_another_name_is_not_taken_over(a_list, riverside):
    bring(a_list(AMA), riverside)

    report = bring(a_list(["Omar", "Haddad", "ama@example.org", "no", "", ""]), riverside)

    assert [bad["column"] for bad in report["bad"]] == ["email"]
    assert Person.objects.get().full_name == "Ama Mensah"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_a_list_is_read_in_the_encoding_and_with_the_signs_it_came_in(a_list, riverside, encoding, delimiter):
    rows = [
        ["Zoë", "Müller", "zoe@example.org", "no", "SEO", ""],
        ["Élodie", "Brûlé", "elodie@example.org", "no", "", ""],
    ]

    report = bring(a_list(*rows, encoding=encoding, delimiter=delimiter), riverside)

    assert figures(report)["created"] == 2
    assert sorted(Person.objects.values_list("given_name", flat=True)) == ["Zoë", "Élodie"]


BAD_FILES = [
    (b"", "This file is empty."),
    (b"\n\n  \n", "This file is empty."),
    (b"%PDF-1.7", "This is no list of rows. Bring a workbook (.xlsx) or a CSV file."),
    (b"name\0email\n", "This is no text. Bring a workbook (.xlsx) or a CSV file."),
    (b"name,email,name\n", "The heading 'name' stands there twice. Rename one."),
    (",".join(f"c{n}" for n in range(16384)).encode(), "This list has 16384 columns; 200 fit."),
]


@pytest.mark.parametrize(("content", "sentence"), BAD_FILES)
def test_a_file_that_is_no_list_is_refused_in_a_sentence(tmp_path, riverside, content, sentence):
    file = tmp_path / "list.csv"
    file.write_bytes(content)

    with pytest.raises(Unreadable) as refusal:
        bring(file, riverside)

    assert str(refusal.value) == sentence
    assert Import.objects.count() == 0


def test_a_quotation_mark_never_closed_stages_nothing(tmp_path, riverside):
    file = tmp_path / "list.csv"
    file.write_text('first name,email\n"Ama,ama@example.org\nKofi,kofi@example.org\n')

    with pytest.raises(Unreadable) as refusal:
        bring(file, riverside)

    assert str(refusal.value).startswith("Row 2 cannot be read:")
    assert (Import.objects.count(), Person.objects.count()) == (0, 0)


def test_passwords_and_clearances_are_never_kept_and_protected_columns_only_on_purpose(a_list, riverside):
    headings = ["first name", "email", "password", "cleared", "ethnicity"]

    report = bring(
        a_list(["Ama", "ama@example.org", "s3cret-canary", "yes", "canary-origin"], headings=headings), riverside
    )

    assert report["left_out"] == {
        "password": "Passwords are never kept. Everybody chooses their own, or signs in without one.",
        "cleared": "No list clears anybody or permits anything. Look at the paper, and write it down under Checks, on "
        "their page.",
        "ethnicity": "protected: kept only when mapped on purpose",
    }
    assert Gate.objects.count() == 0
    assert "canary" not in str(list(Row.objects.values_list("cells", flat=True)))


def test_a_protected_column_may_be_mapped_on_purpose(a_list, riverside, tmp_path):
    mapping = tmp_path / "map.toml"
    mapping.write_text('ethnicity = "trait.ethnicity"\n')

    bring(
        a_list(["Ama", "ama@example.org", "Akan"], headings=["first name", "email", "ethnicity"]),
        riverside,
        map_file=mapping,
    )

    assert Participant.objects.get().traits == {"ethnicity": "Akan"}


@pytest.mark.parametrize("heading", ["password", "Pass word", "cleared", "DBS", "role"])
def test_some_columns_may_not_be_mapped_even_on_purpose(heading):
    with pytest.raises(MappingRefused):
        propose(["first name", heading], {heading: "trait.something"})


def test_a_rehearsal_says_what_would_happen_and_changes_nothing(a_list, riverside):
    report = bring(a_list(AMA, KOFI), riverside, dry_run=True)

    assert figures(report)["created"] == 2
    assert (Person.objects.count(), Row.objects.count()) == (0, 0)


def test_a_list_of_headings_alone_brings_nobody(a_list, riverside):
    assert figures(bring(a_list(), riverside)) == {"rows": 0, "created": 0, "updated": 0, "unchanged": 0, "bad": 0}


def test_a_thousand_rows_take_queries_by_the_batch_not_by_the_row(a_list, riverside, django_assert_max_num_queries):
    rows = [[f"Person{n}", "Somebody", f"person{n}@example.org", "no", "SEO", ""] for n in range(1000)]
    file = a_list(*rows)

    with django_assert_max_num_queries(150):
        report = bring(file, riverside)

    assert figures(report)["created"] == 1000


def test_rows_are_numbered_as_a_spreadsheet_shows_them(a_list):
    table = open_table(a_list(AMA, ["", "", "", "", "", ""], KOFI))

    assert [number for number, _ in table.rows] == [2, 4]
