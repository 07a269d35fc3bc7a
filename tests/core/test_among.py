"""Among a list of numbers: the rows that Django's own way finds, for less."""

import pytest
from django.db import connection
from django.db.models import F, Value
from django.db.models.functions import Length
from hypothesis import given
from hypothesis import strategies as st

from rapport.people.models import ContactPoint, Person
from tests.cast import person

pytestmark = pytest.mark.django_db


@pytest.fixture
def people(riverside):
    return [person(name, riverside) for name in ("Kim", "Leo", "Mary")]


@given(st.data())
def test_it_finds_whom_python_finds_and_leaves_out_the_others(people, data):
    known = list(Person.objects.values_list("pk", flat=True))
    odd = st.sampled_from([*known, str(known[0]), None, 0, -1, 2**31, 2**62, True])
    named = data.draw(st.lists(odd, max_size=8).map(data.draw(st.sampled_from([list, tuple, set]))))
    wanted = {int(one) for one in named if one is not None}

    assert set(pks(Person.objects.filter(pk__in=named))) == wanted & set(known)
    assert set(pks(ContactPoint.objects.filter(person__in=named), "person")) == wanted & {one.pk for one in people}
    if None not in named:
        assert set(pks(Person.objects.exclude(pk__in=named))) == set(known) - wanted


def test_records_queries_and_expressions_are_taken_as_before(people):
    kim, leo, mary = people
    by_hand = ContactPoint.objects.filter(person__in=[kim, mary])

    assert pks(by_hand, "person") == [kim.pk, mary.pk]
    assert pks(ContactPoint.objects.filter(person__in=Person.objects.filter(given_name="Leo")), "person") == [leo.pk]
    assert pks(Person.objects.filter(pk__in=[F("id")], given_name="Leo")) == [leo.pk]
    assert pks(Person.objects.filter(pk__in={kim.pk: 1, leo.pk: 2}.keys())) == [kim.pk, leo.pk]
    assert pks(Person.objects.annotate(long=Length(Value("four"))).filter(long__in=[4, 5], pk=kim.pk)) == [kim.pk]


def test_no_number_is_no_row_and_words_in_its_place_are_refused(people):
    assert pks(Person.objects.filter(pk__in=[])) == []
    with pytest.raises(ValueError, match="expected a number"):
        Person.objects.filter(pk__in=["Kim"])


def test_postgresql_reads_one_value_however_many_numbers(people, django_assert_num_queries):
    with django_assert_num_queries(2) as asked:
        found = [len(Person.objects.filter(pk__in=range_of)) for range_of in ([*range(500)], [1])]

    assert found[0] == Person.objects.filter(pk__lt=500).count()
    if connection.vendor == "postgresql":
        assert "= ANY('{0,1,2," in asked[0]["sql"]
        assert "IN (1)" in asked[1]["sql"]


def pks(rows, name="pk"):
    return sorted(rows.values_list(name, flat=True))
