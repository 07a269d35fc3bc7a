"""A draft is changed by hand: pairs locked, made, taken out; the rest run again; two rounds side by side."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from rapport.audit.models import Event
from rapport.matches.models import Match
from rapport.matching.actions import (
    BreaksRules,
    MayNotBe,
    NoPlace,
    NotADraft,
    draft_round,
    drop_round,
    lock_pair,
    pair_by_hand,
    publish,
    run_again,
    take_out,
    unlock_pair,
    write_criteria,
)
from rapport.matching.models import LeftWithout, Round
from rapport.people.models import Participant
from tests.care.conftest import restrict
from tests.cast import DAY, MONDAY, open_match, staff
from tests.matching.test_pages import words_of

pytestmark = pytest.mark.usefixtures("engine_here")
INTERESTS = {"code": "interests", "kind": "overlap", "label": "Interests", "weight": 100, "source": "ours"}
TOWN = {"code": "town", "kind": "same", "label": "Same town", "weight": 0, "is_hard": True, "source": "ours"}


@pytest.fixture
def people(riverside, newcomer):
    """Ama for Ben, Kofi for Zoe: that is best; Eve lives elsewhere."""
    riverside.criteria.all().delete()
    rows = [{**INTERESTS, "settings": {"trait": "interests"}}, {**TOWN, "settings": {"trait": "town"}}]
    write_criteria(riverside, {"criterion": rows})
    likes = {"Ama": "chess", "Kofi": "music", "Ben": "chess", "Zoe": "music"}
    made = {
        name: newcomer(name, "mentor" if name in ("Ama", "Kofi") else "mentee", interests=[one], town="Riverside")
        for name, one in likes.items()
    }
    return made | {"Eve": newcomer("Eve", "mentor", interests=["chess"], town="Elsewhere")}


@pytest.fixture
def kept(riverside, people, cora):
    return draft_round(riverside, by=cora, at=MONDAY)


def pairs(kept):
    return {str(one.mentee): str(one.mentor) for one in kept.drafts.all()}


def of(kept, name):
    return kept.drafts.get(mentee__person__given_name=name)


def test_what_is_locked_stays_when_the_rest_is_run_again(riverside, kept, people, cora):
    assert pairs(kept) == {"Ben": "Ama", "Zoe": "Kofi"}
    take_out(of(kept, "Zoe"), by=cora, at=MONDAY)
    pair_by_hand(kept, people["Ben"], people["Kofi"], by=cora, at=MONDAY)
    left = kept.left_without.get()
    assert (left.kind, left.mentee) == (LeftWithout.Kind.TAKEN_OUT, people["Zoe"])
    kept.refresh_from_db()
    assert not kept.is_proven

    made, goes = run_again(kept, by=cora, at=MONDAY + DAY)

    assert pairs(made) == {"Ben": "Kofi", "Zoe": "Ama"}
    assert (made.made_from, goes, made.is_proven) == (kept, [], True)
    ben, zoe = of(made, "Ben"), of(made, "Zoe")
    assert (ben.locked_at, ben.locked_by, ben.is_by_hand) == (MONDAY, cora, True)
    assert (zoe.locked_at, zoe.is_by_hand) == (None, False)
    assert pairs(kept) == {"Ben": "Kofi"}
    assert Match.objects.count() == 0
    assert unlock_pair(ben, by=cora, at=MONDAY + DAY)
    again, _goes = run_again(made, by=cora, at=MONDAY + DAY)
    assert pairs(again) == {"Ben": "Ama", "Zoe": "Kofi"}
    assert set(Event.objects.values_list("verb", flat=True)) >= {
        "draft.taken-out", "draft.made-by-hand", "draft.unlocked", "round.drafted",
    }  # fmt: skip


def test_the_same_asked_twice_is_one_draft_until_anything_is_different(riverside, kept, people, newcomer, cora):
    carl = staff("Carl", riverside, "coordinator")
    draft = lambda by=cora: draft_round(riverside, by=by, at=MONDAY + DAY)  # noqa: E731

    assert draft() == kept
    assert draft(carl) not in (kept, draft())
    late = newcomer("Eli", "mentee", ready=False)  # no round looks at him, and it says so
    second = draft()
    assert second != kept
    assert draft() == second
    lock_pair(of(second, "Ben"), by=cora, at=MONDAY)
    third = draft()
    assert third not in (kept, second)
    take_out(of(third, "Zoe"), by=cora, at=MONDAY)
    fourth = draft()
    assert fourth not in (kept, second, third)
    drop_round(fourth, by=cora, at=MONDAY)
    assert draft() != fourth
    Participant.objects.filter(pk=people["Ama"].pk).update(traits={"interests": ["tea"], "town": "Riverside"})
    assert draft().left_without.get().mentee == late
    assert Event.objects.filter(verb="round.drafted").count() == Round.objects.count() == 7


def test_the_rest_run_again_twice_is_one_draft(riverside, kept, people, cora):
    lock_pair(of(kept, "Ben"), by=cora, at=MONDAY)

    made, twice = (run_again(kept, by=cora, at=MONDAY + DAY)[0] for _press in range(2))
    lock_pair(of(made, "Zoe"), by=cora, at=MONDAY)
    third, _goes = run_again(kept, by=cora, at=MONDAY + DAY)

    assert (made.made_from, made == twice, third == made) == (kept, True, False)
    assert of(made, "Ben").locked_at == MONDAY


def test_a_pair_that_breaks_a_rule_is_made_only_by_who_read_it_and_is_listed(kept, people, cora):
    with pytest.raises(BreaksRules, match="Same town"):
        pair_by_hand(kept, people["Ben"], people["Eve"], by=cora, at=MONDAY)
    assert pairs(kept)["Ben"] == "Ama"

    draft = pair_by_hand(kept, people["Ben"], people["Eve"], even_so=True, by=cora, at=MONDAY)
    made, _goes = run_again(kept, by=cora, at=MONDAY)

    assert (draft.score, draft.breaks) == (100, ["town"])
    assert sum(part["points"] for part in draft.parts) == 100
    assert (of(made, "Ben").breaks, pairs(made)["Ben"]) == (["town"], "Eve")


@pytest.mark.parametrize("how", ["restriction", "matched before", "left", "not ready", "open match", "full"])
def test_nothing_overrides_what_keeps_two_apart(riverside, kept, people, newcomer, cora, how):
    ben, kofi, wrong = people["Ben"], people["Kofi"], MayNotBe
    if how == "restriction":
        restrict(kofi.person, ben.person, program=riverside, by=cora)
    elif how == "matched before":
        match = open_match(kofi, ben, coordinator=cora)
        Match.objects.filter(pk=match.pk).update(state=Match.State.CLOSED)
    elif how == "left":
        Participant.objects.filter(pk=kofi.pk).update(left_at=MONDAY - DAY)
    elif how == "open match":
        open_match(kofi, newcomer("Old", "mentee"), coordinator=cora)
    elif how == "not ready":
        kofi = newcomer("Kwame", "mentor", ready=False)
    else:
        wrong = NoPlace

    with pytest.raises(wrong):
        pair_by_hand(kept, ben, kofi, even_so=True, by=cora, at=MONDAY)

    assert pairs(kept) == {"Ben": "Ama", "Zoe": "Kofi"}


def test_a_place_taken_by_somebody_unseen_is_not_told(riverside, kept, people, cora):
    restrict(cora.person, people["Zoe"].person, program=riverside, by=cora)

    with pytest.raises(MayNotBe):
        pair_by_hand(kept, people["Ben"], people["Kofi"], by=cora, at=MONDAY)


def test_a_locked_pair_that_may_no_longer_be_is_let_go(riverside, kept, people, cora):
    lock_pair(of(kept, "Ben"), by=cora, at=MONDAY)
    restrict(people["Ama"].person, people["Ben"].person, program=riverside, by=cora)

    made, goes = run_again(kept, by=cora, at=MONDAY)

    assert [str(one.mentee) for one in goes] == ["Ben"]
    assert pairs(made) == {"Ben": "Kofi", "Zoe": "Ama"}


def test_what_was_published_or_dropped_is_not_changed(riverside, kept, people, cora):
    ben = of(kept, "Ben")
    assert lock_pair(ben, by=cora, at=MONDAY)
    assert not lock_pair(ben, by=cora, at=MONDAY)
    second = draft_round(riverside, by=cora, at=MONDAY)
    publish(kept, by=cora, at=MONDAY)
    drop_round(second, by=cora, at=MONDAY)

    for one in (kept, second):
        for deed in (lock_pair, unlock_pair, take_out):
            with pytest.raises(NotADraft):
                deed(of(one, "Ben"), by=cora, at=MONDAY)
        with pytest.raises(NotADraft):
            pair_by_hand(one, people["Ben"], people["Kofi"], by=cora, at=MONDAY)
        with pytest.raises(NotADraft):
            run_again(one, by=cora, at=MONDAY)


def at_(name, kept, *more):
    return reverse(f"matching:{name}", args=["riverside", kept.ref, *more])


def test_the_pages_lock_pair_and_run_again(riverside, kept, people, cora, as_user):
    browser, ben = as_user(cora), people["Ben"]
    page = at_("by-hand", kept, ben.ref)

    said = words_of(browser.get(page))
    assert "Ama together 100 Keep them, and lock it" in said
    assert "Kofi together 0 · in this draft with Zoe No place is left: take a pair of theirs out first." in said
    assert said.count("Put them together") == 0
    assert "Eve" not in said
    assert "Breaks a rule: Same town" in words_of(browser.get(page, {"q": "ev"}))
    assert "Put them together" in words_of(browser.get(page, {"q": "ev"}))
    asked = browser.post(page, {"mentor": people["Eve"].ref})
    assert (asked.status_code, "They break the rule “Same town”." in words_of(asked)) == (409, True)
    assert pairs(kept)["Ben"] == "Ama"
    done = browser.post(page, {"mentor": people["Eve"].ref, "sure": "yes"}, follow=True)
    assert "Ben and Eve are together in this draft, and locked." in words_of(done)
    assert "One pair breaks a rule" in words_of(done)
    assert "Changed by hand since it was worked out" in words_of(done)
    browser.post(at_("pairs", kept), {"do": "out", "pair": people["Zoe"].ref})
    assert "taken out of this draft by hand" in words_of(browser.get(kept.get_absolute_url())).lower()
    assert "Run again, the same two may be found anew" in words_of(browser.get(kept.get_absolute_url()))
    browser.post(at_("pairs", kept), {"do": "again"})
    twice = browser.post(at_("pairs", kept), {"do": "again"}, follow=True)

    made = Round.objects.latest("pk")
    assert (made.made_from, twice.redirect_chain[0][0], Round.objects.count()) == (kept, made.get_absolute_url(), 2)
    assert "This draft is there already: nothing that it looked at is different since." in words_of(twice)
    assert pairs(made) == {"Ben": "Eve", "Zoe": "Kofi"}
    assert "Made from the draft of" in words_of(browser.get(made.get_absolute_url()))
    compared = words_of(browser.get(at_("compare", made)))
    assert "1 pair more than the other, 100 points more together (100.0 %)." in compared
    assert "Zoe Kofi 100 without" in compared
    assert "Ben Eve" not in compared


def test_whoever_had_to_sign_in_anew_after_a_press_finds_the_draft_again(kept, cora, as_user):
    seen = as_user(cora).get(at_("pairs", kept))  # the address to which signing in leads back

    assert (seen.status_code, seen["Location"]) == (302, kept.get_absolute_url())


def test_two_rounds_differ_where_somebody_has_another_mentor(riverside, kept, people, cora, as_user):
    second = draft_round(riverside, by=staff("Carl", riverside, "coordinator"), at=MONDAY)
    take_out(of(second, "Zoe"), by=cora, at=MONDAY)
    pair_by_hand(second, people["Ben"], people["Kofi"], by=cora, at=MONDAY)

    said = words_of(as_user(cora).get(at_("compare", kept), {"with": second.ref}))

    assert "Ben Ama 100 Kofi 0" in said
    assert "Zoe Kofi 100 without" in said
    restrict(cora.person, people["Zoe"].person, program=riverside, by=cora)
    hidden = words_of(as_user(cora).get(at_("compare", kept), {"with": second.ref}))
    assert "Zoe" not in hidden
    assert "As many pairs as the other" in hidden


def test_nobody_else_opens_or_changes_a_draft(riverside, hillside, kept, people, omar, cora, as_user):
    browser, ben = as_user(omar), people["Ben"].ref
    second = draft_round(hillside, by=omar, at=MONDAY)
    for program in ("riverside", "hillside"):
        for name, more in (("by-hand", [ben]), ("compare", [])):
            address = reverse(f"matching:{name}", args=[program, kept.ref, *more])
            assert browser.get(address).status_code == 404
        for do in ("lock", "out", "again"):
            address = reverse("matching:pairs", args=[program, kept.ref])
            assert browser.post(address, {"do": do, "pair": ben}).status_code == 404
    own = reverse("matching:by-hand", args=["hillside", second.ref, ben])
    assert (browser.get(own).status_code, browser.post(own, {"mentor": people["Kofi"].ref}).status_code) == (404, 404)
    assert browser.get(reverse("matching:compare", args=["hillside", second.ref])).status_code == 200
    assert pairs(kept) == {"Ben": "Ama", "Zoe": "Kofi"}
    assert as_user(cora).get(at_("compare", kept), {"with": second.ref}).status_code == 404


@pytest.mark.parametrize("typed", [{}, {"do": "x"}, {"do": "lock", "pair": "\x00"}, {"do": "out", "pair": "9" * 400}])
def test_made_up_presses_do_no_harm(kept, cora, people, as_user, typed):
    browser = as_user(cora)

    assert browser.post(at_("pairs", kept), typed).status_code == 404
    assert browser.post(at_("by-hand", kept, people["Ben"].ref), {"mentor": "x\x00" * 50}).status_code == 404
    assert browser.get(at_("compare", kept), {"with": "zzz", "after": "-1"}).status_code == 404
    assert browser.get(at_("by-hand", kept, people["Ben"].ref), {"q": "%00'\x00"}).status_code == 200


def test_the_pages_ask_as_much_for_few_as_for_many(riverside, newcomer, cora, as_user):
    browser, counts = as_user(cora), []
    for start, end in ((0, 3), (3, 6), (6, 30)):
        for n in range(start, end):
            newcomer(f"Ama{n}", "mentor")
            ben = newcomer(f"Ben{n}", "mentee")
        kept, other = (draft_round(riverside, by=by, at=MONDAY) for by in (cora, None))
        other.drafts.all().delete()
        with CaptureQueriesContext(connection) as asked:
            for address in (at_("compare", kept), at_("by-hand", kept, ben.ref), kept.get_absolute_url()):
                assert browser.get(address).status_code == 200
        counts.append(len(asked))

    assert counts[1] == counts[2]
