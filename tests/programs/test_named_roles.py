"""Who looks after a match: named roles of a program, who holds them, and what staff had of training."""

from datetime import date

import pytest
import time_machine

from rapport.access.models import Role
from rapport.audit.models import Event
from rapport.clock.figures import status
from rapport.people.models import Restriction
from rapport.programs.actions import add_member, add_site, end_membership, name_holder, write_prepared
from rapport.programs.crew import vacant
from rapport.programs.missing import of_staff
from rapport.programs.models import Membership, Post, Prepared
from tests.cast import DAY, LONG_AGO, MONDAY, person, staff

PAGE = "/p/riverside/settings/named-roles/"
NOBODY = "Nobody is named yet as School champion: Harbor School."


@pytest.fixture(autouse=True)
def monday():
    with time_machine.travel(MONDAY, tick=False):
        yield MONDAY


@pytest.fixture
def harbor(riverside, lincoln):
    return add_site(riverside, name="Harbor School", emergency_numbers="911", by=None, at=LONG_AGO)


def post_of(program, code):
    return Post.objects.get(program=program, code=code)


def shown(browser, match):
    """What the card of a match says: names, and all that stands in it."""
    html = browser.get(match.get_absolute_url()).content.decode()
    return html.partition('id="after"')[2].partition("</section>")[0]


def test_a_champion_named_at_a_school_stands_on_its_matches_and_is_missed_elsewhere(
    as_user, riverside, harbor, match, cora, omar
):
    browser = as_user(cora)
    said = {"post": "school-champion", "site": match.site.ref, "name": "Nadia Rossi", "reach": "555 0112"}

    assert browser.post(PAGE, {**said, "reach": ""}).status_code == 422  # nobody could turn to her
    assert browser.post(PAGE, {**said, "user": cora.pk}).status_code == 422  # one of the two
    assert browser.post(PAGE, said).status_code == 302
    assert browser.post(PAGE, said).status_code == 302  # a double click names once
    assert NOBODY in browser.get("/p/riverside/").content.decode()
    assert f"riverside: {NOBODY}" in status(at=MONDAY)["warnings"]

    card = shown(browser, match)
    assert ("Nadia Rossi" in card, "555 0112" in card, "School champion" in card) == (True, True, True)
    assert "cora@example.org" in card
    assert Event.objects.filter(verb="holder.named").count() == 1
    assert as_user(omar).get(PAGE).status_code == 404

    row = post_of(riverside, "school-champion").holders.get()
    assert browser.post(f"{PAGE}{row.pk}/drop/").status_code == 302
    assert "Nadia Rossi" not in shown(browser, match)


def test_nobody_is_missed_where_the_program_wants_nobody(as_user, riverside, harbor, cora):
    browser = as_user(cora)
    assert NOBODY.replace("Harbor School.", "Harbor School, Lincoln School.") in of_staff(riverside, MONDAY)

    assert browser.post(f"{PAGE}school-champion/", {}).status_code == 302

    assert [one for one in of_staff(riverside, MONDAY) if "champion" in one] == []


def test_roles_at_work_hold_their_named_role_as_far_as_they_reach(as_user, riverside, harbor, match, cora, dele):
    jude, noor = staff("Jude", riverside), staff("Noor", riverside, "match-support")
    add_member(jude, program=riverside, role=Role.objects.get(slug="site-lead"), site=harbor, by=None, at=LONG_AGO)
    browser = as_user(cora)

    card = shown(browser, match)
    assert ("Dele" in card, "Jude" in card, "Noor" in card) == (True, False, False)  # Lincoln, and another's caseload

    match.site, match.coordinator = harbor, noor
    match.save()
    card = shown(browser, match)
    assert ("Jude" in card, card.count("noor@example.org")) == (
        True,
        2,
    )  # one line, with both her roles; href and words
    assert "coordinator, Match support" in card


@pytest.mark.parametrize("kept", ["away", "family", "free"])
def test_whoever_is_kept_away_or_is_family_looks_after_no_such_match(kept, as_user, riverside, match, ben, cora, dele):
    lena = staff("Lena", riverside, "match-support")
    name_holder(post_of(riverside, "team-lead"), user=lena, reach="555 0199", by=cora, at=LONG_AGO)
    if kept == "away":
        Restriction.objects.create(
            program=riverside, kept_away=lena.person, subject=ben, reason="a court", starts_on=date(2026, 11, 1),
            review_on=date(2027, 11, 1), recorded_by=dele, recorded_at=LONG_AGO,
        )  # fmt: skip
    if kept == "family":
        lena.person.children.create(child=ben, relation="aunt", starts_on=date(2020, 1, 1))

    card = shown(as_user(cora), match)

    assert ("Lena" in card, "555 0199" in card) == (kept == "free", kept == "free")
    assert "nobody" not in card.lower()


def test_training_of_staff_is_seen_or_waived_with_a_reason_and_said_while_it_is_missing(
    as_user, riverside, cora, dele, omar
):
    said = "The training of {} colleague{} is not written down, or ran out."
    assert said.format(2, "s") in of_staff(riverside, MONDAY)
    browser = as_user(cora)
    address = f"/p/riverside/staff/{dele.memberships.get().pk}/training/"

    assert browser.post(address, {"code": "training", "met_on": "1.11.2026", "is_waived": "on"}).status_code == 422
    assert browser.post(address, {"code": "training", "met_on": "1.11.2099"}).status_code == 422
    assert (
        browser.post(address, {"code": "training", "met_on": "1.11.2026", "valid_until_on": "1.10.2026"}).status_code
        == 422
    )
    assert Prepared.objects.count() == 0
    assert browser.post(address, {"code": "training", "met_on": "1.11.2026", "words": "certificate"}).status_code == 302

    assert said.format(1, "") in of_staff(riverside, MONDAY)
    page = browser.get("/p/riverside/staff/").content.decode()
    assert ("1 Nov 2026" in page, "not written down" in page) == (True, True)  # Dele's, and Cora's own
    write_prepared(
        cora, program=riverside, code="training", met_on=date(2026, 1, 1), valid_until_on=date(2026, 11, 1), by=dele,
        at=LONG_AGO,
    )  # fmt: skip
    assert said.format(1, "") in of_staff(riverside, MONDAY)  # it ran out
    assert as_user(omar).get(address).status_code == 404
    assert as_user(dele).get(address).status_code == 404  # a lead does not invite staff


def test_somebody_without_a_sign_in_is_nobodys_user(riverside, cora):
    outside = person("Nadia", riverside)
    row, is_new = name_holder(
        post_of(riverside, "team-lead"), name=outside.full_name, reach="555 0112", by=cora, at=LONG_AGO
    )
    assert (str(row), is_new, row.user) == ("Nadia, Mentorship team lead", True, None)


def test_whoever_works_here_no_more_holds_nothing_here(riverside, hillside, lincoln, cora):
    carl = staff("Carl", riverside, "match-support")
    add_member(carl, program=hillside, role=Role.objects.get(slug="match-support"), by=None, at=LONG_AGO)
    name_holder(riverside.posts.get(code="team-lead"), user=carl, by=cora, at=MONDAY)
    assert "team-lead" not in [post.code for post in vacant(riverside, MONDAY)]

    end_membership(Membership.objects.get(user=carl, program=riverside), by=cora, at=MONDAY)

    assert "team-lead" in [post.code for post in vacant(riverside, MONDAY + DAY)]
