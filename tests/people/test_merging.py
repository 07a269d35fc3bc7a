"""Two records of one human being are put together: what moves, what joins, what is refused, and what leads on."""

from datetime import date

import pytest

from rapport.audit.models import Event
from rapport.checkins.models import Answer, Ask, CheckIn, Conversation, Rest
from rapport.matches.models import Member
from rapport.onboarding.models import Gate
from rapport.outbox.actions import issue_link
from rapport.outbox.models import Link, Message
from rapport.people.actions import add_contact_point, tell_apart
from rapport.people.actions.merging import AlreadyOne, KeptTwo, OtherwiseNow, as_they_stand, put_together
from rapport.people.joining import AGES, BEYOND, objections
from rapport.people.models import (
    Consent,
    ContactPoint,
    ExternalId,
    FormerName,
    Guardianship,
    Likeness,
    OldRef,
    Participant,
    Person,
    Restriction,
)
from rapport.safeguarding.models import Concern
from tests.cast import DAY, LONG_AGO, MONDAY, open_match, participant, person, staff


def twin(somebody, program, side=None, **more):
    """Another record of the same human being, as a second list brought it."""
    facts = {"family_name": somebody.family_name, "born_on": somebody.born_on, "mail": False} | more
    other = person(facts.pop("name", somebody.given_name), program, **facts)
    return participant(other, program, side) if side else other


def one(kept, other, *, by, **more):
    return put_together(kept, other, by=by, at=MONDAY, **more)


@pytest.fixture
def ama2(match, riverside):
    """Ama once more, from another list: spelled otherwise, with an address of her own."""
    other = twin(match.mentors[0].person, riverside, "mentor", name="Amma")
    ContactPoint.objects.create(person=other.person, kind="email", value="amma@second.example")
    ExternalId.objects.create(
        person=other.person, organization=riverside.organization, source="second list", value="77"
    )
    return other


def test_one_record_stays_and_everything_of_the_other_is_theirs(match, ama, ama_in, ama2, cora, riverside):
    mentee = participant(person("Cleo", riverside, born_on=date(2014, 1, 1)), riverside, "mentee")
    second = open_match(ama2, mentee, coordinator=cora)
    talk = Conversation.objects.create(
        program=riverside, person=ama2.person, how="phone", words="fine", at=MONDAY, by=cora, form_id="x", level=3
    )

    kept = one(ama, ama2.person, by=cora)

    assert kept.full_name == "Ama Mensah"
    assert list(Person.objects.filter(family_name="Mensah")) == [ama]
    assert list(ama.participations.all()) == [ama_in]
    assert {place.match for place in Member.objects.filter(participant=ama_in)} == {match, second}
    assert {way.value for way in ama.contact_points.all()} == {"ama@example.org", "amma@second.example"}
    assert ama.external_ids.get().value == "77"
    talk.refresh_from_db()
    assert (talk.person, talk.level) == (ama, 3)


def test_old_addresses_and_names_lead_on(match, ama, ama_in, ama2, cora):
    one(ama, ama2.person, by=cora)

    assert {old.ref: old.about for old in OldRef.objects.all()} == {ama2.ref: ama_in, ama2.person.ref: ama}
    assert [(was.person, was.full_name) for was in FormerName.objects.all()] == [(ama, "Amma Mensah")]


def test_what_differs_is_chosen(ama, ama_in, ama2, cora, riverside):
    site = riverside.sites.create(name="Hall", emergency_numbers="911")
    Person.objects.filter(pk=ama2.person_id).update(language="es", born_on=None)

    kept = one(ama, ama2.person, takes=["name", "language"], sites={riverside.pk: site}, by=cora)

    assert (kept.given_name, kept.born_on, kept.language) == ("Amma", date(1990, 5, 1), "es")
    assert kept.participations.get().site == site
    assert {(was.given_name, was.born_on) for was in FormerName.objects.all()} == {("Ama", ama.born_on), ("Amma", None)}


