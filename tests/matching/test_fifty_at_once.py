"""Fifty coordinators at once publish, let go and accept: no mentor's places are ever exceeded, on both databases."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.db import connection
from django.db.models import Count
from django.test import Client
from django.utils import timezone

from rapport.core.refused import Refused
from rapport.matches.actions import NewMatch, propose, tick
from rapport.matches.models import Match, Member
from rapport.matching.actions import draft_round, publish, run_again
from rapport.matching.actions.releasing import release, release_next
from rapport.matching.models import Draft, Party, Proposal, Round
from rapport.outbox.actions import issue_link
from rapport.people.models import Participant
from tests.cast import MONDAY

FIFTY, PLACES = 50, 3
PERSON = {"HTTP_USER_AGENT": "Mozilla/5.0"}
State = Proposal.State


def at_once(do, things):
    """Each in a thread of its own, all beginning together. What is refused is said; anything else fails the test."""
    barrier = Barrier(len(things))

    def one(thing):
        barrier.wait()
        try:
            return do(thing)
        except Refused as refusal:
            return str(refusal)
        finally:
            connection.close()

    with ThreadPoolExecutor(len(things)) as pool:
        return list(pool.map(one, things))


@pytest.fixture
def ama(newcomer):
    return newcomer("Ama", "mentor", capacity=PLACES)


@pytest.fixture
def children(newcomer):
    return [newcomer(f"Nils{n}", "mentee") for n in range(FIFTY)]


def proposed(pairs, by):
    rows = [NewMatch([mentor], [mentee], coordinator=by) for mentor, mentee in pairs]
    return propose(rows, program=pairs[0][0].program, by=by, at=MONDAY)


def mentors_over():
    """Mentors with more living matches that are asked about or open than places."""
    alive = Member.objects.filter(side="mentor", match__state__in=Match.ALIVE, match__asked_about__isnull=False)
    counts = alive.values("participant", "participant__capacity").annotate(n=Count("match", distinct=True))
    return [row for row in counts if row["n"] > row["participant__capacity"]]


@pytest.mark.django_db(transaction=True)
def test_fifty_let_go_at_once_ask_about_as_many_as_there_are_places(ama, children, cora):
    matches = proposed([(ama, child) for child in children], cora)

    told = at_once(lambda match: release([match], by=cora, at=MONDAY), matches)

    assert sum(len(one.asked) for one in told) == PLACES
    assert {words for one in told for words in one.held.values()} == {"Ama has no free place."}
    assert mentors_over() == []


@pytest.mark.django_db(transaction=True)
def test_one_mentee_is_asked_about_one_mentor_and_a_double_press_asks_once(newcomer, children, cora):
    ben = children[0]
    matches = proposed([(newcomer(f"M{n}", "mentor"), ben) for n in range(10)], cora)

    told = at_once(lambda match: release([match], by=cora, at=MONDAY), matches * 2)

    assert sum(len(one.asked) for one in told) == 1
    assert Proposal.objects.values("match").distinct().count() == 1
    assert Proposal.objects.filter(state=State.ASKED).count() == 1


@pytest.mark.django_db(transaction=True)
def test_fifty_rounds_published_at_once_propose_as_many_as_there_are_places(ama, children, cora):
    rounds = []
    for child in children:
        kept = Round.objects.create(program=ama.program, made_at=MONDAY)
        Draft.objects.create(round=kept, mentor=ama, mentee=child, score=1)
        rounds.append(kept)

    made = at_once(lambda kept: publish(kept, by=cora, at=MONDAY), rounds)

    assert sum(len(one) for one in made) == PLACES
    assert Match.objects.filter(state=Match.State.PROPOSED).count() == PLACES


@pytest.mark.django_db(transaction=True)
def test_a_round_pressed_at_once_is_one_draft_and_so_is_what_is_run_again(ama, children, cora):
    made = at_once(lambda by: draft_round(ama.program, by=by, at=MONDAY), [cora] * 3)
    again = at_once(lambda kept: run_again(kept, by=cora, at=MONDAY)[0], made)

    assert (len(set(made)), len(set(again)), Round.objects.count()) == (1, 1, 2)


@pytest.mark.django_db(transaction=True)
def test_fifty_last_yeses_at_once_begin_as_many_as_there_are_places(ama, children, cora):
    Participant.objects.filter(pk=ama.pk).update(capacity=FIFTY)
    ama.refresh_from_db()
    matches = proposed([(ama, child) for child in children], cora)
    release(matches, by=cora, at=MONDAY)
    for match in matches:
        tick(match.points.filter(moment="begin").exclude(code="said-yes"), by=cora, at=MONDAY)
    asked = {"asked_at": MONDAY, "answered_at": MONDAY, "said_on": MONDAY.date(), "way": "link", "state": State.YES}
    Proposal.objects.exclude(party=Party.MENTEE).update(expires_at=MONDAY, **asked)
    Proposal.objects.filter(party=Party.MENTEE).update(state=State.ASKED, asked_at=MONDAY, expires_at=MONDAY)
    Participant.objects.filter(pk=ama.pk).update(capacity=PLACES)
    doors = [door(row) for row in Proposal.objects.filter(party=Party.MENTEE).select_related("program", "person")]

    said = at_once(lambda path: Client(**PERSON).post(path, {"say": "yes"}).status_code, doors)

    assert said == [200] * FIFTY
    assert set(Proposal.objects.filter(party=Party.MENTEE).values_list("state", "answers")) == {("yes", 1)}
    assert Match.objects.active().count() == PLACES


def door(row):
    at = timezone.now() - timedelta(hours=1)
    more = {"program": row.program, "at": at, "expires_at": at + timedelta(days=1)}
    return f"/y/{issue_link(purpose='proposal', person=row.person, about=row, **more)}/"


@pytest.mark.django_db(transaction=True)
def test_ten_who_choose_the_same_next_mentor_fill_one_place(newcomer, children, cora):
    kofi = newcomer("Kofi", "mentor")
    pairs = [(newcomer(f"M{n}", "mentor"), child) for n, child in enumerate(children[:10])]
    before = [match.pk for match in proposed(pairs, cora)]
    matches = list(Match.objects.filter(pk__in=before).select_related("program", "coordinator").with_people())
    release(matches, by=cora, at=MONDAY)

    told = at_once(lambda match: release_next(match, mentor=kofi, by=cora, at=MONDAY), matches)

    assert sum(isinstance(one, Match) for one in told) == 1
    assert {one for one in told if isinstance(one, str)} == {"Kofi has no free place."}
    assert Match.objects.filter(pk__in=before, state=Match.State.PROPOSED).count() == 9
    assert mentors_over() == []
