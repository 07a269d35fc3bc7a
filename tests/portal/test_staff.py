"""Who works here: invited never beyond one's own rights, ended at once, and never the last."""

import re
from datetime import timedelta

import pytest
from allauth.usersessions.models import UserSession
from django.test import Client
from django.utils import timezone

from rapport.access.actions import add_user
from rapport.access.models import Role, User
from rapport.audit.actions import record
from rapport.audit.models import Event
from rapport.core import places
from rapport.outbox.models import Message
from rapport.people.models import ContactPoint, Guardianship, Person
from rapport.portal import inviting
from rapport.programs.actions import LastOne, OwnLast
from rapport.programs.models import Membership
from tests.care.conftest import restrict
from tests.cast import BEGUN_ON, LONG_AGO, MONDAY, staff

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("mail_goes_through_the_outbox")]
STAFF, INVITE, AUDIT = "/p/riverside/staff/", "/p/riverside/staff/invitation/", "/p/riverside/audit/"
NINA = {"name": "Nina Novak", "email": "nina@example.org", "role": "match-support", "site": ""}


def role(slug):
    return Role.objects.get(slug=slug)


def live(program, **more):
    rows = Membership.objects.live(timezone.now()).filter(program=program, **more).order_by("pk")
    return list(rows.values_list("user__email", "role__slug"))


def letters():
    return list(Message.objects.filter(kind="access/mail").order_by("pk").values_list("address", "body"))


def test_many_colleagues_come_a_page_at_a_time_each_once(as_user, cora, riverside):
    slugs = ("coordinator", "site-lead", "match-support")
    many = User.objects.bulk_create(
        User(email=f"n{n}@example.org", name=f"Nina {n // 6:02}", joined_at=LONG_AGO, password="!") for n in range(58)
    )
    Membership.objects.bulk_create(
        Membership(user=user, program=riverside, role=role(slugs[n % 3]), starts_at=LONG_AGO)
        for n, user in enumerate(many)
    )
    browser = as_user(cora)

    first = browser.get(STAFF)
    second = browser.get(STAFF + first.context["older"])

    rows = [(one.role.name, one.user.name, one.pk) for page in (first, second) for one in page.context["rows"]]
    assert (len(first.context["rows"]), second.context["older"]) == (50, "")
    assert rows == sorted(set(rows))
    assert {pk for *_, pk in rows} == set(riverside.memberships.values_list("pk", flat=True))
    assert [page.context["people"] for page in (first, second)] == [
        User.objects.filter(memberships__program=riverside).count()
    ] * 2
    assert [browser.get(STAFF, {"after": typed}).status_code for typed in ("x", "9" * 99, "\0")] == [200] * 3


def test_an_invitation_makes_user_person_and_role_and_sends_a_link(as_user, cora, riverside):
    html = as_user(cora).post(INVITE, NINA, follow=True).content.decode()

    nina = User.objects.get(email="nina@example.org")
    assert (nina.name, nina.person.full_name, nina.has_usable_password()) == ("Nina Novak", "Nina Novak", False)
    assert live(riverside, user=nina) == [("nina@example.org", "match-support")]
    assert "Nina Novak is invited" in html
    [(address, body)] = letters()
    assert address == "nina@example.org"
    assert "Cora invites you to Riverside mentoring. Your role there: Match support." in body
    assert list(Event.objects.filter(actor_id=cora.pk).values_list("verb", flat=True)) == [
        "user.added",
        "person.added",
        "person.signs-in",
        "membership.begun",
    ]


def test_a_sign_in_without_a_person_becomes_somebody_with_the_role(as_user, cora, riverside):
    """Only a person can be kept away from a sealed file."""
    nina = add_user(email="nina@example.org", name="Nina Novak", by=None, at=LONG_AGO)

    as_user(cora).post(INVITE, NINA)

    assert Person.objects.get(user=nina).full_name == "Nina Novak"


