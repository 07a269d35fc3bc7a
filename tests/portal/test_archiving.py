"""A program that is over is read and no more: no page writes, the clock passes it by, nothing is sent; and it can be
opened again. Its settings, and nobody of its people, can be copied."""

import pytest
from django.apps import apps

from rapport.audit.models import Event
from rapport.checkins.models import Ask
from rapport.clock.actions import deliver, tick
from rapport.matches.models import Match
from rapport.outbox.actions import issue_link
from rapport.outbox.models import Message
from rapport.people.models import Participant, Person
from rapport.portal.actions import StillGoingOn, archive, in_the_way, reopen
from rapport.programs.models import Program
from rapport.safeguarding.actions import raise_concern
from tests.cast import DAY, MONDAY, staff

pytestmark = pytest.mark.django_db
ARCHIVE, COPY = "/p/riverside/settings/archive/", "/p/riverside/settings/copy/"


@pytest.fixture(autouse=True)
def mailbox(settings, tmp_path):
    settings.MAILBOX = tmp_path / "mailbox"


@pytest.fixture
def rita(riverside):
    """Manages the house, and coordinates."""
    return staff("Rita", riverside, "administrator", "coordinator")


@pytest.fixture
def over(match):
    """Riverside when its last match has ended."""
    Match.objects.filter(pk=match.pk).update(state=Match.State.CLOSED, ended_on=MONDAY.date())
    return match.program


def everything(program):
    """How many records of each kind there are, and what stands in the program's own."""
    return {
        model._meta.label: list(model.objects.order_by("pk").values())
        for model in apps.get_models()
        if model.__module__.startswith("rapport.") and model._meta.label not in ("clock.Heartbeat", "core.Heartbeat")
    }


def test_what_is_not_over_stands_in_the_way(as_user, rita, match):
    page = as_user(rita).get(ARCHIVE).content.decode()
    assert "1 match is open. End it first, with a last meeting and a goodbye." in page
    assert "Archive it" not in page

    response = as_user(rita).post(ARCHIVE)

    assert response.status_code == 409
    assert not Program.objects.exclude(archived_at=None).exists()


def test_a_proposed_match_stands_in_the_way(match, riverside, rita):
    Match.objects.update(state=Match.State.PROPOSED)

    with pytest.raises(StillGoingOn, match=r"1 match is proposed\. Set it aside first\."):
        archive(riverside, by=rita, at=MONDAY)


def test_whether_somebody_is_still_heard_shows_nowhere_and_stays_in_the_leads_hands(as_user, over, rita, dele, cora):
    concern = raise_concern(program=over, words="A secret", cause_key="x", raised_by=cora.person, at=MONDAY)

    assert in_the_way(over) == []
    archive(over, by=rita, at=MONDAY)

    page = f"/p/riverside/safety/concerns/{concern.ref}/"
    assert as_user(dele).get(page).status_code == 200
    assert as_user(dele).post(page + "read/").status_code == 302
    concern.refresh_from_db()
    assert concern.owner == dele


def test_nothing_happens_in_an_archived_program(over, rita):
    Message.objects.create(
        program=over, kind="checkins/invitation", to=Person.objects.first(), dedupe_key="x", queued_at=MONDAY,
        next_at=MONDAY,
    )  # fmt: skip
    Ask.objects.create(program=over, person=Person.objects.first(), made_at=MONDAY, next_at=MONDAY)
    archive(over, by=rita, at=MONDAY)
    tick(at=MONDAY)
    before = everything(over)

    for n in range(1, 4):
        tick(at=MONDAY + 20 * n * DAY)
        deliver(at=MONDAY + 20 * n * DAY)

    after = everything(over)
    assert {name for name in after if after[name] != before[name]} <= {"audit.Seal", "clock.Pulse", "core.Pulse"}
    assert Message.objects.get().state == "suppressed"


