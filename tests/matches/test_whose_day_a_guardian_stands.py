"""Who stands for a child until a day stands until that day begins where the program is, whatever day it is in UTC."""

from datetime import date

import pytest
from django.db.models import Exists

from rapport.matches.actions.reviewing import call_about_reviews
from rapport.matches.actions.signing_again import standing_for
from rapport.matches.agreement import seats as seats_to_sign
from rapport.matches.letters import open_asks
from rapport.matches.models import Agreement, Match, SignAsk
from rapport.matching.letters import known_asks
from rapport.matching.models import Proposal
from rapport.matching.proposals.turns import seats as seats_to_answer
from rapport.meetings.models import Outing
from rapport.meetings.outings.standing import standing_of
from rapport.onboarding.consenting import may_answer_for, still_to_ask
from rapport.onboarding.models import ConsentAsk
from rapport.people.models import Consent, Guardianship, Participant, Person, Restriction
from rapport.people.models.consent import says_it_again
from rapport.people.scopes import own_child
from rapport.portal.front.reached import own_and_children, reached_by
from rapport.programs.models import Membership, Program
from rapport.safeguarding.models import Concern, TriageItem
from rapport.safeguarding.naming import people_near
from tests.cast import DAY, MONDAY, staff
from tests.matches.test_which_day_it_is import FAR

THAT_DAY = date(2026, 11, 17)


def reads_with_a_link(match, grace, at):
    rows = list(reached_by(grace, at))
    assert bool(rows) == bool(own_and_children(grace, list(Participant.objects.all()), at)[1])
    return bool(rows)


def reads_signed_in(match, grace, at):
    return Participant.objects.filter(own_child(Membership.objects.filter(user__person=grace), at)).exists()


def is_asked_for_permission(match, grace, at):
    return still_to_ask(at).exists()


def may_say_it_again(match, grace, at):
    child = Participant.objects.select_related("person", "program").get(side="mentee")
    return (child.pk, grace.pk) in may_answer_for([(child, grace)], at)


def what_was_set_aside_counts_again(match, grace, at):
    return Consent.objects.filter(says_it_again(at)).exists()


def is_asked_about_the_match(match, grace, at):
    return known_asks(at, Match.OPEN).exists()


def answers_about_the_match(match, grace, at):
    return grace in {seat.person for seat in seats_to_answer([match], at)[match.pk]}


def is_written_to_about_the_agreement(match, grace, at):
    return open_asks(at).exists()


def signs(match, grace, at):
    return grace in {seat.person for seat in seats_to_sign([match], at)[match.pk]}


def is_still_counted_as_who_signs(match, grace, at):
    return Agreement.objects.filter(Exists(standing_for("match", at))).exists()


def permits_outings(match, grace, at):
    return grace in {says.guardian for says in standing_of(Outing.objects.get(), at).says}


def is_named_in_a_concern(match, grace, at):
    return people_near(Concern.objects.get(), at).filter(pk=grace.pk).exists()


WHAT = [
    reads_with_a_link, reads_signed_in, is_asked_for_permission, may_say_it_again, what_was_set_aside_counts_again,
    is_asked_about_the_match, answers_about_the_match, is_written_to_about_the_agreement, signs,
    is_still_counted_as_who_signs, permits_outings, is_named_in_a_concern,
]  # fmt: skip


@pytest.fixture
def asked(begun, riverside, ben, grace, ben_in, cora):
    """Grace, who may sign in too, is asked everything that a guardian is asked of."""
    user, here = staff("Gil", riverside, "guardian"), {"program": riverside}
    Person.objects.filter(user=user).update(user=None)
    Person.objects.filter(pk=grace.pk).update(user=user)
    ConsentAsk.objects.create(**here, participant=ben_in, person=grace, made_by=cora, made_at=MONDAY, form_id="1")
    word = {"purpose": "photo", "is_given": True, "given_at": MONDAY}
    Consent.objects.create(**here, person=ben, given_by=grace, **word)
    Proposal.objects.create(**here, match=begun, person=grace, party="guardian", child=ben, made_at=MONDAY)
    out = Agreement.objects.create(**here, match=begun, number=1, state="out", sent_at=MONDAY, made_at=MONDAY)
    SignAsk.objects.create(**here, agreement=out, person=grace, party="guardian", made_at=MONDAY)
    Outing.objects.create(
        **here, match=begun, what="the zoo", place="the zoo", starts_at=MONDAY - DAY, ends_at=MONDAY, transport="walk",
        asked_at=MONDAY, changed_at=MONDAY, form_id="1",
    )  # fmt: skip
    Concern.objects.create(**here, match=begun, subject=ben, words="-", raised_at=MONDAY, cause_key="1")
    return begun


def ends(ben):
    Guardianship.objects.filter(child=ben).update(ends_on=THAT_DAY)


def is_grown(ben):
    Person.objects.filter(pk=ben.pk).update(born_on=THAT_DAY.replace(year=2008))


@pytest.mark.parametrize("over", [ends, is_grown])
@pytest.mark.parametrize("zone", FAR)
def test_a_guardian_stands_to_the_end_of_the_last_day_where_the_program_is(asked, ben, grace, riverside, zone, over):
    Program.objects.filter(pk=riverside.pk).update(time_zone=zone)
    over(ben)
    match = Match.objects.select_related("program").with_people().get(pk=asked.pk)

    after, before = FAR[zone]

    found = {what.__name__: (what(match, grace, before), what(match, grace, after)) for what in WHAT}
    assert found == dict.fromkeys((what.__name__ for what in WHAT), (True, False))


@pytest.mark.parametrize("zone", FAR)
def test_a_guardianship_begins_with_its_first_day_where_the_program_is(asked, ben, grace, riverside, zone):
    Program.objects.filter(pk=riverside.pk).update(time_zone=zone)
    Guardianship.objects.filter(child=ben).update(starts_on=THAT_DAY)
    match = Match.objects.select_related("program").with_people().get(pk=asked.pk)

    after, before = FAR[zone]

    found = {what.__name__: (what(match, grace, before), what(match, grace, after)) for what in WHAT}
    assert found == dict.fromkeys((what.__name__ for what in WHAT), (False, True))


@pytest.mark.parametrize("zone", FAR)
def test_who_looks_again_at_a_restriction_is_called_on_its_day_where_the_program_is(begun, ben, cora, dele, zone):
    Program.objects.update(time_zone=zone)
    Restriction.objects.create(
        program=begun.program, kept_away=cora.person, subject=ben, reason="-", starts_on=MONDAY.date() - 9 * DAY,
        review_on=THAT_DAY, recorded_by=dele, reviewer=dele, recorded_at=MONDAY,
    )  # fmt: skip
    after, before = FAR[zone]

    assert [call_about_reviews(at=at, limit=9) for at in (before, after)] == [0, 1]


def test_a_lead_who_stands_for_the_child_anywhere_on_earth_reads_no_worry_of_theirs(begun, ben, dele, riverside):
    TriageItem.objects.create(
        program=riverside, match=begun, person=ben, what="-", cause_key="1", came_at=MONDAY, due_at=MONDAY
    )
    Guardianship.objects.create(adult=dele.person, child=ben, starts_on=date(2015, 4, 2), ends_on=THAT_DAY)
    last = FAR["Etc/GMT+12"][1]

    assert TriageItem.objects.visible_to(dele, last).count() == 0
