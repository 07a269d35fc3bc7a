"""Somebody rests from all their matches, and comes back to those that rested for it."""

from datetime import timedelta

import pytest

from rapport.matches.actions import (
    AlreadyAway,
    DayNotRight,
    NothingToPause,
    come_back_to_all,
    hold,
    pause,
    rest_from_all,
    resume,
)
from rapport.matches.models import Away, Match, Pause
from tests.cast import DAY, MONDAY, open_match, participant, person

pytestmark = pytest.mark.django_db
TODAY = MONDAY.date()


@pytest.fixture
def second(ama_in, riverside, cora):
    """Ama mentors Lea, too."""
    ama_in.capacity = 2
    ama_in.save()
    lea = participant(person("Lea Stone", riverside, born_on=TODAY - timedelta(days=13 * 365)), riverside, "mentee")
    return open_match(ama_in, lea, coordinator=cora)


def rest(who, matches, program, by, **more):
    return rest_from_all(who, matches, program=program, **{"starts_on": TODAY, **more}, by=by, at=MONDAY)


def states(*matches):
    return [Match.objects.get(pk=one.pk).state for one in matches]


def test_all_rest_with_one_press_and_each_keeps_a_pause_of_its_own(match, second, ama, riverside, cora):
    away = rest(ama, [match, second], riverside, cora, back_on=TODAY + 14 * DAY, reason="abroad")

    assert states(match, second) == ["paused", "paused"]
    rows = Pause.objects.order_by("match").values_list("match", "away", "back_on", "reason")
    assert list(rows) == [(one.pk, away.pk, TODAY + 14 * DAY, "abroad") for one in (match, second)]
    with pytest.raises(AlreadyAway):
        rest(ama, [match, second], riverside, cora)


def test_a_match_that_closed_meanwhile_gets_no_pause(match, second, ama, riverside, cora):
    Match.objects.filter(pk=second.pk).update(state="closed", ended_on=TODAY)

    rest(ama, [match, second], riverside, cora)

    assert Pause.objects.get().match == match


def test_a_return_resumes_only_what_rested_for_it(match, second, ama, riverside, cora):
    pause(second, reason="exams", starts_on=TODAY, by=cora, at=MONDAY)
    away = rest(ama, [match, Match.objects.get(pk=second.pk)], riverside, cora)

    stays = come_back_to_all(away, by=cora, at=MONDAY + 7 * DAY)

    assert (states(match, second), stays) == (["active", "paused"], [second])
    assert come_back_to_all(away, by=cora, at=MONDAY + 8 * DAY) == []
    resume(second, by=cora, at=MONDAY + 9 * DAY)
    assert states(second) == ["active"]


def test_where_both_rest_they_go_on_when_both_are_back(match, ama, ben, riverside, cora):
    first = rest(ama, [match], riverside, cora)
    other = rest(ben, [Match.objects.get(pk=match.pk)], riverside, cora)

    assert come_back_to_all(first, by=cora, at=MONDAY + DAY) == [match]
    assert come_back_to_all(other, by=cora, at=MONDAY + 2 * DAY) == []
    assert states(match) == ["active"]


def test_a_hold_stays_a_hold_and_shows_nowhere(match, ama, riverside, cora, dele):
    hold(match, by=dele, at=MONDAY)
    away = rest(ama, [Match.objects.get(pk=match.pk)], riverside, cora)

    assert come_back_to_all(away, by=cora, at=MONDAY + DAY) == [match]
    assert states(match) == ["paused"]
    assert Pause.objects.filter(is_hold=True, ended_on=None).count() == 1


def test_what_went_on_sooner_or_ended_is_left_alone(match, second, ama, riverside, cora):
    away = rest(ama, [match, second], riverside, cora)
    resume(match, by=cora, at=MONDAY + DAY)
    Match.objects.filter(pk=second.pk).update(state="closed", ended_on=TODAY)

    assert come_back_to_all(away, by=cora, at=MONDAY + 2 * DAY) == []
    assert states(match, second) == ["active", "closed"]


def test_what_cannot_be_is_refused(match, ama, riverside, cora):
    for more, refusal in [
        ({"starts_on": TODAY + DAY}, DayNotRight), ({"back_on": TODAY - DAY}, DayNotRight),
    ]:  # fmt: skip
        with pytest.raises(refusal):
            rest(ama, [match], riverside, cora, **more)
    with pytest.raises(NothingToPause):
        rest(ama, [], riverside, cora)
    assert not Away.objects.exists()


def test_cora_lets_ama_rest_and_come_back_and_omar_meets_a_stranger(as_user, match, ama_in, cora, omar):
    path, browser = f"/p/riverside/matches/people/{ama_in.ref}/rest/", as_user(cora)
    assert browser.get(path).status_code == 200
    assert browser.post(path, {"starts_on": "soon"}).status_code == 422
    assert browser.post(path, {"starts_on": "1 11 2026", "reason": "abroad"}).status_code == 302
    assert states(match) == ["paused"]
    assert "is back" in browser.get(path).content.decode()
    browser.post(path, {"back": "yes"})
    assert states(match) == ["active"]
    assert as_user(omar).get(path).status_code == 404
