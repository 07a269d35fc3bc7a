"""A coordinator sees a match with the eyes of each of its people: as they see it, cut to what the coordinator may see,
and nothing is saved but that somebody looked."""

import re
from datetime import date, timedelta

import pytest
from django.apps import apps

from rapport.access.models import Grant
from rapport.audit.models import Event
from rapport.checkins.models import Answer, Ask, CheckIn
from rapport.matches.actions import hold
from rapport.matches.models import Match
from rapport.onboarding.actions import ask_for_consent
from rapport.outbox.actions import issue_link
from rapport.people.models import Consent, Guardianship
from tests.care.conftest import restrict
from tests.cast import DAY, MONDAY, open_match, participant, person, staff
from tests.checkins.conftest import duty  # noqa: F401 (fixture)

MAIN = re.compile(r'<main class="pb-5" id="main">(.*)</main>', re.DOTALL)
BANNER = re.compile(r'<p class="reads mt-3 mb-4" lang="en" dir="ltr">.*?</p>', re.DOTALL)
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="\w+"')


def address(match, who, more=""):
    return f"/p/riverside/matches/{match.ref}/as/{who.ref}/{more}"


def inside(page):
    """The page between the bar and its end, without what a look adds and without what each load makes anew."""
    html = MAIN.search(page.content.decode())[1].replace("<fieldset disabled>", "")
    html = re.sub(r"\s*</fieldset>\s*$", "", BANNER.sub("", html))
    return " ".join(TOKEN.sub("", html).split())


def tables():
    ours = [model for model in apps.get_models() if model.__module__.startswith("rapport.")]
    return {
        model._meta.label: list(model.objects.order_by("pk").values_list())
        for model in ours
        if model._meta.label != "audit.Event"
    }


@pytest.mark.parametrize(("who", "role"), [("ama", "mentor"), ("ben", "mentee"), ("grace", "guardian")])
def test_it_is_the_page_that_its_person_sees(as_user, sign_up, story, match, cora, riverside, request, who, role):
    somebody = request.getfixturevalue(who)
    own = sign_up(somebody, riverside, role).get("/mine/")

    seen = as_user(cora).get(address(match, somebody))

    assert inside(seen) == inside(own)
    assert f"You see this page as {somebody.first_name} does." in seen.content.decode()
    assert "<fieldset disabled>" in seen.content.decode()
    assert seen["Cache-Control"] == "no-store"


def test_of_somebody_without_a_sign_in_it_is_the_page_they_would_have(
    as_user, sign_up, story, match, cora, ama, riverside
):
    seen = inside(as_user(cora).get(address(match, ama)))

    assert seen == inside(sign_up(ama, riverside, "mentor").get("/mine/"))


def test_nothing_changes_but_the_line_that_says_who_looked(as_user, story, match, cora, ama, ask):
    browser = as_user(cora)
    browser.get("/p/riverside/matches/")
    before, events = tables(), Event.objects.count()

    browser.get(address(match, ama))
    browser.get(address(match, ask.person, "letter/"))

    assert tables() == before
    looks = Event.objects.order_by("pk")[events:]
    assert {(look.kind, look.verb, look.actor_id, look.about_id) for look in looks} == {
        ("read", "match.seen-as", cora.pk, match.pk)
    }
    assert [look.facts["person"] for look in looks] == [ama.pk, ask.person.pk]
    assert "match seen as" in browser.get("/p/riverside/audit/").content.decode()


def test_it_takes_no_press(as_user, match, cora, ama, ask):
    browser, events = as_user(cora), Event.objects.count()

    for where in (address(match, ama), address(match, ask.person, "letter/")):
        for verb in ("post", "put", "delete"):
            assert getattr(browser, verb)(where, {"instead": "talk"}).status_code in (404, 405)
    assert Event.objects.count() == events
    assert Answer.objects.count() == 0


# Who may


def test_omar_finds_nothing_nor_do_people_outside_the_match(
    as_user, sign_up, match, hill_match, omar, dele, cora, ama, ben, grace, riverside
):
    lou = person("Lou", riverside, born_on=date(1990, 1, 1))
    participant(lou, riverside, "mentor")
    mia = staff("Mia", riverside, "match-support")
    site = staff("Sid", riverside, "site-lead")
    ours = as_user(omar)

    assert as_user(cora).get(address(match, lou)).status_code == 404
    assert as_user(cora).get(address(match, cora.person)).status_code == 404
    assert as_user(cora).get(address(hill_match, ama)).status_code == 404
    for user in (omar, dele, mia, site):
        for more in ("", "letter/"):
            assert as_user(user).get(address(match, ama, more)).status_code == 404, user
    for who, role in ((ama, "mentor"), (ben, "mentee"), (grace, "guardian")):
        assert sign_up(who, riverside, role).get(address(match, ben)).status_code == 404
    hugo = hill_match.members.get(side="mentor").participant.person
    assert ours.get(f"/p/hillside/matches/{hill_match.ref}/as/{hugo.ref}/").status_code == 200
    assert ours.get(f"/p/hillside/matches/{match.ref}/as/{ama.ref}/").status_code == 404


