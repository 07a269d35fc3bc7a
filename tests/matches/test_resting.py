"""A match rests and goes on; a hold reads like any other pause to everybody else."""

from datetime import date

import pytest

from rapport.audit.models import Event
from rapport.matches import actions
from rapport.matches.actions import NewMatch, NotAllowedNow, NotReady, StaysPaused
from rapport.matches.models import Change, Match
from rapport.onboarding.actions import record_gate
from rapport.people.models import Participant
from tests.cast import DAY, LONG_AGO, MONDAY, gates_met, open_match, participant, person, staff
from tests.matches.conftest import say_goodbye

TODAY = MONDAY.date()


def rest(match, by, **more):
    actions.pause(match, **{"reason": "", "starts_on": TODAY, "by": by, "at": MONDAY, **more})


def history(match):
    return list(match.changes.values_list("state_before", "state", "by", "words"))


def trail(match, below=4):
    events = Event.objects.filter(about_type="matches.match", about_id=match.pk, level__lt=below).order_by("pk")
    return list(events.values_list("verb", "actor_label", "facts"))


def test_a_match_rests_and_goes_on(match, cora):
    rest(match, cora, reason="Summer holidays", back_on=date(2026, 12, 1))
    assert Match.objects.get(pk=match.pk).state == "paused"

    actions.resume(match, by=cora, at=MONDAY + DAY)

    assert Match.objects.get(pk=match.pk).state == "active"
    assert list(match.pauses.values_list("starts_on", "ended_on", "reason")) == [
        (TODAY, date(2026, 11, 17), "Summer holidays")
    ]


def test_pressed_twice_is_one_pause_and_one_row(match, cora):
    rest(match, cora)
    with pytest.raises(NotAllowedNow):
        rest(match, cora)
    actions.resume(match, by=cora, at=MONDAY)
    with pytest.raises(NotAllowedNow):
        actions.resume(match, by=cora, at=MONDAY)

    assert match.pauses.count() == 1
    assert history(match) == [("active", "paused", None, ""), ("paused", "active", None, "")]


def test_a_hold_reads_like_a_pause(match, cora, dele, ama_in, ben_in):
    other = actions_of_another_pair(match, cora)
    rest(match, cora)
    actions.hold(other, by=dele, at=MONDAY)

    assert history(match) == history(other)
    assert trail(match) == trail(other) == [("match.paused", "Rapport", {})]
    seen = ("starts_on", "back_on", "ended_on", "reason")
    assert list(match.pauses.values_list(*seen)) == list(other.pauses.values_list(*seen))


def actions_of_another_pair(match, cora):
    mentor = participant(person("Mona", match.program, born_on=date(1990, 1, 1)), match.program, "mentor")
    mentee = participant(person("Emil", match.program, born_on=date(2014, 1, 1)), match.program, "mentee")
    return open_match(mentor, mentee, coordinator=cora)


def test_a_coordinator_cannot_lift_a_hold_and_is_told_what_anybody_would_be_told(match, cora, dele, ama_in):
    actions.hold(match, by=dele, at=MONDAY)
    with pytest.raises(StaysPaused) as held:
        actions.resume(match, by=cora, at=MONDAY)
    actions.let_go(match, by=dele, at=MONDAY)

    rest(match, cora)
    Participant.objects.filter(pk=ama_in.pk).update(left_at=LONG_AGO)
    with pytest.raises(StaysPaused) as left:
        actions.resume(match, by=cora, at=MONDAY)

    assert str(held.value) == str(left.value) == "This match stays paused for now. Ask the program's leadership."


@pytest.mark.parametrize("first", ["hold", "pause"])
def test_a_pause_and_a_hold_must_both_end(match, cora, dele, first):
    if first == "pause":
        rest(match, cora)
    actions.hold(match, by=dele, at=MONDAY)
    if first == "hold":
        with pytest.raises(NotAllowedNow):
            rest(match, cora)

    actions.let_go(match, by=dele, at=MONDAY)

    assert Match.objects.get(pk=match.pk).state == ("paused" if first == "pause" else "active")
    if first == "pause":
        actions.resume(match, by=cora, at=MONDAY)
    assert Match.objects.get(pk=match.pk).state == "active"
    assert match.changes.count() == 2