def test_the_trail_tells_of_it_and_keeps_what_it_told(match, ama, ama_in, ama2, cora, riverside):
    before = list(Event.objects.order_by("pk").values())

    one(ama, ama2.person, by=cora)

    told = Event.objects.filter(verb="person.put-together").order_by("pk")
    assert [(row.about_type, row.about_id, row.program_id) for row in told] == [
        ("people.person", ama.pk, None), ("people.participant", ama_in.pk, riverside.pk),
    ]  # fmt: skip
    assert told[0].facts == {"other": ama2.person_id, "other_ref": ama2.person.ref, "took": []}
    assert list(Event.objects.order_by("pk").values()[: len(before)]) == before


# Rows that say the same


def test_an_address_both_have_is_one_and_private_again(ama, ama_in, riverside, cora):
    ContactPoint.objects.all().update(is_private=False)
    other = twin(ama, riverside, "mentor").person
    ContactPoint.objects.create(person=other, kind="email", value="AMA@example.org", is_private=False)

    one(ama, other, by=cora)

    assert [(way.value, way.is_private) for way in ama.contact_points.all()] == [("ama@example.org", True)]


def test_what_a_colleague_said_of_a_guardians_address_on_the_childs_page_holds(ben, ben_in, grace, riverside, cora):
    """An inbox that a father who has left still reads: a second record of the mother makes it no place for a code."""
    said = {"kind": "email", "value": "family@example.org", "is_shared": True}
    add_contact_point(grace, about=ben_in, **said, by=cora, at=MONDAY)
    other = twin(grace, riverside)
    ContactPoint.objects.create(person=other, kind="email", value="family@example.org", is_private=False)
    Guardianship.objects.create(adult=other, child=ben, starts_on=date(2026, 1, 1))

    one(grace, other, by=cora)

    assert not grace.contact_points.get(value="family@example.org").is_private


def test_an_address_of_a_family_stays_shared(ama, ama_in, ben, riverside, cora):
    other = twin(ama, riverside, "mentor").person
    for who in (ben, other):
        ContactPoint.objects.create(person=who, kind="email", value="ama@example.org", is_private=False)
    ama.contact_points.update(is_private=False)

    one(ama, other, by=cora)

    assert [way.is_private for way in ama.contact_points.all()] == [False]


def test_of_two_guardianships_the_stricter_one_is_left(ben_in, ben, grace, riverside, cora):
    other = twin(grace, riverside)
    Guardianship.objects.filter(adult=grace).update(sees_progress=True)
    Guardianship.objects.create(
        adult=other, child=ben, consents=False, sees_progress=True, starts_on=date(2020, 1, 1), ends_on=date(2026, 1, 1)
    )

    one(grace, other, by=cora)

    left = Guardianship.objects.get()
    assert (left.adult, left.is_told, left.consents, left.sees_progress) == (grace, True, False, True)
    assert (left.starts_on, left.ends_on) == (date(2015, 4, 2), date(2026, 1, 1))


def test_of_two_gates_the_one_not_met_is_left(match, ama, ama_in, ama2, cora):
    seen = {"program": match.program, "met_on": date(2026, 2, 1), "seen_by": cora, "seen_at": MONDAY}
    Gate.objects.create(participant=ama2, code="clearance", is_met=False, **seen)
    Gate.objects.create(participant=ama2, code="references", is_met=True, **seen)

    one(ama, ama2.person, by=cora)

    gates = Gate.objects.filter(participant=ama_in).order_by("code").values_list("code", "is_met")
    assert list(gates) == [("clearance", False), ("references", True), ("training", True)]


@pytest.mark.parametrize("kept_said", [True, False])
def test_of_a_yes_and_a_no_the_no_holds(ama, ama_in, ama2, riverside, cora, kept_said):
    said = {"program": riverside, "purpose": "messages", "text_version": "1"}
    for who, is_given in ((ama, kept_said), (ama2.person, not kept_said)):
        day = MONDAY - (1 if is_given else 3) * DAY
        Consent.objects.create(person=who, given_by=who, is_given=is_given, given_at=day, **said)

    one(ama, ama2.person, by=cora)

    assert list(Consent.objects.refused(MONDAY).values_list("person", "given_by")) == [(ama.pk, ama.pk)]
    assert Consent.objects.count() == 3


