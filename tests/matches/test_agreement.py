"""The agreement of Ama and Ben: written, sent out, signed by everybody apart, and what comes of it."""

from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from rapport.matches import agreement as asked
from rapport.matches import agreement_calls
from rapport.matches.actions import agreeing, close, signing, signing_again
from rapport.matches.actions.signing import Word
from rapport.matches.models import Agreement, SignAsk, Signature, SignedBy, SignerRule
from rapport.matches.pledge import Pledge
from rapport.matches.promising import promised
from rapport.outbox.models import Message
from rapport.people.models import Guardianship, Restriction
from rapport.tasks.actions import finish
from rapport.tasks.models import Task
from tests.cast import MONDAY, open_match, participant, person
from tests.matches.conftest import say_goodbye

DAY = timedelta(days=1)


@pytest.fixture
def together(begun):
    return type(begun).objects.select_related("program", "coordinator", "site").with_people().get(pk=begun.pk)


def out_for(match, *, by, at=MONDAY, **terms):
    new = agreeing.draft(match, by=by, at=at)
    agreeing.write_terms(new, terms=terms, by=by, at=at)
    agreeing.send_out(new, by=by, at=at)
    return new


def asks_of(agreement):
    return {one.person.first_name: one for one in signing.with_match(SignAsk.objects.filter(agreement=agreement.pk))}


def yes(**more):
    return Word(is_yes=True, way="link", language="en", **more)


def all_sign(agreement, *, by, at=MONDAY):
    for name, ask in asks_of(agreement).items():
        signing.sign(ask, yes(read_with="Grace" if name == "Ben" else ""), by=ask.person, at=at)
    signing.sign_for_program(agreement, language="en", by=by, at=at)
    agreement.refresh_from_db()


def test_it_holds_from_the_day_on_which_the_last_of_them_signed(together, cora):
    agreement = out_for(together, by=cora, every=2, unit="weeks", minutes=90, hours_a_month=3)
    asks = asks_of(agreement)
    assert sorted(asks) == ["Ama", "Ben", "Grace"]

    signing.sign(asks["Ama"], yes(), by=asks["Ama"].person, at=MONDAY)
    signing.sign(asks["Ben"], yes(read_with="Grace"), by=asks["Ben"].person, at=MONDAY)
    signing.sign_for_program(agreement, language="en", by=cora, at=MONDAY)
    assert asked.signed_on([together]) == {}
    paper = Word(True, "paper", "en", kept_at="the green folder", on=MONDAY.date() + 2 * DAY)
    signing.sign(asks["Grace"], paper, by=cora, at=MONDAY + 3 * DAY)

    agreement.refresh_from_db()
    together.refresh_from_db()
    assert (agreement.state, asked.signed_on([together])) == ("signed", {together.pk: MONDAY.date() + 2 * DAY})
    assert together.phase == "growing"
    first = MONDAY.date()
    assert promised([together], first + 9 * DAY)[together.pk] == [
        Pledge(first, first + DAY, 1, "weeks", 60, Fraction(4)),
        Pledge(first + 2 * DAY, None, 2, "weeks", 90, Fraction(3)),
    ]


def test_a_point_before_the_start_ticks_itself(proposed, cora):
    match = type(proposed).objects.select_related("program").with_people().get(pk=proposed.pk)
    all_sign(out_for(match, by=cora), by=cora)

    assert match.points.get(code="agreement").kept_at == MONDAY


def test_a_change_is_a_new_version_and_the_old_one_holds_until_it_is_signed(together, cora):
    first = out_for(together, by=cora, every=1, unit="weeks", minutes=60)
    all_sign(first, by=cora)
    second = out_for(together, by=cora, at=MONDAY + 30 * DAY, every=1, unit="months", minutes=120)
    first.refresh_from_db()
    assert first.state == "signed"

    all_sign(second, by=cora, at=MONDAY + 31 * DAY)
    first.refresh_from_db()

    assert (first.state, second.state, second.number) == ("replaced", "signed", 2)
    day = MONDAY.date()
    assert [(one.from_on, one.until_on, one.unit) for one in promised([together], day + 40 * DAY)[together.pk]] == [
        (day, day + 30 * DAY, "weeks"), (day + 31 * DAY, None, "months"),
    ]  # fmt: skip


