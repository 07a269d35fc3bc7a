"""Every address of the house, found by itself: who may open it, what it shows, and what it never does.

Riverside is full of canaries (`tests/everything.py`). Whoever has no business there must not meet a single one.
"""

import os
import re
import tomllib
from dataclasses import dataclass
from functools import cache
from itertools import product
from pathlib import Path

import pytest
from django.apps import apps
from django.core.files.base import ContentFile
from django.db import connection, models, transaction
from django.test import Client
from django.urls import URLPattern, get_resolver
from django.utils import timezone

from bench import pages
from rapport.access.actions import add_user
from rapport.access.models import Grant, Role
from rapport.audit.models import Event
from rapport.checkins.models import Ask, CheckIn
from rapport.core.about import type_of
from rapport.core.models import CacheEntry
from rapport.matches.models import Closure, Match, Member, Pause
from rapport.matching.models import Criterion
from rapport.onboarding.models import Gate
from rapport.outbox.models import Message
from rapport.people.models import Consent, Guardianship, Likeness, Participant, Person, Restriction
from rapport.programs.actions import add_member
from rapport.programs.models import GateRule, Limit, Membership, Organization, Post, Program, Promise, Site
from rapport.safeguarding.views import STEPS
from tests.cast import BEGUN_ON, LONG_AGO, MONDAY, open_match, participant, person, staff
from tests.conftest import AGAIN
from tests.everything import everything, sing

pytestmark = pytest.mark.django_db
CANARY = re.compile(r"Canary\d+")
OF_GROWN_UPS = {  # there is none where children may be; their doors: tests/matching/test_wishes.py
    "proposals:suggestions", "proposals:write-wishes", "proposals:wishes-sheet",
}  # fmt: skip
NO_SUCH = {
    "ref": "zzzzzzzzzzzz",
    "pk": 10**30,
    "code": "no-such",
    "step": "no-such",
    "token": "no-such-token",
    "name": "none",
    "place": "none",
    "who": "zzzzzzzzzzzz",
    "other": "zzzzzzzzzzzz",
    "side": "none",
    "kind": "none",
    "mentee": "zzzzzzzzzzzz",
    "on": "none",
}
NOT_THERE = (404, 405)  # an address that only takes a press says so of every record, there or not
ODD = ["%00", "' OR 1=1 --", "../../etc/passwd", "💥", "x" * 300]
CODED = (Criterion, GateRule, Limit, Post, Promise)
# The last words of addresses that only take a press.
DEEDS = {"answer", "apart", "come-back", "copy", "drop", "hold", "pairs", "place", "release", "opening"}
RECIPES: dict = {}  # which records a route takes: found once, for each test makes its own
LEADS = Path(__file__).with_name("leads.toml")  # what was found the last time, tried first; RAPPORT_LEADS=1 writes it
SEEN_BY_ALL = {"components"}  # pages of core, which stands below the doors


@dataclass(frozen=True)
class Route:
    path: str
    name: str
    view: object
    arguments: tuple

    @property
    def door(self):
        return getattr(self.view, "door", None)

    @property
    def is_third_party(self):
        return self.view.__module__.startswith("allauth.")

    def address(self, values):
        """The path with its arguments filled in."""

        def fill(found):
            return str(values[found[1].rpartition(":")[2]])

        return "/" + re.sub(r"<([^>]+)>", fill, self.path)


def walk(resolver, before="", space=""):
    for one in resolver.url_patterns:
        here = before + str(one.pattern)
        if isinstance(one, URLPattern):
            name = f"{space}:{one.name}" if space else one.name
            yield Route(here, name or here, one.callback, tuple(re.findall(r"<(?:\w+:)?(\w+)>", here)))
        else:
            yield from walk(one, here, space or one.namespace or "")


ROUTES = list(walk(get_resolver()))
OURS = [route for route in ROUTES if not route.is_third_party]
PLAIN = [route for route in OURS if not re.search(r"[\^$(]", route.path)]  # written without a pattern of their own
OF_A_PROGRAM = [route for route in PLAIN if route.path.startswith("p/<slug:program>/")]


