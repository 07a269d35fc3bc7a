"""A sealed concern changes no page of anybody who may not see it: not a word, not a number, not a colour.

Every address of the house is opened by every role before and after a concern is raised; the pages must be the same.
"""

import re

import pytest
import time_machine

from rapport.access.models import Role
from rapport.safeguarding import actions
from tests.cast import MONDAY, staff
from tests.conftest import AGAIN
from tests.safeguarding.conftest import CANARY, raised
from tests.test_doors import PLAIN

pytestmark = pytest.mark.django_db
CHANGING = re.compile(
    r'csrfmiddlewaretoken" value="[^"]*"|X-CSRFToken": "[^"]*"|nonce="[^"]*"|name="form_id" value="[^"]*"'
    r'|id_form_id"[^>]*|name="[a-z_]*form_id"[^>]*'
)


def addresses(refs):
    """Every address of the house for Riverside, once with each record's ref; those of signing in apart.

    On PostgreSQL, which is asked what SQLite was asked, every third route, always the same.
    """
    fitting = [
        route for route in PLAIN if {"program", "ref"} >= set(route.arguments) and route.name != "access:account"
    ]
    asked = sorted(fitting, key=lambda route: route.name)[:: 3 if AGAIN else 1]
    return sorted({route.address({"program": "riverside", "ref": ref}) for route in asked for ref in refs})


def pages(browser, found):
    """The whole HTML of every page that opens."""
    browser.raise_request_exception = False
    answers = {address: browser.get(address) for address in found}
    return {
        address: (answer.status_code, CHANGING.sub("", b"".join(answer).decode(errors="replace")))
        for address, answer in answers.items()
    }


def that_lead_somewhere(browser, found):
    """Most records are not of the kind that a page shows: such an address is not there even for who may open all."""
    browser.raise_request_exception = False
    return {address for address in found if browser.get(address).status_code != 404}


ROLES = ["match-support", "site-lead", "administrator", "evaluator", "mentor", "guardian"]


@pytest.fixture
def everybody(duty, omar, riverside, dan, cora):
    """One person of each role, Omar, and the lead it will be about."""
    people = {role: staff(f"Sam{n}", riverside, role) for n, role in enumerate(ROLES)}
    people["site-lead"].memberships.update(site=riverside.sites.get())
    return people | {"coordinator": cora, "Omar": omar, "the accused lead": dan}


@pytest.fixture
def una(riverside):
    """Holds every role of Riverside."""
    return staff("Una", riverside, *Role.objects.values_list("slug", flat=True))


@time_machine.travel(MONDAY, tick=False)
def test_no_page_of_anybody_else_changes(everybody, match, ben, ben_in, ama_in, hill_match, as_user, dele, una):
    there = addresses([match.ref, ben_in.ref, ama_in.ref, ben.ref])
    found = that_lead_somewhere(as_user(una), there)
    browsers = {name: as_user(user) for name, user in everybody.items()}
    before = {name: pages(browser, found) for name, browser in browsers.items()}
    assert sum(page[0] == 200 for page in before["coordinator"].values()) > 5

    def changed_for(name):
        after = pages(browsers[name], found)
        assert not any(CANARY in html for _, html in after.values())
        return [address for address in found if after[address] != before[name][address]]

    concern = raised(match.program, match=match, subject=ben, accused=[everybody["the accused lead"].person])
    actions.acknowledge(concern, by=dele, at=MONDAY)
    actions.note(concern, words=CANARY, by=dele, at=MONDAY)
    assert changed_for("the accused lead") == []
    assert that_lead_somewhere(as_user(una), there) == found

    worry = {"person": ben, "match": match, "what": "Not sure", "words": CANARY, "cause_key": "an answer"}
    actions.add_triage(program=match.program, **worry, at=MONDAY)
    assert {name: changed_for(name) for name in browsers if name != "the accused lead"} == {
        name: [] for name in browsers if name != "the accused lead"
    }
    assert CANARY in as_user(dele).get(concern.get_absolute_url()).content.decode()
