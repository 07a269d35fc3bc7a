"""How far each has come, on one row; whether the program is the place for them; and the end of their taking part."""

from datetime import date

import pytest

from rapport.access.models import Role
from rapport.core import places
from rapport.matches.actions import NewMatch, StillInAMatch, leave, propose
from rapport.matches.actions import decide as make_decision
from rapport.matches.models import Match
from rapport.matches.questions import what_is_missing
from rapport.matching.gathering import gather
from rapport.onboarding.actions import record_gate
from rapport.onboarding.models import ConsentAsk, Decision, Leaving
from rapport.outbox.actions import end_quiet
from rapport.outbox.models import Message
from rapport.outbox.settling import settle
from rapport.people.models import Guardianship, Participant
from rapport.programs.actions import add_member
from rapport.programs.models import Membership
from tests.cast import DAY, LONG_AGO, MONDAY, gates_met, open_match, participant, person, staff

REASON = "Two complaints at the last club"
TODAY = MONDAY.date()


@pytest.fixture
def newcomers(riverside, cora, match):
    """Ama and Ben are in a match; Nia is asked for, Zoe decided on, Max a mentor with all he needs, Old a grown-up."""
    nia = participant(person("Nia", riverside, born_on=date(2014, 1, 1)), riverside, "mentee")
    zoe = participant(person("Zoe", riverside, born_on=date(2013, 1, 1)), riverside, "mentee")
    max_ = participant(person("Max", riverside, born_on=date(1980, 1, 1)), riverside, "mentor")
    old = participant(person("Old", riverside, born_on=date(2000, 1, 1)), riverside, "mentee")
    parent = person("Pia", riverside, born_on=date(1985, 1, 1))
    Guardianship.objects.create(adult=parent, child=nia.person, starts_on=date(2014, 1, 1))
    ConsentAsk.objects.create(
        program=riverside,
        participant=nia,
        person=parent,
        purposes=["join"],
        made_by=cora,
        made_at=LONG_AGO,
        form_id="1",
    )
    gates_met(max_, "clearance", "training", by=cora)
    return {one.person.given_name: one for one in (nia, zoe, max_, old)}


def decide(browser, one, **said):
    return browser.post(f"/p/riverside/people/{one.ref}/decision/", said)


def rows(browser, **query):
    found = browser.get("/p/riverside/people/", query).context["rows"]
    return sorted(one.person.given_name for one, _missing in found)


def test_one_row_tells_application_permission_readiness_and_match(as_user, newcomers, riverside, cora):
    browser = as_user(cora)
    decide(browser, newcomers["Zoe"], says="later", reason="after the exams", look_again_on="2027-03-01")
    decide(browser, newcomers["Max"], says="suitable")

    page = browser.get("/p/riverside/people/")
    told = {
        one.person.given_name: (
            one.decision and one.decision.says, one.permission and not one.permission.lack, bool(one.asked_at),
            bool(missing), one.match_state,
        )
        for one, missing in page.context["rows"]
    }  # fmt: skip

    assert told == {
        "Ama": (None, None, False, False, "active"),
        "Ben": (None, True, False, False, "active"),
        "Nia": (None, False, True, True, ""),
        "Zoe": ("later", False, False, True, ""),
        "Max": ("suitable", None, False, False, ""),
        "Old": (None, None, False, False, ""),
    }
    assert rows(browser, applied="new", side="mentee") == ["Ben", "Nia", "Old"]
    assert rows(browser, applied="later") == ["Zoe"]
    assert [rows(browser, permission=one) for one in ("yes", "asked", "no")] == [["Ben"], ["Nia"], ["Zoe"]]


def test_who_may_only_see_meets_no_decision_and_no_question_that_would_tell_it(
    as_user, newcomers, riverside, cora, dele
):
    decide(as_user(cora), newcomers["Zoe"], says="later", reason=REASON)
    browser = as_user(dele)

    page = browser.get("/p/riverside/people/", {"applied": "later"})

    assert (len(page.context["rows"]), "not now" in page.content.decode()) == (6, False)  # the question is not heard
    person_page = browser.get(newcomers["Zoe"].get_absolute_url()).content.decode()
    assert (REASON in person_page, "not now" in person_page) == (False, False)
    assert decide(browser, newcomers["Zoe"], says="suitable").status_code == 404


def test_later_is_in_no_round_until_the_day(newcomers, riverside, cora, as_user):
    decide(as_user(cora), newcomers["Max"], says="later", reason="a baby", look_again_on="2026-12-01")

    found = [gather(riverside, at).mentors for at in (MONDAY, MONDAY + 14 * DAY, MONDAY + 15 * DAY)]

    assert [newcomers["Max"] in one for one in found] == [False, False, True]


