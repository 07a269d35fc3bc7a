"""Which column is what: as its heading says, as what stands in it tells, and never what may not be."""

from datetime import date

import pytest

from rapport.imports.bringing import bring_in
from rapport.imports.guessing import Samples, order_of
from rapport.imports.mapping import DAY_FIRST, MONTH_FIRST, MappingRefused, own_trait, propose
from rapport.imports.models import Row
from rapport.people.models import ContactPoint, Guardianship, Participant, Person
from tests.cast import MONDAY


def samples(**columns):
    return Samples({heading: list(cells) for heading, cells in columns.items()})


COLUMNS = [
    (["a@b.org", "c@d.org", "e@f.org"], "email"),
    (["a@b.org", "c@d.org", "e@f.org", "g@h.org", "none"], "email"),
    (["a@b.org", "none", "none", "c@d.org"], None),
    (["+44 20 7946 0958", "020 7946 0959"], "phone"),
    (["2012-03-27", "2011-01-02"], "born_on"),
    (["27.3.2012", "1.2.2011"], "born_on"),
    (["27 March 2012", "2 Feb 2011"], "born_on"),
    (["27/3/2012", "2/1/2011"], "born_on"),
    (["3/27/2012", "2/1/2011"], MONTH_FIRST),
    (["Ama Mensah", "Kofi Boateng", "Élodie Brûlé"], "full_name"),
    (["Ama Mensah"], None),
    (["12", "7", "3"], None),
    (["yes", "no", "no"], None),
    ([], None),
]


@pytest.mark.parametrize(("cells", "wanted"), COLUMNS)
def test_a_column_nobody_named_is_known_by_what_stands_in_it(cells, wanted):
    mapping = propose(["column"], samples=samples(column=cells))

    assert mapping.fields.get("column") == wanted


def test_what_a_heading_says_comes_before_what_a_column_looks_like():
    mapping = propose(["email", "other"], samples=samples(email=["a@b.org", "c@d.org"], other=["e@f.org", "g@h.org"]))

    assert (mapping.fields, mapping.left_out) == ({"email": "email"}, {"other": "not known"})


@pytest.mark.parametrize("cells", [["3/4/2012", "5/6/2011"], ["13/4/2012", "4/13/2012"]])
def test_days_that_can_be_read_in_two_ways_are_asked(cells):
    mapping = propose(["born"], samples=samples(born=cells))

    assert (mapping.fields, list(mapping.doubts)) == ({}, ["born"])
    assert propose(["born"], {"born": DAY_FIRST}, samples=samples(born=cells)).doubts == {}


@pytest.mark.parametrize(
    ("cells", "order"),
    [(["2012-03-04"], ""), (["3.4.2012"], ""), (["4/4/2012"], ""), (["3-4-2012"], "?"), (["13/4/2012"], "day")],
)
def test_the_order_of_day_and_month(cells, order):
    assert order_of(cells) == order


NEVER = [
    "user_password", "PortalPassword", "Password (temporary)", "Passwort", "DBS number", "Date cleared", "Role",
    "is_admin", "Allergies", "Medical needs", "IEP", "SSN", "Passport no.", "Immigration status",
]  # fmt: skip


@pytest.mark.parametrize("heading", NEVER)
def test_what_is_never_kept_is_known_by_any_word_of_its_heading(heading):
    assert heading in propose([heading]).left_out
    with pytest.raises(MappingRefused):
        propose([heading], {heading: own_trait(heading, 1)})


@pytest.mark.parametrize("heading", ["Ethnic group", "Religion of family", "Gender", "Birth country"])
def test_a_protected_column_is_left_out_whatever_stands_in_it(heading):
    mapping = propose([heading], samples=samples(**{heading: ["a@b.org", "c@d.org"]}))

    assert mapping.left_out == {heading: "protected: kept only when mapped on purpose"}


@pytest.mark.parametrize("heading", ["shipping address", "Spinning class", "Traces", "Embrace", "Healthy hobbies"])
def test_a_word_inside_another_word_is_not_that_word(heading):
    assert propose([heading]).left_out == {heading: "not known"}


def test_a_contact_person_belongs_to_a_mentee():
    assert propose(["parent email"], what="mentors").fields == {}
    with pytest.raises(MappingRefused):
        propose(["parent email"], {"parent email": "guardian_email"}, what="mentors")


@pytest.mark.parametrize(
    ("heading", "trait"),
    [
        ("Favourite colour", "trait.favourite_colour"), ("兴趣", "trait.column_7"), ("1st choice", "trait.column_7"),
        ("x" * 80, "trait." + "x" * 40),
    ],
)  # fmt: skip
def test_a_column_is_kept_for_matching_under_its_own_name(heading, trait):
    assert own_trait(heading, 7) == trait
    assert propose([heading], {heading: trait}).fields == {heading: trait}