def test_match_support_looks_at_the_own_caseload(as_user, match, ama, riverside):
    mia = staff("Mia", riverside, "match-support")
    Match.objects.filter(pk=match.pk).update(coordinator=mia)

    assert as_user(mia).get(address(match, ama)).status_code == 200


def test_the_match_page_offers_it_to_who_may(as_user, match, cora, dele, ama, grace):
    html = as_user(cora).get(match.get_absolute_url()).content.decode()

    for somebody in (ama, grace):
        assert f'href="{address(match, somebody)}">Show me as {somebody.first_name}<' in html
    assert "Show me as" not in as_user(dele).get(match.get_absolute_url()).content.decode()


# Cut to what the one who looks may see


def test_other_pairs_of_theirs_are_there_only_as_far_as_the_reader_sees_them(
    as_user, match, ama_in, ama, riverside, cora
):
    mia = staff("Mia", riverside, "match-support")
    zoe = participant(person("Zoe", riverside, born_on=date(2014, 5, 1)), riverside, "mentee")
    other = open_match(ama_in, zoe, coordinator=mia)

    whole = as_user(cora).get(address(match, ama)).content.decode()
    part = as_user(mia).get(address(other, ama)).content.decode()

    assert ("You and Ben" in whole, "You and Zoe" in whole) == (True, True)
    assert ("You and Ben" in part, "You and Zoe" in part) == (False, True)


def test_another_program_of_theirs_is_not_on_it(as_user, sign_up, match, ama, cora, hillside, omar, riverside):
    sign_up(ama, riverside, "mentor")
    sign_up(ama, hillside, "mentor")
    child = participant(person("Hal", hillside, born_on=date(2014, 1, 1)), hillside, "mentee")
    open_match(participant(ama, hillside, "mentor"), child, coordinator=omar)

    html = as_user(cora).get(address(match, ama)).content.decode()

    assert "You and Ben" in html
    assert "Hal" not in html
    assert "Hillside" not in html


def test_who_is_kept_away_from_the_child_finds_nothing(as_user, match, ama, ben, cora, riverside):
    restrict(cora.person, ben, program=riverside, by=cora)

    for who in (ama, ben):
        assert as_user(cora).get(address(match, who)).status_code == 404


def test_who_is_close_to_the_child_finds_nothing(as_user, match, ama, ben, cora):
    Guardianship.objects.create(adult=cora.person, child=ben, starts_on=date(2026, 1, 1))

    assert as_user(cora).get(address(match, ama)).status_code == 404


def test_a_hold_looks_like_a_break(as_user, match, ama, cora, dele):
    hold(match, by=dele, at=MONDAY)

    html = as_user(cora).get(address(match, ama)).content.decode()

    assert "There is a break at the moment." in html
    assert "hold" not in inside(as_user(cora).get(address(match, ama)))


def test_a_restriction_within_the_match_empties_the_page_and_only_who_may_know_reads_why(
    as_user, match, ama, ben, cora, riverside, dele
):
    restrict(ama, ben, program=riverside, by=dele)

    known = as_user(cora).get(address(match, ama)).content.decode()
    Grant.objects.filter(role__slug="coordinator", right="participant.edit").delete()
    unknown = as_user(cora).get(address(match, ama)).content.decode()

    for html in (known, unknown):
        assert "Your meetings are not shown here at the moment" in html
        assert "You and Ben" not in html
    assert "A restriction keeps this match from them." in known
    assert "restriction" not in unknown


def test_one_guardian_is_not_told_of_another(as_user, match, ben, grace, cora, riverside):
    gus = person("Gus", riverside, born_on=date(1980, 1, 1))
    Guardianship.objects.create(adult=gus, child=ben, relation="father", starts_on=date(2015, 4, 2))
    browser = as_user(cora)

    for who, other in ((grace, gus), (gus, grace)):
        html = browser.get(address(match, who)).content.decode()
        assert "Ben and Ama" in html
        for word in (other.first_name, other.ref, "mother", "father"):
            assert word not in html