def test_what_comes_too_late_or_twice_or_is_not_theirs_is_refused_and_nothing_is_kept(together, cora, grace):
    first = out_for(together, by=cora)
    asks = asks_of(first)
    signing.sign(asks["Ama"], yes(), by=asks["Ama"].person, at=MONDAY)
    signing.sign(asks["Ama"], yes(), by=asks["Ama"].person, at=MONDAY)
    assert Signature.objects.count() == 1
    with pytest.raises(signing.ReadWithNobody):
        signing.sign(asks["Ben"], yes(), by=asks["Ben"].person, at=MONDAY)
    with pytest.raises(signing.ChangedMeanwhile):
        signing.sign(asks["Grace"], yes(read="other words"), by=grace, at=MONDAY)
    kept_away = {"kept_away": grace, "subject": asks["Ben"].person, "reason": "An order."}
    dates = {"starts_on": MONDAY.date(), "review_on": MONDAY.date() + 90 * DAY, "recorded_at": MONDAY}
    away = Restriction.objects.create(program=together.program, recorded_by=cora, **kept_away, **dates)
    with pytest.raises(signing.NotTheirs):
        signing.sign(asks["Grace"], yes(), by=grace, at=MONDAY)
    away.delete()
    out_for(together, by=cora, at=MONDAY + DAY)
    with pytest.raises(signing.Replaced):
        signing.sign(asks["Grace"], yes(), by=grace, at=MONDAY + DAY)
    say_goodbye(together, by=cora, at=MONDAY + DAY)
    close(together, reason="moved", note="", ended_on=MONDAY.date() + DAY, by=cora, at=MONDAY + DAY)
    newer = asks_of(Agreement.objects.get(match=together, number=2))["Grace"]
    with pytest.raises(agreeing.NotTogether):
        signing.sign(newer, yes(), by=grace, at=MONDAY + DAY)

    assert Signature.objects.count() == 1


def test_a_no_goes_to_the_coordinator_with_its_words_and_a_later_yes_ends_the_call(together, cora, grace):
    agreement = out_for(together, by=cora)
    ask = asks_of(agreement)["Grace"]

    signing.sign(ask, Word(False, "link", "en", words="Not after dark, please."), by=grace, at=MONDAY)
    signing.sign(ask, Word(False, "link", "en", words="Not after dark, please."), by=grace, at=MONDAY)
    task = Task.objects.get(kind=agreement_calls.SAID_NO)
    missing = asked.lacking([agreement_with(agreement)], MONDAY)[agreement.pk]
    assert (task.owner, task.about_id, "dark" in task.reason) == (cora, together.pk, False)
    assert [(one.party, one.said_no) for one in missing if one.said_no] == [("guardian", True)]
    signing.sign(ask, yes(), by=grace, at=MONDAY + DAY)

    assert not Task.objects.open().filter(kind=agreement_calls.SAID_NO).exists()
    assert Signature.objects.filter(person=grace).count() == 2


@pytest.mark.parametrize("without", [None, "Ama"])
def test_what_waited_for_a_guardian_alone_who_no_longer_counts_holds(together, ben, cora, riverside, without):
    for party in SignedBy:
        SignerRule.objects.create(program=riverside, party=party, needs="each")
    Guardianship.objects.create(adult=person("Efua", riverside), child=ben, starts_on=MONDAY.date())
    agreement = out_for(together, by=cora)
    for name, ask in asks_of(agreement).items():
        if name not in ("Efua", without):
            signing.sign(ask, yes(read_with="Grace" if name == "Ben" else ""), by=ask.person, at=MONDAY)
    signing.sign_for_program(agreement, language="en", by=cora, at=MONDAY)
    assert signing_again.ask_for_signatures(at=MONDAY + DAY, limit=50) == 0

    ben.guardians.filter(adult__given_name="Efua").update(ends_on=MONDAY.date() + DAY)
    moved = [signing_again.ask_for_signatures(at=MONDAY + n * DAY, limit=50) for n in (3, 4)]

    agreement.refresh_from_db()
    together.refresh_from_db()
    held = ("signed", MONDAY.date(), "growing") if without is None else ("out", None, "agreeing-how")
    assert (agreement.state, agreement.signed_on, together.phase) == held
    assert moved == ([1, 0] if without is None else [0, 0])


def agreement_with(agreement):
    return signing.with_match(SignAsk.objects.filter(agreement=agreement.pk))[0].agreement


def test_a_guardian_who_may_no_longer_consent_is_not_counted_and_nobody_is_told(together, cora, grace):
    agreement = out_for(together, by=cora)
    all_sign(agreement, by=cora)
    grace.children.update(ends_on=date(2026, 11, 1))

    missing = asked.lacking([agreement_with(agreement)], MONDAY)[agreement.pk]

    assert [(one.party, one.people, one.said_no) for one in missing] == [("guardian", (), False)]
    assert Task.objects.count() == 0


