"""A row of a list that may be somebody we know says so before anything happens; a person says who it is."""

import tempfile
from datetime import date
from pathlib import Path

import pytest

from rapport.imports import actions
from rapport.imports.files import open_table
from rapport.imports.models import Import
from rapport.people.models import ContactPoint, FormerName, Guardianship, Likeness, Participant, Person
from tests.cast import MONDAY, participant, person, staff

HEADINGS = "first name,family name,email,phone,date of birth\n"
ROWS = (
    "Katharina,Osei,kath@two.example,+12065550100,\n"  # the number of Katharine
    "Catharine,Osei,cath@two.example,,2012-03-04\n"  # her birth date
    "Kofi,Osei,kofi@two.example,+12065550100,\n"  # of her family
    "Rosa,Diaz,rosa@two.example,,2013-03-04\n"
)


@pytest.fixture
def kate(riverside):
    somebody = person("Katharine", riverside, family_name="Osei", born_on=date(2012, 3, 4), mail=False)
    ContactPoint.objects.create(person=somebody, kind="phone", value="+12065550100")
    participant(somebody, riverside, "mentee")
    return somebody


@pytest.fixture
def staged(kate, riverside, cora):
    return stage(ROWS, riverside, cora)


def stage(rows, program, by):
    file = Path(tempfile.mkdtemp()) / "list.csv"
    file.write_text(HEADINGS + rows)
    return actions.stage_list(open_table(file), what="mentees", file_name="list.csv", program=program, by=by, at=MONDAY)


def where(staged):
    return f"/p/riverside/imports/{staged.ref}/"


def words(response):
    return " ".join(response.content.decode().split())


def said(browser, staged, deed, row, who, status=302):
    answer = browser.post(where(staged), {"do": deed, "row": row, "who": who.ref})
    assert answer.status_code == status
    return answer


def test_rows_that_may_be_somebody_say_whom_and_why(as_user, cora, staged):
    page = words(as_user(cora).get(where(staged) + "?only=maybe"))

    assert "2 rows may be somebody we know." in page
    assert page.count("Maybe Katharine Osei?") == 2
    assert "the same address or number." in page
    assert "born on the same day, and called nearly alike." in page
    assert "Kofi" not in page
    assert Person.objects.filter(family_name="Osei").count() == 1


def test_the_same_person_keeps_their_name_and_the_list_finds_them_again(as_user, cora, staged, kate, riverside):
    coras = as_user(cora)
    said(coras, staged, "same", 2, kate)
    assert "Taken for Katharine Osei." in words(coras.get(where(staged) + "?only=maybe"))
    staged.refresh_from_db()
    assert (staged.counts["new"], staged.counts["changed"]) == (3, 1)

    coras.post(where(staged), {"do": "apply"})

    kate.refresh_from_db()
    assert kate.full_name == "Katharine Osei"
    assert {way.value for way in kate.contact_points.all()} == {"+12065550100", "kath@two.example"}
    assert [(was.person, was.given_name) for was in FormerName.objects.all()] == [(kate, "Katharina")]
    again = stage(ROWS, riverside, cora)
    assert again.counts["new"] == 0


def test_somebody_else_comes_in_and_is_not_asked_about_again(as_user, cora, staged, kate):
    coras = as_user(cora)
    said(coras, staged, "same", 3, kate)
    said(coras, staged, "other", 3, kate)
    coras.post(where(staged), {"do": "apply"})

    assert Participant.objects.filter(person__family_name="Osei").count() == 4
    cath = Person.objects.get(given_name="Catharine")
    assert Likeness.objects.get(first=kate, second=cath).apart_at is not None
    assert [row.second.given_name for row in Likeness.objects.open().filter(first=kate)] == ["Katharina"]


def test_nobody_hears_of_somebody_they_may_not_change(as_user, cora, hillside, omar, kate, riverside):
    theirs = stage(ROWS, hillside, omar)
    page = words(as_user(omar).get(where(theirs).replace("riverside", "hillside")))

    assert "Katharine" not in page
    assert "somebody we know" not in page
    there = where(theirs).replace("riverside", "hillside")
    assert as_user(omar).post(there, {"do": "same", "row": 2, "who": kate.ref}).status_code == 404


def test_odd_answers_change_nothing(as_user, cora, staged, kate, riverside, ama, ama_in):
    coras = as_user(cora)
    for sent in ({}, {"row": "x"}, {"row": "9" * 40, "who": kate.ref}, {"row": 2}, {"row": 2, "who": "\0"},
                 {"row": 77, "who": kate.ref}):  # fmt: skip
        assert coras.post(where(staged), {"do": "same", **sent}).status_code == 404
    said(coras, staged, "same", 4, kate, status=409)
    said(coras, staged, "same", 2, ama, status=409)
    coras.post(where(staged), {"do": "apply"})
    said(coras, staged, "same", 2, kate, status=409)
    assert as_user(staff("Eve", riverside, "evaluator")).post(where(staged), {"do": "same"}).status_code == 404
    assert Import.objects.get().counts["new"] == 4


def test_a_young_person_is_not_taken_for_somebody_grown_up(as_user, cora, kate, riverside, ben_in, ben):
    mother = person("Maria", riverside, family_name="Diaz", born_on=date(1985, 1, 1))
    Guardianship.objects.create(adult=mother, child=ben, starts_on=date(2020, 1, 1))
    staged = stage("Maria,Diaz,maria@example.org.two,,2012-01-01\n", riverside, cora)
    assert words(as_user(cora).get(where(staged))).count("Maybe Maria") == 0
    ContactPoint.objects.create(person=mother, kind="phone", value="+12065550177")
    other = stage("Maria,Diaz,m@two.example,+12065550177,2012-01-01\n", riverside, cora)

    answer = said(as_user(cora), other, "same", 2, mother, status=409)

    assert "put the birth date right first" in words(answer)
