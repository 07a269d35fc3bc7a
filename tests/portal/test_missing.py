"""What is missing is told by record and field, leads to the page that mends it, and goes home as a file."""

import csv
import io
from datetime import date

import pytest

from rapport.audit.models import Event
from rapport.people.models import Guardianship, Participant, Restriction
from tests.cast import LONG_AGO, gates_met, participant, person, staff

WHERE = "/p/riverside/people/missing/"


@pytest.fixture
def zoe(riverside):
    """Nothing is known of her but her name."""
    somebody = person("Zoe", riverside, mail=False)
    return Participant.objects.create(program=riverside, person=somebody, side="mentee", joined_at=LONG_AGO)


def told(page):
    return {one.person.given_name: [(str(field), str(words)) for field, words, _place in lines]
            for one, lines in page.context["rows"]}  # fmt: skip


def test_each_record_names_what_is_missing_and_leads_to_where_it_is_mended(as_user, cora, zoe, ben_in, grace):
    gates_met(ben_in, "permission", "assent", by=cora)
    coras = as_user(cora)
    page = coras.get(WHERE)

    zoes = told(page)["Zoe"]
    assert [field for field, _words in zoes][:4] == ["birth date", "guardian", "a way to reach them", "site"]
    assert {field for field, _words in zoes[4:]} == {"checks"}
    assert "Ben" not in told(coras.get(WHERE + "?only=guardian"))
    numbers = {name: n for name, _words, n in page.context["fields"]}
    assert numbers == {name: len(told(coras.get(f"{WHERE}?only={name}"))) for name in numbers}
    assert numbers["born"] == 1
    places = {place for _one, lines in page.context["rows"] for _field, _words, place in lines}
    assert {coras.get(place).status_code for place in places} == {200}


def test_a_guardian_who_can_be_reached_is_a_way(as_user, cora, zoe, grace):
    Guardianship.objects.create(adult=grace, child=zoe.person, starts_on=date(2026, 1, 1))

    assert [field for field, _words in told(as_user(cora).get(WHERE))["Zoe"]][:2] == ["birth date", "site"]


def test_the_file_has_a_line_for_each_thing_and_the_trail_says_who_took_it(as_user, cora, zoe):
    type(zoe.person).objects.filter(pk=zoe.person.pk).update(given_name="=Zoe")
    sent = as_user(cora).get(WHERE + "?as=file&only=born").content.decode("utf-8-sig")

    (heading, line) = csv.reader(io.StringIO(sent))
    assert heading[:4] == ["name", "side", "site", "what is missing"]
    assert (line[0], line[3]) == ("'=Zoe", "birth date")
    assert line[5].endswith(f"/p/riverside/people/{zoe.ref}/birth-date/")
    assert Event.objects.filter(verb="people.missing-taken-home", actor_id=cora.pk).count() == 1


def test_nobody_reads_there_of_whom_they_may_not_see(as_user, cora, omar, dele, hillside, riverside, zoe):
    theirs = participant(person("Kay", hillside), hillside, "mentee")
    eve = staff("Eve", riverside, "coordinator")
    Restriction.objects.create(
        program=riverside, kept_away=eve.person, subject=zoe.person, reason="court", starts_on=date(2026, 1, 1),
        review_on=date(2036, 1, 1), recorded_by=cora, recorded_at=LONG_AGO,
    )  # fmt: skip

    assert "Zoe" not in as_user(eve).get(WHERE).content.decode()
    assert "Zoe" not in as_user(eve).get(WHERE + "?as=file").content.decode()
    assert as_user(omar).get(WHERE).status_code == 404
    assert list(told(as_user(omar).get("/p/hillside/people/missing/"))) == [theirs.person.given_name]
    assert as_user(staff("Ed", riverside, "evaluator")).get(WHERE).status_code == 404


@pytest.mark.parametrize("query", ["only=nonsense", "before=x", "before=-1", "before=99999999999999999999", "only=%00"])
def test_a_strange_question_is_the_whole_list(as_user, cora, zoe, query):
    assert "Zoe" in told(as_user(cora).get(f"{WHERE}?{query}"))


def test_more_people_cost_no_more_queries(as_user, cora, riverside, zoe, django_assert_max_num_queries):
    coras = as_user(cora)
    coras.get(WHERE)
    with django_assert_max_num_queries(80) as few:
        coras.get(WHERE)
    for n in range(20):
        participant(person(f"P{n}", riverside), riverside, "mentee")
    with django_assert_max_num_queries(len(few.captured_queries)):
        assert len(told(coras.get(WHERE))) > 20


def test_in_a_program_of_grown_ups_no_birth_date_and_no_guardian_is_missing(as_user, cora, riverside, zoe):
    type(riverside).objects.filter(pk=riverside.pk).update(adults_only=True)

    fields = [field for field, _words in told(as_user(cora).get(WHERE))["Zoe"]]
    assert "birth date" not in fields
    assert "guardian" not in fields
