"""Somebody says on a link that they are not who it was for: what was pressed where that address is read counts for
nothing new until a person asks again, and nothing that has begun ends by itself."""

from datetime import date

import pytest
from django.db.models import F
from django.urls import reverse

from rapport.core.months import day_in
from rapport.matches.actions import agreeing, signing
from rapport.matches.actions.beginning import begin
from rapport.matches.models import Match
from rapport.meetings.actions import outings
from rapport.meetings.outings.standing import standing_of
from rapport.onboarding import actions as onboarding
from rapport.onboarding.consenting import noes_that_stand
from rapport.onboarding.models import ConsentAsk, Gate
from rapport.onboarding.questions import missing_gates
from rapport.outbox.actions import somebody_else_reads
from rapport.outbox.models import Link, Message
from rapport.people.models import Consent, ContactPoint, Guardianship
from rapport.tasks.models import Task
from tests.cast import DAY, MONDAY, person
from tests.matches.conftest import prepared, proposed  # noqa: F401
from tests.matches.test_agreement import all_sign, asks_of, out_for
from tests.meetings.test_outings import ZOO, times
from tests.onboarding.conftest import (  # noqa: F401
    NOON,
    asked,
    letters,
    link_to,
    mailbox,
    noon,
    reader,
    say_by_link,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("noon")]


@pytest.fixture
def pressed(mailbox, reader, ben_in, grace, cora):  # noqa: F811
    """A yes to all that Grace was asked about Ben, by the link in her letter."""
    asked(ben_in, grace, "join", "photo", by=cora)
    say_by_link(reader, link_to(mailbox, "grace"), join="yes", photo="yes")
    return ConsentAsk.objects.get()


def counts(child):
    return sorted(Consent.objects.filter(person=child).valid(NOON + DAY).values_list("purpose", flat=True))


def another_letter(mailbox, ben_in, grace, cora):  # noqa: F811
    """The link of one more question to her."""
    asked(ben_in, grace, "research", by=cora, at=MONDAY + DAY / 8)
    return link_to(mailbox, "grace", at=NOON)


def to_confirm(one):
    return [lack for lack in missing_gates([one], NOON.date(), with_minor=True)[one.pk] if "to be confirmed" in lack]


def tasks():
    return sorted(Task.objects.open().values_list("kind", "owner__name", "person__given_name"))


def test_what_was_agreed_to_where_somebody_else_reads_opens_nothing_until_said_anew(
    pressed, mailbox, reader, ben, ben_in, grace, cora, as_user  # noqa: F811
):  # fmt: skip
    assert (counts(ben), to_confirm(ben_in)) == (["join", "photo"], [])

    reader.post(another_letter(mailbox, ben_in, grace, cora), {"instead": "not-me"})

    assert counts(ben) == []
    assert not Consent.objects.refused(NOON).exists()
    gate = Gate.objects.get(code="permission")
    assert (gate.is_met, gate.astray_at is not None) == (True, True)
    assert to_confirm(ben_in) == [
        "Ben: the guardian's permission is to be confirmed, for somebody else may have given it."
    ]
    assert Link.objects.filter(closed_at=None).count() == 0
    assert not asked(ben_in, grace, "messages", by=cora, at=NOON).by_letter
    assert tasks() == [("onboarding/not-me", "Cora", "Grace"), ("onboarding/to-confirm", "Cora", "Grace")]
    reason = Task.objects.get(kind="onboarding/to-confirm").reason
    assert [word in reason for word in ("take part", "photos", "(Ben)", "Nothing ends by itself")] == [True] * 4
    page = as_user(cora).get(reverse("onboarding:consents", args=["riverside", ben_in.ref]))
    assert page.content.decode().count("to be confirmed") == 2

    paper = asked(ben_in, grace, "join", "photo", by=cora, at=NOON, by_letter=False)
    said = [onboarding.Said(one, True) for one in texts(paper)]
    onboarding.answer_consent(paper, said=said, channel="paper", evidence="Cora", by=cora, at=NOON)

    assert counts(ben) == ["join", "photo"]
    assert Gate.objects.get(code="permission").astray_at is None


def texts(ask):
    from rapport.onboarding.consenting import texts_of

    return [one.text for one in texts_of(ask, "en")]


