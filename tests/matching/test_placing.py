"""A mentor for one mentee: twenty side by side, or by moving drafts and unanswered proposals; never an active match."""

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from rapport.access.models import Grant, User
from rapport.matches.actions import NewMatch, propose
from rapport.matches.actions.beginning import lock
from rapport.matches.models import Closure, Match, Point
from rapport.matching import actions
from rapport.matching.actions.editing import ChangedMeanwhile
from rapport.matching.actions.placing import Move, PlaceTaken
from rapport.matching.actions.releasing import release
from rapport.matching.models import Draft, Proposal, Round, Waiting
from rapport.people.actions.merging import put_together
from rapport.people.models import Participant
from tests.care.conftest import restrict
from tests.cast import DAY, open_match, staff
from tests.matching.test_pages import words_of

RULES = [
    {"code": "interests", "kind": "overlap", "label": "Interests", "weight": 100, "settings": {"trait": "interests"}},
    {"code": "town", "kind": "same", "label": "Town", "weight": 10, "is_hard": True, "settings": {"trait": "town"}},
]


@pytest.fixture
def people(riverside, newcomer):
    """Ama shares chess with Ben and Zoe, Kofi tea with Zoe; Kwame lives elsewhere."""
    riverside.criteria.all().delete()
    actions.write_criteria(riverside, {"criterion": [{**rule, "source": "ours"} for rule in RULES]})
    return {
        "Ama": newcomer("Ama", "mentor", interests=["Chess"], town="Ash"),
        "Kofi": newcomer("Kofi", "mentor", interests=["tea"], town="Ash"),
        "Kwame": newcomer("Kwame", "mentor", interests=["chess"], town="Elm"),
        "Ben": newcomer("Ben", "mentee", interests=["chess"], town="Ash"),
        "Zoe": newcomer("Zoe", "mentee", interests=["chess", "tea"], town="Ash"),
    }


def page(name, one=None):
    return reverse(f"matching:{name}", args=[one.program.slug, one.ref] if one else ["riverside"])


def propose_to(mentor, mentee, by):
    return propose([NewMatch([mentor], [mentee], coordinator=by)], program=mentor.program, by=by, at=timezone.now())[0]


def pairs():
    rows = Match.objects.filter(state__in=Match.ALIVE).with_people()
    return {(one.mentees[0].person.given_name, one.mentors[0].person.given_name): one.state for one in rows}


def ended(mentor, mentee, by, *, days=30, reason=Closure.Reason.FIT):
    match = open_match(mentor, mentee, coordinator=by)
    at = timezone.now() - days * DAY
    Match.objects.filter(pk=match.pk).update(state=Match.State.CLOSED, ended_on=at.date())
    Closure.objects.create(
        program=match.program, match=match, reason=reason, ended_on=at.date(), closed_at=at, closed_by=by
    )
    return match


def test_the_best_stand_side_by_side_with_what_they_share_and_one_is_proposed(people, cora, as_user):
    browser, ben = as_user(cora), people["Ben"]

    seen = browser.get(page("candidates", ben))

    said = words_of(seen)
    assert "Who could be a mentor for Ben?" in said
    assert said.index("Ama") < said.index("Kofi")
    assert "<b>Interests: both Chess</b>" in seen.content.decode()
    assert "110 of 110" in said
    assert "nothing in common" in said
    assert "Kwame" not in said
    asked = words_of(browser.get(page("candidates", ben) + "?all=yes"))
    assert "Breaks: Town" in asked

    broken = browser.post(page("candidates", ben), {"mentor": people["Kwame"].ref})
    assert broken.status_code == 409
    assert "They break the rule “Town”." in words_of(broken)
    assert pairs() == {}
    done = browser.post(page("candidates", ben), {"mentor": people["Ama"].ref}, follow=True)

    assert "Proposed. Nobody is asked before you say so" in words_of(done)
    assert pairs() == {("Ben", "Ama"): "proposed"}
    assert "Just now nobody is looked for" in words_of(browser.get(page("candidates", ben)))
    assert browser.post(page("candidates", ben), {"mentor": people["Kofi"].ref}).status_code == 409
    zoe = browser.post(page("candidates", people["Zoe"]), {"mentor": people["Kwame"].ref, "sure": "yes"})
    assert zoe.status_code == 302
    assert pairs() == {("Ben", "Ama"): "proposed", ("Zoe", "Kwame"): "proposed"}


