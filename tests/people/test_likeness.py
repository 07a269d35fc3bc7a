"""Who may be one person is found when a list comes in, and shown to whoever may see both; nobody is put together."""

import pytest

from rapport.imports import actions as imports
from rapport.imports.bringing import bring_in
from rapport.imports.models import Import
from rapport.people.actions import likening, tell_apart
from rapport.people.likeness import are_near, folded
from rapport.people.models import Likeness, Participant, Person
from tests.cast import MONDAY, staff

HEADINGS = "first name,family name,email,phone,date of birth,parent name,parent email\n"


@pytest.fixture
def bring(tmp_path, riverside):
    def brought(text, what="mentees", program=riverside):
        file = tmp_path / "list.csv"
        file.write_text(HEADINGS + text)
        return bring_in([file], what=what, program=program, at=MONDAY)

    return brought


def found():
    return [(row.first.full_name, row.second.full_name, row.why) for row in Likeness.objects.order_by("pk")]


ONE = "Katharine,Osei,kate@one.example,+12065550100,2012-03-04,,\n"
LIKE = [
    ("Catharine,Osei,c.osei@two.example,,2012-03-04,,\n", "born"),
    ("Osei,Katharine,other@two.example,,2012-03-04,,\n", "born"),
    ("Katherine,Osei,other@two.example,+12065550100,,,\n", "way"),
    ("Katharine,Osei,other@two.example,,,,\n", "name"),
    ("KATHARINE,Oséi,other@two.example,,2012-03-04,,\n", "born"),
]
UNLIKE = [
    "Kofi,Osei,kofi@two.example,+12065550100,2012-03-04,,\n",  # a twin: one number, one birthday, another name
    "Katharine,Osei,other@two.example,,2013-03-04,,\n",  # another birth date
    "Rosa,Diaz,rosa@two.example,,2012-03-04,,\n",
    "Rosa,Diaz,rosa@two.example,+12065550100,,,\n",
]


@pytest.mark.parametrize(("row", "why"), LIKE)
def test_somebody_on_two_lists_is_found_and_stays_two(bring, row, why):
    bring(ONE)
    bring(row)

    assert [(one[0], one[2]) for one in found()] == [("Katharine Osei", why)]
    assert Person.objects.count() == Participant.objects.count() == 2


@pytest.mark.parametrize("row", UNLIKE)
def test_a_twin_a_namesake_and_a_neighbour_are_not_taken_for_one(bring, row):
    bring(ONE)
    bring(row)

    assert found() == []


def test_two_rows_of_one_list_are_found_too(bring):
    bring(ONE + LIKE[0][0])

    assert len(found()) == 1


def test_a_mother_and_daughter_of_one_name_are_two(bring):
    bring("Maria,Diaz,maria@one.example,,2012-03-04,Maria Diaz,maria@one.example\n")

    assert found() == []


def test_a_number_of_a_crowd_tells_nothing(bring):
    """Thirty pupils of one school number, called nearly alike."""
    bring("".join(f"Pupil,Number{chr(97 + n // 5)}{chr(97 + n)},p{n}@x.example,+12065550100,,,\n" for n in range(26)))

    assert found() == []


def test_a_name_of_a_crowd_tells_nothing(bring):
    bring("".join(f"Maria,Garcia,m{n}@x.example,,,,\n" for n in range(21)))

    assert found() == []


def test_two_of_one_long_list_are_found_wherever_they_stand(bring, monkeypatch):
    monkeypatch.setattr(likening, "BATCH", 2)
    others = "".join(f"{name},Diaz,{name}@x.example,,2012-03-04,,\n" for name in ("Rosa", "Bill", "Hugo"))
    bring(ONE + others + LIKE[0][0])

    assert found() == [("Katharine Osei", "Catharine Osei", "born")]


@pytest.mark.parametrize(
    ("one", "other", "near"),
    [
        ("Zoë Müller", "Zoe Muller", True), ("Muller Zoe", "Zoë Müller", True), ("Jon Smith", "John Smith", True),
        ("Ben Adler", "Lily Adler", False), ("Mohammed Ali", "Muhammad Ali", True), ("李 明", "王 芳", False),
    ],
)  # fmt: skip
def test_names_that_are_spelled_nearly_alike(one, other, near):
    assert are_near(Person(given_name=one), Person(given_name=other)) is near


def test_signs_and_accents_make_no_other_name():
    assert folded("  O'Brién-Ñuñez ") == "o brien nunez"


def test_what_looked_alike_goes_with_the_list_that_is_taken_back(bring):
    bring(ONE)
    bring(LIKE[0][0])

    assert imports.undo(Import.objects.latest("pk"), by=None, at=MONDAY) == (1, 0)
    assert (Person.objects.count(), found()) == (1, [])


def test_the_queries_are_as_many_for_many(bring, django_assert_max_num_queries):
    people = "".join(f"Given{n},Family{n},p{n}@x.example,,2012-03-04,,\n" for n in range(300))
    with django_assert_max_num_queries(80):
        bring(people)

    assert found() == []  # three hundred of one birthday are a crowd


# By the page


@pytest.fixture
def two(bring, lincoln):
    bring(ONE)
    bring(LIKE[0][0])
    return Likeness.objects.get()


def test_both_are_shown_and_told_apart_for_good(as_user, cora, two, bring):
    coras = as_user(cora)
    page = coras.get("/p/riverside/people/alike/").content.decode()
    assert "Katharine Osei" in page
    assert "Catharine Osei" in page
    assert "Born on the same day, and called nearly alike." in page
    assert "What more than 20 people share" in page
    assert "Maybe the same person" in coras.get("/p/riverside/people/").content.decode()

    where = f"/p/riverside/people/alike/{two.ref}/apart/"
    done = coras.post(where, follow=True).content.decode()
    bring(LIKE[0][0])

    assert "Noted: Katharine Osei and Catharine Osei are two." in done
    assert "Nobody looks like somebody else" in done
    assert "Maybe the same person" not in coras.get("/p/riverside/people/").content.decode()
    assert coras.post(where).status_code == 404
    assert tell_apart(two, by=cora, at=MONDAY) is False


def test_whoever_may_not_see_both_sees_neither(as_user, two, riverside, hillside, omar, cora):
    where = f"/p/riverside/people/alike/{two.ref}/apart/"
    for user in (omar, staff("Eve", riverside, "evaluator")):
        assert as_user(user).get("/p/riverside/people/alike/").status_code == 404
        assert as_user(user).post(where).status_code == 404
    assert as_user(omar).post(where.replace("riverside", "hillside")).status_code == 404
    assert "Osei" not in as_user(omar).get("/p/hillside/people/alike/").content.decode()

    Person.objects.filter(user=cora).update(user=None)
    Person.objects.filter(pk=two.second_id).update(user=cora)
    assert "Osei" not in as_user(cora).get("/p/riverside/people/alike/").content.decode()
    assert as_user(cora).get(where).status_code == 404


def test_somebody_at_another_program_is_not_shown_here(as_user, cora, bring, riverside, hillside):
    bring(ONE)
    bring(LIKE[0][0], program=hillside)

    assert len(found()) == 1
    assert "Osei" not in as_user(cora).get("/p/riverside/people/alike/").content.decode()