def test_the_first_one_is_somebody(riverside):
    inviting.begin_with(riverside, name="Ines", email="ines@example.org", at=LONG_AGO)

    assert Person.objects.get(user__email="ines@example.org").given_name == "Ines"


def test_the_link_of_an_invitation_opens_once(as_user, cora):
    as_user(cora).post(INVITE, NINA)
    link = re.search(r"http://localhost:8000(/\S+)", letters()[0][1])[1]
    words = "a boat upon the water"

    form = Client().get(link, follow=True)
    browser = Client()
    browser.get(link, follow=True)
    browser.post(form.request["PATH_INFO"], {"password1": words, "password2": words})

    nina = User.objects.get(email="nina@example.org")
    assert nina.check_password(words)
    assert "does not work any more" in Client().get(link, follow=True).content.decode()


def test_the_same_invitation_twice_is_one(as_user, cora, riverside):
    for _ in range(2):
        html = as_user(cora).post(INVITE, {**NINA, "email": "Nina@Example.org"}, follow=True).content.decode()

    assert "Nina Novak has this role already." in html
    assert User.objects.filter(email__iexact="nina@example.org").count() == 1
    assert len(live(riverside, user__email__iexact="nina@example.org")) == 1
    assert len(letters()) == 1


def test_who_never_chose_a_password_is_written_to_again(as_user, cora, riverside):
    as_user(cora).post(INVITE, NINA)
    nina = Membership.objects.get(user__email="nina@example.org")
    Message.objects.update(dedupe_key="an hour ago")  # equal letters of one second are one: a double click
    page = as_user(cora).get(STAFF).content.decode()

    html = as_user(cora).post(f"{STAFF}{nina.pk}/invitation/", follow=True).content.decode()

    assert page.count("Send again") == 1
    assert "A new letter is on its way to Nina Novak." in html
    assert [address for address, _body in letters()] == ["nina@example.org", "nina@example.org"]
    assert Event.objects.filter(verb="membership.invited-again", actor_id=cora.pk).count() == 1


def test_who_has_a_password_is_not_written_to_again(as_user, cora, dele, riverside):
    dele.set_password("a boat upon the water")
    dele.save()
    member = Membership.objects.get(user=dele, program=riverside)

    response = as_user(cora).post(f"{STAFF}{member.pk}/invitation/")

    assert (response.status_code, letters()) == (409, [])


def test_nobody_sends_an_invitation_again_beyond_their_rights_or_from_another_program(as_user, cora, dele, omar, ada):
    lead = Membership.objects.get(user=ada)

    answers = [as_user(user).post(f"{STAFF}{lead.pk}/invitation/").status_code for user in (cora, dele, omar)]

    assert (answers[0], set(answers[1:]), letters()) == (409, {404}, [])


def test_who_signs_in_already_gets_one_role_more(as_user, cora, dele, riverside):
    as_user(cora).post(INVITE, {**NINA, "email": "DELE@example.org"})

    assert live(riverside, user=dele) == [
        ("dele@example.org", "safeguarding-lead"),
        ("dele@example.org", "match-support"),
    ]
    [(_, body)] = letters()
    assert "http://localhost:8000/account/login/" in body
    assert "password/reset" not in body


def test_a_mentor_who_begins_to_work_here_stays_one_person(as_user, cora, ama):
    as_user(cora).post(INVITE, {**NINA, "name": "Ama Mensah", "email": "ama@example.org"})

    assert User.objects.get(email="ama@example.org").person == ama
    assert Person.objects.filter(given_name="Ama").count() == 1


def test_somebody_else_with_a_known_address_is_somebody_new(as_user, cora, ama):
    ContactPoint.objects.filter(person=ama).update(is_private=False)

    as_user(cora).post(INVITE, {**NINA, "name": "Ama Mensah", "email": "ama@example.org"})

    assert User.objects.get(email="ama@example.org").person != ama