def test_words_that_ben_would_like_are_kept_as_he_said_them_and_answered(together, cora):
    new = agreeing.draft(together, by=cora, at=MONDAY)
    agreeing.ask_for_words(new, by=cora, at=MONDAY)
    ask = asks_of(new)["Ben"]

    row = signing.propose(ask, section="rules", words="no homework talk!!", form_id="one", by=ask.person, at=MONDAY)
    again = signing.propose(ask, section="rules", words="no homework talk!!", form_id="one", by=ask.person, at=MONDAY)
    signing.decide(row, fate="taken", reply="Good idea.", by=cora, at=MONDAY)

    assert row == again
    row.refresh_from_db()
    assert (row.words, row.fate, row.reply) == ("no homework talk!!", "taken", "Good idea.")
    with pytest.raises(signing.AlreadyDecided):
        signing.decide(row, fate="not-taken", reply="No.", by=cora, at=MONDAY)
    assert sorted(asks_of(new)) == ["Ama", "Ben"]
    agreeing.send_out(new, by=cora, at=MONDAY)
    assert sorted(asks_of(new)) == ["Ama", "Ben", "Grace"]
    assert Message.objects.filter(kind=agreeing.LETTER, to=asks_of(new)["Ama"].person).count() <= 2


def test_the_clock_asks_a_new_guardian_calls_once_and_a_year_on_lets_it_be_signed_anew(together, ben, cora):
    agreement = out_for(together, by=cora, every=1, unit="weeks")
    tick = signing_again.ask_for_signatures
    assert tick(at=MONDAY + 13 * DAY, limit=50) == 0
    assert [tick(at=MONDAY + n * DAY, limit=50) for n in (14, 15)] == [1, 0]
    task = Task.objects.get(kind=agreement_calls.WAITING)
    assert (task.owner, task.about_id) == (cora, together.pk)
    efua = person("Efua", together.program)
    Guardianship.objects.create(adult=efua, child=ben, starts_on=MONDAY.date())

    assert [tick(at=MONDAY + 16 * DAY, limit=50) for _again in range(2)] == [1, 0]
    assert sorted(asks_of(agreement)) == ["Ama", "Ben", "Efua", "Grace"]
    all_sign(agreement, by=cora, at=MONDAY + 17 * DAY)
    assert tick(at=MONDAY + 18 * DAY, limit=50) == 1  # the call goes
    assert [tick(at=MONDAY + (17 + n) * DAY, limit=50) for n in (364, 365, 366)] == [0, 1, 0]

    newer = Agreement.objects.get(match=together, number=2)
    agreement.refresh_from_db()
    assert (agreement.state, newer.state, newer.every) == ("signed", "out", 1)
    assert not Task.objects.open().filter(kind=agreement_calls.WAITING).exists()


def test_a_pair_from_before_rapport_counts_as_signed_and_an_event_has_no_agreement(together, cora):
    type(together).objects.filter(pk=together.pk).update(agreed_on=date(2026, 3, 1))
    together.refresh_from_db()

    assert asked.signed_on([together]) == {together.pk: date(2026, 3, 1)}
    assert signing_again.ask_for_signatures(at=MONDAY + 400 * DAY, limit=50) == 0
    together.program.signer_rules.all().delete()
    together.program.profile = "event-only"
    with pytest.raises(agreeing.NoAgreementHere):
        agreeing.draft(together, by=cora, at=MONDAY)


def test_pages_of_many_agreements_ask_the_same_number_of_questions(
    together, cora, riverside, django_assert_num_queries
):
    others = []
    for name in ("Kofi", "Esi", "Yaw"):
        mentor = participant(person(f"Mentor {name}", riverside), riverside, "mentor")
        mentee = participant(person(name, riverside, born_on=date(2014, 1, 1)), riverside, "mentee")
        others.append(open_match(mentor, mentee, coordinator=cora))
    rows = [out_for(one, by=cora) for one in [together, *others]]
    agreements = signing_again.with_matches(Agreement.objects.filter(pk__in=[one.pk for one in rows]))
    with CaptureQueriesContext(connection) as few:
        asked.lacking(agreements[:1], MONDAY)

    with django_assert_num_queries(len(few)):
        found = asked.lacking(agreements, MONDAY)

    assert [len(one) for one in found.values()] == [4, 4, 4, 4]


def test_where_only_the_length_is_agreed_the_rhythm_stays_as_promised(together, cora):
    all_sign(out_for(together, by=cora, every=None, unit="", hours_a_month=None, minutes=45), by=cora)

    day = MONDAY.date()
    assert promised([together], day)[together.pk] == [Pledge(day, None, 1, "weeks", 45)]


