"""What two records of one human being both had around a match is had once, when they are put together."""

from datetime import date

import pytest

from rapport.events import actions as circles
from rapport.events.models import Absence, EventPair, Group, GroupMember, Invitation, Presence, Session
from rapport.matches.models import Agreement, Away, GoalSeen, Match, Pause, SignAsk
from rapport.matching.models import Proposal, Suggestion, WishAsk
from rapport.meetings.models import Feed
from rapport.people.models import Guardianship, Participant, Person, ToldChild
from tests.cast import LONG_AGO, MONDAY, WEEK
from tests.everything import Everything
from tests.people.test_merging import one, twin

TODAY = MONDAY.date()


@pytest.fixture
def grace2(grace, ben, riverside):
    """Grace once more, from another list; guardian of Ben there, too."""
    other = twin(grace, riverside, name="Grâce")
    Guardianship.objects.create(adult=other, child=ben, starts_on=date(2015, 4, 2))
    return other


@pytest.fixture
def made(match, ben, ben_in, cora, riverside):
    """Whatever else a row must hang on."""
    given = {Match: match, Person: ben, Participant: ben_in, type(cora): cora}
    return Everything(riverside, {**given, type(riverside.organization): riverside.organization})


def test_a_calendar_address_stays_the_kept_persons_own(grace, grace2, cora, riverside):
    mine, other = (
        Feed.objects.create(program=riverside, person=who, token_hash=who.ref, made_at=LONG_AGO)
        for who in (grace, grace2)
    )

    one(grace, grace2, by=cora)

    assert list(Feed.objects.live()) == [mine]
    assert set(Feed.objects.values_list("pk", "person")) == {(mine.pk, grace.pk), (other.pk, grace.pk)}


def test_an_agreement_is_asked_of_them_once_and_a_goal_seen_once(made, grace, grace2, cora, riverside):
    agreement, seen = made.of(Agreement), made.of(GoalSeen)
    SignAsk.objects.all().delete()
    for who in (grace, grace2):
        SignAsk.objects.create(program=riverside, agreement=agreement, person=who, party="guardian", made_at=LONG_AGO)
        GoalSeen.objects.create(program=riverside, goal=seen.goal, person=who, seen_at=LONG_AGO)

    one(grace, grace2, by=cora)

    assert list(SignAsk.objects.values_list("person", flat=True)) == [grace.pk]
    assert GoalSeen.objects.filter(person=grace).count() == GoalSeen.objects.exclude(pk=seen.pk).count() == 1


def test_they_are_asked_about_a_match_once_and_what_they_said_stays(match, grace, grace2, ben, cora, riverside):
    facts = {"program": riverside, "match": match, "party": "guardian", "child": ben, "made_at": LONG_AGO}
    said = {"state": "declined", "asked_at": LONG_AGO, "expires_at": MONDAY, "answered_at": LONG_AGO}
    said |= {"said_on": LONG_AGO.date(), "way": "paper", "reason": "Not him."}
    Proposal.objects.create(**facts, person=grace)
    Proposal.objects.create(**facts, **said, person=grace2)

    one(grace, grace2, by=cora)

    assert list(Proposal.objects.values_list("person", "state", "reason")) == [(grace.pk, "declined", "Not him.")]


def test_they_are_suggested_once_and_what_was_said_of_them_stays(made, ama, ama_in, ama2, riverside, cora):
    ask = made.of(WishAsk)
    Suggestion.objects.create(program=riverside, ask=ask, other=ama_in)
    Suggestion.objects.create(program=riverside, ask=ask, other=ama2, choice=1)

    one(ama, ama2.person, by=cora)

    assert list(ask.suggestions.values_list("other", "choice")) == [(ama_in.pk, 1)]


@pytest.fixture
def ama2(match, riverside):
    return twin(match.mentors[0].person, riverside, "mentor", name="Amma")