PUPILS = "name,id,parent name,parent email,parent phone,relationship\n"


@pytest.fixture
def bring(tmp_path, riverside):
    def brought(text, what="mentees", **options):
        file = tmp_path / "list.csv"
        file.write_text(text)
        return bring_in([file], what=what, program=riverside, at=MONDAY, **options)

    return brought


def families():
    rows = Guardianship.objects.order_by("child__given_name", "adult__given_name")
    return [(one.adult.full_name, one.child.given_name, one.relation, one.starts_on) for one in rows]


def test_a_guardian_comes_in_with_the_child_of_the_row(bring):
    report = bring(PUPILS + "Ben Adler,1,Grace Adler,grace@example.org,+12065550100,mother\n")

    assert (report["created"], report["bad"]) == (1, [])
    assert families() == [("Grace Adler", "Ben", "mother", date(2026, 11, 16))]
    grace = Person.objects.get(given_name="Grace")
    assert sorted(grace.contact_points.values_list("kind", "value")) == [
        ("email", "grace@example.org"), ("phone", "+12065550100"),
    ]  # fmt: skip
    assert Participant.objects.count() == 1


def test_siblings_have_one_mother_and_a_second_run_changes_nothing(bring):
    text = PUPILS + "Ben Adler,1,Grace Adler,grace@example.org,,mother\nLily Adler,2,Grace Adler,GRACE@example.org,,\n"

    bring(text)
    again = bring(text)

    assert (again["created"], again["updated"], again["unchanged"]) == (0, 0, 2)
    assert families() == [
        ("Grace Adler", "Ben", "mother", date(2026, 11, 16)), ("Grace Adler", "Lily", "", date(2026, 11, 16)),
    ]  # fmt: skip


def test_a_guardian_without_any_address_is_known_again_by_their_child(bring):
    text = PUPILS + "Ben Adler,1,Grace Adler,,,mother\n"

    bring(text)

    assert bring(text)["unchanged"] == 1
    assert Person.objects.filter(given_name="Grace").count() == 1


def test_a_mother_and_daughter_of_one_name_and_one_address_are_two(bring):
    bring("name,email,parent name,parent email\nMaria Diaz,maria@example.org,Maria Diaz,maria@example.org\n")

    assert families() == [("Maria Diaz", "Maria", "", date(2026, 11, 16))]
    assert Person.objects.count() == 2
    assert not ContactPoint.objects.private().exists()


@pytest.mark.parametrize("relation", ["relative", "Sibling", "emergency contact"])
def test_who_stands_for_nobody_is_passed_over_and_the_row_says_so(bring, relation):
    report = bring(PUPILS + f"Ben Adler,1,Uncle Bob,bob@example.org,,{relation}\n")

    assert (report["created"], families(), Person.objects.count()) == (1, [], 1)
    assert report["passed_over"] == [
        {"row": 2, "file": "list.csv", "reason": f"{relation.lower()!r} is no guardian: passed over."}
    ]


@pytest.mark.parametrize(
    ("cells", "column", "reason"),
    [
        ("Ben,1,,grace@example.org,,", "parent name", "The guardian has no name."),
        ("Ben,1,Grace,grace(at)home,,", "parent email", "'grace(at)home' is no e-mail address."),
        ("Ben,1,Grace,,12,", "parent phone", "'12' is no telephone number."),
    ],
)
def test_half_a_guardian_keeps_the_whole_row_out(bring, cells, column, reason):
    report = bring(PUPILS + cells + "\n")

    assert report["bad"] == [{"row": 2, "column": column, "reason": reason}]
    assert Person.objects.count() == 0


LANGUAGES = [("es", "es"), ("Spanish", "es"), ("español", "es"), ("", "en"), ("pt-br", "pt-br"), ("tlh", "tlh")]


@pytest.mark.parametrize(("said", "kept"), LANGUAGES)
def test_a_language_is_known_by_its_code_and_its_name(bring, said, kept):
    assert bring(f"name,id,language\nBen,1,{said}\n")["bad"] == []
    assert Person.objects.get().language == kept


def test_a_language_nobody_knows_is_said(bring):
    assert bring("name,id,language\nBen,1,Elvish of the old kind\n")["bad"][0]["column"] == "language"


def test_a_row_of_another_length_keeps_nothing_where_something_may_not_be_kept(bring, riverside):
    """One cell missing, and a password stands under the heading of an address."""
    report = bring("first name,family name,email,password\nBen,ben@example.org,s3cret-canary\n", dry_run=False)

    assert len(report["bad"]) == 1
    assert "canary" not in str(list(Row.objects.values_list("cells", flat=True)))