def each(routes):
    return pytest.mark.parametrize("route", routes, ids=lambda route: route.name)


# What needs no records


def test_the_house_has_addresses():
    assert len(OF_A_PROGRAM) > 20
    assert {route.name for route in ROUTES if route.is_third_party} >= {"account_login", "mfa_activate_totp"}


@each(OURS)
def test_every_page_of_ours_names_its_door(route):
    assert route.door or route.name in SEEN_BY_ALL, f"{route.path} has no door"


@each(OF_A_PROGRAM)
def test_every_page_of_a_program_asks_for_a_right(route):
    """A page of a program that asks for none would be open to whoever knows its address."""
    assert route.door.kind in ("staff", "own")
    assert route.door.kind == "own" or route.door.right


def test_every_right_that_a_page_asks_for_is_given_by_some_role(house):
    asked = {route.door.right for route in OURS if route.door and route.door.right}

    assert asked <= set(Grant.objects.values_list("right", flat=True))


def test_every_page_of_staff_is_measured():
    """Where this fails, `bench/pages.py` does not know what the page is about: say so there, or why not."""
    assert pages.forgotten() == []


# Riverside, full of canaries


@pytest.fixture
def full(riverside, cora, dele, match, ama, ama_in, ben, ben_in, grace):
    """Everything there can be in Riverside, and somebody there who may open all of it."""
    una = staff("Una", riverside, *Role.objects.filter(is_staff=True).values_list("slug", flat=True))
    fay = participant(person("Fay", riverside, born_on=BEGUN_ON.replace(year=1980)), riverside, "mentor")
    past = open_match(fay, ben_in, coordinator=cora)
    Match.objects.filter(pk=past.pk).update(state=Match.State.CLOSED)
    closure = Closure.objects.create(
        program=riverside, match=past, reason=Closure.Reason.MOVED, note="Canary1",
        ended_on=BEGUN_ON, closed_at=MONDAY, closed_by=cora,
    )  # fmt: skip
    pause = Pause.objects.create(
        program=riverside, match=past, reason="Canary2", starts_on=BEGUN_ON, ended_on=BEGUN_ON, made_by=cora
    )
    apart = Restriction.objects.create(
        program=riverside, kept_away=person("Xan", riverside), subject=ben, reason="Canary3", starts_on=BEGUN_ON,
        review_on=BEGUN_ON, recorded_by=dele, recorded_at=MONDAY, paper_name="Canary4.pdf",
    )  # fmt: skip
    apart.paper.save("paper", ContentFile(b"%PDF-1.4"))
    no = Consent.objects.create(
        program=riverside, person=ben, given_by=apart.kept_away, purpose="research", is_given=False, given_at=MONDAY
    )
    given = {
        Consent: no,
        Organization: riverside.organization, Site: riverside.sites.get(), Match: match, Participant: ben_in,
        Person: ben, type(cora): una, Membership: una.memberships.first(), Gate: ben_in.gates.first(),
        Restriction: apart, Member: match.members.first(), Guardianship: Guardianship.objects.get(), Closure: closure,
        Pause: pause, Role: Role.objects.get(slug="coordinator"),
        Likeness: Likeness.objects.create(first=ben, second=fay.person, why="name", found_at=MONDAY),
    }  # fmt: skip
    made = everything(riverside, given)
    sing(riverside)
    made.una, made.past, made.mentor = una, past, ama_in
    made.herself = sign_in(ama, riverside, "mentor")
    hand_ben_a_letter(made, ben)
    return made


def hand_ben_a_letter(made, ben):
    """His ask is about his match, and the message that waits is about his ask."""
    ask, check_in = made.of(Ask), made.of(CheckIn)
    Ask.objects.filter(pk=ask.pk).update(sent_at=MONDAY)
    CheckIn.objects.filter(pk=check_in.pk).update(party="mentee", ask=ask)
    Message.objects.filter(pk=made.of(Message).pk).update(
        program=ask.program, to=ben, about_type=type_of(ask), about_id=ask.pk
    )


