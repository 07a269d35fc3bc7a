"""A task by hand: for oneself or a colleague, about a pair and a person within reach."""

import re

import pytest
from django.urls import reverse

from rapport.tasks.models import Task
from tests.care.conftest import pair
from tests.cast import staff
from tests.reading import words

pytestmark = pytest.mark.usefixtures("on_monday")
ADD = {"form_id": "press1", "what": "Bring the board game.", "on": "18 11 2026", "match": ""}


def test_a_task_by_hand_about_a_pair_for_a_colleague(as_user, cora, cleo, match, ama):
    address = reverse("care:add", args=["riverside"]) + f"?person={ama.ref}"
    browser = as_user(cora)

    pages = [browser.post(address, ADD | {"match": match.ref, "owner": cleo.pk}, follow=True) for _press in range(2)]

    task = Task.objects.get()
    assert (task.owner, task.about, task.person, task.reason) == (cleo, match, ama, "Bring the board game.")
    assert (str(task.due_at), str(task.late_at)) == ("2026-11-18 08:00:00+00:00", "2026-11-19 00:00:00+00:00")
    assert "It stands on the desk of Cleo." in words(pages[0].text)


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"what": ""}, "What is to be done?"),
        ({"what": "two\nlines"}, "This must be one line."),
        ({"on": ""}, "Which day? Write it as 27 3 2026."),
        ({"on": "15 11 2026"}, "It cannot be before 16 11 2026."),
        ({"match": "nonsense"}, "is not one of the available choices"),
        ({"owner": "0"}, "not one of the available choices"),
        ({"form_id": "a b"}, "consisting of letters, numbers"),
    ],
)
def test_what_cannot_be_done_is_said(as_user, cora, match, typed, sentence):
    page = as_user(cora).post(reverse("care:add", args=["riverside"]), ADD | {"owner": cora.pk} | typed)

    assert (page.status_code, Task.objects.count()) == (422, 0)
    assert sentence in page.text


def test_only_pairs_and_people_within_reach(as_user, cora, riverside, match, ama, hill_match, omar):
    hugo = hill_match.members.get(side="mentor").participant.person
    lead = staff("Lena", riverside, "site-lead")
    address = reverse("care:add", args=["riverside"])

    assert as_user(cora).get(address, {"match": match.ref}).status_code == 200
    assert as_user(cora).get(address, {"match": hill_match.ref}).status_code == 404
    assert as_user(cora).get(address, {"person": hugo.ref}).status_code == 404
    assert as_user(lead).get(address, {"person": ama.ref}).status_code == 404
    assert as_user(omar).get(address).status_code == 404
    page = as_user(cora).post(address, ADD | {"owner": cora.pk, "match": hill_match.ref})
    assert (page.status_code, Task.objects.count()) == (422, 0)


def test_the_pair_one_comes_from_is_chosen_already(as_user, cora, cleo, match, riverside):
    other = pair(riverside, "Kofi", "Sam", coordinator=cleo)

    page = as_user(cora).get(reverse("care:add", args=["riverside"]), {"match": other.ref})

    assert re.findall(r'<option value="(\w+)" selected>', page.text) == [other.ref, str(cora.pk)]


@pytest.mark.parametrize("address", ["task/?match=a%00b", "task/?person=%00", "talk/%00/"])
def test_an_address_that_is_none_is_not_there(as_user, cora, match, address):
    assert as_user(cora).get(f"/p/riverside/today/{address}").status_code == 404