def test_moving_an_unanswered_proposal_makes_room_and_an_active_match_never_moves(people, cora, as_user):
    browser, ben, zoe = as_user(cora), people["Ben"], people["Zoe"]
    stands = propose_to(people["Ama"], zoe, cora)
    release([stands], by=cora, at=timezone.now())

    seen = browser.get(page("moves", ben))

    said = words_of(seen)
    assert "Zoe: from Ama to Kofi" in said
    assert "proposed, and nobody has answered" in said
    ways = [one for _n, one in enumerate(seen.context["ways"])]
    assert [(way.moves, way.gain) for way, *_ in ways] == [(0, 10), (1, 110)]
    done = browser.post(page("moves", ben), {"way": ways[1][1]})
    assert done.status_code == 302
    assert pairs() == {("Ben", "Ama"): "proposed", ("Zoe", "Kofi"): "proposed"}
    stands.refresh_from_db()
    assert stands.state == Match.State.NOT_BEGUN
    assert not Proposal.objects.filter(match=stands, state="asked").exists()
    again = browser.post(page("moves", ben), {"way": ways[1][1]})
    assert again.status_code == 409

    Match.objects.filter(state="proposed").update(state="active", begun_on=date(2026, 3, 1))
    eli = Participant.objects.get(pk=ben.pk)
    Match.objects.filter(members__participant=ben).update(state="not-begun")
    Match.objects.filter(pk=stands.pk).update(state="active", begun_on=date(2026, 3, 1))
    assert "Zoe" not in words_of(browser.get(page("moves", eli)))


def test_a_way_found_for_a_colleague_is_not_there_and_who_may_edit_no_match_any_more_moves_none(
    riverside, people, cora, as_user
):
    ben, cleo = people["Ben"], staff("Cleo", riverside, "coordinator")
    propose_to(people["Ama"], people["Zoe"], cora)
    way = as_user(cora).get(page("moves", ben)).context["ways"][1][1]
    stood = pairs()

    assert as_user(cleo).post(page("moves", ben), {"way": way}).status_code == 404
    Grant.objects.filter(role__slug="coordinator", right="match.edit").delete()
    pressed = as_user(cora).post(page("moves", ben), {"way": way})

    assert (pressed.status_code, pairs()) == (409, stood)


@pytest.mark.parametrize("why", ["answered", "ticked", "accepted", "hidden"])
def test_what_somebody_said_something_to_stays(people, cora, dele, as_user, why):
    ben, zoe = people["Ben"], people["Zoe"]
    stands, at = propose_to(people["Ama"], zoe, cora), timezone.now()
    if why == "answered":
        release([stands], by=cora, at=at)
        Proposal.objects.filter(match=stands, state="asked").update(
            state="yes", answered_at=at, said_on=at.date(), way="link"
        )
    if why == "ticked":
        Point.objects.filter(match=stands, code="safety-contact").update(kept_at=at)
    if why == "accepted":
        kept = Round.objects.create(program=ben.program, state="published", made_at=at)
        Draft.objects.create(round=kept, mentor=people["Ama"], mentee=zoe, score=1, match=stands, accepted_by="Cora")
    if why == "hidden":
        restrict(cora.person, zoe.person, program=ben.program, by=dele, starts_on=date(2026, 1, 1))

    said = words_of(as_user(cora).get(page("moves", ben)))

    assert "Nobody moves" in said
    assert "Zoe" not in said
    if why != "hidden":
        with pytest.raises(ChangedMeanwhile):
            actions.place(ben, people["Ama"], moves=[Move(zoe, people["Ama"], people["Kofi"])], by=cora, at=at)
    assert pairs() == {("Zoe", "Ama"): "proposed"}


def test_a_draft_moves_in_its_round_and_a_locked_one_does_not(people, cora, as_user):
    browser, ben, zoe, at = as_user(cora), people["Ben"], people["Zoe"], timezone.now()
    kept = Round.objects.create(program=ben.program, made_at=at, criteria=[])
    draft = Draft.objects.create(round=kept, mentor=people["Ama"], mentee=zoe, score=1)

    assert "in the draft with Zoe" in words_of(browser.get(page("candidates", ben)))
    seen = browser.get(page("moves", ben))
    assert "in the draft, told to nobody" in words_of(seen)
    way = next(carried for way, carried, _more in seen.context["ways"] if way.moves == 1)
    Draft.objects.filter(pk=draft.pk).update(locked_at=at)
    late = browser.post(page("moves", ben), {"way": way})
    assert late.status_code == 409
    assert pairs() == {}
    assert "Zoe" not in words_of(browser.get(page("moves", ben)))
    Draft.objects.filter(pk=draft.pk).update(locked_at=None)
    browser.post(page("moves", ben), {"way": way})

    draft.refresh_from_db()
    assert (draft.mentor, draft.is_by_hand) == (people["Kofi"], True)
    assert pairs() == {("Ben", "Ama"): "proposed"}


