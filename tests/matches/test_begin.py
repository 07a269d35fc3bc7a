"""A proposed match begins only when nothing is missing, and says what is."""

from datetime import date, timedelta

import pytest

from rapport.access.actions import end_access
from rapport.matches import actions
from rapport.matches.actions import AlreadyBegun, AlreadyProposed, CannotCoordinate, NewMatch, NotAPair, NotReady
from rapport.matches.models import Change, Match
from rapport.matches.questions import Readiness, missing_for, what_is_missing
from rapport.onboarding.actions import record_gate
from rapport.onboarding.models import Gate
from rapport.people.actions import declare_conflict
from rapport.people.models import Guardianship, Participant, Person
from rapport.programs.actions import make_program
from rapport.programs.models import GateRule, PointRule
from tests.care.conftest import restrict
from tests.cast import DAY, LONG_AGO, MONDAY, open_match, participant, person, staff


def test_everything_that_is_missing_is_said_at_once(proposed, cora):
    with pytest.raises(NotReady) as refused:
        actions.begin(proposed, by=cora, at=MONDAY)

    assert refused.value.reasons == [
        "Ama: the background check is missing.",
        "Ama: the training is missing.",
        "No guardian's permission stands for Ben.",
        "Ben has not said yes.",
        "Not ticked yet: Both know whom to turn to when something feels wrong.",
        "Not ticked yet: The young person and a guardian said yes to this mentor.",
        "Not ticked yet: The first meeting is planned, with staff there.",
    ]
    assert Match.objects.get().state == "proposed"


def test_a_prepared_match_begins_once(prepared, cora):
    assert what_is_missing(prepared, MONDAY) == []

    actions.begin(prepared, by=cora, at=MONDAY)
    with pytest.raises(AlreadyBegun):
        actions.begin(prepared, by=cora, at=MONDAY)

    prepared.refresh_from_db()
    assert (prepared.state, prepared.begun_on, prepared.phase) == ("active", date(2026, 11, 16), "agreeing-how")
    assert list(Change.objects.values_list("state_before", "state")) == [("", "proposed"), ("proposed", "active")]


def ran_out(ama_in, **_):
    Gate.objects.filter(participant=ama_in, code="clearance").update(valid_until_on=date(2026, 5, 3))


def has_no_last_day(ama_in, **_):
    Gate.objects.filter(participant=ama_in, code="clearance").update(valid_until_on=None)


def is_not_in_order(ama_in, **_):
    Gate.objects.filter(participant=ama_in, code="clearance").update(is_met=False)


def lies_ahead(ama_in, **_):
    Gate.objects.filter(participant=ama_in, code="clearance").update(met_on=date(2026, 11, 17))


def was_short(ama_in, **_):
    Gate.objects.filter(participant=ama_in, code="training").update(hours="1.50")


def is_no_longer_guardian(grace, **_):
    Guardianship.objects.filter(adult=grace).update(ends_on=date(2026, 11, 16))


def may_not_consent(grace, **_):
    Guardianship.objects.filter(adult=grace).update(consents=False)


def is_kept_from_her_child(grace, ben_in, riverside, dele, **_):
    restrict(grace, ben_in.person, program=riverside, by=dele)


def nobody_gave_it(ben_in, **_):
    Gate.objects.filter(participant=ben_in, code="permission").update(given_by=None)


def ben_says_no(ben_in, **_):
    Gate.objects.filter(participant=ben_in, code="assent").update(is_met=False)


def nobody_looks_after_them(prepared, **_):
    Match.objects.filter(pk=prepared.pk).update(coordinator=None)


def cora_has_gone(cora, **_):
    end_access(cora, by=None, at=LONG_AGO)


def ama_has_left(ama_in, **_):
    Participant.objects.filter(pk=ama_in.pk).update(left_at=LONG_AGO)


def one_is_kept_from_the_other(ama_in, ben_in, riverside, dele, **_):
    restrict(ben_in.person, ama_in.person, program=riverside, by=dele)


def one_leads_the_other(ama, ben, riverside, cora, **_):
    declare_conflict(riverside, person=ama, other=ben, kind="class-teacher", words="court order", by=cora, at=MONDAY)


def ama_has_a_match(ama_in, cora, riverside, **_):
    open_match(
        ama_in, participant(person("Nils", riverside, born_on=date(2014, 1, 1)), riverside, "mentee"), coordinator=cora
    )


def ben_has_a_match(ben_in, cora, riverside, **_):
    open_match(participant(person("Nora", riverside), riverside, "mentor"), ben_in, coordinator=cora)