def test_one_of_every_kind_is_there(full):
    """Where this fails, a new model needs a hint in tests/everything.py."""
    assert full.failed == {}


def candidates(full, argument):
    """What an argument could be: (where from, value) of every ref, key and code of Riverside's records."""
    if argument == "step":
        return [("step", name) for name in STEPS]
    if argument == "who":
        return [("who", full.made[Person].ref)]
    if argument == "mentee":
        return [("mentee", full.made[Participant].ref)]
    if argument == "on":
        return [("on", timezone.now().date().isoformat())]
    if argument == "other":
        return [("other", full.made[Likeness].second.ref)]
    found = []
    for model, record in full.made.items():
        if argument == "code" and model in CODED:
            values = model.objects.filter(program=full.made[Program]).order_by("pk").values_list("code", flat=True)
            found += [((model, n), value) for n, value in enumerate(values[:2])]
        elif argument != "code" and getattr(record, argument, None) is not None:
            found.append(((model, 0), getattr(record, argument)))
    return [*found, ((Participant, 1), full.mentor.ref)] if argument == "ref" else found


@cache
def leads():
    """{route's name: [what stands for each of its arguments]}, only to be quicker: a route that is not there, or takes
    something else by now, is searched for."""
    return tomllib.loads(LEADS.read_text(encoding="utf-8"))["leads"] if LEADS.exists() else {}


def write_leads():
    found = {name: list(map(kind_of, recipe.values())) for name, recipe in RECIPES.items() if recipe}
    lines = [f'"{name}" = {kinds}'.replace("'", '"') for name, kinds in sorted(found.items()) if kinds]
    LEADS.write_text("[leads]\n" + "\n".join(lines) + "\n", encoding="utf-8")


def kind_of(where):
    """In one word: the kind of a record, and which one of several."""
    return where if isinstance(where, str) else f"{where[0]._meta.label_lower} {where[1]}"


def nearest_first(pairs, route, argument):
    """What it took the last time; or else a route mostly takes records of its own app, a match or a person."""
    space, known = route.name.partition(":")[0], leads().get(route.name)
    lead = dict(zip(route.arguments[1:], known, strict=False)).get(argument) if known else None

    def distance(pair):
        where = pair[0][0]
        if kind_of(pair[0]) == lead:
            return -1
        app = getattr(where, "_meta", None) and where._meta.app_label
        return [space, "matches", "people"].index(app) if app in (space, "matches", "people") else 9

    return sorted(pairs, key=distance)


def combinations(full, route):
    """(recipe, values) of the arguments that a route could take; a recipe found before is the only one."""
    wanted = [name for name in route.arguments if name != "program"]
    offered = {name: nearest_first(candidates(full, name), route, name) for name in wanted}
    known = RECIPES.get(route.name)
    if known is not None:
        offered = {name: [pair for pair in pairs if pair[0] == known[name]] for name, pairs in offered.items()}
    for pairs in product(*[offered[name] for name in wanted]):
        recipe = {name: where for name, (where, _value) in zip(wanted, pairs, strict=True)}
        yield recipe, {"program": "riverside", **{n: v for n, (_w, v) in zip(wanted, pairs, strict=True)}}


@pytest.fixture
def opened(full, as_user):
    """Every route of Riverside with arguments that lead somewhere, found by trying as somebody who may open all.

    Pages of one's own are tried as Ama, too.
    """
    una, ama, found = as_user(full.una), as_user(full.herself), {}
    for route in OF_A_PROGRAM:
        if route.name not in RECIPES:  # a search that found nothing is not made again by the next test, either
            tries = combinations(full, route)
            browsers = (una, ama) if route.door.kind == "own" else (una,)
            fitting = (
                recipe
                for recipe, values in tries
                if any(leads_somewhere(browser, route.address(values)) for browser in browsers)
            )
            RECIPES[route.name] = next(fitting, None)
        known = RECIPES[route.name]
        tries = [] if known is None else combinations(full, route)
        found.update(zip([route], (values for recipe, values in tries if recipe == known), strict=False))
    return found