def test_after_the_last_day_of_an_agreement_what_the_program_promises_holds_again(together, cora, riverside):
    day, agreed = MONDAY.date(), {"every": 1, "unit": "weeks", "minutes": 60, "hours_a_month": None}
    riverside.promises.filter(kind="meeting").update(every=2, unit="weeks", minutes=45, hours_a_month=None)
    all_sign(out_for(together, by=cora, ends_on=day + 20 * DAY, **agreed), by=cora)
    at = MONDAY + 10 * DAY
    own, general = Pledge(day, day + 20 * DAY, 1, "weeks", 60), Pledge(day + 21 * DAY, None, 2, "weeks", 45)
    assert promised([together], day + 10 * DAY)[together.pk] == [own, general]

    minutes = {"every": None, "unit": "", "hours_a_month": None, "minutes": 30}
    all_sign(out_for(together, by=cora, at=at, ends_on=day + 30 * DAY, **minutes), by=cora, at=at)
    here = [replace(own, until_on=day + 9 * DAY), Pledge(day + 10 * DAY, day + 20 * DAY, 1, "weeks", 30)]
    here += [replace(general, until_on=day + 30 * DAY, minutes=30), replace(general, from_on=day + 31 * DAY)]
    assert promised([together], day + 10 * DAY)[together.pk] == here

    Agreement.objects.filter(number=2).update(ends_on=day + 5 * DAY)
    assert promised([together], day + 10 * DAY)[together.pk] == [own, general]
    riverside.promises.filter(kind="meeting").update(is_on=False)
    assert promised([together], day + 10 * DAY)[together.pk] == [own]
    riverside.promises.filter(kind="meeting").update(is_on=True, until_month=1)
    Agreement.objects.filter(number=1).update(ends_on=day + 40 * DAY)
    assert promised([together], day + 10 * DAY)[together.pk] == [replace(own, until_on=day + 40 * DAY)]


def test_a_program_that_asks_no_guardian_keeps_no_other_waiting(together, cora, omar, hill_match):
    other = type(together).objects.select_related("program", "coordinator", "site").with_people().get(pk=hill_match.pk)
    out_for(other, by=omar)
    SignerRule.objects.filter(program=other.program).delete()
    SignerRule.objects.create(program=other.program, party="mentor", needs="each")
    out_for(together, by=cora)
    for one in (other, together):
        child, adult = one.mentees[0].person, person("Efua", one.program)
        Guardianship.objects.create(adult=adult, child=child, starts_on=MONDAY.date())

    signing_again.ask_for_signatures(at=MONDAY + DAY, limit=1)

    assert SignAsk.objects.filter(person__given_name="Efua").get().agreement.match == together


def test_a_call_that_was_made_before_keeps_no_other_waiting(together, riverside, cora):
    others = []
    for name in ("Kofi", "Esi", "Yaw"):
        mentee = participant(person(name, riverside, born_on=date(2014, 1, 1)), riverside, "mentee")
        pair = open_match(participant(person(f"M{name}", riverside), riverside, "mentor"), mentee, coordinator=cora)
        others.append(type(pair).objects.select_related("program", "coordinator", "site").with_people().get(pk=pair.pk))
    for one in (*others, together):
        out_for(one, by=cora)

    for _tick in range(4):
        signing_again.ask_for_signatures(at=MONDAY + 14 * DAY, limit=1)
        finish(list(Task.objects.open().filter(kind=agreement_calls.WAITING)), by=cora, at=MONDAY + 14 * DAY)

    assert Task.objects.filter(kind=agreement_calls.WAITING).count() == 4


def word(is_yes, form_id):
    return Word(is_yes=is_yes, way="link", language="en", form_id=form_id)


def test_an_old_page_sent_again_takes_no_later_word_back(together, cora):
    ask = asks_of(out_for(together, by=cora))["Ama"]
    signing.sign(ask, word(True, "A"), by=ask.person, at=MONDAY)
    signing.sign(ask, word(False, "B"), by=ask.person, at=MONDAY)

    with pytest.raises(signing.SaidOtherwiseSince):
        signing.sign(ask, word(True, "A"), by=ask.person, at=MONDAY)

    assert not Signature.objects.filter(person=ask.person).last_counted().get().is_yes


def test_a_no_after_going_back_counts_and_another_persons_form_is_their_own(together, cora):
    agreement = out_for(together, by=cora)
    ama, grace = (asks_of(agreement)[name] for name in ("Ama", "Grace"))

    signing.sign(ama, word(True, "A"), by=ama.person, at=MONDAY)
    signing.sign(ama, word(False, "A"), by=ama.person, at=MONDAY)
    signing.sign(grace, word(True, "A"), by=grace.person, at=MONDAY)

    said = agreement.signatures.order_by("pk").values_list("person", "is_yes")
    assert list(said) == [(ama.person_id, True), (ama.person_id, False), (grace.person_id, True)]