@pytest.mark.parametrize("what", ["another address", "written down since", "a no", "asked anew since"])
def test_what_stands(what, pressed, mailbox, reader, ben, ben_in, grace, cora):  # noqa: F811
    match what:
        case "another address":
            ContactPoint.objects.filter(person=grace, kind="email").update(value="grace@elsewhere.example")
            path = another_letter(mailbox, ben_in, grace, cora)
            reader.post(path, {"instead": "not-me"})
        case "written down since":
            said = [onboarding.Said(one, True) for one in texts(pressed)]
            onboarding.answer_consent(pressed, said=said, channel="paper", evidence="Cora", by=cora, at=NOON)
            onboarding.not_them(pressed, at=NOON)
        case "a no":
            said = [onboarding.Said(one, False) for one in texts(pressed)]
            onboarding.answer_consent(pressed, said=said, by=grace, at=NOON)
            onboarding.not_them(pressed, at=NOON)
            assert Consent.objects.refused(NOON).count() == 2
            return
        case "asked anew since":
            ContactPoint.objects.filter(person=grace, kind="email").update(value="grace@elsewhere.example")
            anew = asked(ben_in, grace, "join", "photo", by=cora, at=MONDAY + DAY / 24)
            say_by_link(reader, link_to(mailbox, "grace", at=MONDAY + DAY / 24), join="yes", photo="yes")
            assert ConsentAsk.objects.get(pk=anew.pk).answered_at == NOON
            onboarding.not_them(pressed, at=NOON)

    assert counts(ben) == ["join", "photo"]
    assert Gate.objects.get(code="permission").astray_at is None


def test_a_yes_pressed_where_somebody_else_reads_counts_no_more_though_they_were_asked_elsewhere_since(
    mailbox, reader, ben, ben_in, grace, cora  # noqa: F811
):  # fmt: skip
    first = asked(ben_in, grace, "join", "photo", by=cora)
    path = link_to(mailbox, "grace")
    ContactPoint.objects.filter(person=grace, kind="email").update(value="grace@elsewhere.example")
    asked(ben_in, grace, "join", "photo", by=cora, at=MONDAY + DAY / 24)
    link_to(mailbox, "grace", at=MONDAY + DAY / 24)
    say_by_link(reader, path, join="yes", photo="yes")
    assert counts(ben) == ["join", "photo"]

    onboarding.not_them(first, at=NOON)

    assert counts(ben) == []
    assert Gate.objects.get(code="permission").astray_at is not None


def test_a_no_said_before_stands_again_when_the_yes_after_it_may_be_somebody_elses(
    mailbox, reader, ben, ben_in, grace, cora  # noqa: F811
):  # fmt: skip
    paper = asked(ben_in, grace, "join", "messages", by=cora, at=MONDAY, by_letter=False)
    said = [onboarding.Said(one, False) for one in texts(paper)]
    onboarding.answer_consent(paper, said=said, channel="paper", evidence="Cora", by=cora, at=MONDAY)
    asked(ben_in, grace, "join", "messages", by=cora, at=MONDAY + DAY / 24)
    say_by_link(reader, link_to(mailbox, "grace", at=MONDAY + DAY / 24), join="yes", messages="yes")
    refused = Consent.objects.filter(person=ben).refused(NOON + DAY).values_list("purpose", flat=True)
    assert (set(refused.all()), counts(ben)) == (set(), ["join", "messages"])

    onboarding.not_them(ConsentAsk.objects.get(by_letter=True), at=NOON)

    assert (set(refused.all()), counts(ben)) == ({"join", "messages"}, [])
    assert [no.purpose for no in noes_that_stand(ben_in, NOON + DAY)] == ["join"]


