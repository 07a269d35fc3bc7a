"""The fixed cast. Ama mentors Ben, Grace is his guardian, Cora coordinates, Dele leads on safeguarding.

Omar of Hillside must see nothing of Riverside, and has a match of his own at Hillside that he may see.
"""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import timezone

from rapport.access import staying
from rapport.access.actions import add_user
from rapport.access.models import Role
from rapport.matches.models import Match, Member
from rapport.onboarding.models import Gate
from rapport.people.models import ContactPoint, Guardianship, Participant, Person
from rapport.programs.actions import add_member, make_program
from rapport.programs.models import Organization, Site

DAY = timedelta(days=1)
WEEK = timedelta(days=7)
MONDAY = datetime(2026, 11, 16, 9, 0, tzinfo=UTC)  # a Monday morning in Riverside
BEGUN_ON = date(2026, 3, 10)
LONG_AGO = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)
PASSWORD = "a long walk by the river"


@pytest.fixture
def house(db):
    """An organization; the roles are there already (`tests/once.py`)."""
    return Organization.objects.create(name="River Trust")


@pytest.fixture
def riverside(house):
    program = make_program(
        slug="riverside",
        name="Riverside mentoring",
        profile="youth-one-to-one",
        organization=house,
        using_since_on=date(2026, 1, 1),
        contact_line="Cora, 555 0100",
        by=None,
        at=LONG_AGO,
    )
    Site.objects.create(program=program, name="Lincoln School", emergency_numbers="911; school office 555 0111")
    return program


@pytest.fixture
def hillside(house):
    program = make_program(
        slug="hillside",
        name="Hillside mentoring",
        profile="youth-one-to-one",
        organization=house,
        using_since_on=date(2026, 1, 1),
        by=None,
        at=LONG_AGO,
    )
    Site.objects.create(program=program, name="Hill School", emergency_numbers="911")
    return program


@pytest.fixture
def lincoln(riverside):
    return riverside.sites.get()


def staff(name, program, *roles):
    """A member of staff: a user with these roles in this program, and the person they are."""
    user = add_user(email=f"{name.lower()}@example.org", name=name, password=PASSWORD, by=None, at=LONG_AGO)
    for slug in roles:
        add_member(user, program=program, role=Role.objects.get(slug=slug), by=None, at=LONG_AGO)
    person(name, program, user=user)
    return user


def person(name, program, *, born_on=None, user=None, mail=True, **more):
    """Somebody known to the organization, with a private e-mail address."""
    somebody = Person.objects.create(
        organization=program.organization, given_name=name, born_on=born_on, user=user, added_at=LONG_AGO, **more
    )
    if mail:
        ContactPoint.objects.create(person=somebody, kind="email", value=f"{name.lower()}@example.org")
    return somebody


def participant(somebody, program, side, **more):
    return Participant.objects.create(
        program=program, person=somebody, side=side, site=program.sites.first(), joined_at=LONG_AGO, **more
    )


def gates_met(someone, *codes, by):
    """Record that these gates are met, long ago and for long."""
    for code in codes:
        Gate.objects.create(
            program=someone.program,
            participant=someone,
            code=code,
            is_met=True,
            met_on=date(2026, 1, 10),
            valid_until_on=date(2028, 1, 10),
            seen_by=by,
            seen_at=LONG_AGO,
            hours=4 if code == "training" else None,
            given_by=someone.person.guardians.earliest("pk").adult if code == "permission" else None,
        )


def open_match(mentor, mentee, *, coordinator, begun_on=BEGUN_ON):
    """An active match, made without its story."""
    match = Match.objects.create(
        program=mentor.program,
        site=mentee.site,
        state=Match.State.ACTIVE,
        phase=Match.Phase.GROWING,
        coordinator=coordinator,
        proposed_at=LONG_AGO,
        begun_at=datetime.combine(begun_on, datetime.min.time(), tzinfo=UTC),
        begun_on=begun_on,
    )
    for one in (mentor, mentee):
        Member.objects.create(program=mentor.program, match=match, participant=one, side=one.side)
    return match


def colleague(name, *roles):
    """A fixture: somebody of staff at Riverside, and there alone, with these roles."""

    @pytest.fixture
    def one(riverside):
        return staff(name, riverside, *roles)

    return one


cora = colleague("Cora", "coordinator")
carl = colleague("Carl", "coordinator")
cleo = colleague("Cleo", "coordinator")
dele = colleague("Dele", "safeguarding-lead")
dora = colleague("Dora", "safeguarding-lead")
ada = colleague("Ada", "administrator")


@pytest.fixture
def omar(hillside):
    """Coordinates Hillside, and leads on safeguarding there; has nothing to do with Riverside."""
    return staff("Omar", hillside, "coordinator", "safeguarding-lead")


@pytest.fixture
def ama(riverside):
    return person("Ama", riverside, born_on=date(1990, 5, 1), family_name="Mensah")


@pytest.fixture
def ben(riverside):
    """Eleven years old, with an address of his own."""
    return person("Ben", riverside, born_on=date(2015, 4, 2), family_name="Adler")


@pytest.fixture
def grace(riverside, ben):
    """Guardian of Ben."""
    adult = person("Grace", riverside, born_on=date(1985, 2, 3), family_name="Adler")
    Guardianship.objects.create(adult=adult, child=ben, relation="mother", starts_on=date(2015, 4, 2))
    return adult


@pytest.fixture
def ama_in(ama, riverside):
    return participant(ama, riverside, "mentor")


@pytest.fixture
def ben_in(ben, riverside):
    return participant(ben, riverside, "mentee")


@pytest.fixture
def match(ama_in, ben_in, grace, cora):
    """Ama and Ben, active since 10 March 2026, all gates met."""
    gates_met(ama_in, "clearance", "training", by=cora)
    gates_met(ben_in, "permission", "assent", by=cora)
    return open_match(ama_in, ben_in, coordinator=cora)


@pytest.fixture
def hill_match(hillside, omar):
    """A match of Hillside, which Omar may see."""
    mentor = participant(person("Hugo", hillside, born_on=date(1980, 1, 1)), hillside, "mentor")
    mentee = participant(person("Hanna", hillside, born_on=date(2014, 1, 1)), hillside, "mentee")
    return open_match(mentor, mentee, coordinator=omar)


@pytest.fixture
def as_user(client):
    """Sign somebody in, past the second factor, and return the browser."""

    def sign_in(user):
        from allauth.mfa.models import Authenticator
        from django.test import Client

        Authenticator.objects.get_or_create(user=user, type=Authenticator.Type.TOTP, defaults={"data": {}})
        browser = Client()
        browser.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
        session = browser.session
        staying.remember(session, user, timezone.now(), since=None)  # as the last step of signing in does
        session.save()
        return browser

    return sign_in
