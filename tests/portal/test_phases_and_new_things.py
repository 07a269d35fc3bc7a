"""The list by phase, with what stands at a glance; how long matches are in a phase; and what was new to a pair."""

from datetime import date

import pytest

from rapport.matches.models import Match, PhaseStep
from rapport.meetings.telling import More
from rapport.meetings.together import time_of
from rapport.portal.front.time_had import time_had
from rapport.portal.promised import promised_time
from tests.cast import DAY, MONDAY, staff
from tests.meetings.test_logs import met_on, tell
from tests.portal.test_lists import five, pairs
from tests.reading import words

pytestmark = pytest.mark.django_db
__all__ = ["five"]
TODAY = MONDAY.date()
GROWING = Match.Phase.GROWING


@pytest.fixture(autouse=True)
def now(time_machine):
    time_machine.move_to(MONDAY, tick=False)


def in_phase(match, phase, days):
    Match.objects.filter(pk=match.pk).update(phase=phase)
    PhaseStep.objects.filter(match=match, phase=phase).delete()
    PhaseStep.objects.create(
        program=match.program, match=match, phase=phase, entered_on=TODAY - days * DAY, why="begun", at=MONDAY
    )


def test_the_list_finds_a_phase_and_tells_it_with_the_agreement_and_the_next_meeting(as_user, match, riverside, cora):
    (other,) = pairs(riverside, cora, ("Wes", "Wyn"))
    in_phase(match, GROWING, 84)
    in_phase(other, Match.Phase.AGREEING_HOW, 1)
    Match.objects.filter(pk=match.pk).update(agreed_on=date(2026, 8, 24))
    met_on(match, -3)
    browser = as_user(cora)

    page = browser.get("/p/riverside/matches/", {"phase": "growing"})

    assert [one.title for one, _, _ in page.context["rows"]] == [match.title]
    assert "19 Nov, 09:00 growing 84 days 24 Aug 2026" in words(page.text)
    assert "– agreeing how 1 day –" in words(browser.get("/p/riverside/matches/").text)
    Match.objects.filter(pk=match.pk).update(state="paused")
    assert "19 Nov" not in browser.get("/p/riverside/matches/").text
    assert browser.get("/p/riverside/matches/", {"phase": "' OR 1=1"}).status_code == 200


def test_how_long_matches_are_in_a_phase_is_told_of_those_one_sees(as_user, five, cora, omar, riverside):
    for match, days in zip(five, (10, 20, 30, 40, 50), strict=True):
        in_phase(match, GROWING, days)

    said = words(as_user(cora).get("/p/riverside/together/").text)

    assert "growing 5 30 50" in said
    assert "growing" not in as_user(staff("Eve", riverside, "evaluator")).get("/p/riverside/together/").text
    assert as_user(omar).get("/p/riverside/together/").status_code == 404


def test_what_was_new_is_counted_once_a_meeting_and_told_kindly(match, ama, ben):
    tell(met_on(match, 3), ama, minutes=60, more=More(is_new_experience=True, is_school_activity=True))
    twice = met_on(match, 10)
    tell(twice, ama, minutes=60, more=More(is_new_experience=True))
    tell(twice, ben, minutes=60, more=More(is_new_experience=True))
    tell(met_on(match, 12), ama, False, cause="other")
    match = Match.objects.select_related("program").get(pk=match.pk)

    mine = time_of([match], MONDAY, with_tried=True)[match.pk]

    assert (mine.tried.new, mine.tried.at_school) == (2, 1)
    staff_words = promised_time(match, MONDAY).sentences
    assert "They did something new 2 times. Something the school offers: once." in staff_words
    assert time_had(mine)[-2:] == [
        "2 times you tried something new together.", "Once you did something the school offers.",
    ]  # fmt: skip
    assert "2 times they tried something new together." in time_had(mine, of_others=True)
    quiet = time_of([match], MONDAY)[match.pk]
    assert not any("new" in words for others in (True, False) for words in time_had(quiet, of_others=others))