def test_an_open_match_goes_on_and_its_outing_waits_for_the_word(
    match, mailbox, reader, ben, ben_in, ama, grace, cora  # noqa: F811
):  # fmt: skip
    asked(ben_in, grace, "join", by=cora)
    say_by_link(reader, link_to(mailbox, "grace"), join="yes")
    zoo = outings.ask_for_outing(match, person=ama, form_id="one", by=ama, at=MONDAY, **ZOO, **times())
    letters(mailbox, NOON)
    outings.say_to_outing(zoo, child=ben, person=grace, is_yes=True, version=1, by=grace, at=NOON)
    assert standing_of(zoo, NOON).is_permitted
    zoo.refresh_from_db()

    somebody_else_reads(Link.objects.filter(purpose="outing"), at=NOON)

    assert (standing_of(zoo, NOON).is_permitted, standing_of(zoo, NOON).says[0].word) == (False, None)
    assert not type(zoo).objects.filter(pk=zoo.pk, meeting=F("meeting")).exists()
    assert Match.objects.unhindered(NOON).filter(pk=match.pk, state=Match.State.ACTIVE).exists()
    assert tasks() == [("matches/gate-lost/permission", "Cora", "Ben"), ("meetings/outing-call", "Cora", None)]
    outings.say_to_outing(
        zoo, child=ben, person=grace, is_yes=True, version=1, channel="voice", evidence="Cora",
        said_on=day_in(NOON, match.program.zone), by=cora, at=NOON,
    )  # fmt: skip
    assert standing_of(zoo, NOON).is_permitted


def test_while_they_are_out_a_person_is_called_and_nothing_is_called_off(
    match, mailbox, ben, ama, grace, cora  # noqa: F811
):  # fmt: skip
    zoo = outings.ask_for_outing(match, person=ama, form_id="one", by=ama, at=MONDAY, **ZOO, **times())
    letters(mailbox, MONDAY)
    outings.say_to_outing(zoo, child=ben, person=grace, is_yes=True, version=1, by=grace, at=NOON)
    zoo.refresh_from_db()
    meeting, out = zoo.meeting_id, zoo.starts_at + DAY / 24

    somebody_else_reads(Link.objects.filter(purpose="outing"), at=out)

    zoo.refresh_from_db()
    assert (zoo.meeting_id, zoo.meeting.excused_at, zoo.words.counted().count()) == (meeting, None, 0)
    reason = Task.objects.get(kind="meetings/outing-call").reason
    assert ("They are out" in reason, "Call home" in reason) == (True, True)

    somebody_else_reads(Link.objects.filter(purpose="outing"), at=zoo.ends_at + DAY)
    assert Task.objects.filter(kind="meetings/outing-call").count() == 1


def test_a_no_to_an_outing_stands_whatever_was_pressed_after_it_by_somebody_else(
    match, mailbox, ben, ama, grace, cora  # noqa: F811
):  # fmt: skip
    zoo = outings.ask_for_outing(match, person=ama, form_id="one", by=ama, at=MONDAY, **ZOO, **times())
    letters(mailbox, MONDAY)
    about = {"child": ben, "person": grace, "version": 1}
    outings.say_to_outing(
        zoo, is_yes=False, channel="voice", evidence="Cora", said_on=day_in(MONDAY, match.program.zone), by=cora,
        at=MONDAY + DAY / 24, **about,
    )  # fmt: skip
    outings.say_to_outing(zoo, is_yes=True, by=grace, at=NOON, **about)
    zoo.refresh_from_db()

    somebody_else_reads(Link.objects.filter(purpose="outing"), at=NOON)

    [said] = standing_of(zoo, NOON).says
    assert (standing_of(zoo, NOON).is_permitted, said.word and said.word.is_yes) == (False, False)


def test_a_mentor_hears_at_once_that_an_outing_is_permitted_no_more(match, mailbox, ben, ama, grace, cora):  # noqa: F811
    zoo = outings.ask_for_outing(match, person=ama, form_id="one", by=ama, at=MONDAY, **ZOO, **times())
    letters(mailbox, MONDAY)
    outings.say_to_outing(zoo, child=ben, person=grace, is_yes=True, version=1, by=grace, at=MONDAY + DAY / 24)
    letters(mailbox, MONDAY + DAY / 12)
    told = Message.objects.filter(kind=outings.ANSWER, to=ama, state="accepted").order_by("final_at", "pk")
    assert [one.facts["state"] for one in told.all()] == [outings.PERMITTED]

    somebody_else_reads(Link.objects.filter(purpose="outing"), at=NOON)

    letters(mailbox, NOON)
    assert [one.facts["state"] for one in told.all()] == [outings.PERMITTED, outings.NOT_PERMITTED]


