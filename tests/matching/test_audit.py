"""Whom a round served, and how past matches went: figures in which nobody is recognised, nor by subtraction."""

from datetime import timedelta
from itertools import combinations

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from rapport.matches.models import Closure, Match
from rapport.matching.actions import write_criteria
from rapport.matching.figures.small_cells import is_small, sums, told_alone
from rapport.matching.models import Draft, LeftWithout, Round
from rapport.people.models import Participant, Person
from tests.care.conftest import restrict
from tests.cast import DAY, MONDAY, open_match, participant, person, staff
from tests.matching.test_pages import words_of

RULES = [
    {"code": "interests", "kind": "overlap", "label": "Interests", "weight": 100, "settings": {"trait": "interests"}},
]


@given(st.dictionaries(st.integers(0, 5), st.tuples(st.integers(0, 30), st.integers(0, 30)), max_size=5))
def test_no_small_figure_is_told_nor_can_be_worked_out(groups):
    alone, together = told_alone(groups, 10)

    assert sorted(alone + together) == sorted(groups)
    assert not any(is_small(groups[name], 10) for name in alone)
    if alone and together:
        assert not is_small(sums(groups, together), 10)
    if groups and not is_small(sums(groups, groups), 10) and alone:
        whole = sums(groups, groups)
        for n in range(len(alone) + 1):  # whatever is taken from the whole, at least a large group is left
            for taken in combinations(alone, n):
                rest = [a - b for a, b in zip(whole, sums(groups, taken) or [0, 0], strict=True)]
                assert not is_small(rest, 10)


def people(program, side, number, **more):
    somebody = Person.objects.bulk_create(
        Person(
            organization=program.organization,
            given_name=f"{side}{n}",
            added_at=MONDAY,
            language=more.get("language", "en"),
        )
        for n in range(number)
    )
    return Participant.objects.bulk_create(
        Participant(
            program=program, person=one, side=side, site=more.get("site"), traits=more.get("traits", {}),
            joined_at=MONDAY - more.get("days", 1) * DAY,
        ) for one in somebody
    )  # fmt: skip


def round_of(program, cora, state=Round.State.PUBLISHED):
    """Thirty of Lincoln found one and twelve did not; of four others nobody did, two speak Spanish."""
    lincoln = program.sites.get()
    kept = Round.objects.create(program=program, state=state, made_at=MONDAY, made_by=cora, criteria=[{"weight": 100}])
    served = people(program, "mentee", 30, site=lincoln, traits={"gender": "Girl"})
    left = people(program, "mentee", 12, site=lincoln, traits={"gender": ["girl "]}, days=40)
    left += people(program, "mentee", 4, language="es", traits={"gender": "boy"}, days=100)
    mentors = people(program, "mentor", 30)
    Draft.objects.bulk_create(
        Draft(round=kept, mentor=a, mentee=b, score=40 + n)
        for n, (a, b) in enumerate(zip(mentors, served, strict=True))
    )
    LeftWithout.objects.bulk_create(LeftWithout(round=kept, mentee=one, reason="Nobody") for one in left)
    return kept


def audit(kept):
    return reverse("matching:audit", args=[kept.program.slug, kept.ref])


def test_a_round_is_told_by_groups_none_of_them_small(riverside, cora, as_user):
    kept = round_of(riverside, cora)

    said = words_of(as_user(cora).get(audit(kept)))

    assert "30 of 46 found a mentor" in said
    assert "Of 100 points at most, all pairs have 54 in the mean; the weakest has 40." in said
    assert "Too few to say: By site; By the language we write to them in; By gender, where they told it." in said
    assert "Not long 30 0 100 54 40 All others together 0 16 0 – –" in said
    assert "Lincoln School 30" not in said
    assert "boy" not in said.lower()
    extra = people(riverside, "mentee", 10, traits={"gender": "boy"}, days=100)
    LeftWithout.objects.bulk_create(LeftWithout(round=kept, mentee=one, reason="Nobody") for one in extra)
    LeftWithout.objects.filter(mentee__in=extra[:3]).update(kind=LeftWithout.Kind.NOT_READY)
    said = words_of(as_user(cora).get(audit(kept)))
    assert "Lincoln School 30 12 71 54 40" in said
    assert "Without a site 0 11 0 – –" in said
    assert "Boy 0 11 0 – – Girl 30 12 71 54 40" in said
    assert "Not long 30 0 100 54 40 For some time 0 12 0 – – Long 0 11 0 – –" in said
    assert "Español" not in said
    assert "Too few to say: By the language we write to them in." in said