@pytest.mark.parametrize("slug", ["safeguarding-lead", "administrator", "mentor"])
def test_a_coordinator_gives_no_right_they_do_not_hold(as_user, cora, riverside, slug):
    response = as_user(cora).post(INVITE, {**NINA, "role": slug})

    assert response.status_code == 200
    assert "Choose a role that you may give." in response.content.decode()
    assert not User.objects.filter(email="nina@example.org").exists()
    with pytest.raises(inviting.BeyondOwnRights):
        inviting.invite(riverside, name="N", email="n@example.org", role=role(slug), by=cora, at=MONDAY)


def test_who_manages_the_house_gives_every_role_of_staff_but_none_to_themselves(ada, riverside):
    given = set(inviting.roles_open_to(ada, riverside, MONDAY).values_list("slug", flat=True))
    assert given == set(Role.objects.filter(is_staff=True).values_list("slug", flat=True))

    with pytest.raises(inviting.ToThemselves):
        inviting.invite(riverside, name="", email="ADA@example.org", role=role("coordinator"), by=ada, at=MONDAY)


def test_rights_in_another_program_give_nothing_here(omar, riverside, hillside):
    assert not inviting.roles_open_to(omar, riverside, MONDAY).filter(slug="coordinator").exists()
    assert inviting.roles_open_to(omar, hillside, MONDAY).filter(slug="safeguarding-lead").exists()


def test_a_site_lead_needs_a_site(as_user, cora, lincoln, riverside, hillside):
    browser = as_user(cora)
    data = {**NINA, "role": "site-lead"}

    assert "Which site?" in browser.post(INVITE, data).content.decode()
    elsewhere = {**data, "site": hillside.sites.get().ref}
    assert "Choose one of the sites of this program." in browser.post(INVITE, elsewhere).content.decode()
    browser.post(INVITE, {**data, "site": lincoln.ref})

    assert Membership.objects.get(user__email="nina@example.org").site == lincoln


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("email", ""), ("email", "nina"), ("email", "a@b\n.org"), ("email", "x" * 300 + "@example.org"),
        ("name", ""), ("name", "\u200b"), ("name", "x" * 500), ("name", "N\nBcc: all@example.org"), ("name", "a\x00"),
        ("role", ""), ("role", "king"), ("site", "nowhere"),
    ],
)  # fmt: skip
def test_an_invitation_that_cannot_be_is_refused_in_words(as_user, cora, field, typed):
    response = as_user(cora).post(INVITE, {**NINA, field: typed})

    assert response.status_code == 200
    assert "to put right" in response.content.decode()
    assert (User.objects.count(), letters()) == (1, [])


def test_a_role_ends_with_the_next_request(as_user, cora, riverside):
    nina = staff("Nina", riverside, "match-support")
    hers = as_user(nina)
    assert hers.get(STAFF).status_code == 200
    membership = nina.memberships.get()

    as_user(cora).post(f"{STAFF}{membership.pk}/end/")

    assert hers.get(STAFF).status_code == 302  # signed out: it was her last role
    nina.refresh_from_db()
    assert (nina.is_active, live(riverside, user=nina)) == (False, [])


def test_with_a_role_every_session_ends_and_what_is_left_is_signed_in_to_anew(as_user, cora, riverside, hillside):
    nina = staff("Nina", riverside, "match-support")
    from rapport.programs.actions import add_member

    add_member(nina, program=hillside, role=role("evaluator"), by=None, at=LONG_AGO)
    hers = as_user(nina)
    UserSession.objects.create(user=nina, session_key=hers.session.session_key, ip="127.0.0.1", user_agent="")

    as_user(cora).post(f"{STAFF}{nina.memberships.get(program=riverside).pk}/end/")

    assert hers.get("/p/hillside/settings/").status_code == 302
    again = as_user(nina)
    assert again.get(STAFF).status_code == 404
    assert again.get("/p/hillside/settings/").status_code == 200


def test_who_left_comes_back_with_a_new_password(as_user, cora, riverside):
    nina = staff("Nina", riverside, "match-support")
    browser = as_user(cora)
    browser.post(f"{STAFF}{nina.memberships.get().pk}/end/")

    browser.post(INVITE, NINA)

    nina.refresh_from_db()
    assert (nina.is_active, nina.has_usable_password()) == (True, False)
    assert "/account/password/reset/key/" in letters()[-1][1]