def test_a_seat_in_a_circle_is_one_and_whoever_was_there_was_there(ama, ama_in, ama2, cora, riverside):
    circle = circles.begin_circle(riverside, name="Mentors", host=cora, form_id="x", by=cora, at=MONDAY)
    time = circles.ask_to(circle, starts_at=MONDAY - WEEK, minutes=60, mentors=[ama_in, ama2], by=cora, at=MONDAY)
    mine, other = time.seats.order_by("pk")
    circles.note(time, took_place=True, there=[other], away=[mine], by=cora, at=MONDAY)

    one(ama, ama2.person, by=cora)

    assert list(time.seats.values_list("participant", "was_there")) == [(ama_in.pk, True)]


def test_a_place_in_a_group_is_one_and_a_mark_is_one(ama, ama_in, ama2, cora, riverside, made):
    group = made.of(Group)
    time = Session.objects.create(program=riverside, group=group, starts_at=MONDAY, ends_at=MONDAY)
    for who, moment, there in ((ama_in, MONDAY, False), (ama2, MONDAY - WEEK, True)):
        given = {"program": riverside, "participant": who}
        GroupMember.objects.create(**given, group=group, asked_at=moment, answered_at=moment, in_at=moment)
        Presence.objects.create(**given, session=time, was_there=there, said_by=ama, marked_at=MONDAY)
        Absence.objects.create(**given, group=group, noticed_at=moment)

    one(ama, ama2.person, by=cora)

    assert list(GroupMember.objects.values_list("participant", "in_at")) == [(ama_in.pk, MONDAY - WEEK)]
    assert list(Presence.objects.values_list("participant", "was_there")) == [(ama_in.pk, True)]
    assert list(Absence.objects.values_list("participant", flat=True)) == [ama_in.pk]


def test_children_told_of_twice_are_told_of_once(ama, ama_in, ama2, cora, riverside):
    for parent, name in ((ama_in, "Lily"), (ama2, "Lily"), (ama2, "Tom")):
        ToldChild.objects.create(program=riverside, parent=parent, first_name=name, told_by=cora, told_at=LONG_AGO)

    one(ama, ama2.person, by=cora)

    assert set(ToldChild.objects.values_list("parent", "first_name")) == {(ama_in.pk, "Lily"), (ama_in.pk, "Tom")}


def test_who_rests_under_both_rests_once_and_what_paused_for_it_goes_on_with_it(match, ama, ama2, cora, riverside):
    mine, other = (
        Away.objects.create(program=riverside, person=who, starts_on=TODAY, made_by=cora) for who in (ama, ama2.person)
    )
    pause = Pause.objects.create(program=riverside, match=match, starts_on=TODAY, away=other, made_by=cora)

    one(ama, ama2.person, by=cora)

    pause.refresh_from_db()
    assert (pause.away, list(Away.objects.filter(ended_on=None))) == (mine, [mine])


def test_to_an_event_day_they_were_asked_once_and_talked_once(match, ama, ama2, ama_in, ben_in, cora, riverside):
    given = {"name": "Day", "minutes": 60, "host": cora, "form_id": "d", "by": cora, "at": LONG_AGO}
    day = circles.make_day(riverside, **given, starts_at=MONDAY)
    for who, state, at in ((ama_in, "coming", MONDAY), (ama2, "not-coming", MONDAY + WEEK)):
        Invitation.objects.create(
            program=riverside, day=day, participant=who, state=state, answered_at=at, invited_at=LONG_AGO,
            came=who == ama_in,
        )  # fmt: skip
        EventPair.objects.create(
            program=riverside, day=day, mentor=who, mentee=ben_in, match=match, noted_at=MONDAY, noted_by=cora
        )

    one(ama, ama2.person, by=cora)

    assert list(Invitation.objects.values_list("participant", "state", "came")) == [(ama_in.pk, "not-coming", True)]
    assert list(EventPair.objects.values_list("mentor", "mentee")) == [(ama_in.pk, ben_in.pk)]