@pytest.mark.parametrize(
    ("what", "sentence"),
    [
        (ran_out, "Ama's background check ran out on 3 May 2026."),
        (has_no_last_day, "Ama's background check does not say until when it counts."),
        (is_not_in_order, "Ama: the background check is not in order."),
        (lies_ahead, "Ama: the background check counts only from 17 November 2026."),
        (was_short, "Ama has 1.5 of 2 hours of training."),
        (is_no_longer_guardian, "Whoever gave permission for Ben may no longer give it."),
        (may_not_consent, "Whoever gave permission for Ben may no longer give it."),
        (is_kept_from_her_child, "Whoever gave permission for Ben may no longer give it."),
        (nobody_gave_it, "It is not written down which guardian gave permission for Ben."),
        (ben_says_no, "Ben has not said yes."),
        (nobody_looks_after_them, "Nobody coordinates this match yet."),
        (cora_has_gone, "The coordinator of this match no longer works in this program."),
        (ama_has_left, "Ama has left the program."),
        (one_is_kept_from_the_other, "This match cannot begin. Ask whoever recorded a restriction."),
        (one_leads_the_other, "It is written down that they are not to be matched. Look at their pages."),
        (ama_has_a_match, "Ama has 1 open match and takes no more than 1."),
        (ben_has_a_match, "Ben has an open match."),
    ],
)
def test_one_thing_missing_is_enough(prepared, ama_in, ben_in, grace, cora, dele, riverside, what, sentence):
    people = {"ama": ama_in.person, "ben": ben_in.person, "ama_in": ama_in, "ben_in": ben_in, "grace": grace}
    what(**people, cora=cora, dele=dele, riverside=riverside, prepared=prepared)

    with pytest.raises(NotReady) as refused:
        actions.begin(prepared, by=cora, at=MONDAY)

    assert refused.value.reasons == [sentence]
    assert "court order" not in str(refused.value)
    assert not Match.objects.active().filter(pk=prepared.pk).exists()
    assert Change.objects.filter(match=prepared).count() == 1


def test_a_required_point_is_enough_to_wait_for(prepared, cora):
    prepared.points.filter(code="first-meeting").update(kept_at=None)

    assert what_is_missing(prepared, MONDAY) == ["Not ticked yet: The first meeting is planned, with staff there."]


def test_a_rule_made_after_the_proposal_counts_too(prepared, riverside):
    PointRule.objects.create(
        program=riverside, moment="begin", code="photo", label="The house rules are read", source="ours"
    )

    assert what_is_missing(prepared, MONDAY) == ["Not ticked yet: The house rules are read."]


def test_a_soft_gate_is_advice_and_one_switched_off_is_silent(prepared, ama_in, cora, riverside):
    ama_in.gates.all().delete()
    riverside.gate_rules.filter(side="mentor", code="training").update(weight=GateRule.Weight.SOFT)
    riverside.gate_rules.filter(code="clearance").update(weight=GateRule.Weight.OFF)
    assert what_is_missing(prepared, MONDAY) == []
    assert [lack.sentence for lack in Readiness([prepared], MONDAY).advice(prepared)] == [
        "Ama: the training is missing.",
        "Not ticked yet: The agreement is signed, or a day to sign it is set.",
    ]


def test_a_missing_rule_makes_no_child_less_safe(prepared, ama_in, riverside):
    riverside.gate_rules.all().delete()
    ama_in.gates.filter(code="clearance").delete()

    assert what_is_missing(prepared, MONDAY) == ["Ama: the background check is missing."]


def test_without_a_birth_date_ben_counts_as_a_child(prepared, ben_in):
    ben_in.person.born_on = None
    ben_in.person.save()
    ben_in.gates.all().delete()

    assert what_is_missing(prepared, MONDAY) == [
        "No guardian's permission stands for Ben, who counts as a child while no birth date is known.",
        "Ben has not said yes.",
    ]


def test_on_his_eighteenth_birthday_nobody_consents_for_him(prepared, ben_in):
    ben_in.person.born_on = date(2008, 11, 16)
    ben_in.person.save()
    ben_in.gates.all().delete()

    assert what_is_missing(prepared, MONDAY - DAY) == [
        "No guardian's permission stands for Ben.",
        "Ben has not said yes.",
    ]
    assert what_is_missing(prepared, MONDAY) == []


@pytest.fixture
def guild(house):
    """A professional program, for adults only."""
    return make_program(
        slug="guild", name="Guild", profile="professional", organization=house,
        using_since_on=date(2026, 1, 1), by=None, at=LONG_AGO,
    )  # fmt: skip


@pytest.fixture
def lena(guild):
    """Coordinates the guild."""
    return staff("Lena", guild, "coordinator")


