"""Writing down what was seen, and asking who has it all."""

from datetime import date

import pytest

from rapport.access.models import User
from rapport.audit.models import Event
from rapport.onboarding import actions
from rapport.onboarding.actions import NewGate, record_gate, record_gates
from rapport.onboarding.models import Gate
from rapport.onboarding.questions import missing_gates, ready
from rapport.people.actions import NotAGuardian
from rapport.people.models import Guardianship, Person, Restriction
from rapport.programs.models import Program
from tests.cast import DAY, MONDAY, gates_met, participant, person
from tests.onboarding.conftest import TODAY

CHECK = {"code": "clearance", "is_met": True, "met_on": date(2026, 11, 2), "valid_until_on": date(2028, 11, 2)}


def test_the_last_word_counts_and_the_trail_keeps_the_first(ama_in, cora, dele):
    record_gate(ama_in, **CHECK, how="on paper: 0042/26", by=cora, at=MONDAY)
    record_gate(ama_in, code="clearance", is_met=False, met_on=TODAY, by=dele, at=MONDAY + DAY)

    gate = Gate.objects.get()
    assert (gate.is_met, gate.seen_by, gate.seen_at) == (False, dele, MONDAY + DAY)
    told = Event.objects.filter(about_type="onboarding.gate").order_by("pk")
    assert [(event.verb, event.actor_label, event.facts["valid_until_on"]) for event in told] == [
        ("gate.met", "user: Cora", "2028-11-02"),
        ("gate.not-met", "user: Dele", ""),
    ]


@pytest.mark.parametrize(
    ("facts", "refusal"),
    [
        ({"code": "clearance", "valid_until_on": None}, actions.LastDayMissing),
        ({"code": "clearance", "met_on": date(2026, 11, 17)}, actions.NotYet),
        ({"code": "clearance", "valid_until_on": date(2026, 11, 1)}, actions.EndsBeforeItBegins),
        ({"code": "permission"}, actions.GiverMissing),
    ],
)
def test_what_cannot_be_is_not_written_down(ama_in, cora, facts, refusal):
    with pytest.raises(refusal):
        record_gate(ama_in, **{**CHECK, **facts}, by=cora, at=MONDAY)

    assert Gate.objects.count() == 0


def is_a_stranger(grace):
    Guardianship.objects.all().delete()


def has_ended(grace):
    Guardianship.objects.update(ends_on=TODAY)


def has_not_begun(grace):
    Guardianship.objects.update(starts_on=date(2026, 11, 17))


def may_not_consent(grace):
    Guardianship.objects.update(consents=False)


@pytest.mark.parametrize("who", [is_a_stranger, has_ended, has_not_begun, may_not_consent])
def test_only_a_living_guardian_who_consents_gives_permission(ben_in, grace, cora, who):
    who(grace)

    with pytest.raises(NotAGuardian):
        record_gate(ben_in, code="permission", is_met=True, met_on=TODAY, given_by=grace, by=cora, at=MONDAY)


def test_one_bad_row_leaves_nothing_of_many(ama_in, ben_in, cora):
    rows = [NewGate(ben_in, "assent", True, TODAY), NewGate(ama_in, "clearance", True, TODAY)]
    with pytest.raises(actions.LastDayMissing):
        record_gates(rows, by=cora, at=MONDAY)

    assert Gate.objects.count() == 0


def test_many_are_written_in_as_many_queries_as_few(riverside, cora, django_assert_max_num_queries):
    people = [participant(person(f"Mo{n}", riverside), riverside, "mentor") for n in range(40)]
    rows = [NewGate(one, **CHECK) for one in people]

    with django_assert_max_num_queries(14):
        record_gates(rows, by=cora, at=MONDAY)
    with django_assert_max_num_queries(14):
        record_gates(rows, by=cora, at=MONDAY)

    assert Gate.objects.count() == 40
    assert Event.objects.filter(verb="gate.met").count() == 80