def test_the_last_coordinator_and_the_last_lead_cannot_be_ended(ada, cora, dele, riverside):
    for user in (cora, dele):
        with pytest.raises(LastOne):
            inviting.end(user.memberships.get(), by=ada, at=MONDAY)

    carl = staff("Carl", riverside, "coordinator")
    inviting.end(cora.memberships.get(), by=carl, at=MONDAY)
    assert [slug for _, slug in live(riverside)] == ["administrator", "safeguarding-lead", "coordinator"]


def test_nobody_ends_their_own_last_role(as_user, cora, riverside):
    staff("Carl", riverside, "coordinator")

    response = as_user(cora).post(f"{STAFF}{cora.memberships.get().pk}/end/")

    assert response.status_code == 409
    assert "your own last role" in response.content.decode()
    assert cora.memberships.get().ends_at is None
    with pytest.raises(OwnLast):
        inviting.end(cora.memberships.get(), by=cora, at=MONDAY)


def test_a_coordinator_ends_no_lead(as_user, cora, dele, riverside):
    staff("Dora", riverside, "safeguarding-lead")

    response = as_user(cora).post(f"{STAFF}{dele.memberships.get().pk}/end/")

    assert response.status_code == 409
    assert dele.memberships.get().ends_at is None


def test_what_is_still_in_their_hands_is_told_first(as_user, cora, match, riverside):
    carl = staff("Carl", riverside, "coordinator")

    html = as_user(carl).get(f"{STAFF}{cora.memberships.get().pk}/end/").content.decode()

    assert "1 open match" in html


def test_another_programs_roles_cannot_be_seen_or_ended(as_user, omar, cora, riverside):
    theirs = cora.memberships.get().pk
    browser = as_user(omar)

    for address in (STAFF, INVITE, f"{STAFF}{theirs}/end/", f"/p/hillside/staff/{theirs}/end/", AUDIT):
        assert browser.get(address).status_code == 404
        assert browser.post(address, NINA).status_code == 404
    assert live(riverside) == [("cora@example.org", "coordinator")]


def test_match_support_sees_who_works_here_and_changes_nothing(as_user, cora, riverside):
    nina = staff("Nina", riverside, "match-support")
    browser = as_user(nina)

    html = browser.get(STAFF).content.decode()

    assert "Cora" in html
    assert "cora@example.org" not in html
    for address in (INVITE, f"{STAFF}{cora.memberships.get().pk}/end/", AUDIT):
        assert browser.post(address, NINA).status_code == 404


def queries(browser, address):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    browser.get(address)
    with CaptureQueriesContext(connection) as asked:
        assert browser.get(address).status_code == 200
    return len(asked)


def test_the_lists_ask_the_same_number_of_questions_however_long_they_are(as_user, cora, match, riverside):
    browser = as_user(cora)
    record("match.looked-at", about=match, by=cora, at=MONDAY)
    few = queries(browser, STAFF), queries(browser, AUDIT)
    for number in range(12):
        staff(f"Nina{number}", riverside, "match-support")
        record("match.looked-at", about=match, by=cora, at=MONDAY)

    assert (queries(browser, STAFF), queries(browser, AUDIT)) == few


# The trail


def verbs(browser, query=""):
    html = browser.get(AUDIT + query).content.decode()
    return re.findall(r'<td class="text-wrap">(?:<b>read</b> )?([\w -]+)', html)


def test_the_trail_shows_this_program_only_newest_first(as_user, cora, omar, match, hill_match):
    record("match.paused", about=match, by=cora, at=MONDAY)
    record("match.resumed", about=match, by=cora, at=MONDAY + timedelta(hours=1))
    record("match.never-here", about=hill_match, by=omar, at=MONDAY)

    html = as_user(cora).get(AUDIT).content.decode()

    assert verbs(as_user(cora))[:2] == ["match resumed", "match paused"]
    assert "never" not in html
    assert "Ama, Ben" in html


