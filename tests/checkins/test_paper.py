"""An ask on paper: the sheet, and what staff write down from it. Equal standing, the same ways for a worry."""

from datetime import date, timedelta

import pytest
import time_machine
from django.urls import reverse

from rapport.checkins.actions import gather_asks, plan_check_ins, take_due_steps
from rapport.checkins.models import Answer, Ask, CheckIn
from rapport.core.refs import new_ref
from rapport.onboarding.actions import ask_for_consent
from rapport.outbox.kinds import KINDS
from rapport.people.models import ContactPoint, Guardianship, Person
from rapport.safeguarding.models import Concern, TriageItem
from tests.cast import DAY, MONDAY, open_match, participant, person, staff
from tests.checkins.conftest import BEGUN

pytestmark = pytest.mark.django_db
NOON = MONDAY + timedelta(hours=3)


@pytest.fixture(autouse=True)
def noon():
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.fixture
def asks(young, duty, ben, grace, ama):
    """Everybody is asked; Ben and his family have no address, so somebody talks with them instead."""
    ContactPoint.objects.filter(person__in=[ben, grace]).delete()
    plan_check_ins(at=MONDAY, limit=100)
    gather_asks(at=MONDAY, limit=100)
    take_due_steps(at=MONDAY, limit=100)
    return {one.person.given_name: one for one in Ask.objects.select_related("person")}


def text(page):
    return page.content.decode()


def place(ask, sheet=False, program="riverside"):
    return f"/p/{program}/asks/{ask.ref}/" + ("sheet/" if sheet else "")


def first_card(ask):
    return f"c{ask.check_ins.order_by('pk').first().pk}"


def written(browser, ask, way="paper", witness="", **said):
    card = first_card(ask)
    sent = {f"{card}-{name}": value for name, value in said.items()} | {"way": way, "form_id": new_ref()}
    return browser.post(place(ask), {"said_on": "16 11 2026", "witness": witness} | sent)


def test_the_sheet_holds_the_questions_and_nothing_anybody_said(as_user, cora, asks):
    written(as_user(cora), asks["Grace"], feel="1", worry="maybe", words="He is quiet.")

    child = text(as_user(cora).get(place(asks["Ben"], sheet=True)))
    family = text(as_user(cora).get(place(asks["Grace"], sheet=True)))

    assert "How do you feel about the time with Ama?" in child
    assert "Does anything worry you?" in child
    assert (asks["Ben"].ref in child, "<svg" in child) == (True, True)
    for page in (child, family):
        assert ("quiet" in page, " checked" in page) == (False, False)
    assert "Grace" not in child


def test_the_sheet_speaks_its_readers_language(as_user, cora, asks, ben):
    Person.objects.filter(pk=ben.pk).update(language="es")

    page = text(as_user(cora).get(place(asks["Ben"], sheet=True)))

    assert '<html lang="es"' in page
    assert "¿" in page


def test_what_stands_on_the_sheet_is_its_persons_answer(as_user, cora, asks, ben):
    page = written(as_user(cora), asks["Ben"], feel="4", worry="no")

    answer = Answer.objects.get()
    assert (page.status_code, page.url) == (302, "/p/riverside/today/")
    assert (answer.feeling, answer.worry, answer.source, answer.level) == (4, "no", "paper", 2)
    assert answer.check_in.person == ben
    assert answer.check_in.state == CheckIn.State.ANSWERED


def test_a_worry_on_paper_is_raised_like_a_pressed_one(as_user, cora, asks, ben):
    written(as_user(cora), asks["Ben"], worry="yes", words="I am afraid of the way home.")
    written(as_user(cora), asks["Grace"], way="interpreter", witness="Ms Silva", worry="maybe", words="He is quiet.")

    assert [(one.raised_by, one.subject) for one in Concern.objects.all()] == [(ben, ben)]
    assert TriageItem.objects.count() == 1
    assert sorted(Answer.objects.values_list("source", flat=True)) == ["interpreter", "paper"]
    again = text(as_user(cora).get(place(asks["Ben"])))
    assert ("afraid" in again, " checked" in again.partition('name="way"')[0]) == (False, False)


def test_one_press_is_one_answer(as_user, cora, asks):
    card = first_card(asks["Ben"])
    sent = {f"{card}-feel": "2", "way": "paper", "said_on": "16 11 2026", "form_id": new_ref()}

    for _ in range(3):
        assert as_user(cora).post(place(asks["Ben"]), sent).status_code == 302
    assert Answer.objects.count() == 1


@pytest.mark.parametrize(
    "said",
    [{}, {"feel": "9"}, {"worry": "perhaps"}, {"words": "x" * 10_001}, {"words": "\u0000"}, {"feel": "4", "way": "x"}],
)
def test_what_is_not_right_is_said_and_nothing_kept(as_user, cora, asks, said):
    page = written(as_user(cora), asks["Ben"], **said)

    assert page.status_code == 422
    assert as_user(cora).post(place(asks["Ben"])).status_code == 422
    assert not Answer.objects.exists()