def test_who_is_not_suitable_leaves_every_list_and_a_letter_without_the_reason_waits(
    as_user, newcomers, riverside, cora, omar
):
    browser, max_ = as_user(cora), newcomers["Max"]
    assert decide(browser, max_, says="not-suitable").status_code == 422  # nobody could understand it later
    assert decide(as_user(omar), max_, says="not-suitable", reason=REASON).status_code == 404

    said = {"says": "not-suitable", "reason": REASON, "referral": "The food bank looks for helpers"}
    assert decide(browser, max_, **said).status_code == 302
    assert decide(browser, max_, **said).status_code == 409  # a double click decides once, and says so

    assert (rows(browser, q="Max"), rows(browser, q="Max", here="left")) == ([], ["Max"])
    assert max_ not in gather(riverside, MONDAY).mentors
    letter = Message.objects.get(kind="onboarding/thank-you")
    assert (letter.state, letter.to) == ("held", max_.person)  # though this program does not start quietly
    page = browser.get("/p/riverside/outbox/").content.decode()
    assert ("Thank you for wanting to take part" in page, REASON in page, "food bank" in page) == (True, False, False)
    shown = browser.get(max_.get_absolute_url()).content.decode()
    assert (REASON in shown, "food bank" in shown) == (True, True)

    assert settle([letter], at=MONDAY)[0].is_open
    assert browser.post(f"/p/riverside/people/{max_.ref}/come-back/").status_code == 302
    assert browser.post(f"/p/riverside/people/{max_.ref}/come-back/").status_code == 409
    assert decide(browser, max_, says="suitable").status_code == 302
    assert not settle([letter], at=MONDAY)[0].is_open  # nobody is told a thing that holds no longer
    assert list(Decision.objects.order_by("pk").values_list("says", flat=True)) == ["not-suitable", "suitable"]


def test_who_came_back_is_not_matched_by_hand_either_until_it_is_decided_anew(
    as_user, newcomers, riverside, cora, ben_in
):
    browser, max_ = as_user(cora), newcomers["Max"]
    decide(browser, max_, says="not-suitable", reason=REASON)
    browser.post(f"/p/riverside/people/{max_.ref}/come-back/")
    (match,) = propose([NewMatch([max_], [newcomers["Nia"]], coordinator=cora)], program=riverside, by=cora, at=MONDAY)
    pair = {"mentor": max_.ref, "mentee": ben_in.ref, "coordinator": cora.pk}

    assert browser.post("/p/riverside/matches/proposals/new/", pair).status_code == 422
    told = [one for one in what_is_missing(match, MONDAY) if one.startswith("Max is not to be matched now")]
    assert (len(told), REASON in str(told)) == (1, False)

    decide(browser, max_, says="suitable")
    assert not any(one.startswith("Max is not to be") for one in what_is_missing(match, MONDAY))
    assert browser.post("/p/riverside/matches/proposals/new/", pair).status_code == 302


def test_letters_that_are_read_one_by_one_stay_when_all_are_released(as_user, newcomers, riverside, cora):
    browser = as_user(cora)
    decide(browser, newcomers["Max"], says="not-suitable", reason=REASON)
    letter = Message.objects.get(kind="onboarding/thank-you")
    page = "/p/riverside/outbox/"
    shown = browser.get(page)
    assert ("Release all" in shown.text, "release it by itself" in shown.text) == (False, True)

    for who in ({}, {"kind": letter.kind}, {"to": letter.to.ref}):
        browser.post(f"{page}release/", {"do": "all", "until": places.hide(letter.pk), **who})
    end_quiet(change_to_quiet(riverside), waiting=Message.objects.all(), by=cora, at=MONDAY)
    letter.refresh_from_db()
    assert letter.state == "held"

    browser.post(f"{page}release/", {"one": places.hide(letter.pk)})
    letter.refresh_from_db()
    assert letter.state == "pending"


def change_to_quiet(program):
    type(program).objects.filter(pk=program.pk).update(quiet_start=True)
    program.refresh_from_db()
    return program


def test_for_a_child_the_guardians_are_thanked_and_none_who_is_kept_away(as_user, newcomers, riverside, cora, dele):
    nia = newcomers["Nia"].person
    apart = person("Abe", riverside, born_on=date(1980, 1, 1))
    Guardianship.objects.create(adult=apart, child=nia, starts_on=date(2014, 1, 1))
    nia.protected_from.create(
        program=riverside, kept_away=apart, reason="a court", starts_on=date(2026, 1, 1), review_on=date(2027, 1, 1),
        recorded_by=dele, recorded_at=LONG_AGO,
    )  # fmt: skip

    decide(as_user(cora), newcomers["Nia"], says="not-suitable", reason=REASON)

    assert [one.to.given_name for one in Message.objects.filter(kind="onboarding/thank-you")] == ["Pia"]