def test_a_no_under_a_yes_that_may_be_somebody_elses_holds(ama, ama2, riverside, cora):
    said = {"program": riverside, "purpose": "messages", "text_version": "1"}
    for who, days, is_given, astray_at in (
        (ama, 5, False, None), (ama, 4, True, MONDAY), (ama2.person, 3, True, None),
    ):  # fmt: skip
        day = MONDAY - days * DAY
        Consent.objects.create(person=who, given_by=who, is_given=is_given, given_at=day, astray_at=astray_at, **said)

    one(ama, ama2.person, by=cora)

    assert list(Consent.objects.refused(MONDAY).values_list("person", "given_by")) == [(ama.pk, ama.pk)]


def test_a_no_to_taking_part_takes_the_permission_back(match, ben, ben_in, grace, riverside, cora):
    again = twin(grace, riverside)
    Guardianship.objects.create(adult=again, child=ben, starts_on=date(2026, 1, 1))
    for who, is_given in ((again, False), (grace, True)):
        day = MONDAY - (1 if is_given else 3) * DAY
        Consent.objects.create(
            program=riverside, person=ben, given_by=who, purpose="join", is_given=is_given, given_at=day
        )

    one(grace, again, by=cora)

    assert Gate.objects.get(participant=ben_in, code="permission").is_met is False


def test_one_ask_waits_and_the_link_of_the_other_opens_it(match, ama, ama_in, ama2, cora, riverside):
    asks = [
        Ask.objects.create(program=riverside, person=who, state="sent", made_at=LONG_AGO, sent_at=MONDAY - days * DAY)
        for who, days in ((ama, 2), (ama2.person, 1))
    ]
    token = issue_link(
        purpose="ask", person=ama, about=asks[0], program=riverside, at=LONG_AGO, expires_at=MONDAY + DAY
    )
    for ask, said in zip(asks, (None, 3), strict=True):
        check_in = CheckIn.objects.create(
            program=riverside, match=match, person=ask.person, party="mentor", instance=30, ask=ask, due_at=LONG_AGO,
            state="answered" if said else "open", kept_at=MONDAY if said else None,
        )  # fmt: skip
        if said:
            Answer.objects.create(
                program=riverside, check_in=check_in, feeling=said, answered_at=MONDAY, form_id="press"
            )

    one(ama, ama2.person, by=cora)

    asks[0].refresh_from_db()
    assert asks[0].state == "withdrawn"
    assert Link.objects.get().about == asks[1]
    assert Link.objects.get().person == ama
    assert token
    check_in = CheckIn.objects.get()
    assert (check_in.person, check_in.state, check_in.ask, check_in.kept_at) == (ama, "answered", asks[1], MONDAY)
    assert Answer.objects.get().check_in == check_in
    assert OldRef.objects.get(ref=asks[0].ref).about == asks[1]


def test_one_rest_runs_the_longer_one(ama, ama_in, ama2, riverside, cora):
    Rest.objects.create(program=riverside, person=ama, why="wish", since_at=LONG_AGO, until_at=MONDAY + DAY)
    Rest.objects.create(program=riverside, person=ama2.person, why="not-me", since_at=LONG_AGO)

    one(ama, ama2.person, by=cora)

    assert [(rest.person, rest.why) for rest in Rest.objects.running(MONDAY)] == [(ama, "not-me")]


def test_what_waits_to_be_sent_is_for_the_kept_person(ama, ama_in, ama2, riverside, cora):
    waiting = Message.objects.create(
        program=riverside, kind="checkins/invitation", to=ama2.person, about=ama2, next_at=MONDAY, queued_at=MONDAY,
        dedupe_key=f"match:m:farewell:{ama2.person.ref}",
    )  # fmt: skip

    one(ama, ama2.person, by=cora)

    waiting.refresh_from_db()
    assert (waiting.to, waiting.about, waiting.dedupe_key) == (ama, ama_in, f"match:m:farewell:{ama.ref}")


