"""Somebody presses yes while somebody else says that they read that letter, or another at the same address: no yes
slips past."""

from contextlib import suppress

import pytest

from rapport.matches import actions as matches
from rapport.matches.actions import signing
from rapport.matches.models import Match, Signature
from rapport.matching.actions import answering
from rapport.matching.models import Proposal
from rapport.matching.proposals.turns import with_matches
from rapport.meetings.actions import outings
from rapport.meetings.models import OutingWord
from rapport.onboarding import actions as onboarding
from rapport.onboarding.consenting import texts_of
from rapport.outbox.actions import issue_link, somebody_else_reads
from rapport.outbox.links import LinkShut
from rapport.outbox.models import Link
from rapport.people.models import Consent
from tests.cast import DAY, MONDAY
from tests.matches.conftest import proposed  # noqa: F401
from tests.matches.test_agreement import asks_of, out_for, yes
from tests.meetings.test_outings import ZOO, times
from tests.onboarding.conftest import NOON, asked
from tests.people.test_merging_at_once import at_once


class ToPermit:
    """Each time asked anew whether Ben may take part."""

    of = "match"

    def __init__(self, match, grace, cora):
        self.ask = asked(match.mentees[0], grace, "join", by=cora)
        self.link = link_to(self.ask, grace, match.program)

    def say_yes(self):
        said = [onboarding.Said(one.text, True) for one in texts_of(self.ask, "en")]
        matches.hear_consent(self.ask, said=said, link=self.link, by=self.ask.person, at=NOON)

    def not_them(self):
        onboarding.not_them(self.ask, at=NOON)

    def counts(self):
        return Consent.objects.valid(NOON).exists()


class ToMeet:
    """Each time asked anew whether Ama will meet Ben."""

    of = "proposed"

    def __init__(self, match, grace, cora):
        Proposal.objects.all().delete()
        facts = {"program": match.program, "match": match, "state": "asked", "made_at": MONDAY, "asked_at": MONDAY}
        Proposal.objects.create(person=match.mentors[0].person, party="mentor", expires_at=NOON + 9 * DAY, **facts)
        [self.row] = with_matches(Proposal.objects.all())
        self.link = link_to(self.row, self.row.person, match.program)

    def say_yes(self):
        said = answering.Answer(says="yes", way="link")
        answering.hear_answer(self.row, said, link=self.link, by=self.row.person, at=NOON)

    def not_them(self):
        answering.not_them(self.row, at=NOON)

    def counts(self):
        return Proposal.objects.filter(party="mentor", state="yes").exists()


class ToSign:
    """Each time a newer version of an agreement, which Grace is asked to sign."""

    of = "match"

    def __init__(self, match, grace, cora):
        self.ask = asks_of(out_for(match, by=cora))["Grace"]
        self.link = link_to(self.ask, grace, match.program)

    def say_yes(self):
        signing.sign(self.ask, yes(), link=self.link, by=self.ask.person, at=NOON)

    def not_them(self):
        signing.not_them(self.ask, at=NOON)

    def counts(self):
        return Signature.objects.counted().filter(is_yes=True).exists()


class ToAllow:
    """Each time another outing, to which Grace is asked for her yes."""

    of = "match"

    def __init__(self, match, grace, cora):
        self.child, self.person, before = match.members.get(side="mentee").participant.person, grace, OutingWord.objects
        at = times()["starts_at"] + before.count() * DAY
        self.outing = outings.ask_for_outing(match, form_id=str(at), by=cora, at=MONDAY, **ZOO, **times(at, hours=1))
        self.link = link_to(self.outing, grace, match.program)

    def say_yes(self):
        outings.say_to_outing(
            self.outing, child=self.child, person=self.person, is_yes=True, version=1, link=self.link, by=self.person,
            at=NOON,
        )  # fmt: skip

    def not_them(self):
        outings.not_them(self.outing, self.link, at=NOON)

    def counts(self):
        return OutingWord.objects.counted().filter(is_yes=True).exists()


def link_to(about, person, program):
    issue_link(purpose="tests", person=person, about=about, program=program, at=MONDAY, expires_at=NOON + DAY)
    return Link.objects.latest("pk")


def pair(request, fixture):
    one = request.getfixturevalue(fixture)
    return Match.objects.select_related("program", "coordinator").with_people().get(pk=one.pk)


def of_another_letter(asks):
    """They say so on another letter that went to the same address."""
    somebody_else_reads(Link.objects.filter(pk=asks.link.pk), at=NOON)


def of_this_letter(asks):
    asks.not_them()


@pytest.mark.django_db
@pytest.mark.parametrize("not_them", [of_this_letter, of_another_letter])
@pytest.mark.parametrize("what", [ToPermit, ToMeet, ToSign, ToAllow])
def test_a_page_that_was_open_when_its_link_was_shut_takes_no_yes(request, grace, cora, what, not_them):
    asks = what(pair(request, what.of), grace, cora)

    not_them(asks)

    with pytest.raises(LinkShut):
        asks.say_yes()
    assert not asks.counts()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("not_them", [of_this_letter, of_another_letter])
@pytest.mark.parametrize("what", [ToPermit, ToMeet, ToSign, ToAllow])
def test_a_yes_pressed_at_that_moment_is_refused_or_to_be_confirmed(request, grace, cora, what, not_them):
    for _again in range(8):
        asks = what(pair(request, what.of), grace, cora)

        at_once(unless_shut(asks.say_yes), lambda: not_them(asks))  # noqa: B023

        assert not asks.counts()


def unless_shut(press):
    def pressed():
        with suppress(LinkShut):
            press()

    return pressed