def test_what_is_sealed_is_absent(as_user, cora, ada, match):
    record("case.opened", about=match, by=cora, at=MONDAY, level=3)
    record("concern.raised", about=match, by=cora, at=MONDAY, level=4)

    for user in (cora, ada):
        html = as_user(user).get(AUDIT).content.decode()
        assert "case opened" not in html
        assert "concern raised" not in html


def test_a_lead_reads_what_is_restricted_and_nothing_sealed_about_other_things(as_user, riverside, cora, match):
    both = staff("Lea", riverside, "coordinator", "safeguarding-lead")
    record("case.opened", about=match, by=cora, at=MONDAY, level=3)
    record("restriction.recorded", about=match, by=cora, at=MONDAY, level=4)

    html = as_user(both).get(AUDIT).content.decode()

    assert "case opened" in html
    assert "restriction" not in html


def test_who_is_close_to_somebody_here_sees_only_their_own_deeds(as_user, riverside, cora, match, ben, ama, dele):
    parent = staff("Paul", riverside, "coordinator")
    Guardianship.objects.create(adult=parent.person, child=ben, starts_on=BEGUN_ON)
    kept = staff("Kim", riverside, "coordinator")
    restrict(kept.person, ama, program=riverside, by=dele)
    record("match.paused", about=match, by=cora, at=MONDAY)
    record("program.looked-at", about=riverside, by=parent, at=MONDAY)

    assert verbs(as_user(parent)) == ["program looked at"]
    assert verbs(as_user(kept)) == []


def test_the_trail_is_narrowed_by_person_and_by_record(as_user, cora, dele, match, riverside):
    record("match.paused", about=match, by=cora, at=MONDAY)
    record("program.looked-at", about=riverside, by=dele, at=MONDAY)
    browser = as_user(cora)

    assert verbs(browser, f"?who={dele.pk}") == ["program looked at"]
    assert verbs(browser, f"?about=matches.match:{match.pk}") == ["match paused"]


@pytest.mark.parametrize(
    "query", ["?before=x", "?before=-1", "?before=9e9", "?before=" + "9" * 40, "?who=x", "?who=99999999999999999999",
              "?about=x", "?about=matches.match:99999999999999999999",
              "?about=' OR 1=1", "?about=no.such:1", "?who=%00"],
)  # fmt: skip
def test_odd_questions_to_the_trail_get_an_answer(as_user, cora, query):
    assert as_user(cora).get(AUDIT + query).status_code == 200


def test_the_trail_pages_by_key(as_user, cora, match):
    for number in range(120):
        record(f"match.deed-{number}", about=match, by=cora, at=MONDAY)
    browser, seen, address = as_user(cora), [], AUDIT

    while address:
        html = browser.get(address).content.decode()
        seen += re.findall(r"match deed (\d+)", html)
        found = re.search(r'rel="next" href="([^"]+)"', html)
        address = AUDIT + found[1].replace("&amp;", "&") if found else None

    assert seen == [str(number) for number in range(119, -1, -1)]


def test_the_way_to_older_rows_tells_nothing_of_rows_left_out(as_user, cora, match):
    """A key in the address would count what lies between; a place of one's own making leads to the newest rows."""
    for number in range(60):
        record(f"match.deed-{number}", about=match, by=cora, at=MONDAY)
    browser = as_user(cora)

    html = browser.get(AUDIT).content.decode()

    place = re.search(r'rel="next" href="\?before=([^"]+)"', html)[1]
    assert not place.isdigit()
    last = Event.objects.order_by("-pk")[49]
    for tried in (str(last.pk), place[:-3] + "abc", f"{place}0"):
        assert verbs(browser, f"?before={tried}")[0] == "match deed 59"


def test_the_same_place_reads_differently_each_time():
    assert places.hide(7) != places.hide(7)
    assert (places.find(places.hide(7)), places.find("7"), places.find(None), places.find("\0")) == (
        7,
        None,
        None,
        None,
    )
