"""What holds in the whole organization, and where a program says otherwise."""

import pytest

from rapport.audit.models import Event
from rapport.portal.actions.organizing import change_organization, follow
from rapport.portal.founding import found_program
from rapport.programs.models import Organization, Program
from tests.cast import MONDAY

SETTINGS = "/p/riverside/settings/"
SAID = {"languages": ["en", "es"], "quiet_from": 19, "quiet_until": 9, "words": {"match": "buddy pair"}}


@pytest.fixture
def told(riverside, ada):
    """The organization says all it can say, and Riverside follows in all of it."""
    change_organization(riverside.organization, SAID, by=ada, at=MONDAY)
    riverside = Program.objects.get(pk=riverside.pk)
    follow(riverside, ["languages", "words", "quiet-hours"], by=ada, at=MONDAY)
    return Program.objects.get(pk=riverside.pk)


def hours(program):
    rows = program.limits.filter(code__startswith="quiet-").order_by("code")
    return list(rows.values_list("value", flat=True))


def test_who_follows_changes_with_the_organization_and_who_does_not_stays(told, hillside, ada):
    assert (told.languages, told.words, hours(told)) == (["en", "es"], {"match": "buddy pair"}, [19, 9])

    organization = Organization.objects.get()
    changed = change_organization(organization, {"quiet_from": 18, "languages": ["en", "fr"]}, by=ada, at=MONDAY)

    told.refresh_from_db()
    assert (changed, told.languages, hours(told)) == ([told], ["en", "fr"], [18, 9])
    hillside.refresh_from_db()
    assert (hillside.languages, hours(hillside)) == (["en"], [20, 8])
    assert Event.objects.filter(verb="organization.changed").count() == 2


def test_what_a_program_says_itself_is_its_own_from_then_on(as_user, cora, ada, told):
    browser = as_user(cora)
    page = browser.get(SETTINGS).content.decode()
    fields = browser.get(f"{SETTINGS}words/").context["form"].fields

    browser.post(f"{SETTINGS}words/", dict.fromkeys(fields, "") | {".match": "tandem"})

    assert page.count("from the organization") == 3
    told.refresh_from_db()
    assert (told.follows, told.words) == (["languages", "quiet-hours"], {"match": "tandem"})
    change_organization(Organization.objects.get(), {"words": {"match": "twosome"}}, by=ada, at=MONDAY)
    told.refresh_from_db()
    assert told.words == {"match": "tandem"}


def test_a_program_follows_by_a_press_and_leaves_by_another(as_user, cora, told):
    browser = as_user(cora)

    browser.post(f"{SETTINGS}follows/", {"follows": ["languages"]})

    told.refresh_from_db()
    assert told.follows == ["languages"]
    assert hours(told) == [19, 9]  # what it had taken over stays, and is its own now
    assert browser.post(f"{SETTINGS}follows/", {"follows": ["names"]}).status_code == 200


def test_the_organization_is_written_down_by_who_manages_the_house(as_user, ada, cora, omar, riverside):
    browser, address = as_user(ada), f"{SETTINGS}organization/"
    data = {"name": "River Trust", "time_zone": "Europe/Berlin", "languages": ["en"], "quiet_from": "19"}
    words = dict.fromkeys(browser.get(address).context["form"].fields, "")

    half = browser.post(address, words | data)
    browser.post(address, words | data | {"quiet_until": "7", ".mentor": "elder"})

    assert "Say both hours, or neither." in half.content.decode()
    said = Organization.objects.get()
    assert (said.time_zone, said.quiet_from, said.quiet_until) == ("Europe/Berlin", 19, 7)
    assert said.words == {"mentor": "elder"}
    for somebody in (cora, omar):
        assert as_user(somebody).get(address).status_code == 404
        assert as_user(somebody).post(address, data).status_code == 404
    assert as_user(omar).get(f"{SETTINGS}follows/").status_code == 404


def test_a_new_program_begins_as_the_organization_says(told):
    new = found_program(
        slug="new", name="New", profile="professional", organization=told.organization, using_since_on=MONDAY.date(),
        by=None, at=MONDAY,
    )  # fmt: skip

    assert new.follows == ["languages", "words", "quiet-hours"]
    new.refresh_from_db()
    assert (new.languages, new.words, hours(new)) == (["en", "es"], {"match": "buddy pair"}, [19, 9])


def test_an_organization_that_names_no_language_any_more_takes_none_away(told, ada):
    change_organization(Organization.objects.get(), {"languages": []}, by=ada, at=MONDAY)

    told.refresh_from_db()
    assert told.languages == ["en", "es"]


def test_a_page_opened_before_a_colleague_changed_it_writes_nothing_over(as_user, ada, riverside):
    browser, address = as_user(ada), f"{SETTINGS}organization/"
    page = browser.get(address)
    old = dict.fromkeys(page.context["form"].fields, "") | {"name": "Hill Trust"}
    old |= {"time_zone": "UTC", "languages": ["en"]}
    change_organization(Organization.objects.get(), {"quiet_from": 19, "quiet_until": 7}, by=ada, at=MONDAY)

    assert browser.post(address, old | {"seen": page.context["seen"]}).status_code == 409

    said = Organization.objects.get()
    assert (said.quiet_from, said.quiet_until, said.name == "Hill Trust") == (19, 7, False)
    fresh = browser.get(address).context["seen"]
    assert browser.post(address, old | {"seen": fresh}).status_code == 302
