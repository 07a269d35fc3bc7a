"""One person's page: ways to reach them, guardians, gates and talks, each for those who may see it."""

from datetime import date

import pytest

from rapport.audit.models import Event
from rapport.checkins.models import Conversation
from rapport.people.actions import say
from rapport.people.models import ContactPoint, Guardianship
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


def add(browser, one, **said):
    given = {"kind": "email", "value": "ben.two@example.org", "is_shared": "no", "best_times": ""} | said
    return browser.post(f"/p/riverside/people/{one.ref}/ways/", given)


def test_a_way_is_private_only_where_nobody_else_has_it(as_user, ben_in, ben, grace, cora):
    browser = as_user(cora)

    add(browser, ben_in, value="Ben.Two@example.org")
    add(browser, ben_in, value="grace@example.org")
    add(browser, ben_in, value="ben.three@example.org", is_shared="yes", is_preferred="on")

    points = ContactPoint.objects.filter(person=ben).order_by("pk").values_list("value", "is_private", "is_preferred")
    assert list(points) == [
        ("ben@example.org", True, False),
        ("ben.two@example.org", True, False),
        ("grace@example.org", False, False),
        ("ben.three@example.org", False, True),
    ]
    assert not grace.contact_points.get().is_private
    told = Event.objects.filter(verb="contact.added").order_by("pk")
    assert [event.facts["is_private"] for event in told] == [True, False, False]


@pytest.mark.parametrize(
    "bad",
    [{"value": ""}, {"value": "nowhere"}, {"kind": "phone", "value": "call me"}, {"kind": "owl"}, {"is_shared": ""}],
)
def test_a_way_that_cannot_be_right_is_not_kept(as_user, ben_in, ben, cora, bad):
    assert add(as_user(cora), ben_in, **bad).status_code == 422
    assert ben.contact_points.count() == 1


def test_the_same_way_twice_is_said(as_user, ben_in, ben, cora):
    assert add(as_user(cora), ben_in, value="ben@example.org").status_code == 409
    assert ben.contact_points.count() == 1


def test_a_way_is_dropped_by_pressing_alone(as_user, ben_in, ben, ama, omar, dele, cora):
    point, not_bens = ben.contact_points.get(), ama.contact_points.get()
    address = f"/p/riverside/people/{ben_in.ref}/ways/{point.pk}/drop/"

    for user, method, where in (
        (cora, "get", address),
        (omar, "post", address),
        (dele, "post", address),
        (cora, "post", address.replace(f"/{point.pk}/", f"/{not_bens.pk}/")),
    ):
        assert getattr(as_user(user), method)(where).status_code == 404
    assert as_user(cora).post(address).status_code == 302

    assert (ben.contact_points.count(), ama.contact_points.count()) == (0, 1)