def test_who_was_told_apart_from_one_stays_apart(ama, ama_in, ama2, ben, grace, cora):
    pairs = ((ama, ama2.person), (ama, grace), (ama2.person, grace), (ben, ama2.person))
    rows = [Likeness.objects.create(first=a, second=b, why="name", found_at=MONDAY) for a, b in pairs]
    tell_apart(rows[1], by=cora, at=MONDAY)

    one(ama, ama2.person, by=cora)

    left = Likeness.objects.order_by("pk").values_list("first", "second", "apart_at")
    assert list(left) == [(ama.pk, grace.pk, MONDAY), (ben.pk, ama.pk, None)]


# Sealed things


def test_a_restriction_holds_for_the_kept_person(ben_in, ben, grace, riverside, cora, dele):
    """Grace is kept away from Ben; the same Grace from a second list would not be."""
    father = twin(grace, riverside, name="Gracie")
    Guardianship.objects.create(adult=father, child=ben, relation="mother", starts_on=date(2026, 1, 1))
    Restriction.objects.create(
        program=riverside, kept_away=grace, subject=ben, reason="court", starts_on=date(2026, 1, 1),
        review_on=date(2027, 1, 1), recorded_by=dele, recorded_at=MONDAY,
    )  # fmt: skip

    one(father, grace, by=cora)

    assert [(row.kept_away, row.subject) for row in Restriction.objects.live(MONDAY.date())] == [(father, ben)]


def test_a_sealed_concern_follows_and_its_words_stay(ama, ama_in, ama2, riverside, ben, cora):
    concern = Concern.objects.create(
        program=riverside, subject=ben, raised_by_label="a", raised_at=MONDAY, cause_key="c", words="words"
    )
    concern.accused.set([ama, ama2.person])

    one(ama, ama2.person, by=cora)

    assert list(concern.accused.all()) == [ama]


# What keeps two apart


def why_not(kept, other, by):
    return [str(sentence) for sentence in objections(kept, other, by=by, at=MONDAY)]


def test_two_in_one_match_are_two(match, ama, ben, cora):
    Person.objects.filter(pk=ben.pk).update(born_on=date(1990, 5, 1))
    ben.refresh_from_db()

    assert why_not(ama, ben, cora) == ["Both are in the same match, so they are two."]
    with pytest.raises(KeptTwo):
        one(ama, ben, by=cora)


def test_a_child_and_a_grown_up_are_two(ama_in, ama, riverside, cora):
    child = twin(ama, riverside, "mentee", born_on=date(2015, 1, 1)).person
    undated = twin(ama, riverside, "mentee", name="Am", born_on=None).person
    mentor = twin(ama, riverside, "mentor", name="Amy", born_on=None).person

    assert [len(why_not(ama, who, cora)) for who in (child, undated, mentor)] == [1, 1, 0]
    assert [why_not(who, mentor, cora) for who in (child, undated)] == [[str(AGES)]] * 2  # a sign-in would go over


def test_family_sign_ins_and_staff(ben_in, ben, grace, ama_in, ama, riverside, cora):
    works = staff("Sam", riverside, "match-support").person
    young = twin(works, riverside, "mentee", born_on=date(2014, 1, 1)).person
    signs_in = staff("Ama S", riverside, "mentor")
    signs_in.person.delete()
    Person.objects.filter(pk=ama.pk).update(user=signs_in)
    ama.refresh_from_db()

    assert "One of them stands for the other." in why_not(ben, grace, cora)
    assert "One of them works here, and the other is a young person." in why_not(works, young, cora)
    assert "Both sign in. End one sign-in first." in why_not(works, ama, cora)


def test_the_sign_in_goes_over(ama, ama_in, ama2, riverside, cora):
    user = staff("Ama S", riverside, "mentor")
    user.person.delete()
    Person.objects.filter(pk=ama2.person_id).update(user=user)

    assert one(ama, Person.objects.get(pk=ama2.person_id), by=cora).user == user


