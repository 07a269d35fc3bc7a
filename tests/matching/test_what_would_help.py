"""Who is left without reads what would help: the fewest rules, and who competes for too few places."""

from datetime import time

import pytest

from rapport.matching.actions import draft_round, write_criteria
from rapport.matching.models import LeftWithout
from rapport.meetings.actions import say_free_times
from tests.care.conftest import restrict
from tests.cast import MONDAY
from tests.matching.test_pages import words_of

pytestmark = pytest.mark.usefixtures("engine_here")
RULES = [
    {"code": "free", "kind": "overlap", "label": "Free times", "settings": {"trait": "free_times"}},
    {"code": "spoken", "kind": "overlap", "label": "Languages", "settings": {"trait": "languages"}},
]


@pytest.fixture
def people(riverside, newcomer):
    """Ama and Kofi speak Spanish and have time on Tuesday; Ben, Zoe and Eli want just that, and Lea wants French."""
    riverside.criteria.all().delete()
    rows = [{**rule, "weight": 10, "is_hard": True, "source": "ours"} for rule in RULES]
    write_criteria(riverside, {"criterion": rows})
    spoken = dict.fromkeys(("Ama", "Kofi", "Ben", "Zoe", "Eli"), "Spanish") | {"Lea": "French"}
    made = {
        name: newcomer(name, "mentor" if name in ("Ama", "Kofi") else "mentee", languages=[language])
        for name, language in spoken.items()
    }
    for one in made.values():
        say_free_times(one, [(1, time(16), time(18))], by=None, at=MONDAY)
    return made


@pytest.fixture
def kept(riverside, people, cora):
    return draft_round(riverside, by=cora, at=MONDAY)


def test_who_competes_for_too_few_places_is_said_in_words(kept, people, cora, as_user):
    shown = words_of(as_user(cora).get(kept.get_absolute_url()))

    assert "3 (" in shown
    assert "compete for 2 places. All want: Tuesday 16:00–18:00; Spanish." in shown


def test_the_fewest_rules_that_would_help_are_named_with_whom_they_open(kept, people, cora, as_user):
    lea = LeftWithout.objects.get(round=kept, mentee=people["Lea"])
    mentor = str(people["Kofi"].pk)
    move = [str(people["Ben"].pk), mentor, str(people["Ama"].pk)]
    way = {"rules": ["spoken"], "mentors": 1, "serves": True, "mentor": mentor, "moved": [move], "widen": {}}
    LeftWithout.objects.filter(pk=lea.pk).update(told={"relax": [way], "hall": None})
    browser = as_user(cora)

    shown = words_of(browser.get(kept.get_absolute_url()))

    words = "Without the rule “Languages”, for them alone, they would have a mentor: Kofi, if Ben goes to Ama."
    assert words in shown
    widen = {**way, "rules": ["free", "spoken"], "moved": [], "widen": {"free": {"most": 3}}}
    LeftWithout.objects.filter(pk=lea.pk).update(told={"relax": [widen]})
    shown = words_of(browser.get(kept.get_absolute_url()))
    assert "Without the rules “Free times”, “Languages”, for them alone, they would have a mentor: Kofi." in shown
    assert "For “Free times” up to 3 steps would be enough." in shown
    floor = {**way, "rules": ["floor"], "moved": [], "widen": {"floor": 7}}
    LeftWithout.objects.filter(pk=lea.pk).update(told={"relax": [floor]})
    shown = words_of(browser.get(kept.get_absolute_url()))
    assert "Without the rule “the floor”, for them alone, they would have a mentor: Kofi." in shown
    assert "A floor of 7 points would be enough." in shown


def test_whom_the_reader_may_not_see_is_in_no_sentence(riverside, kept, people, cora, as_user):
    served = {draft.mentee_id for draft in kept.drafts.all()}
    hidden = next(one for name, one in people.items() if one.pk in served)
    restrict(cora.person, hidden.person, program=riverside, by=cora)

    shown = words_of(as_user(cora).get(kept.get_absolute_url()))

    assert "compete for" not in shown
    assert hidden.person.given_name not in shown
