"""Who may open a worry or a concern; for everybody else there is none: 404 on every address and every verb."""

from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.signals import template_rendered
from django.urls import reverse

from rapport.audit.models import Event
from rapport.people.models import Guardianship
from rapport.safeguarding import actions, views
from rapport.safeguarding.models import Concern, Entry, TriageItem
from rapport.safeguarding.views import STEPS
from rapport.tasks.models import Task
from tests.cast import MONDAY, staff
from tests.safeguarding.conftest import CANARY, raised

pytestmark = pytest.mark.django_db
VERBS = ("GET", "HEAD", "POST", "OPTIONS")  # the house lets no other verb in, for anybody


def addresses(concern, worry):
    """Every address that shows or changes these two."""
    slug = concern.program.slug
    steps = [reverse("safeguarding:step", args=[slug, concern.ref, name]) for name in STEPS]
    return [concern.get_absolute_url(), worry.get_absolute_url(), *steps]


def met(browser, found):
    """What every verb on every address answers."""
    return {browser.generic(verb, address).status_code for address in found for verb in VERBS}


OUTSIDERS = ["coordinator", "match-support", "site-lead", "administrator", "evaluator", "mentor", "mentee", "guardian"]


@pytest.mark.parametrize("role", OUTSIDERS)
def test_without_the_right_there_is_nothing(concern, worry, as_user, role):
    browser = as_user(staff("Sam", concern.program, role))

    lists = [reverse(f"safeguarding:{name}", args=["riverside"]) for name in ("desk", "closed")]
    assert met(browser, [*addresses(concern, worry), *lists]) == {404}


def test_omar_who_leads_elsewhere_sees_his_own_and_nothing_here(concern, worry, omar, hill_match, as_user):
    his = raised(hill_match.program, key="hill", match=hill_match)
    browser = as_user(omar)

    assert met(browser, addresses(concern, worry)) == {404}
    assert met(browser, [reverse("safeguarding:concern", args=["hillside", concern.ref])]) == {404}
    assert browser.get(his.get_absolute_url()).status_code == 200


def test_signed_out_leads_to_the_sign_in_page(concern, worry):
    for address in addresses(concern, worry):
        assert Client().get(address)["Location"].startswith("/account/login/")


def test_the_accused_lead_sees_nothing_and_can_do_nothing(duty, match, ben, dan, as_user, worry):
    concern = raised(match.program, match=match, subject=ben, accused=[dan.person])
    before = Entry.objects.count(), Event.objects.count()
    browser = as_user(dan)

    found = [address for address in addresses(concern, worry) if address != worry.get_absolute_url()]
    assert met(browser, found) == {404}
    assert (Entry.objects.count(), Event.objects.count()) == before
    assert CANARY not in browser.get(reverse("safeguarding:desk", args=["riverside"])).content.decode()


@pytest.mark.parametrize("party", ["guardian", "mentor"])
def test_a_lead_who_is_part_of_it_sees_nothing(concern, worry, dan, ben, match, as_user, party):
    if party == "guardian":
        Guardianship.objects.create(adult=dan.person, child=ben, starts_on=date(2020, 1, 1))
    else:
        place = match.members.get(side="mentor").participant
        place.person = dan.person
        place.save()

    assert met(as_user(dan), addresses(concern, worry)) == {404}


def test_a_lead_opens_both(concern, worry, dele, as_user):
    browser = as_user(dele)

    for one in (concern, worry):
        page = browser.get(one.get_absolute_url())
        assert page.status_code == 200
        assert CANARY in page.content.decode()


@pytest.mark.parametrize("role", ["coordinator", "site-lead", "match-support"])
def test_a_colleague_who_is_named_reads_and_notes_and_decides_nothing(concern, worry, dele, as_user, role):
    sam = staff("Sam", concern.program, role)
    actions.name_reader(concern, user=sam, by=dele, at=MONDAY)
    browser = as_user(sam)

    page = browser.get(concern.get_absolute_url())
    assert (page.status_code, CANARY in page.content.decode()) == (200, True)
    assert Task.objects.desk_of(sam, MONDAY).get().about == concern
    step = {name: reverse("safeguarding:step", args=["riverside", concern.ref, name]) for name in STEPS}
    assert browser.post(step["note"], {"note-words": "He smiled today."}).status_code == 302
    done = {name: browser.post(step[name]).status_code for name in ("read", "hold", "let-go")}
    assert done == {"read": 409, "hold": 409, "let-go": 409}
    assert browser.post(step["closing"], {"closing-outcome": "Nothing"}).status_code == 409
    assert browser.get(worry.get_absolute_url()).status_code == 404
    assert browser.get(reverse("safeguarding:desk", args=["riverside"])).status_code == 404


def test_whoever_left_is_named_in_vain(concern, dele, cora, as_user):
    actions.name_reader(concern, user=cora, by=dele, at=MONDAY)
    cora.memberships.update(ends_at=MONDAY)

    assert as_user(cora).get(concern.get_absolute_url()).status_code == 404


def test_the_accused_cannot_be_named(duty, match, ben, dele, cora):
    concern = raised(match.program, match=match, subject=ben, accused=[cora.person])

    with pytest.raises(actions.handling.NotForThem):
        actions.name_reader(concern, user=cora, by=dele, at=MONDAY)

    assert not concern.named.exists()


# Reading is in the trail before anything is sent


READS = {"concern": ("concern.read", "safeguarding/concern.html"), "worry": ("worry.read", "safeguarding/worry.html")}


