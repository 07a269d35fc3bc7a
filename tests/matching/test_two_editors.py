"""Two colleagues at one page of settings: who saves second writes over nothing that they have not seen."""

from html.parser import HTMLParser

import pytest
from django.urls import reverse

from rapport.audit.models import Event
from rapport.matching.actions import choose, write_criteria
from tests.cast import MONDAY, staff
from tests.matching.test_pages import words_of

ROW = {"code": "chess", "kind": "overlap", "label": "Chess", "weight": 10, "source": "ours"}
PAGES = {
    "matching:criteria": ([], "weight-chess", "weight-music"),
    "matching:criterion": (["chess"], "weight", "enough"),
    "matching:policy": ([], "amount-floor", "amount-waiting"),
    "onboarding:interview-rules": ([], "steps-mentee-learning", "steps-mentee-grown-up"),
}


class Typed(HTMLParser):
    """What a browser would send of the page's form as it stands: {name: value}."""

    def __init__(self, answer):
        super().__init__()
        self.found, self.select = {}, ""
        self.feed(answer.content.decode().partition("<main")[2].partition('value="add"')[0])

    def handle_starttag(self, tag, attrs):
        told = dict(attrs)
        is_off = told.get("type") in ("checkbox", "radio") and "checked" not in told
        if tag == "input" and "name" in told and not is_off:
            self.found[told["name"]] = told.get("value", "on")
        if tag == "select":
            self.select = told["name"]
        if tag == "option" and "selected" in told:
            self.found[self.select] = told["value"]


@pytest.fixture
def rules(riverside, cora):
    riverside.criteria.all().delete()
    settings = {"trait": "interests", "enough": 1}
    write_criteria(
        riverside,
        {"criterion": [ROW | {"settings": settings}, ROW | {"code": "music", "label": "M", "settings": settings}]},
    )
    choose(riverside, {"floor": {"is_on": True, "amount": 10}}, by=cora, at=MONDAY)
    return riverside


@pytest.mark.parametrize("name", PAGES)
def test_who_saves_second_writes_over_nothing_unseen(rules, cora, as_user, name):
    more, first, second = PAGES[name]
    page = reverse(name, args=["riverside", *more])
    coras, carls = as_user(cora), as_user(staff("Carl", rules, "coordinator"))
    opened = [Typed(browser.get(page)).found for browser in (coras, carls)]
    before = Event.objects.filter(verb__endswith=".changed").count()

    hers, his = opened[0] | {first: "7"}, opened[1] | {second: "8"}
    assert coras.post(page, hers).status_code == 302
    assert coras.post(page, hers).status_code == 302  # the same press again
    refused = carls.post(page, his)

    assert (refused.status_code, "Somebody changed this a moment ago." in words_of(refused)) == (409, True)
    now = Typed(carls.get(page)).found
    assert (now[first], now[second]) == ("7", opened[1][second])
    assert carls.post(page, now | {second: "8"}).status_code == 302
    now = Typed(carls.get(page)).found
    assert (now[first], now[second]) == ("7", "8")
    assert Event.objects.filter(verb__endswith=".changed").count() == before + 2