def test_two_adults_of_a_professional_program_need_a_coordinator_and_their_own_word(guild, lena):
    mentor, mentee = (
        participant(person(name, guild), guild, side) for name, side in (("Mo", "mentor"), ("Eve", "mentee"))
    )
    match = actions.propose([NewMatch([mentor], [mentee])], program=guild, by=lena, at=MONDAY)[0]
    actions.tick(match.points.all(), words="yes", by=lena, at=MONDAY)

    assert what_is_missing(match, MONDAY) == [
        "Mo has not agreed to join.",
        "Eve has not agreed to join.",
        "Nobody coordinates this match yet.",
    ]

    actions.assign([match], coordinator=lena, by=lena, at=MONDAY)
    for one in (mentor, mentee):
        record_gate(one, code="consent", is_met=True, met_on=date(2026, 11, 1), by=lena, at=MONDAY)
    actions.begin(match, by=lena, at=MONDAY)

    assert match.state == "active"


def test_a_minor_in_a_professional_program_is_still_a_minor(guild, lena):
    mentor = participant(person("Mo", guild), guild, "mentor")
    mentee = participant(person("Eve", guild, born_on=date(2010, 1, 1)), guild, "mentee")
    match = actions.propose([NewMatch([mentor], [mentee], coordinator=lena)], program=guild, by=lena, at=MONDAY)[0]

    missing = what_is_missing(match, MONDAY)

    assert missing[:6] == [
        "Mo has not agreed to join.",
        "Mo: the background check is missing.",
        "Mo: the training is missing.",
        "Eve has not agreed to join.",
        "No guardian's permission stands for Eve.",
        "Eve has not said yes.",
    ]


@pytest.mark.parametrize("days", [1, 400])
def test_no_match_begins_on_a_day_to_come(prepared, cora, days):
    with pytest.raises(actions.DayNotRight):
        actions.begin(prepared, begun_on=MONDAY.date() + timedelta(days=days), by=cora, at=MONDAY)

    assert Match.objects.get().state == "proposed"


def test_the_same_two_are_proposed_once(proposed, ama_in, ben_in, riverside, cora):
    with pytest.raises(AlreadyProposed):
        actions.propose([NewMatch([ama_in], [ben_in])], program=riverside, by=cora, at=MONDAY)

    actions.set_aside(proposed, words="Ben would rather wait", by=cora, at=MONDAY)
    again = actions.propose([NewMatch([ama_in], [ben_in])], program=riverside, by=cora, at=MONDAY)

    assert [match.state for match in again] == ["proposed"]


def test_what_is_no_pair_is_not_proposed(ama_in, ben_in, hill_match, riverside, cora):
    stranger = hill_match.members.get(side="mentee").participant
    for mentors, mentees in (([], [ben_in]), ([ama_in], []), ([ben_in], [ama_in]), ([ama_in], [stranger])):
        with pytest.raises(NotAPair):
            actions.propose([NewMatch(mentors, mentees)], program=riverside, by=cora, at=MONDAY)

    assert Match.objects.exclude(pk=hill_match.pk).count() == 0


def test_a_coordinator_works_here_and_looks_after_no_match_of_their_own_or_of_their_child(
    proposed, cora, omar, ama_in, ben, dele, riverside
):
    she_herself = staff("Amaya", riverside, "coordinator")
    Person.objects.filter(user=she_herself).update(user=None)
    Person.objects.filter(pk=ama_in.person_id).update(user=she_herself)
    his_mother = staff("Bea", riverside, "coordinator")
    Guardianship.objects.create(adult=his_mother.person, child=ben, starts_on=date(2015, 4, 2))
    for user in (omar, she_herself, his_mother):
        with pytest.raises(CannotCoordinate):
            actions.assign([proposed], coordinator=user, by=cora, at=MONDAY)

    assert actions.assign([proposed], coordinator=dele, by=cora, at=MONDAY) == 1
    assert actions.assign([proposed], coordinator=dele, by=cora, at=MONDAY) == 0


def test_what_an_open_match_has_lost_shows_on_its_page(match, ama_in):
    Gate.objects.filter(participant=ama_in, code="clearance").update(valid_until_on=date(2026, 5, 3))

    assert missing_for([match], MONDAY) == {match.pk: ["Ama's background check ran out on 3 May 2026."]}


def test_many_matches_are_looked_at_in_as_many_queries_as_one(riverside, cora, django_assert_num_queries):
    pairs = [
        NewMatch(
            [participant(person(f"Mo{n}", riverside), riverside, "mentor")],
            [participant(person(f"Eve{n}", riverside), riverside, "mentee")],
            coordinator=cora,
        )
        for n in range(12)
    ]
    matches = actions.propose(pairs, program=riverside, by=cora, at=MONDAY)

    with django_assert_num_queries(15):
        missing_for(matches[:1], MONDAY)
    with django_assert_num_queries(15):
        missing = missing_for(matches, MONDAY)

    assert {len(sentences) for sentences in missing.values()} == {9}