@pytest.mark.parametrize("kind", READS)
def test_a_reading_is_in_the_trail_before_the_page_is_made(request, kind, dele, as_user):
    row = request.getfixturevalue(kind)
    verb, template = READS[kind]
    seen = []

    def look(sender, template, **kwargs):
        seen.append((template.name, Event.objects.about(row).filter(verb=verb, kind="read", level=4).count()))

    template_rendered.connect(look)
    try:
        as_user(dele).get(row.get_absolute_url())
    finally:
        template_rendered.disconnect(look)

    assert (template, 1) in seen
    assert {count for _, count in seen} == {1}
    event = Event.objects.about(row).get(verb=verb)
    assert (event.actor_label, event.program_id) == ("user: Dele", row.program_id)


@pytest.mark.parametrize("kind", READS)
def test_where_the_trail_cannot_be_written_nothing_is_shown(request, kind, dele, as_user):
    row = request.getfixturevalue(kind)
    browser = as_user(dele)
    browser.raise_request_exception = False

    def full_disk(execute, sql, params, many, context):
        if "INSERT INTO" in sql and "audit_event" in sql:
            raise OSError("the disk is full")
        return execute(sql, params, many, context)

    with connection.execute_wrapper(full_disk):
        page = browser.get(row.get_absolute_url())

    assert page.status_code == 500
    assert CANARY not in page.content.decode()


def test_a_form_sent_back_is_a_reading_too(concern, dele, as_user):
    address = reverse("safeguarding:step", args=["riverside", concern.ref, "note"])

    page = as_user(dele).post(address, {"note-words": ""})

    assert (page.status_code, CANARY in page.content.decode()) == (422, True)
    assert Event.objects.about(concern).filter(verb="concern.read").count() == 1


def test_the_desk_is_a_reading_of_what_it_lists(concern, worry, dele, as_user):
    as_user(dele).get(reverse("safeguarding:desk", args=["riverside"]))

    event = Event.objects.get(verb="safety.listed")
    assert (event.kind, event.level) == ("read", 4)
    assert event.facts == {"worries": [worry.pk], "concerns": [concern.pk]}


def test_every_row_of_the_trail_about_it_is_sealed(concern, worry, dele):
    actions.acknowledge(concern, by=dele, at=MONDAY)
    actions.read_triage(worry, by=dele, at=MONDAY)
    actions.close_triage(worry, outcome="concern", note="He said more.", by=dele, at=MONDAY)

    rows = Event.objects.filter(about_type__in=["safeguarding.concern", "safeguarding.triageitem", "tasks.task"])
    assert {row.level for row in rows} == {4}
    assert not any(CANARY in str(row.facts) for row in Event.objects.all())


def test_lists_cost_as_many_queries_for_ten_as_for_two(duty, match, ben, dele, as_user):
    from django.test.utils import CaptureQueriesContext

    browser = as_user(dele)

    def cost(name):
        with CaptureQueriesContext(connection) as queries:
            assert browser.get(reverse(f"safeguarding:{name}", args=["riverside"])).status_code == 200
        return len(queries)

    def fill(numbers):
        for n in numbers:
            one = raised(match.program, key=f"c{n}", match=match, subject=ben)
            actions.add_triage(
                program=match.program, person=ben, match=match, what="Not sure", cause_key=f"w{n}", at=MONDAY
            )
            if n % 2:
                actions.close_concern(one, outcome="-", by=dele, at=MONDAY)

    fill(range(4))
    few = cost("desk"), cost("closed"), waiting_cost(browser)
    fill(range(4, 20))
    assert (cost("desk"), cost("closed"), waiting_cost(browser)) == few


def waiting_cost(browser):
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as queries:
        assert browser.get(reverse("waiting:mine", args=["riverside"])).status_code == 200
    return len(queries)


def test_older_closed_files_are_found_by_an_address_that_counts_nothing(duty, match, ben, dele, as_user, monkeypatch):
    """The keys of two files would tell how many lie between them, even those a reader may not know of."""
    monkeypatch.setattr(views, "PAGE", 1)
    files = [raised(match.program, key=f"c{n}", match=match, subject=ben) for n in range(2)]
    for one in files:
        actions.close_concern(one, outcome="-", by=dele, at=MONDAY)
    browser, closed = as_user(dele), reverse("safeguarding:closed", args=["riverside"])

    page = browser.get(closed)
    older = browser.get(closed + page.context["older"])

    assert [list(one.context["concerns"]) for one in (page, older)] == [[files[1]], [files[0]]]
    assert list(browser.get(closed + f"?before={files[1].pk}").context["concerns"]) == [files[1]]


def test_the_file_costs_as_many_queries_with_twenty_notes_as_with_two(concern, dele, as_user):
    from django.test.utils import CaptureQueriesContext

    browser = as_user(dele)

    def cost():
        with CaptureQueriesContext(connection) as queries:
            assert browser.get(concern.get_absolute_url()).status_code == 200
        return len(queries)

    few = [actions.note(concern, words="-", by=dele, at=MONDAY), cost()][1]
    for _ in range(20):
        actions.note(concern, words="-", by=dele, at=MONDAY)
    assert cost() == few


def test_existence_is_no_information(concern, worry, cora, as_user):
    browser = as_user(cora)

    real = browser.get(concern.get_absolute_url())
    invented = browser.get(reverse("safeguarding:concern", args=["riverside", "abcdefghijkl"]))

    assert real.content == invented.content
    assert Concern.objects.count() == TriageItem.objects.count() == 1