def leads_somewhere(browser, address):
    """It can be read, or something can be done there; what was done for trying is undone."""
    if browser.get(address).status_code != 404:
        return True
    if address.rstrip("/").rpartition("/")[2] not in DEEDS:
        return False
    with transaction.atomic():
        status = browser.post(address).status_code
        transaction.set_rollback(True)
    return status != 404


def some(opened, shift=0):
    """Where SQLite was asked all of them, a third of the routes: every stranger has another third."""
    return {route: values for n, (route, values) in enumerate(opened.items()) if not AGAIN or (n + shift) % 3 == 0}


def bodies(browser, opened, verb="get"):
    return {route: getattr(browser, verb)(route.address(values)) for route, values in opened.items()}


@pytest.fixture
def strangers(full, as_user, riverside, hillside, hill_match, omar, ben):
    """People who are somebody, but not here, not any more, or not for this child."""
    fay = full.past.members.get(participant__side="mentor").participant.person
    nora = staff("Nora", riverside, "match-support")
    gus = person("Gus", riverside, born_on=BEGUN_ON.replace(year=1980))
    child = person("Mia", riverside, born_on=BEGUN_ON.replace(year=2014))
    Guardianship.objects.create(adult=gus, child=child, starts_on=BEGUN_ON)
    mia = participant(child, riverside, "mentee")
    max_ = participant(person("Max", riverside, born_on=BEGUN_ON.replace(year=1980)), riverside, "mentor")
    open_match(max_, mia, coordinator=nora)
    return {
        "omar": omar,
        "nobody": staff("Nemo", hillside),
        "former mentor": sign_in(fay, riverside, "mentor"),
        "another caseload": nora,
        "guardian of another child": sign_in(gus, riverside, "guardian"),
        "another mentee": sign_in(child, riverside, "mentee"),
        "gone": gone(riverside),
    }


def sign_in(somebody, program, slug):
    user = add_user(email=f"{slug}-{somebody.pk}@example.org", name="Somebody", by=None, at=LONG_AGO)
    Person.objects.filter(pk=somebody.pk).update(user=user)
    add_member(user, program=program, role=Role.objects.get(slug=slug), by=None, at=LONG_AGO)
    return user


def guardian_at_work(child, program):
    """Coordinates here, and stands for the child: what a job opens does not open this."""
    user = staff("Gwen", program, "coordinator", "safeguarding-lead")
    Guardianship.objects.create(adult=user.person, child=child, starts_on=BEGUN_ON)
    return user


def kept_away_at_work(child, program):
    """Coordinates here, and is to be kept away from the child."""
    user = staff("Karl", program, "coordinator", "safeguarding-lead")
    Restriction.objects.create(
        program=program, kept_away=user.person, subject=child, reason="a court said so", starts_on=BEGUN_ON,
        review_on=BEGUN_ON, recorded_by=user, recorded_at=MONDAY,
    )  # fmt: skip
    return user


def gone(program):
    """Coordinated here until a while ago."""
    user = staff("Gert", program, "coordinator")
    user.memberships.update(ends_at=LONG_AGO)
    return user


def test_every_address_is_opened_by_somebody(opened):
    """Where this fails, a route is dead, or tests/everything.py makes no record that it could show."""
    left_out = [route.name for route in OF_A_PROGRAM if route not in opened and route.name not in OF_GROWN_UPS]
    if os.environ.get("RAPPORT_LEADS"):
        write_leads()

    assert left_out == []


def test_pages_are_whole_for_who_may_open_them(full, opened, as_user):
    """No server error, no raw component, no inline style, nothing changed by it; and the canaries do sing where they
    may."""
    heard, before = 0, tables()
    for route, response in bodies(as_user(full.una), opened).items():
        text = body(response)
        assert response.status_code < 500, route.name
        assert "<c-" not in text, route.name
        assert not re.search(r"<[^>]+\sstyle=", text), route.name
        heard += len(CANARY.findall(text))

    assert heard > 50
    assert tables() == before


