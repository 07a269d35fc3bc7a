"""A program is set up on pages, step by step, from a profile or a file; nothing of it is there before it is made."""

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from rapport.access.actions import add_user
from rapport.access.models import User
from rapport.audit.models import Event
from rapport.outbox.models import Message
from rapport.portal import program_file
from rapport.portal.setup import forms
from rapport.programs import profiles
from rapport.programs.actions import end_membership
from rapport.programs.models import Membership, Program
from tests.cast import LONG_AGO, MONDAY, staff

pytestmark = pytest.mark.django_db
NEW = "/programs/new/"
OWN = {
    "name": "Lakeside mentoring", "slug": "", "time_zone": "Europe/London", "languages": ["en", "es"],
    "using_since_on": "1 12 2026", "contact_line": "Mira, 555 0142", "quiet_start": "on",
}  # fmt: skip
SITES = {
    "form-TOTAL_FORMS": "2", "form-INITIAL_FORMS": "0", "form-0-name": "Lake School",
    "form-0-emergency_numbers": "911", "form-1-name": "", "form-1-emergency_numbers": "",
}  # fmt: skip
PEOPLE = {"is_coordinator": "on", "lead_name": "Dele Okoro", "lead_email": "dele.okoro@example.org"}


@pytest.fixture
def rita(riverside):
    """Manages the house."""
    return staff("Rita", riverside, "administrator")


@pytest.fixture
def browser(as_user, rita):
    return as_user(rita)


def numbers(browser):
    """The numbers as the page offers them."""
    form = browser.get(NEW + "rules/").context["form"]
    return {field.html_name: field.value() for field in form}


def walk(browser, until="check", **more):
    """Answer the steps up to this one."""
    told = {"": {"profile": "youth-one-to-one"}, "name/": OWN, "sites/": SITES, "people/": PEOPLE} | more
    for step in ("", "name/", "sites/", "rules/", "people/"):
        if step.strip("/") == until:
            return
        data = told.get(step) or numbers(browser)
        response = browser.post(NEW + step, data)
        assert response.status_code == 302, step


def test_each_profile_says_what_it_is_for():
    assert set(forms.WHAT_FOR) == set(profiles.slugs())


def test_a_program_is_made_in_six_steps(browser, rita, mailoutbox):
    walk(browser)
    page = browser.get(NEW + "check/").content.decode()
    assert not Program.objects.filter(slug="lakeside-mentoring").exists()
    for words in ("Lakeside mentoring", "1 December 2026", "Lake School", "911", "Rita", "Dele Okoro"):
        assert words in page

    response = browser.post(NEW + "check/")

    made = Program.objects.get(slug="lakeside-mentoring")
    assert response.url == "/p/lakeside-mentoring/"
    assert (made.time_zone, made.languages, made.quiet_start) == ("Europe/London", ["en", "es"], True)
    assert (made.using_since_on, made.contact_line) == (date(2026, 12, 1), "Mira, 555 0142")
    assert made.limits.count() == len(profiles.read("youth-one-to-one")["limit"])
    assert made.criteria.exists()
    held = Membership.objects.filter(program=made).values_list("user__name", "role__slug")
    assert set(held) == {
        ("Rita", "administrator"), ("Rita", "coordinator"), ("Dele Okoro", "safeguarding-lead")
    }  # fmt: skip
    assert [letter.to for letter in mailoutbox] == [["dele.okoro@example.org"]]
    assert not Message.objects.exists()
    assert browser.get("/p/lakeside-mentoring/settings/").status_code == 200
    assert browser.get(NEW + "check/").url == NEW


def test_what_is_not_made_leaves_nothing(browser):
    counts = [model.objects.count() for model in (Program, User, Membership, Event, Message)]

    walk(browser)

    assert [model.objects.count() for model in (Program, User, Membership, Event, Message)] == counts
    browser.post("/accounts/logout/")


def test_a_changed_number_goes_into_the_program(browser):
    walk(browser, until="rules")
    data = numbers(browser) | {"limit.silent.value": "45", "promise.meet.every": "2"}
    browser.post(NEW + "rules/", data)
    browser.post(NEW + "people/", PEOPLE)
    browser.post(NEW + "check/")

    made = Program.objects.get(slug="lakeside-mentoring")
    assert made.limits.get(code="silent").value == 45
    assert made.promises.get(code="meet").every == 2
    assert made.promises.get(code="meet").source