def test_it_is_kept_how_it_came_on_which_day_and_who_interpreted_never_a_child(as_user, cora, asks, riverside):
    browser = as_user(cora)
    participant(person("Mia", riverside, family_name="Moss", born_on=date(2012, 1, 1)), riverside, "mentee")
    card = first_card(asks["Grace"])
    for wrong in (
        {"witness": ""},
        {"witness": "Ben"},
        {"witness": "Mia Moss"},
        {"witness": "Grace Adler"},
        {"said_on": "17 11 2026"},
        {"said_on": "1 1 2026"},
        {"way": "owl"},
    ):
        sent = {"way": "interpreter", "witness": "Ms Silva", "said_on": "16 11 2026", "form_id": new_ref()} | wrong
        assert browser.post(place(asks["Grace"]), sent | {f"{card}-feel": "4"}).status_code == 422
    assert not Answer.objects.exists()

    for way in ("interpreter", "phone", "person"):
        written(browser, asks["Grace"], way=way, witness="Ms Silva" if way == "interpreter" else "", feel="4")

    rows = Answer.objects.order_by("pk").values_list("source", "said_on", "witness")
    assert list(rows) == [
        ("interpreter", date(2026, 11, 16), "Ms Silva"),
        ("phone", date(2026, 11, 16), ""),
        ("person", date(2026, 11, 16), ""),
    ]


def test_nobody_else_meets_the_sheet(as_user, cora, dele, omar, hill_match, asks, riverside):
    nora = staff("Nora", riverside, "match-support")
    ama_works_here = staff("Amy", riverside, "coordinator")
    Person.objects.filter(user=ama_works_here).update(user=None)
    Person.objects.filter(pk=asks["Ama"].person_id).update(user=ama_works_here)
    for user in (omar, nora, ama_works_here):
        for sheet in (True, False):
            assert as_user(user).get(place(asks["Ama"], sheet)).status_code == 404
            assert as_user(user).post(place(asks["Ama"], sheet)).status_code == 404
    assert as_user(omar).get(place(asks["Ben"], program="hillside")).status_code == 404
    assert as_user(cora).get(place(asks["Ama"])).status_code == 200


def test_a_guardian_of_two_is_shown_only_with_what_this_reader_looks_after(
    as_user, young, duty, riverside, grace, cora
):
    nora, mia = staff("Nora", riverside, "match-support"), person("Mia", riverside, born_on=date(2014, 1, 1))
    Guardianship.objects.create(adult=grace, child=mia, starts_on=date(2014, 1, 1))
    max_ = participant(person("Max", riverside, born_on=date(1980, 1, 1)), riverside, "mentor")
    open_match(max_, participant(mia, riverside, "mentee"), coordinator=nora, begun_on=BEGUN)
    plan_check_ins(at=MONDAY, limit=100)
    gather_asks(at=MONDAY, limit=100)
    ask = Ask.objects.get(person=grace)

    theirs, everything = (as_user(user).get(place(ask, sheet=True)).context["page"].cards for user in (nora, cora))

    assert [card.name for card in theirs] == ["Mia"]
    assert sorted({card.name for card in everything}) == ["Ben", "Mia"]


IN_THEIR_OWN_TESTS = {"agreement", "event-day", "goals", "meetings", "outing", "proposal", "suggestions"}


def test_every_kind_of_ask_has_its_sheet_and_a_page_to_write_it_down(as_user, cora, asks, ben_in, riverside):
    """A new kind of link fails here until what it asks can be asked on paper, with equal standing."""
    consent = ask_for_consent(
        ben_in, person=asks["Ben"].person, purposes=["join"], by_letter=False, form_id=new_ref(), by=cora, at=NOON
    )
    of_purpose = {"ask": asks["Ben"], "consent": consent, "own-page": asks["Ben"].person}
    plans = {
        kind.link.purpose: kind.link for kind in KINDS.values() if kind.link and not kind.name.startswith("tests/")
    }
    assert set(plans) == set(of_purpose) | IN_THEIR_OWN_TESTS
    assert all(
        reverse(name, args=["riverside", "ref"]) for one in plans.values() for name in (one.sheet, one.write_down)
    )

    for purpose, ask in of_purpose.items():
        plan = plans[purpose]
        sheet, page = (reverse(name, args=["riverside", ask.ref]) for name in (plan.sheet, plan.write_down))
        printed, blank = (text(as_user(cora).get(address)) for address in (sheet, page))
        assert ("<svg" in printed, ask.ref in printed, ask.ref in blank) == (True, True, True)
        for field in ("said_on", "way", "witness"):
            assert f'name="{field}"' in blank


def test_a_closed_ask_has_no_sheet(as_user, cora, asks):
    Ask.objects.update(closes_at=NOON - DAY)

    assert as_user(cora).get(place(asks["Ben"], sheet=True)).status_code == 404


def test_the_talk_with_somebody_leads_to_their_sheet(as_user, cora, asks, ben, riverside):
    page = text(as_user(cora).get(f"/p/riverside/today/talk/{ben.ref}/"))

    assert place(asks["Ben"], sheet=True) in page
    assert place(asks["Ben"]) in page