def body(response):
    parts = response.streaming_content if response.streaming else [response.content]
    return b"".join(parts).decode(errors="replace")


def test_signed_out_every_address_leads_to_signing_in(opened):
    for route, response in bodies(Client(), opened).items():
        assert response.status_code == 302, route.name
        assert response.url.startswith("/account/login/?next="), route.name
    for route, response in bodies(Client(), opened, "post").items():
        assert (response.status_code, response.url[:15]) == (302, "/account/login/"), route.name


def rights_of(user):
    held = Membership.objects.live(MONDAY).filter(user=user, program__slug="riverside")
    return set(held.values_list("role__grants__right", flat=True))


def test_without_the_right_no_page_exists_and_nothing_is_read_about_ben(full, opened, strangers, as_user):
    """Neither by an address of Riverside, nor by one of Hillside that names Riverside's records, nor anywhere else."""
    private = words_about(full)
    anywhere = [route.address({}) for route in PLAIN if not route.arguments and route.door]
    leaks = set()
    for shift, (who, user) in enumerate(strangers.items()):
        browser, asked = as_user(user), some(opened, shift)
        read = closed_to(who, user, browser, asked)
        here = [route.address(values) for route, values in asked.items()]
        there = [route.address({**values, "program": "hillside"}) for route, values in asked.items()]
        for address in here + anywhere + (there if who in ("omar", "nobody") else []):
            if address not in read:
                read[address] = body(browser.get(address, follow=True))
        leaks |= {(who, address, word) for address, text in read.items() for word in {*CANARY.findall(text)} & private}

    assert leaks == set()


def closed_to(who, user, browser, opened):
    """Whatever this user has no right to in Riverside is not there for them. Returns {its address: what it says}."""
    rights, said = rights_of(user), {}
    for route, address in [(route, route.address(values)) for route, values in opened.items()]:
        if route.door.right not in rights:
            for verb in ("post", "get"):
                response = getattr(browser, verb)(address)
                assert response.status_code == 404, (who, route.name, verb)
            said[address] = body(response)
    return said


def test_a_job_opens_nothing_about_ones_own_child_nor_about_somebody_one_is_kept_away_from(
    full, opened, as_user, riverside, ama, ben
):
    """Neither a coordinator who is Ben's guardian, nor one who is to be kept away from him, reads of him at work."""
    others = set(CANARY.findall(f"{Person.objects.get(pk=ama.pk).__dict__}"))
    private = words_about(full) - others
    leaks = set()
    for user in (guardian_at_work(ben, riverside), kept_away_at_work(ben, riverside)):
        browser = as_user(user)
        for route, values in opened.items():
            heard = set(CANARY.findall(body(browser.get(route.address(values), follow=True))))
            leaks |= {(user.name, route.name, word) for word in heard & private}

    assert leaks == set()


def words_about(full):
    """The canaries in what is about the match of Ama and Ben, and in everything that is sealed or asked in confidence.

    What every member of staff of a program sees (its promises, sites, closed days, colleagues, its lists, circles of
    mentors, what one of them found good and others may read without names, and what may stand in agreements and
    timelines) is left out.
    """
    shared = {
        "programs",
        "events",
        "matches.achievementrule",
        "matches.clauserule",
        "matches.milestonerule",
        "matches.signerrule",
        "matches.unitrule",
        "imports.import",
        "matching.criterion",
        "matching.policyrule",
        "matching.turnrule",
        "matching.wordlist",
        "onboarding.interviewrule",
        "meetings.goodpractice",
        "matches.clausetext",
        "outbox.message",
        "safeguarding.duty",
        "care.watermark",
    }
    words = set()
    for model in apps.get_models():
        label = model._meta.label_lower
        if model.__module__.startswith("rapport.") and not {label, label.partition(".")[0]} & shared:
            words |= canaries_of(model, full)
    return words