def test_missing_roles_and_numbers_are_said(browser):
    sites = SITES | {"form-0-emergency_numbers": ""}
    walk(browser, **{"sites/": sites, "people/": {"coordinator_name": ""}})

    warnings = browser.get(NEW + "check/").context["warnings"]

    assert warnings == [
        "Nobody coordinates this program yet: calls and questions have nowhere to go.",
        "Nobody leads on safeguarding yet: a worry would be read by nobody.",
        "No emergency numbers yet: Lake School.",
    ]
    browser.post(NEW + "check/")
    said = browser.get("/p/lakeside-mentoring/settings/").content.decode()
    assert all(sentence in said for sentence in warnings)


def test_a_step_opens_only_after_those_before_it(browser):
    assert browser.get(NEW + "check/").url == NEW
    walk(browser, until="sites")

    assert browser.get(NEW + "people/").url == NEW + "sites/"
    assert browser.post(NEW + "check/").url == NEW + "sites/"


def test_another_profile_brings_other_rules_and_keeps_the_name(browser):
    walk(browser)
    browser.post(NEW, {"profile": "professional"})

    assert browser.get(NEW + "check/").url == NEW + "rules/"
    assert browser.get(NEW + "name/").context["form"]["name"].value() == "Lakeside mentoring"
    browser.post(NEW + "rules/", numbers(browser))
    browser.post(NEW + "check/")
    made = Program.objects.get(slug="lakeside-mentoring")
    assert (made.profile, made.adults_only) == ("professional", True)
    assert made.sites.get().name == "Lake School"


def upload(browser, content):
    data = {"upload": "1", "file": SimpleUploadedFile("ours.toml", content)}
    return browser.post(NEW, data)


def test_a_downloaded_file_makes_the_same_program(browser, riverside):
    response = browser.get("/p/riverside/settings/file/")
    assert response.headers["Content-Disposition"] == 'attachment; filename="riverside.toml"'
    assert response.content.decode() == program_file.write(riverside)

    upload(browser, response.content)
    own = browser.get(NEW + "name/").context["form"]
    browser.post(NEW + "name/", {field.html_name: field.value() or "" for field in own} | {"slug": "again"})
    places = browser.get(NEW + "sites/").context["formset"]
    sites = {
        field.html_name: field.value() if field.value() is not None else ""
        for form in [places.management_form, *places]
        for field in form
    }
    browser.post(NEW + "sites/", sites)
    browser.post(NEW + "rules/", numbers(browser))
    browser.post(NEW + "people/", PEOPLE)
    browser.post(NEW + "check/")

    assert program_file.write(Program.objects.get(slug="again")) == program_file.write(riverside)


def test_a_broken_file_says_every_mistake_with_its_line(browser):
    page = upload(browser, b'profile = "peeer"\nname = Ours\n[[site]]\n').content.decode()

    for line in (1, 2, 3):
        assert f"ours.toml, line {line}: " in page
    assert "did you mean &#x27;peer&#x27;?" in page
    assert browser.get(NEW + "name/").url == NEW


@pytest.mark.parametrize("content", [b"\x00\xff", b"x" * 1_100_000, b"[" * 9000, b"<script>alert(1)</script>"])
def test_what_is_no_file_of_a_program_is_refused_on_the_page(browser, content):
    response = upload(browser, content)

    assert response.status_code == 200
    assert response.context["wrong"]
    assert b"<script>alert" not in response.content


