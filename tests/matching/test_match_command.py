"""`rapport match`: the lists come in, pairs come out with proof, and accepting begins what may begin."""

import json

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction

from rapport.access.actions import end_access
from rapport.core.cli import run
from rapport.matches.models import Match
from rapport.matching import calling
from rapport.matching.actions import draft_round
from rapport.matching.models import Draft, Round
from rapport.onboarding.models import Gate
from rapport.programs.models import GateRule
from tests.cast import MONDAY, staff
from tests.matching.conftest import bring_lists

BY_A_PEER = 35  # served by mentor-match 7.0.1, by the same rules from the same lists: docs/measures.md


def said(capsys, *words):
    call_command("match", *words)
    return json.loads(capsys.readouterr().out)


def test_the_lists_are_matched_best_with_the_proof_beside_it(lists, capsys):
    told = said(capsys, "civil-service", "--json")

    assert (told["mentees"], told["mentors"], told["matched"]) == (50, 50, 35)
    assert len(told["pairs"]) == 35
    assert len(told["left_without"]) == 15
    assert told["certificate"]["worth"] == told["certificate"]["bound"]
    assert told["total"] == sum(pair["score"] for pair in told["pairs"])
    assert "accepted" not in told
    assert Match.objects.count() == 0


def test_every_pair_keeps_the_rules_of_the_network_judged_from_the_lists_themselves(lists):
    grades = ["AA", "AO", "EO", "HEO", "SEO", "Grade 7", "Grade 6", "SCS1", "SCS2", "SCS3", "SCS4"]

    kept = draft_round(lists, by=None, at=MONDAY)

    for draft in kept.drafts.select_related("mentor", "mentee"):
        mentor, mentee = draft.mentor.traits, draft.mentee.traits
        assert grades.index(mentor["grade"]) - grades.index(mentee["grade"]) in (1, 2)
        assert mentor["organisation"] != mentee["organisation"]
        assert draft.score == sum(part["points"] for part in draft.parts)


def test_three_times_with_shuffled_rows_the_pairs_are_identical(service, tmp_path, capsys):
    answers = []
    for seed in (1, 2, 3):
        with transaction.atomic():
            bring_lists(service, tmp_path, seed=seed)
            answers.append(said(capsys, "civil-service", "--json"))
            transaction.set_rollback(True)

    pairs = [sorted((one["mentee"], one["mentor"], one["score"]) for one in answer["pairs"]) for answer in answers]
    assert pairs[0] == pairs[1] == pairs[2]
    for proof in (answer["certificate"] for answer in answers):
        assert (proof["checked"], proof["worth"]) == (True, proof["bound"])
    assert len(pairs[0]) >= BY_A_PEER


def test_accepting_begins_every_match_in_the_name_of_staff(lists, marta, capsys):
    told = said(capsys, "civil-service", "--accept", "--by", "marta@example.org", "--json")

    assert told["accepted"] == {"by": "Marta", "proposed": 35, "begun": 35, "not_begun": [], "left_out": 0}
    assert Match.objects.active().filter(coordinator=marta).count() == 35
    assert set(Draft.objects.values_list("accepted_by", flat=True)) == {"Marta"}
    assert Gate.objects.count() == 0  # nobody's consent was invented
    again = said(capsys, "civil-service", "--json")
    assert (again["mentees"], again["matched"]) == (15, 0)


def test_a_match_that_lacks_something_is_listed_with_the_reason_and_stays_proposed(lists, marta, capsys):
    GateRule.objects.filter(program=lists, code="consent").update(weight="hard")

    told = said(capsys, "civil-service", "--accept", "--by", "marta@example.org", "--json")

    assert (told["accepted"]["proposed"], told["accepted"]["begun"]) == (35, 0)
    assert len(told["accepted"]["not_begun"]) == 35
    assert all(one["reasons"] for one in told["accepted"]["not_begun"])
    assert set(Match.objects.values_list("state", flat=True)) == {Match.State.PROPOSED}


def test_where_a_child_says_yes_themselves_staff_cannot_accept_for_them(riverside, cora):
    with pytest.raises(CommandError, match="only after each side has said yes"):
        call_command("match", "riverside", "--accept", "--by", "cora@example.org")

    assert Round.objects.count() == 0


def test_a_program_that_lets_children_in_is_never_accepted_whatever_its_profile(lists, marta):
    type(lists).objects.filter(pk=lists.pk).update(adults_only=False)

    with pytest.raises(CommandError, match="only after each side has said yes"):
        call_command("match", "civil-service", "--accept", "--by", "marta@example.org")


@pytest.mark.parametrize("who", ["nobody", "elsewhere", "without the right", "gone"])
def test_only_staff_of_the_program_with_the_right_accept(lists, marta, omar, who):
    staff("Eve", lists, "evaluator")
    if who == "gone":
        end_access(marta, by=None, at=MONDAY)
    email = {"nobody": "x@example.org", "elsewhere": omar.email, "without the right": "eve@example.org"}.get(
        who, marta.email
    )

    with pytest.raises(CommandError, match="with the right to run rounds"):
        call_command("match", "civil-service", "--accept", "--by", email)

    assert Round.objects.count() == 0


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["civil-service"], 0),
        (["nowhere"], 1),
        (["civil-service", "--accept"], 2),
        (["civil-service", "--by", "marta@example.org"], 2),
        ([], 2),
        (["civil-service", "--instance", "x"], 2),
    ],
)
def test_how_it_ends(lists, settings, tmp_path, words, code):
    settings.RAPPORT_DIR = tmp_path
    (tmp_path / "rapport.sqlite3").touch()

    try:
        ended = run(["match", *words])
    except SystemExit as wrong_usage:
        ended = wrong_usage.code

    assert ended == code


def test_an_answer_that_is_not_proven_changes_nothing(lists, monkeypatch):
    monkeypatch.setattr(calling, "COMMAND", [calling.sys.executable, "-c", "raise SystemExit('no proof')"])

    with pytest.raises(calling.NoAnswer):
        draft_round(lists, by=None, at=MONDAY)

    assert Round.objects.count() == 0


def test_the_proof_kept_with_a_round_can_be_checked_again(lists):
    kept = draft_round(lists, by=None, at=MONDAY)

    prices = kept.certificate
    bound = sum(prices["mentee_prices"].values()) + sum(prices["mentor_prices"].values())  # one place each
    assert bound == prices["bound"] == prices["worth"]
    assert min([*prices["mentee_prices"].values(), *prices["mentor_prices"].values()]) >= 0
    assert prices["better"]["bound"] < prices["serves"]["bound"]