def test_how_long_somebody_waited_is_counted_since_the_last_match_that_had_ended_by_then(riverside, cora, as_user):
    kept = round_of(riverside, cora)
    mentor = participant(person("Ama", riverside, mail=False), riverside, "mentor")
    for row in kept.left_without.all():
        match = open_match(mentor, row.mentee, coordinator=cora)
        on = MONDAY - DAY
        Match.objects.filter(pk=match.pk).update(state=Match.State.CLOSED, ended_on=on)
        Closure.objects.create(program=riverside, match=match, reason="done", ended_on=on, closed_at=on, closed_by=cora)

    assert "By how long they had waited" not in words_of(as_user(cora).get(audit(kept)))  # all of them: not long

    Closure.objects.update(closed_at=MONDAY + DAY)
    said = words_of(as_user(cora).get(audit(kept)))
    assert "Not long 30 0 100 54 40 All others together 0 16 0 – –" in said


def test_who_sees_no_pairs_reads_what_was_proposed_and_nobody_elsewhere_reads_any(
    riverside, cora, dele, omar, hill_match, as_user
):
    kept, eva = round_of(riverside, cora), staff("Eva", riverside, "evaluator")
    evaluator, weights = as_user(eva), reverse("matching:weights", args=["riverside"])

    assert "30 of 46 found a mentor" in words_of(evaluator.get(audit(kept)))
    assert audit(kept) in evaluator.get(weights).content.decode()
    Round.objects.update(state=Round.State.DRAFT)
    assert evaluator.get(audit(kept)).status_code == 404
    assert as_user(cora).get(audit(kept)).status_code == 200
    hidden = kept.drafts.order_by("pk").first().mentee.person
    restrict(cora.person, hidden, program=riverside, by=dele)
    assert "29 of 45 found a mentor" in words_of(as_user(cora).get(audit(kept)))
    for user in (omar, staff("Mia", riverside, "mentor")):
        assert as_user(user).get(audit(kept)).status_code == 404
        assert as_user(user).get(weights).status_code == 404
    assert as_user(omar).get(reverse("matching:weights", args=["hillside"])).status_code == 200


def ended_pairs(program, by, number, *, shares, months, reason=Closure.Reason.DONE):
    for n in range(number):
        told = {"interests": ["tea"]} if shares is not None else {}
        other = {"interests": ["tea" if shares else "golf"]}
        a = participant(person(f"A{n}", program, mail=False), program, "mentor", traits=told)
        b = participant(person(f"B{n}", program, mail=False), program, "mentee", traits=other)
        match = open_match(a, b, coordinator=by)
        on = match.begun_on + timedelta(days=months * 31)
        Match.objects.filter(pk=match.pk).update(state=Match.State.CLOSED, ended_on=on)
        Closure.objects.create(program=program, match=match, reason=reason, ended_on=on, closed_at=MONDAY, closed_by=by)


def test_criteria_are_held_against_past_matches_and_few_are_too_few(riverside, cora, as_user):
    riverside.criteria.all().delete()
    write_criteria(riverside, {"criterion": [{**rule, "source": "ours"} for rule in RULES]})
    browser, address = as_user(cora), reverse("matching:weights", args=["riverside"])

    ended_pairs(riverside, cora, 9, shares=True, months=11)
    assert "Fewer than 10 matches have ended: too few to say anything." in words_of(browser.get(address))
    ended_pairs(riverside, cora, 11, shares=True, months=11)
    ended_pairs(riverside, cora, 12, shares=False, months=4, reason=Closure.Reason.FIT)
    said = words_of(browser.get(address))

    assert "Of 32 matches that ended" in said
    assert "Interests 100 points right 20 11 months 100 % 0 % not so 12 4 months 0 % 100 %" in said
    ended_pairs(riverside, cora, 2, shares=None, months=1, reason=Closure.Reason.SAFETY)
    said = words_of(browser.get(address))
    assert "right 20 11 months too few to say" in said
    assert "not so too few to say" in said
    assert "not told too few to say" in said
    assert "safety" not in said.lower()
    with CaptureQueriesContext(connection) as few:
        browser.get(address)
    ended_pairs(riverside, cora, 10, shares=None, months=1)
    with CaptureQueriesContext(connection) as many:
        browser.get(address)
    assert len(few) == len(many)


def test_addresses_made_up_by_hand_show_nothing(riverside, cora, as_user):
    assert as_user(cora).get(reverse("matching:audit", args=["riverside", "zzzzzzzzzzzz"])).status_code == 404