def test_before_they_begin_the_agreement_waits_for_what_may_be_somebody_elses(prepared, mailbox, cora):  # noqa: F811
    match = Match.objects.select_related("program").with_people().get(pk=prepared.pk)
    agreement = out_for(match, by=cora)
    letters(mailbox, MONDAY)
    all_sign(agreement, by=cora)
    assert agreement.state == "signed"

    signing.not_them(asks_of(agreement)["Grace"], at=NOON)

    agreement.refresh_from_db()
    assert (agreement.state, agreement.signed_on) == ("out", None)
    [lack] = signing_lacks(agreement, match)
    assert (lack.party, lack.said_no) == ("guardian", False)
    assert ("matches/agreement-to-confirm", "Cora", "Grace") in tasks()
    assert match.points.get(code="agreement").kept_at is None
    paper = signing.Word(True, "paper", "en", kept_at="the green folder")
    signing.sign(asks_of(agreement)["Grace"], paper, by=cora, at=NOON)
    agreement.refresh_from_db()
    assert agreement.state == "signed"
    assert ("matches/agreement-to-confirm", "Cora", "Grace") not in tasks()


def signing_lacks(agreement, match):
    agreement.match = match
    return agreeing.lacking([agreement], NOON)[agreement.pk]


def test_once_they_have_begun_the_agreement_holds_and_a_person_asks_again(prepared, mailbox, cora):  # noqa: F811
    begin(prepared, by=cora, at=MONDAY)
    match = Match.objects.select_related("program", "coordinator").with_people().get(pk=prepared.pk)
    agreement = out_for(match, by=cora)
    letters(mailbox, MONDAY)
    all_sign(agreement, by=cora)

    signing.not_them(asks_of(agreement)["Ben"], at=NOON)

    agreement.refresh_from_db()
    assert (agreement.state, Match.objects.get(pk=match.pk).state) == ("signed", Match.State.ACTIVE)
    assert ("matches/agreement-to-confirm", "Cora", "Ben") in tasks()


def test_a_no_to_the_agreement_stands_whatever_was_pressed_after_it_by_somebody_else(
    prepared, mailbox, ben, cora  # noqa: F811
):  # fmt: skip
    george = person("George", prepared.program, born_on=date(1984, 1, 1))
    Guardianship.objects.create(adult=george, child=ben, relation="father", starts_on=date(2015, 4, 2))
    match = Match.objects.select_related("program").with_people().get(pk=prepared.pk)
    agreement = out_for(match, by=cora)
    letters(mailbox, MONDAY)
    asks = asks_of(agreement)
    signing.sign(asks["Grace"], signing.Word(False, "paper", "en", kept_at="the green folder"), by=cora, at=MONDAY)
    signing.sign(asks["Grace"], signing.Word(True, "link", "en"), by=asks["Grace"].person, at=NOON)
    for name in ("Ama", "Ben", "George"):
        word = signing.Word(True, "paper", "en", read_with="Cora", kept_at="the green folder")
        signing.sign(asks[name], word, by=cora, at=NOON)
    signing.sign_for_program(agreement, language="en", by=cora, at=NOON)

    signing.not_them(asks["Grace"], at=NOON)

    agreement.refresh_from_db()
    lacks = [(lack.party, lack.people[0].first_name, lack.said_no) for lack in signing_lacks(agreement, match)]
    assert (agreement.state, lacks) == ("out", [("guardian", "Grace", True)])


def test_an_agreement_signed_on_paper_before_holds_whatever_was_pressed_after_it(prepared, mailbox, cora):  # noqa: F811
    match = Match.objects.select_related("program").with_people().get(pk=prepared.pk)
    agreement = out_for(match, by=cora)
    letters(mailbox, MONDAY)
    asks = asks_of(agreement)
    paper = signing.Word(True, "paper", "en", words="Gladly.", kept_at="the green folder")
    signing.sign(asks["Grace"], paper, by=cora, at=MONDAY)
    all_sign(agreement, by=cora)

    signing.not_them(asks["Grace"], at=NOON)

    agreement.refresh_from_db()
    assert (agreement.state, signing_lacks(agreement, match)) == ("signed", [])
