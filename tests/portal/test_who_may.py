"""Why a colleague can or cannot see and do something: by role, and nothing that a reader may not know."""

from datetime import date

import pytest

from rapport.access.models import Role
from rapport.audit.models import Event
from rapport.people.models import Restriction
from rapport.programs.actions import add_member, add_site
from tests.cast import LONG_AGO, staff
from tests.reading import lasting

BEFORE = "whatever their roles give, they see none of it."


@pytest.fixture
def jude(riverside):
    """Leads the site Harbor School; the match is at Lincoln School."""
    harbor = add_site(riverside, name="Harbor School", emergency_numbers="911", by=None, at=LONG_AGO)
    jude = staff("Jude", riverside)
    add_member(jude, program=riverside, role=Role.objects.get(slug="site-lead"), site=harbor, by=None, at=LONG_AGO)
    return jude


def told(browser, record, who):
    page = browser.get(f"{record.get_absolute_url()}who-may/", {"who": who.pk})
    assert page.status_code == 200
    return {one.what: (one.gives, one.why) for one in page.context["answers"]}, lasting(page.content.decode())


def test_roles_say_what_each_gives_and_how_far(as_user, riverside, match, ben_in, cora, jude, omar):
    noor = staff("Noor", riverside, "match-support")
    browser = as_user(cora)

    by_role = {one.name: told(browser, match, one)[0]["see matches"] for one in (cora, jude, noor)}

    assert by_role == {
        "Cora": (True, "As Coordinator, for the whole program."),
        "Jude": (False, "As Site lead, for Harbor School alone; this is at Lincoln School."),
        "Noor": (False, "As Match support, for matches they look after themselves; this one is looked after by Cora."),
    }
    assert told(browser, match, jude)[0]["end matches"] == (False, "No role of theirs gives it: Site lead.")
    match.coordinator = noor
    match.save()
    assert told(browser, match, noor)[0]["read answers to check-ins"][0] is True
    assert told(browser, ben_in, noor)[0]["see how to reach people"][0] is True
    for record in (match, ben_in):
        assert as_user(omar).get(f"{record.get_absolute_url()}who-may/").status_code == 404
        assert as_user(jude).get(f"{record.get_absolute_url()}who-may/").status_code == 404
    assert browser.get(f"{match.get_absolute_url()}who-may/?who={omar.pk}").context["who"] is None


def test_a_restriction_is_told_to_who_may_know_and_changes_nothing_for_anybody_else(
    as_user, riverside, match, ben, ben_in, cora, dele
):
    carl = staff("Carl", riverside, "coordinator")
    coordinator, lead = as_user(cora), as_user(dele)
    without = [told(coordinator, record, carl)[1] for record in (match, ben_in)]

    Restriction.objects.create(
        program=riverside, kept_away=carl.person, subject=ben, reason="a court", starts_on=date(2026, 11, 1),
        review_on=date(2027, 11, 1), recorded_by=dele, recorded_at=LONG_AGO,
    )  # fmt: skip

    assert [told(coordinator, record, carl)[1] for record in (match, ben_in)] == without  # to the last sign
    assert "A restriction keeps them away from Ben Adler: " + BEFORE in told(lead, match, carl)[1]
    assert Event.objects.filter(verb="restriction.read", level=4, actor_id=dele.pk).exists()


def test_family_is_told_to_who_reads_the_guardians(as_user, riverside, match, ben, cora, dele):
    carl = staff("Carl", riverside, "coordinator")
    carl.person.children.create(child=ben, relation="uncle", starts_on=date(2020, 1, 1))

    assert BEFORE in told(as_user(cora), match, carl)[1]
    Role.objects.get(slug="coordinator").grants.filter(right__in=["contact.view", "participant.edit"]).delete()
    assert BEFORE not in told(as_user(cora), match, carl)[1]


def test_who_cannot_be_chosen_meets_one_sentence_whatever_the_reason(as_user, riverside, match, ben, cora, dele):
    page, refusals = f"/p/riverside/matches/{match.ref}/coordinator/", []
    for kept in ("away", "family"):
        carl = staff(f"Carl-{kept}", riverside, "coordinator")
        if kept == "away":
            Restriction.objects.create(
                program=riverside, kept_away=carl.person, subject=ben, reason="a court", starts_on=date(2026, 11, 1),
                review_on=date(2027, 11, 1), recorded_by=dele, recorded_at=LONG_AGO,
            )  # fmt: skip
        else:
            carl.person.children.create(child=ben, relation="uncle", starts_on=date(2020, 1, 1))
        answer = as_user(cora).post(page, {"coordinator": carl.pk})
        refusals.append((answer.status_code, "somebody a rule keeps them from" in answer.content.decode()))

    assert refusals == [(409, True), (409, True)]