@pytest.mark.parametrize(
    ("step", "data", "said"),
    [
        ("", {}, "Choose one"),
        ("", {"profile": "no-such"}, "no-such"),
        ("name", OWN | {"slug": "Bad slug"}, "small letters, digits and hyphens"),
        ("name", OWN | {"slug": "riverside"}, "There is a program with this short name already."),
        ("name", OWN | {"name": "愛", "slug": ""}, "small letters, digits and hyphens"),
        ("name", OWN | {"using_since_on": "31 11 2026"}, "November has 30 days"),
        ("name", OWN | {"time_zone": "Mars/North"}, "Mars/North"),
        ("name", OWN | {"languages": []}, "required"),
        ("sites", SITES | {"form-1-name": "Lake School"}, "stands there twice"),
        ("sites", SITES | {"form-1-emergency_numbers": "911"}, "Which site do these numbers belong to?"),
        ("sites", {"form-TOTAL_FORMS": "9" * 30}, "form"),
        ("rules", {"limit.silent.value": "0"}, "This must be 1 or more."),
        ("rules", {"promise.ask-mentee.every": "1", "promise.ask-mentee.unit": "weeks"}, "later than the next one"),
        ("people", {"lead_email": "rita@example.org", "lead_name": "Rita"}, "Nobody gives themselves this role"),
        ("people", {"coordinator_email": "x@example.org"}, "Whose address is this?"),
        ("people", {"coordinator_name": "Mira"}, "Where does the invitation go?"),
    ],
)
def test_what_cannot_be_is_said_and_nothing_is_kept(browser, step, data, said):
    walk(browser, until=step)
    data = numbers(browser) | data if step == "rules" else data

    response = browser.post(f"{NEW}{step}/" if step else NEW, data)

    assert response.status_code == 200
    assert said in response.content.decode()


def test_a_name_taken_meanwhile_is_said_and_nothing_is_made(browser, house):
    walk(browser)
    Program.objects.create(
        slug="lakeside-mentoring", name="x", organization=house, profile="peer", using_since_on=date(2026, 1, 1)
    )
    users = User.objects.count()

    response = browser.post(NEW + "check/")

    assert response.status_code == 409
    assert "There is a program with this short name already." in response.content.decode()
    assert User.objects.count() == users


@pytest.mark.parametrize("step", ["", "name/", "sites/", "rules/", "people/", "check/"])
def test_only_who_manages_the_house_finds_the_steps(as_user, client, cora, omar, rita, ama_in, step):
    assert as_user(omar).get("/p/hillside/settings/").status_code == 200
    for somebody in (omar, cora):
        assert as_user(somebody).get(NEW + step).status_code == 404
        assert as_user(somebody).post(NEW + step, {"profile": "peer"}).status_code == 404
    assert client.get(NEW + step).status_code == 302


def test_a_manager_who_left_finds_them_no_more(as_user, rita, riverside):
    staff("Second", riverside, "administrator")
    browser = as_user(rita)
    assert browser.get(NEW).status_code == 200

    end_membership(rita.memberships.get(), by=None, at=MONDAY)

    assert browser.get(NEW).status_code == 404


def test_the_first_person_of_an_empty_house_makes_the_first_program(house, as_user):
    first = add_user(email="mira@example.org", name="Mira Sol", by=None, at=LONG_AGO)
    browser = as_user(first)

    assert browser.get("/").url == NEW
    walk(browser)
    browser.post(NEW + "check/")

    held = Membership.objects.filter(user=first).values_list("role__slug", flat=True)
    assert set(held) == {"administrator", "coordinator"}
    second = add_user(email="nemo@example.org", name="Nemo", by=None, at=LONG_AGO)
    assert as_user(second).get(NEW).status_code == 404


def test_a_draft_is_of_one_person_alone(as_user, rita, riverside, browser):
    walk(browser)

    other = as_user(staff("Second", riverside, "administrator"))

    assert other.get(NEW + "check/").url == NEW


def test_others_cannot_download_the_file(as_user, omar, riverside):
    assert as_user(omar).get("/p/riverside/settings/file/").status_code == 404
    assert as_user(omar).get("/p/hillside/settings/file/").status_code == 200


def test_a_manager_sees_the_way_to_a_new_program(as_user, browser, cora):
    assert NEW in browser.get("/p/riverside/settings/").content.decode()
    assert NEW not in as_user(cora).get("/p/riverside/settings/").content.decode()


def test_the_steps_ask_the_database_little(browser):
    walk(browser)

    for step in ("", "name/", "sites/", "rules/", "people/", "check/"):
        with CaptureQueriesContext(connection) as asked:
            browser.get(NEW + step)
        assert len(asked) < 15