def test_what_lies_between_them_unseen_says_the_same_as_another_program(
    ama, ama_in, riverside, hillside, cora, dele, ben_in, ben
):
    restricted, accused, elsewhere = (twin(ama, riverside, "mentor", name=n).person for n in ("Ann", "Ana", "Anna"))
    Restriction.objects.create(
        program=riverside, kept_away=ama, subject=restricted, reason="court", starts_on=date(2026, 1, 1),
        review_on=date(2027, 1, 1), recorded_by=dele, recorded_at=MONDAY,
    )  # fmt: skip
    concern = Concern.objects.create(
        program=riverside, subject=ama, raised_by_label="a", raised_at=MONDAY, cause_key="c", words="words"
    )
    concern.accused.set([accused])
    participant(elsewhere, hillside, "mentor")

    assert [why_not(ama, who, cora) for who in (restricted, accused, elsewhere)] == [[str(BEYOND)]] * 3


def test_a_guardian_of_a_child_elsewhere_is_for_another_to_put_together(grace, ben, ben_in, riverside, hillside, cora):
    other = twin(grace, riverside)
    Guardianship.objects.create(
        adult=other, starts_on=LONG_AGO.date(),
        child=participant(person("Hal", hillside, born_on=date(2015, 1, 1)), hillside, "mentee").person,
    )  # fmt: skip

    assert why_not(grace, other, cora) == [str(BEYOND)]


# Pressed twice, and by two


def test_pressed_twice_it_is_done_once(ama, ama_in, ama2, cora):
    seen = as_they_stand(ama, ama2.person)
    one(ama, ama2.person, seen=seen, by=cora)

    with pytest.raises(AlreadyOne):
        one(ama, ama2.person, seen=seen, by=cora)
    with pytest.raises(AlreadyOne):
        one(ama2.person, ama, by=cora)


def test_what_changed_since_the_page_was_opened_is_looked_at_first(ama, ama_in, ama2, riverside, cora):
    third = twin(ama, riverside, "mentor", name="Amah").person
    seen = as_they_stand(third, ama)
    one(ama, ama2.person, by=cora)

    with pytest.raises(OtherwiseNow):
        one(third, ama, seen=seen, by=cora)
    one(third, ama, seen=as_they_stand(third, ama), by=cora)

    assert {old.about for old in OldRef.objects.filter(about_type__model="person")} == {third}
    assert OldRef.objects.filter(about_type__model="participant").values("about_id").distinct().count() == 1
    assert {name.person for name in FormerName.objects.all()} == {third}
    assert Participant.objects.filter(person=third).count() == 1


# Lists that come again


@pytest.fixture
def bring(tmp_path, riverside):
    from rapport.imports.bringing import bring_in

    def brought(text, **more):
        file = tmp_path / "list.csv"
        file.write_text(text)
        return bring_in([file], what="mentees", program=riverside, at=MONDAY, **more)

    return brought


HEADINGS = "student number,first name,family name,email,date of birth,parent name,parent email\n"
FIRST = HEADINGS + ",Katharine,Osei,kate@one.example,2012-03-04,Esi Osei,esi@one.example\n"
SECOND = HEADINGS + "7,Catharine,Osei,c@two.example,2012-04-03,Esie Osei,esie@two.example\n"


def test_neither_list_brings_anybody_again_nor_takes_back_what_was_chosen(bring, lincoln, cora):
    bring(FIRST)
    bring(SECOND)
    kate, cate = Person.objects.filter(participations__isnull=False).order_by("pk")
    esi, esie = Person.objects.filter(children__isnull=False).order_by("pk")
    one(kate, cate, by=cora)
    one(esi, esie, takes=["name"], by=cora)

    for text in (FIRST, SECOND):
        bring(text)

    assert sorted(str(each) for each in Person.objects.exclude(user=cora)) == ["Esie Osei", "Katharine Osei"]
    assert Person.objects.get(pk=kate.pk).born_on == date(2012, 3, 4)
    assert Participant.objects.count() == Guardianship.objects.count() == 1


def test_a_list_is_not_taken_back_under_somebody_who_was_put_together(bring, lincoln, cora):
    from rapport.imports import actions as imports
    from rapport.imports.models import Import

    bring(FIRST)
    bring(SECOND)
    kate, cate = Person.objects.filter(participations__isnull=False).order_by("pk")
    one(kate, cate, by=cora)

    for staged in Import.objects.order_by("-pk"):
        assert imports.undo(staged, by=cora, at=MONDAY) == (0, 1)
    assert kate.contact_points.count() == 2
    assert kate.guardians.count() == 2