def test_whoever_asked_to_be_shown_somebody_else_is_not_forgotten_when_the_proposal_is_let_go(
    riverside, people, cora, as_user
):
    ben, at = people["Ben"], timezone.now()
    match = propose_to(people["Ama"], ben, cora)
    Proposal.objects.create(
        program=riverside, match=match, party="mentee", person=ben.person, state="declined", wants_another=True,
        made_at=at, asked_at=at, expires_at=at + DAY, answered_at=at, said_on=at.date(), way="link", answers=1,
        reason="She shouts",
    )  # fmt: skip
    Match.objects.filter(pk=match.pk).update(state=Match.State.NOT_BEGUN)
    lead = staff("Mo", riverside, "coordinator")
    addresses = [page("waiting"), page("candidates", ben)]

    for address in addresses:
        said = words_of(as_user(cora).get(address))
        assert "to be shown somebody else than Ama." in said
        assert "She shouts" not in said
    restrict(lead.person, people["Ama"].person, program=riverside, by=cora)
    assert "somebody else than" not in words_of(as_user(lead).get(addresses[0]))  # a match this reader may not see
    ended(people["Kofi"], ben, cora, days=-1)
    assert "somebody else than" not in words_of(as_user(cora).get(addresses[0]))  # there was another since


def test_who_waits_stands_by_waiting_and_what_they_had_is_read_by_few(riverside, people, cora, newcomer, as_user):
    browser, ben, zoe = as_user(cora), people["Ben"], people["Zoe"]
    old, limits = newcomer("Old", "mentor"), riverside.limits
    assert limits.filter(code__startswith="rematch").count() == 3
    ended(old, ben, cora, days=3)
    note = {"is_first": "on", "words": "Asked twice", "wants": "later", "is_understood": "on"}

    said = words_of(browser.get(page("waiting")))

    assert said.index("Zoe") < said.index("Ben")
    assert "Was matched before: Old and Ben" in said
    assert "Ended because: did not suit each other." in said
    assert "A rest after the ending" in said
    assert "Nobody has written down yet whether they want another mentor." in said
    assert browser.post(page("keep-waiting", ben), note).status_code == 302
    said = words_of(browser.get(page("waiting")))
    assert said.index("Ben") < said.index("Zoe")
    assert "comes first" in said
    assert "Asked twice (Cora," in said
    assert "Asked whether they want another mentor: not yet." in said
    assert "Still to talk about: that another might end early, too; whether there is time enough left." in said
    assert Waiting.objects.get().said_by == cora
    ended(newcomer("Ola", "mentor"), ben, cora, days=1)
    assert "They had 2 matches before. Talk with a colleague first" in words_of(browser.get(page("waiting")))
    done = browser.post(page("candidates", ben), {"mentor": people["Ama"].ref})
    assert done.status_code == 302
    assert Point.objects.filter(match__state="proposed", code="training-again", needs_words=True).exists()
    assert "Was matched before" not in words_of(browser.get(page("candidates", zoe)))


def test_why_it_ended_and_whom_a_reader_may_not_see_show_nowhere(riverside, people, cora, dele, newcomer, as_user):
    old = newcomer("Old", "mentor")
    ended(old, people["Ben"], cora)
    restrict(cora.person, old.person, program=riverside, by=dele, starts_on=date(2026, 1, 1))
    restrict(cora.person, people["Zoe"].person, program=riverside, by=dele, starts_on=date(2026, 1, 1))
    restrict(cora.person, people["Ama"].person, program=riverside, by=dele, starts_on=date(2026, 1, 1))
    browser = as_user(cora)

    said = words_of(browser.get(page("waiting"))) + words_of(browser.get(page("candidates", people["Ben"])))

    for name in ("Old", "Zoe", "Ama", "suit each other"):
        assert name not in said
    assert browser.get(page("candidates", people["Zoe"])).status_code == 404
    assert browser.post(page("candidates", people["Ben"]), {"mentor": people["Ama"].ref}).status_code == 404
    assert pairs() == {}