def test_pages_show_and_do_not_write(as_user, rita, over):
    archive(over, by=rita, at=MONDAY)
    browser = as_user(rita)

    for path in ("", "today/", "matches/", "people/", "settings/", "calendar/", "staff/"):
        assert "This program is archived" in browser.get(f"/p/riverside/{path}").content.decode()
    for path, data in (
        ("calendar/", {"starts_on": "1 12 2026", "kind": "holiday"}),
        ("settings/limits/silent/", {"value": "45"}),
        ("settings/sites/", {"name": "Library"}),
        ("staff/invitation/", {"name": "Nemo", "email": "n@example.org"}),
    ):
        before = everything(over)
        response = browser.post(f"/p/riverside/{path}", data)
        assert response.status_code == 409
        assert "nothing is written here any more" in response.content.decode()
        assert {name for name, rows in everything(over).items() if rows != before[name]} <= {"access.Session"}


def test_old_links_open_nothing(client, over, rita, ama):
    ask = Ask.objects.create(program=over, person=ama, made_at=MONDAY)
    token = issue_link(purpose="ask", person=ama, about=ask, program=over, at=MONDAY, expires_at=MONDAY + 400 * DAY)
    path = f"/a/{token}/"
    assert client.get(path).status_code == 200

    archive(over, by=rita, at=MONDAY)

    assert client.get(path).content == client.get("/a/" + "x" * 22 + "/").content


def test_it_is_opened_again_by_who_manages_the_house(as_user, rita, over):
    browser = as_user(rita)
    browser.post(ARCHIVE)
    assert "Archived" in browser.get("/").content.decode()
    assert "Open it again" in browser.get(ARCHIVE).content.decode()

    browser.post(ARCHIVE)

    assert Program.objects.open().filter(slug="riverside").exists()
    assert list(Event.objects.filter(verb__startswith="program.").values_list("verb", flat=True))[-2:] == [
        "program.archived", "program.reopened"
    ]  # fmt: skip
    assert browser.post("/p/riverside/settings/sites/", {"name": "Library"}).status_code == 302


def test_twice_is_once(over, rita):
    assert [archive(over, by=rita, at=MONDAY), archive(over, by=rita, at=MONDAY)] == [True, False]
    assert [reopen(over, by=rita, at=MONDAY), reopen(over, by=rita, at=MONDAY)] == [True, False]


def test_a_copy_takes_settings_and_nobody(as_user, rita, match, mailoutbox):
    browser = as_user(rita)
    match.program.limits.filter(code="silent").update(value=45)
    people = Person.objects.count(), Participant.objects.count()

    assert browser.post(COPY).url == "/programs/new/name/"
    form = browser.get("/programs/new/name/").context["form"]
    assert form["quiet_start"].value() is True
    data = {field.html_name: field.value() or "" for field in form} | {"slug": "again", "name": "Again"}
    browser.post("/programs/new/name/", data)
    sites = browser.get("/programs/new/sites/").context["formset"]
    rows = {f.html_name: f.value() or "" for part in [sites.management_form, *sites] for f in part}
    browser.post("/programs/new/sites/", rows | {"form-INITIAL_FORMS": str(sites.initial_form_count())})
    numbers = {f.html_name: f.value() for f in browser.get("/programs/new/rules/").context["form"]}
    browser.post("/programs/new/rules/", numbers)
    browser.post("/programs/new/people/", {"is_coordinator": "on"})
    browser.post("/programs/new/check/")

    made = Program.objects.get(slug="again")
    assert made.limits.get(code="silent").value == 45
    assert made.sites.get().emergency_numbers == match.program.sites.get().emergency_numbers
    assert (Person.objects.count(), Participant.objects.count()) == people
    assert not mailoutbox


@pytest.mark.parametrize("address", [ARCHIVE, COPY])
def test_others_neither_archive_nor_copy(as_user, omar, cora, over, address):
    for somebody in (omar, cora):
        assert as_user(somebody).post(address).status_code == 404
    assert as_user(omar).get("/p/hillside/settings/").status_code == 200
    assert not Program.objects.exclude(archived_at=None).exists()