def test_ready_and_missing_say_the_same(riverside, cora, ama_in, ben_in, grace):
    mentors = [ama_in, *(grown_up(f"Mo{n}", riverside, "mentor") for n in range(5))]
    mentees = [ben_in, *(participant(person(f"Nils{n}", riverside), riverside, "mentee") for n in range(2))]
    for one in mentors[:4]:
        gates_met(one, "clearance", "training", by=cora)
    Gate.objects.filter(participant=mentors[1], code="clearance").update(valid_until_on=date(2026, 11, 15))
    Gate.objects.filter(participant=mentors[2], code="training").update(hours=1)
    gates_met(ben_in, "permission", "assent", by=cora)
    mentors.append(participant(person("Noa", riverside), riverside, "mentor"))
    gates_met(mentors[-1], "clearance", "training", by=cora)
    grown = grown_up("Gina", riverside, "mentee")

    for side, people in (("mentor", mentors), ("mentee", [*mentees, grown])):
        complete = {pk for pk, lacks in missing_gates(people, TODAY, with_minor=True).items() if not lacks}
        assert set(ready(riverside, side, TODAY).values_list("pk", flat=True)) == complete
    assert set(ready(riverside, "mentor", TODAY)) == {mentors[0], mentors[3]}
    assert set(ready(riverside, "mentee", TODAY)) == {ben_in, grown}


def is_kept_away(grace):
    ben, cora = child_of(grace), User.objects.get(name="Cora")
    Restriction.objects.create(
        program=program_of(ben), kept_away=grace, subject=ben, reason="a court", document="", starts_on=TODAY,
        review_on=date(2027, 1, 1), recorded_by=cora, recorded_at=MONDAY,
    )  # fmt: skip


def child_is_grown(grace):
    Person.objects.filter(guardians__adult=grace).update(born_on=date(2008, 11, 16))


def child_is_undated(grace):
    Person.objects.filter(guardians__adult=grace).update(born_on=None)


def is_not_written_down(grace):
    grace.gates_given.update(given_by=None)


def more_is_asked(grace):
    rules = program_of(child_of(grace)).gate_rules
    for code, minors_only in (("guardian-training", False), ("interview", True), ("references", False)):
        rules.update_or_create(side="mentee", code=code, defaults={"weight": "hard", "minors_only": minors_only})


def less_is_asked(grace):
    rules = program_of(child_of(grace)).gate_rules
    rules.filter(side="mentee").delete()
    rules.create(side="mentee", code="permission", weight="off", source="ours")


def nothing_happens(grace):
    pass


def child_of(adult):
    return adult.children.get().child


def program_of(somebody):
    return somebody.participations.get().program


HAPPENS = [
    is_a_stranger, has_ended, has_not_begun, may_not_consent, is_kept_away, child_is_grown, child_is_undated,
    is_not_written_down, more_is_asked, less_is_asked, nothing_happens,
]  # fmt: skip


@pytest.mark.parametrize("adults_only", [False, True])
@pytest.mark.parametrize("happens", HAPPENS)
def test_ready_and_missing_say_the_same_whatever_happens(riverside, cora, ama_in, ben_in, grace, happens, adults_only):
    Program.objects.update(adults_only=adults_only)
    riverside.refresh_from_db()
    gates_met(ben_in, "permission", "assent", by=cora)
    gates_met(ama_in, "clearance", "training", by=cora)
    for one in (participant(person("Nils", riverside), riverside, "mentee"), grown_up("Gina", riverside, "mentee")):
        gates_met(one, "assent", by=cora)
    happens(grace)

    found = missing_gates(riverside.participants.mentees(), TODAY, with_minor=not adults_only)
    assert {one.pk for one in ready(riverside, "mentee", TODAY)} == {pk for pk, lacks in found.items() if not lacks}
    assert ready(riverside, "mentor", TODAY).get() == ama_in


def test_without_a_birth_date_a_mentor_counts_as_a_child_and_the_sentence_says_so(riverside, cora):
    noa = participant(person("Noa", riverside), riverside, "mentor")
    gates_met(noa, "clearance", "training", by=cora)

    assert missing_gates([noa], TODAY, with_minor=True)[noa.pk] == [
        "No guardian's permission stands for Noa, who counts as a child while no birth date is known.",
        "Noa has not said yes.",
    ]


def grown_up(name, program, side):
    return participant(person(name, program, born_on=date(1990, 1, 1)), program, side)


def test_whoever_left_is_not_ready(riverside, ama_in, cora):
    gates_met(ama_in, "clearance", "training", by=cora)
    ama_in.left_at = MONDAY
    ama_in.save()

    assert not ready(riverside, "mentor", TODAY).exists()