def test_two_records_of_one_mentee_keep_what_was_written_of_both(riverside, people, cora):
    none = {"wants": "", "is_understood": False, "is_weighed": False, "has_time": False}
    actions.keep_waiting(people["Ben"], is_first=False, words="Asked", **none, by=cora, at=timezone.now())
    actions.keep_waiting(people["Zoe"], is_first=True, words="Twice", **none, by=cora, at=timezone.now())
    assert not actions.keep_waiting(people["Zoe"], is_first=True, words="Twice", **none, by=cora, at=timezone.now())

    put_together(people["Ben"].person, people["Zoe"].person, by=cora, at=timezone.now())

    row = Waiting.objects.get()
    assert (row.mentee, row.is_first, row.words) == (people["Ben"], True, "Asked · Twice")


def test_nobody_else_finds_a_mentor_for_anybody(riverside, people, omar, hill_match, as_user):
    others = [
        omar,
        staff("Mia", riverside, "mentor"),
        staff("Sam", riverside, "site-lead"),
        staff("Eva", riverside, "evaluator"),
    ]
    for user in others:
        browser = as_user(user)
        for name in ("candidates", "moves", "keep-waiting"):
            assert browser.get(page(name, people["Ben"])).status_code == 404
            assert browser.post(page(name, people["Ben"]), {"mentor": people["Ama"].ref}).status_code == 404
        assert browser.get(page("waiting")).status_code == 404
    assert as_user(omar).get(reverse("matching:waiting", args=["hillside"])).status_code == 200
    assert pairs() == {("Hanna", "Hugo"): "active"}


@pytest.mark.parametrize("way", ["", "x", "a:b:c", "\x00", "x" * 5000, "💥"])
def test_a_way_made_up_by_hand_does_nothing(people, cora, as_user, way):
    answer = as_user(cora).post(page("moves", people["Ben"]), {"way": way})

    assert answer.status_code == 409
    assert "Look at the ways again" in words_of(answer)
    assert as_user(cora).post(page("candidates", people["Ben"]), {"mentor": way}).status_code == 404
    assert pairs() == {}


def test_pages_ask_the_same_number_of_questions_for_few_and_many(riverside, newcomer, cora, as_user):
    browser, counts = as_user(cora), []
    first = newcomer("Ben", "mentee")
    for start, end in ((0, 3), (3, 6), (6, 30)):
        for n in range(start, end):
            mentor, mentee = newcomer(f"Ama{n}", "mentor"), newcomer(f"Zoe{n}", "mentee")
            ended(newcomer(f"Old{n}", "mentor", ready=False), newcomer(f"Eli{n}", "mentee", ready=False), cora)
            propose_to(mentor, mentee, cora)
        with CaptureQueriesContext(connection) as asked:
            for address in (page("waiting"), page("candidates", first), page("moves", first)):
                assert browser.get(address).status_code == 200
        counts.append(len(asked))

    assert counts[1] == counts[2]


@pytest.mark.django_db(transaction=True)
def test_of_two_who_take_the_last_place_at_once_one_wins(people, cora):
    def take(name):
        try:
            by = User.objects.get(pk=cora.pk)
            actions.place(Participant.objects.get(pk=people[name].pk), people["Ama"], by=by, at=timezone.now())
        except PlaceTaken as refusal:
            return str(refusal)
        finally:
            connection.close()
        return "proposed"

    with ThreadPoolExecutor(2) as pool:
        outcomes = sorted(pool.map(take, ["Ben", "Zoe"]))

    assert outcomes == ["Ama cannot take anybody on just now. Look at who else there is.", "proposed"]
    assert len(pairs()) == 1


@pytest.mark.django_db(transaction=True)
def test_a_proposal_that_moves_is_held_before_its_people_as_every_beginning_holds_them(people, cora):
    stands = propose_to(people["Ama"], people["Zoe"], cora)

    def move():
        try:
            by, moved = User.objects.get(pk=cora.pk), Move(people["Zoe"], people["Ama"], people["Kofi"])
            actions.place(people["Ben"], people["Ama"], moves=[moved], by=by, at=timezone.now())
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            Match.objects.select_for_update().get(pk=stands.pk)
            moves = pool.submit(move)
            time.sleep(0.2)  # until it stands before what is held here
            lock(stands)
        moves.result()

    assert set(pairs()) == {("Ben", "Ama"), ("Zoe", "Kofi")}