def test_a_guardian_who_is_kept_away_or_not_told_has_no_such_page(as_user, match, ben, grace, cora, dele, riverside):
    browser = as_user(cora)
    Guardianship.objects.filter(adult=grace).update(is_told=False)
    assert browser.get(address(match, grace)).status_code == 404

    Guardianship.objects.filter(adult=grace).update(is_told=True)
    assert browser.get(address(match, grace)).status_code == 200
    restrict(grace, ben, program=riverside, by=dele)
    assert browser.get(address(match, grace)).status_code == 404


# The letter


@pytest.fixture
def ask(match, ben, duty):  # noqa: F811
    """Ben's ask of an hour ago."""
    then = MONDAY - timedelta(hours=1)
    one = Ask.objects.create(program=match.program, person=ben, state="sent", made_at=then, sent_at=then)
    CheckIn.objects.create(
        program=match.program, match=match, person=ben, party="mentee", instance=1, ask=one, due_at=MONDAY - DAY
    )
    return one


def test_the_letter_is_seen_as_its_person_sees_it(as_user, client, match, ben, cora, ask):
    token = issue_link(purpose="ask", person=ben, about=ask, program=match.program, at=MONDAY, expires_at=MONDAY + DAY)
    theirs = client.get(f"/a/{token}/?start=1")
    browser = as_user(cora)

    page = browser.get(address(match, ben, "letter/"))

    made_anew = re.compile(r'<input type="hidden" name="form_id" value="\w*">')
    assert made_anew.sub("", inside(page)) == made_anew.sub("", inside(theirs))
    assert "/a/" not in page.content.decode()
    assert address(match, ben, "letter/") in browser.get(address(match, ben)).content.decode()


def test_no_private_answer_is_on_it(as_user, match, ben, cora, ask):
    Answer.objects.create(
        program=match.program, check_in=ask.check_ins.get(), feeling=1, worry="yes", words="He frightens me.",
        answered_at=MONDAY, form_id="one",
    )  # fmt: skip
    CheckIn.objects.filter(ask=ask).update(state="answered", kept_at=MONDAY)
    Ask.objects.filter(pk=ask.pk).update(state="answered", answered_at=MONDAY)

    for more in ("", "letter/"):
        html = as_user(cora).get(address(match, ben, more)).content.decode()
        assert "frightens" not in html
        assert " checked" not in html


def test_where_there_is_no_letter_there_is_no_page_of_one(as_user, match, ama, ben, cora, ask, dele, riverside):
    browser = as_user(cora)
    assert browser.get(address(match, ama, "letter/")).status_code == 404

    restrict(ben, ama, program=riverside, by=dele)
    assert browser.get(address(match, ben, "letter/")).status_code == 404


def test_cards_of_matches_out_of_reach_are_not_on_the_letter(as_user, match, ama_in, ama, riverside, duty):  # noqa: F811
    mia = staff("Mia", riverside, "match-support")
    other = open_match(
        ama_in, participant(person("Zoe", riverside, born_on=date(2014, 5, 1)), riverside, "mentee"), coordinator=mia
    )
    one = Ask.objects.create(program=riverside, person=ama, state="sent", made_at=MONDAY, sent_at=MONDAY)
    for n, about in enumerate((match, other)):
        CheckIn.objects.create(
            program=riverside, match=about, person=ama, party="mentor", instance=n, ask=one, due_at=MONDAY - DAY
        )

    html = as_user(mia).get(address(other, ama, "letter/")).content.decode()

    assert "Zoe" in html
    assert "Ben" not in html


def test_it_asks_the_database_the_same_number_of_questions(as_user, match, ama_in, ama, riverside, cora):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    browser, asked = as_user(cora), []
    for n in range(4):
        child = person(f"C{n}", riverside, born_on=date(2014, 5, 1), mail=False)
        open_match(ama_in, participant(child, riverside, "mentee"), coordinator=cora)
        with CaptureQueriesContext(connection) as seen:
            assert browser.get(address(match, ama)).status_code == 200
        asked.append(len(seen))

    assert len(set(asked[1:])) == 1


def test_the_question_for_permission_is_read_with_its_persons_eyes(as_user, match, ben_in, ben, grace, cora, omar):
    ask_for_consent(ben_in, person=grace, purposes=["join"], form_id="one", by=cora, at=MONDAY)
    browser = as_user(cora)

    page = browser.get(address(match, grace, "permission/"))

    assert page.status_code == 200
    assert "This is what Grace sees behind the link of the letter." in page.content.decode()
    assert "<fieldset disabled>" in page.content.decode()
    assert address(match, grace, "permission/") in browser.get(address(match, grace)).content.decode()
    assert browser.get(address(match, ben, "permission/")).status_code == 404
    assert as_user(omar).get(address(match, grace, "permission/")).status_code == 404
    assert not Consent.objects.filter(person=ben).exists()
