"""Who is kept away from a guardian meets nothing of them on any page of staff: not a name, nor a way to reach them, nor
what they said, signed or allowed.

Riverside is full of canaries (`tests/everything.py`), with one record more of every kind that can point at Grace: each
row that names her is hers.
"""

import pytest
from django.apps import apps
from django.db import IntegrityError, models

from rapport.access.models import Role
from rapport.matches.models import Away
from rapport.meetings.models import HolidayPlan
from rapport.people.models import Guardianship, Likeness, Participant, Person, Restriction
from rapport.programs.models import Program
from tests.care.conftest import restrict
from tests.cast import BEGUN_ON, staff
from tests.everything import Everything, sing
from tests.test_doors import (  # noqa: F401 (a fixture)
    CANARY,
    OF_A_PROGRAM,
    RECIPES,
    body,
    combinations,
    full,
    leads,
    leads_somewhere,
)

pytestmark = pytest.mark.django_db
NOT_HERS = (Restriction, Participant, Likeness, Away, HolidayPlan)  # of those who take part, or are kept away
AS_THE_CHILD_READS_IT = {
    ("asks:sheet", "matches.goal"),
    ("asks:write-down", "matches.goal"),
    ("outbox:behind", "matches.goal"),
    ("portal:as-letter", "matches.goal"),
}  # without her name
TELL_OF_HER = {  # to any other reader; each has her by its own way
    "asks:sheet", "asks:write-down", "care:talk", "event-days:invitation", "matches:agreement", "matches:feedback",
    "matches:goal", "matches:goals", "matches:record-consent", "matches:record-signature", "matches:sign-sheet",
    "meetings:agenda", "meetings:calendars", "meetings:change", "meetings:log", "meetings:outing",
    "onboarding:consents", "onboarding:gates", "onboarding:sheet", "outbox:behind", "portal:as", "portal:as-letter",
    "portal:as-permission", "portal:find-same", "portal:guardian", "portal:guardian-end", "portal:match",
    "portal:one-person", "portal:own-sheet", "portal:own-written", "portal:participant", "portal:reach",
    "portal:restriction-new", "portal:sign-in", "proposals:one", "proposals:write-down", "safeguarding:concern",
    "safeguarding:desk", "safeguarding:step", "safeguarding:worry",
}  # fmt: skip
FILES_OF_SAFETY = {("safeguarding:concern", "person"), ("safeguarding:step", "person")}  # whom it may be about


def naming(model):
    """The fields of this kind of record that name a human being."""
    return [field.name for field in model._meta.concrete_fields if field.related_model is Person]


def made_hers(full, grace):  # noqa: F811
    """A record of every kind that can point at Grace, hung on the same match and child as all others; where there is
    room for one alone, that one."""
    kinds = [kind for kind in full.made if kind is not Person and naming(kind) and kind not in NOT_HERS]
    others = {kind: row for kind, row in full.made.items() if kind not in kinds}
    hers = Everything(full.made[Program], others | {Person: grace, Guardianship: Guardianship.objects.get()})
    for kind in kinds:
        try:
            hers.of(kind)
        except IntegrityError:
            kind._default_manager.filter(pk=full.made[kind].pk).update(**dict.fromkeys(naming(kind)[:1], grace))
            hers.made[kind] = full.made[kind]
    return {kind: hers.made[kind] for kind in [*kinds, Person]}


def words_of(grace):
    """{canary: kind} of her own row and of every row that names her."""
    grace.refresh_from_db()
    found = dict.fromkeys(canaries(grace), "person")
    for model in apps.get_models():
        if model.__module__.startswith("rapport.") and naming(model):
            pointing = models.Q(*[(name, grace) for name in naming(model)], _connector=models.Q.OR)
            for row in model._default_manager.filter(pointing):
                found |= dict.fromkeys(canaries(row), model._meta.label_lower)
    return found


def canaries(row):
    return {word for field in row._meta.concrete_fields for word in CANARY.findall(str(getattr(row, field.attname)))}


def way_of(full, route):  # noqa: F811
    """What this route takes, as far as that is known without a try: what it took the last time (`tests/leads.toml`)."""
    is_known = len(route.arguments) == 1 or route.name in RECIPES or route.name in leads()
    return next(combinations(full, route), None) if is_known else None


def searched(full, route, browsers):  # noqa: F811
    """What this route takes, tried as those who may open all; None where nothing opens it."""
    tries = combinations(full, route)
    return next((one for one in tries if any(leads_somewhere(it, route.address(one[1])) for it in browsers)), None)


def addresses(route, recipe, values, hers):
    """Where this page is about what all is about, and where it is about her own record."""
    own = {}
    for name, where in recipe.items():
        row = hers[Person] if where == "who" else hers.get(where[0])
        own |= {name: getattr(row, "ref" if where == "who" else name)} if row is not None else {}
    return {route.address(values), route.address({**values, **own})}


def met(browser, pages, private):
    """{(name of a page, address): kinds of record} where this reader meets anything of hers; and what is not there."""
    found, gone = {}, set()
    for name, address in pages:
        page = browser.get(address, follow=True)
        gone |= {address} if page.status_code == 404 else set()
        if kinds := {private[word] for word in CANARY.findall(body(page)) if word in private}:
            found[name, address] = kinds
    return found, gone


def everywhere(browser, full, hers, private, as_user):  # noqa: F811
    """The same of every address of Riverside. One that is not there for this reader may take something else by now."""
    ways = {route: way_of(full, route) for route in OF_A_PROGRAM}
    found, gone = met(browser, pages_of(ways, hers), private)
    lost = [route for route, way in ways.items() if way is None or route.address(way[1]) in gone]
    every_door = [as_user(full.una), as_user(full.herself)]
    anew = {route: way for route in lost if (way := searched(full, route, every_door)) and way != ways[route]}
    return found | met(browser, pages_of(anew, hers), private)[0]


def pages_of(ways, hers):
    return [
        (route.name, address)
        for route, way in ways.items()
        if way is not None
        for address in sorted(addresses(route, *way, hers))
    ]


def test_who_is_kept_away_from_a_guardian_meets_nothing_of_them(full, as_user, riverside, grace, dele):  # noqa: F811
    hers = made_hers(full, grace)
    sing(riverside)
    private = words_of(grace)
    karl = staff("Karl", riverside, *Role.objects.filter(is_staff=True).values_list("slug", flat=True))
    browser = as_user(karl)
    before = everywhere(browser, full, hers, private, as_user)

    restrict(karl.person, grace, program=riverside, by=dele, starts_on=BEGUN_ON)
    after, _gone = met(browser, before, private)

    assert TELL_OF_HER - {name for name, _address in before} == set()
    leaks = {(name, kind) for (name, _address), kinds in after.items() for kind in kinds}
    assert leaks - AS_THE_CHILD_READS_IT - FILES_OF_SAFETY == set()