def test_two_leads_each_hold_and_each_let_go(match, dele, riverside):
    dora = staff("Dora", riverside, "safeguarding-lead")
    first = actions.hold(match, by=dele, at=MONDAY)
    assert actions.hold(match, by=dele, at=MONDAY) == first
    second = actions.hold(match, by=dora, at=MONDAY)

    actions.let_go(match, pause=first, by=dele, at=MONDAY)
    assert Match.objects.get(pk=match.pk).state == "paused"

    actions.let_go(match, pause=second, by=dora, at=MONDAY)
    actions.let_go(match, pause=second, by=dora, at=MONDAY)
    assert Match.objects.get(pk=match.pk).state == "active"


def test_a_mentor_whose_other_match_rests_begins_no_new_one_whoever_paused_it(match, ama_in, cora, dele, riverside):
    Participant.objects.filter(pk=ama_in.pk).update(capacity=2)
    new = prepared_with(ama_in, "Nils", cora)

    rest(match, cora)
    with pytest.raises(NotReady) as paused:
        actions.begin(new, by=cora, at=MONDAY)
    actions.resume(match, by=cora, at=MONDAY)
    actions.hold(match, by=dele, at=MONDAY)
    with pytest.raises(NotReady) as held:
        actions.begin(new, by=cora, at=MONDAY)

    assert paused.value.reasons == held.value.reasons == ["Ama has a match that is paused. It comes first."]


def test_a_hold_outlives_the_match(match, ama_in, cora, dele):
    actions.hold(match, by=dele, at=MONDAY)
    actions.tick_codes(match, moment="close", words_by_code={}, by=cora, at=MONDAY)
    say_goodbye(match, by=cora, at=MONDAY)
    actions.close(match, reason="other", note="", ended_on=TODAY, by=cora, at=MONDAY)
    new = prepared_with(ama_in, "Nils", cora)

    with pytest.raises(NotReady) as refused:
        actions.begin(new, by=cora, at=MONDAY)
    assert refused.value.reasons == ["This match cannot begin yet. Ask the program's leadership."]

    actions.let_go(match, by=dele, at=MONDAY)
    actions.begin(new, by=cora, at=MONDAY)
    assert Match.objects.get(pk=match.pk).state == "closed"
    assert Change.objects.filter(match=match).count() == 2


def prepared_with(mentor, name, by):
    """A proposal of this mentor with a new child, everything else there."""
    mentee = participant(person(name, mentor.program, born_on=date(2014, 1, 1)), mentor.program, "mentee")
    mother = person(f"Mother of {name}", mentor.program, born_on=date(1980, 1, 1))
    mentee.person.guardians.create(adult=mother, starts_on=date(2014, 1, 1))
    gates_met(mentee, "assent", by=by)
    record_gate(mentee, code="permission", is_met=True, met_on=date(2026, 11, 1), given_by=mother, by=by, at=MONDAY)
    match = actions.propose([NewMatch([mentor], [mentee], coordinator=by)], program=mentor.program, by=by, at=MONDAY)[0]
    actions.tick(match.points.filter(moment="begin"), by=by, at=MONDAY)
    return match


@pytest.mark.parametrize(
    ("starts_on", "back_on"),
    [(date(2026, 11, 17), None), (date(2026, 3, 9), None), (date(2026, 11, 16), date(2026, 11, 15))],
)
def test_days_that_cannot_be(match, cora, starts_on, back_on):
    with pytest.raises(actions.DayNotRight):
        rest(match, cora, starts_on=starts_on, back_on=back_on)

    assert (match.pauses.count(), match.changes.count()) == (0, 0)