def canaries_of(model, full):
    record = full.made.get(model)
    rows = [record] if record is not None else []
    if model is Person:
        rows = list(near(full))
    found = set()
    for row in rows:
        row.refresh_from_db()
        for field in model._meta.concrete_fields:
            found |= set(CANARY.findall(str(getattr(row, field.attname))))
    return found


def near(full):
    members = Member.objects.filter(match=full.made[Match]).values("participant__person")
    return Person.objects.filter(models.Q(pk__in=members) | models.Q(children__child__in=members)).distinct()


def test_records_of_one_program_do_not_open_through_another(full, opened, strangers, as_user, omar):
    """Omar holds every right he needs, in Hillside: with Riverside's refs he finds nothing there, either."""
    browser = as_user(omar)
    for route, values in opened.items():
        if [name for name in route.arguments if name in ("ref", "pk")]:
            for verb in ("get", "post"):
                response = getattr(browser, verb)(route.address({**values, "program": "hillside"}))
                assert response.status_code in NOT_THERE, (route.name, verb)


# Odd verbs and odd arguments


@cache
def all_counted():
    """How many rows each table has, in one question: it is asked after many a press."""
    ours = [m for m in apps.get_models() if m.__module__.startswith("rapport.") and m is not CacheEntry]  # only counts
    return " UNION ALL ".join(f"SELECT '{m._meta.label}', COUNT(*) FROM \"{m._meta.db_table}\"" for m in ours)


def tables():
    """How many rows there are of everything, and the last line of the trail."""
    with connection.cursor() as cursor:
        cursor.execute(all_counted())
        counts = dict(cursor.fetchall())
    last = Event.objects.filter(kind=Event.Kind.WRITE).order_by("-pk").values_list("pk", flat=True).first()
    return {name: n for name, n in counts.items() if name != "audit.Event"}, last


def test_reading_changes_nothing(full, opened, as_user):
    """Nor does asking for the head alone, or what may be asked; a whole page is asked for above."""
    before, browser = tables(), as_user(full.una)

    for verb in ("head", "options"):
        for route, response in bodies(browser, some(opened), verb).items():
            assert response.status_code < 500, (route.name, verb)

    assert tables() == before


def test_other_verbs_are_refused(full, opened, as_user):
    before, browser = tables(), as_user(full.una)

    for verb in ("put", "patch", "delete", "trace"):
        for route, response in bodies(browser, some(opened), verb).items():
            assert response.status_code == 405, (route.name, verb)

    assert tables() == before


def test_an_empty_form_gets_an_answer(full, opened, as_user):
    for route, response in bodies(as_user(full.una), opened, "post").items():
        assert response.status_code < 500, route.name


def test_unknown_records_are_not_there(full, opened, as_user):
    browser = as_user(full.una)
    for route, values in opened.items():
        for name in route.arguments:
            if name != "program":
                address = route.address({**values, name: NO_SUCH[name]})
                assert browser.get(address).status_code in NOT_THERE, (route.name, name)
                assert browser.post(address).status_code == 404, (route.name, name)


def test_odd_arguments_get_an_answer(full, opened, as_user):
    browser = as_user(full.una)
    for route, values in opened.items():
        for name in route.arguments:
            for odd in ODD:
                assert browser.get(route.address({**values, name: odd})).status_code < 500, (route.name, odd)


@each([route for route in PLAIN if route.door and route.door.kind == "public"])
def test_public_pages_answer_whatever_they_are_asked(route):
    for odd in [*NO_SUCH.values(), *ODD]:
        address = route.address(dict.fromkeys(route.arguments, odd))
        for verb in ("get", "post", "head", "options"):
            assert getattr(Client(), verb)(address).status_code in (*range(200, 500), 503)  # 503: no clock runs here


@each([route for route in PLAIN if route.door and route.door.kind == "signed-in"])
def test_pages_of_whoever_is_signed_in_are_closed_to_others(route):
    response = Client().get(route.address({}))

    assert response.status_code in (302, 404)