def test_who_leaves_keeps_their_history_and_not_their_own_pages(
    sign_up, as_user, newcomers, riverside, cora, match, ama_in
):
    with pytest.raises(StillInAMatch):
        leave(ama_in, why="time", left_on=TODAY, by=cora, at=MONDAY)
    max_ = newcomers["Max"]
    own, browser = sign_up(max_.person, riverside, "mentor"), as_user(cora)
    address = f"/p/riverside/people/{max_.ref}/leaving/"

    assert browser.post(address, {"why": "time", "left_on": "2027-01-01"}).status_code == 409
    assert browser.post(address, {"why": "not-suitable", "left_on": "2026-11-15"}).status_code == 422  # that is decided
    assert browser.post(address, {"why": "time", "left_on": "2026-11-15", "words": "a baby"}).status_code == 302

    shown = browser.get(max_.get_absolute_url()).content.decode()
    assert ("last day 15 November 2026: no time for it now." in shown, "a baby" in shown) == (True, True)
    assert max_.gates.count() == 2
    assert own.get(f"/p/riverside/people/{max_.ref}/").status_code == 404
    assert not Membership.objects.live(MONDAY).filter(user=max_.person.user).exists()
    assert not Message.objects.filter(kind="onboarding/thank-you").exists()
    assert Leaving.objects.get().back_at is None
    again = browser.post(address, {"why": "time", "left_on": "2026-11-15"})  # a double press
    late = browser.post(address.replace("leaving", "decision"), {"says": "suitable"})  # and an old page
    for told in (again, late):
        assert (told.status_code, "They take part no longer." in told.content.decode()) == (409, True)
    assert browser.get(address).url == max_.get_absolute_url()
    assert (Leaving.objects.count(), max_.decisions.count()) == (1, 0)


def test_a_person_mentors_in_one_match_and_is_mentored_in_another(as_user, riverside, cora, ama, match):
    """Anyone of any age or field may be both (S2-37); nobody is paired with themselves."""
    wise = participant(person("Wanda", riverside, born_on=date(1960, 1, 1)), riverside, "mentor")
    ama_mentored = participant(ama, riverside, "mentee")
    other = open_match(wise, ama_mentored, coordinator=cora)
    record_gate(ama_mentored, code="consent", is_met=True, met_on=TODAY, by=cora, at=MONDAY)

    page = as_user(cora).get("/p/riverside/people/", {"q": "Ama"})

    told = {one.side: one.match_state for one, _missing in page.context["rows"]}
    assert told == {"mentor": "active", "mentee": "active"}
    assert Participant.objects.filter(person=ama).count() == 2
    assert {other.title, match.title} == {"Wanda and Ama", "Ama and Ben"}
    for one in (other, match):
        assert as_user(cora).get(one.get_absolute_url()).status_code == 200


def test_match_support_decides_on_nobody_outside_their_caseload(as_user, newcomers, riverside):
    noor = staff("Noor", riverside, "match-support")

    assert decide(as_user(noor), newcomers["Zoe"], says="suitable").status_code == 404


def test_what_was_decided_is_told_of_those_alone_whom_the_reader_may_change(as_user, newcomers, riverside, cora, match):
    """Match support who leads a school, too, reads all of the school; what was decided, of their own people."""
    mo = staff("Mo", riverside, "match-support")
    add_member(
        mo, program=riverside, role=Role.objects.get(slug="site-lead"), site=riverside.sites.get(), by=None, at=MONDAY
    )
    Participant.objects.update(site=riverside.sites.get())
    Match.objects.update(coordinator=mo)
    make_decision(newcomers["Max"], says="later", reason=REASON, by=cora, at=MONDAY)
    browser = as_user(mo)

    page = browser.get("/p/riverside/people/", {"q": "Max"})
    [(max_, _missing)] = page.context["rows"]

    assert (max_.decision, max_.may_say, max_.asked_at) == (None, False, None)
    assert "not now, later" not in page.content.decode()
    for asked in ({"applied": "later"}, {"applied": "new"}, {"permission": "no"}, {"here": "left"}):
        assert "Max" not in rows(browser, **asked)
    assert sorted(rows(browser, applied="new")) == ["Ama", "Ben"]
