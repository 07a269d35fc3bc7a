"""One person's page: ways to reach them, guardians, gates and talks, each for those who may see it."""

from datetime import date

import pytest

from rapport.audit.models import Event
from rapport.checkins.models import Conversation
from rapport.people.actions import say
from rapport.people.models import Guardianship
from tests.care.conftest import restrict
from tests.cast import MONDAY, open_match, participant, person, staff
from tests.reading import lasting


@pytest.fixture
def page(as_user, story, ben_in):
    def see(user, status=200, one=ben_in):
        response = as_user(user).get(one.get_absolute_url())
        assert response.status_code == status
        return response.content.decode()

    return see


def test_the_coordinator_sees_the_whole_person(page, cora, ben, grace, riverside):
    say(program=riverside, person=ben, given_by=grace, purpose="join", is_given=True, by=cora, at=MONDAY)

    html = page(cora)

    for said in (
        "Ben Adler",
        "counts as a child",
        "ben@example.org",
        "read by this person alone",
        "Grace Adler",
        "gives permission",
        "grace@example.org",
        "Ama and Ben",
        "2 April 2015",
        "Take part",
        "Guardian&#x27;s permission",
        "Talked with Ben",
    ):
        assert said in html


def test_a_site_lead_sees_no_way_to_reach_anybody(page, riverside, lincoln, story):
    lead = staff("Sol", riverside, "site-lead")
    lead.memberships.update(site=lincoln)

    html = page(lead)

    assert "Ben Adler" in html
    for hidden in ("@example.org", "How to reach", "Grace", "2 April 2015", "Talks", "/change/"):
        assert hidden not in html


def test_guardians_of_the_past_say_why(page, cora, ben, grace, riverside):
    father = person("Gil", riverside)
    Guardianship.objects.create(adult=father, child=ben, starts_on=date(2015, 4, 2), ends_on=date(2026, 2, 1))

    html = page(cora)

    assert "ended on 1 February 2026" in html
    assert "gil@example.org" not in html


def test_at_18_a_guardianship_ended(page, cora, ben):
    ben.born_on = date(2008, 11, 16)
    ben.save()

    html = page(cora)

    assert "ended at 18" in html
    assert "grace@example.org" not in html
    assert "counts as a child" not in html


def test_a_restriction_is_told_its_reason_to_leads_alone(page, cora, dele, ben, grace, riverside):
    restrict(grace, ben, program=riverside, by=cora)

    assert "There is a restriction." in page(cora)
    assert "court order 17" not in page(cora)
    assert not Event.objects.filter(verb="restriction.read").exists()
    assert "court order 17" in page(dele)
    assert Event.objects.get(verb="restriction.read").level == 4


def test_a_site_lead_finds_no_restriction(page, riverside, lincoln, ben, cora):
    lead = staff("Sol", riverside, "site-lead")
    lead.memberships.update(site=lincoln)
    before = page(lead)
    restrict(person("Uwe", riverside), ben, program=riverside, by=cora)

    assert lasting(page(lead)) == lasting(before)


def test_talks_of_another_caseload_are_absent(page, story, riverside, cora, ama_in, ama):
    mia = staff("Mia", riverside, "match-support")
    other = participant(person("Lou", riverside, born_on=date(2014, 1, 1)), riverside, "mentee")
    open_match(ama_in, other, coordinator=mia)
    Conversation.objects.create(
        program=riverside, person=ama, how="phone", words="About both of them.", at=MONDAY, by=cora, form_id="both"
    )

    html = page(mia, one=ama_in)

    assert "Ama and Lou" in html
    for hidden in ("Ama and Ben", "Her mother is ill.", "About both of them."):
        assert hidden not in html
    assert "Her mother is ill." in page(cora, one=ama_in)
    assert "About both of them." in page(cora, one=ama_in)


def test_omar_finds_no_such_person_though_he_has_his_own(page, as_user, omar, hill_match, ben_in):
    page(omar, status=404)

    assert as_user(omar).get(hill_match.mentees[0].get_absolute_url()).status_code == 200
    assert as_user(omar).get(f"/p/hillside/people/{ben_in.ref}/").status_code == 404


@pytest.mark.parametrize(("who", "role"), [("ama", "mentor"), ("ben", "mentee"), ("grace", "guardian")])
def test_participants_do_not_find_it(request, sign_up, story, riverside, ben_in, who, role):
    browser = sign_up(request.getfixturevalue(who), riverside, role)

    assert browser.get(ben_in.get_absolute_url()).status_code == 404
    assert browser.get(f"/p/riverside/people/{ben_in.ref}/change/").status_code == 404


def test_site_language_and_capacity_are_put_right(as_user, ben_in, cora, lincoln):
    response = as_user(cora).post(
        f"/p/riverside/people/{ben_in.ref}/change/", {"site": "", "language": "es", "capacity": "2"}
    )
    ben_in.refresh_from_db()

    assert (response.status_code, ben_in.site, ben_in.capacity, ben_in.person.language) == (302, None, 2, "es")
    assert Event.objects.get(verb="participant.changed").facts["capacity"] == [1, 2]


@pytest.mark.parametrize(
    "bad", [{"capacity": "-1"}, {"capacity": "51"}, {"language": "tlh"}, {"site": "999"}, {"capacity": "x"}]
)
def test_what_cannot_be_right_changes_nothing(as_user, ben_in, cora, bad):
    response = as_user(cora).post(
        f"/p/riverside/people/{ben_in.ref}/change/", {"site": "", "language": "en", "capacity": "3"} | bad
    )
    ben_in.refresh_from_db()

    assert (response.status_code, ben_in.capacity) == (422, 1)
