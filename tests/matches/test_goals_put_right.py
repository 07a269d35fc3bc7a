"""On the page of goals, what is to be put right is said at its head, in plain words, and leads to its very field."""

import re

import pytest

from tests.matches.test_goals_by_link import OWN, page, text  # noqa: F401  (a fixture of its neighbour)

pytestmark = pytest.mark.django_db
IDS = re.compile(r'\bid="([^"]+)"')


def test_a_step_without_words_leads_to_where_the_step_is_written(page, ben):  # noqa: F811
    page(ben, do="add", words=OWN, level="0", form_id="a")
    ref = re.search(r'id="g-([^"]+)"', text(page(ben)))[1]

    wrong = page(ben, do="step", goal=ref, words=" ")

    assert wrong.status_code == 422
    assert text(wrong).index("One thing to put right") < text(wrong).index(OWN)
    assert f'href="#s-{ref}-words">Write a few words first.</a>' in text(wrong)
    ids = IDS.findall(text(wrong))
    assert f"s-{ref}-words" in ids
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("press", ["headway", "stand", "feedback"])
def test_no_two_fields_of_the_page_have_one_name(page, ben, press):  # noqa: F811
    page(ben, do="add", words=OWN, level="0", form_id="a")
    ref = re.search(r'id="g-([^"]+)"', text(page(ben)))[1]

    wrong = page(ben, do=press, goal=ref)

    assert wrong.status_code == 422
    assert "One thing to put right" in text(wrong)
    ids = IDS.findall(text(wrong))
    assert len(ids) == len(set(ids))


def test_a_goal_without_words_is_asked_for_in_plain_words(page, ben):  # noqa: F811
    wrong = text(page(ben, do="add", words="", level="0"))

    assert wrong.count("Write a few words first.") == 2
    assert "This field is required." not in wrong
