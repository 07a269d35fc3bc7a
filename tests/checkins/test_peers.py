"""Where a pupil mentors a pupil, both are treated as children: asked for themselves, never reminded, guardians told."""

from datetime import date

import pytest

from rapport.checkins.actions import answer
from rapport.checkins.cards import page_of
from rapport.checkins.models import Ask
from rapport.people.models import Consent, Guardianship, Person
from rapport.safeguarding.models import Concern
from tests.cast import LONG_AGO, person
from tests.checkins.conftest import DAY, MORNING, letters, live

pytestmark = pytest.mark.django_db
NINTH = MORNING + 8 * DAY  # everybody has been asked by then


@pytest.fixture
def helen(riverside, ama):
    """Ama is sixteen herself; Helen stands for her."""
    Person.objects.filter(pk=ama.pk).update(born_on=date(2010, 5, 5))
    ama.refresh_from_db()
    helen = person("Helen", riverside, born_on=date(1980, 1, 1))
    Guardianship.objects.create(adult=helen, child=ama, relation="mother", starts_on=LONG_AGO.date())
    return helen


def cards_of(somebody):
    ask = Ask.objects.filter(person=somebody).latest("pk")
    return [(card.name, card.feeling, card.worry) for card in page_of(ask, NINTH).cards]


def test_each_guardian_is_asked_about_their_own_child(young, duty, helen, grace):
    live(1, since=NINTH)

    assert cards_of(helen) == [
        ("Ama", "How does Ama feel about the time with Ben?", "Does anything worry you about Ama?")
    ]
    assert cards_of(grace) == [
        ("Ben", "How does Ben feel about the time with Ama?", "Does anything worry you about Ben?")
    ]


def test_a_young_mentor_is_asked_about_herself_and_not_reminded(young, duty, helen, ama, mailbox):
    for days in (0, 4, 9):
        live(1, since=NINTH + days * DAY)

    told = [one for one in letters(sorted(mailbox.glob("*.eml"))) if "ama" in str(one[0])]
    assert Ask.objects.filter(person=ama, state="reminded").count() == 0
    assert len({one[3] for one in told}) == len(told)
    assert cards_of(ama)[0][2] == "Does anything worry you, about yourself or about Ben?"


@pytest.mark.parametrize(("who", "about"), [("ama", None), ("helen", "Ama"), ("grace", "Ben"), ("ben", "Ben")])
def test_a_worry_says_of_whom_only_where_it_is_clear(young, duty, helen, request, who, about):
    somebody = request.getfixturevalue(who)
    live(1, since=NINTH)
    check_in = Ask.objects.filter(person=somebody).latest("pk").check_ins.get()

    answer(check_in, worry="yes", form_id="f1", by=somebody, at=NINTH)

    subject = Concern.objects.get().subject
    assert (subject.given_name if subject else None) == about


def test_whoever_is_not_to_be_named_is_not_named_to_a_guardian_either(young, duty, helen, ben, grace, riverside):
    Consent.objects.create(
        program=riverside, person=ben, given_by=grace, purpose="share-basics", is_given=False, given_at=NINTH - DAY
    )
    live(1, since=NINTH)

    assert [card[1] for card in cards_of(helen)] == ["How does Ama feel about the time with the other young person?"]
