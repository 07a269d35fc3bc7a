"""What pages of staff show beyond what the clock works on: gates, messages that wait, files that came in, a manager.

Every program gets its share; the first program is the one that is looked at.
"""

from datetime import date, timedelta
from itertools import cycle, islice

from bench._fixture import A_PROGRAM, BATCH, LONG_AGO, MONDAY, TODAY

WAITING_PER_MATCH = 2  # held messages of the first program
FILES, ROWS = 60, 400
GROUP = 20
PROGRAMS_OF_THE_MANAGER = 5
MANAGER = "manager@example.org"
EVERYTHING = "everything@example.org"  # somebody of the first program with every role of staff


def furnish(network) -> None:
    """Add all of it to a network that stands."""
    for program in network.programs:
        give_gates(program)
    hold_messages(network.programs[0], WAITING_PER_MATCH * min(network.matches, A_PROGRAM))
    bring_files(network.programs[0], network.coordinators[0])
    begin_circles(network.programs[0], network.coordinators[0])
    begin_groups(network.programs[0], network.coordinators[0])
    hold_event_days(network.programs[0], network.coordinators[0])
    hire_a_manager(network.programs[:PROGRAMS_OF_THE_MANAGER])
    hire_for_everything(network.programs[0])
    reckon_time()


def reckon_time() -> None:
    """What the clock keeps of time together for figures of many, reckoned as it is before dawn."""
    from rapport.care.actions import keep_time
    from rapport.care.models import TimeKept
    from rapport.matches.models import Match

    rows = Match.objects.open().order_by("pk").values_list("pk", "program")
    TimeKept.objects.bulk_create(
        (TimeKept(match_id=match, program_id=program, next_at=MONDAY) for match, program in rows),
        batch_size=BATCH, ignore_conflicts=True,
    )  # fmt: skip
    while keep_time(at=MONDAY):
        pass


def give_gates(program):
    """Everybody has most of what is asked; one in ten lacks the last of it, one in twenty ran out."""
    from rapport.access.models import User
    from rapport.onboarding.models import Gate
    from rapport.people.models import Guardianship, Participant

    by = User.objects.order_by("pk").first()
    adults = dict(Guardianship.objects.order_by("pk").values_list("child", "adult"))
    codes = {side: list(codes_of(program, side)) for side in Participant.Side}
    rows = []
    for n, one in enumerate(Participant.objects.filter(program=program).order_by("pk")):
        for code in codes[one.side][: -1 if n % 10 == 0 else None]:
            until = TODAY - timedelta(days=3) if n % 20 == 1 else date(2027, 9, 1)
            rows.append(
                Gate(
                    program=program, participant=one, code=code, is_met=True, met_on=date(2026, 2, 1), hours=8,
                    valid_until_on=until if code == Gate.Code.CLEARANCE else None, seen_by=by, seen_at=LONG_AGO,
                    given_by_id=adults.get(one.person_id) if code == Gate.Code.PERMISSION else None,
                )
            )  # fmt: skip
    Gate.objects.bulk_create(rows, batch_size=BATCH)


def codes_of(program, side):
    from rapport.onboarding.questions import asked_in

    of_everybody, of_children = asked_in(program, side)
    return of_everybody + of_children


def hold_messages(program, how_many):
    """Invitations that wait for release, each about an ask that waits for an answer."""
    from rapport.checkins.models import Ask
    from rapport.core.about import type_of
    from rapport.outbox.models import Message

    asks = list(Ask.objects.waiting().filter(program=program).order_by("pk"))
    Message.objects.bulk_create(
        (
            Message(
                program=program, kind="checkins/invitation", to_id=ask.person_id, about_type=type_of(ask),
                about_id=ask.pk, dedupe_key=f"held:{n}", state="held", queued_at=MONDAY, next_at=MONDAY,
            )
            for n, ask in enumerate(islice(cycle(asks), how_many))
        ),
        batch_size=BATCH,
    )  # fmt: skip


def bring_files(program, by):
    """A year of weekly files."""
    from rapport.imports.models import Import, Row

    files = [
        Import(
            program=program, what="mentors", file_name=f"week-{n}.csv", state="applied", brought_at=LONG_AGO,
            brought_by=by, applied_at=LONG_AGO,
        )
        for n in range(FILES)
    ]  # fmt: skip
    made = Import.objects.bulk_create(files)
    rows = (
        Row(source=one, number=n + 2, cells={"given_name": "Nia", "family_name": "Bell"}, outcome="new")
        for one in made
        for n in range(ROWS)
    )
    Row.objects.bulk_create(rows, batch_size=BATCH)


def begin_circles(program, by):
    """A circle of mentors for each site, which met last month with everybody of it."""
    from rapport.events import actions
    from rapport.people.models import Participant

    for site in program.sites.order_by("pk"):
        mentors = Participant.objects.filter(program=program, site=site).mentors().select_related("person")
        one = actions.begin_circle(program, name=site.name, host=by, site=site, form_id=site.ref, by=by, at=LONG_AGO)
        when = MONDAY - timedelta(days=28)
        actions.ask_to(one, starts_at=when, minutes=60, mentors=list(mentors), by=by, at=MONDAY)


def begin_groups(program, by):
    """A group of twenty for each site, which met for ten weeks and goes on: two of them stay away."""
    from rapport.events.models import Group, GroupMember, Presence, Session
    from rapport.meetings.actions import somebody
    from rapport.people.models import Participant

    lead = somebody(by, program, by=by, at=LONG_AGO)
    for site in program.sites.order_by("pk"):
        group = Group.objects.create(
            program=program, name=site.name, site=site, host=by, lead=lead, made_at=LONG_AGO, form_id=site.ref,
            asked_next_at=MONDAY + timedelta(days=30),
        )  # fmt: skip
        people = list(Participant.objects.filter(program=program, site=site).order_by("-side", "pk")[:GROUP])
        GroupMember.objects.bulk_create(
            GroupMember(program=program, group=group, participant=one, asked_at=LONG_AGO, answered_at=LONG_AGO,
                        in_at=LONG_AGO)
            for one in people
        )  # fmt: skip
        times = [MONDAY + timedelta(weeks=n) for n in range(-10, 5)]
        rows = Session.objects.bulk_create(
            Session(program=program, group=group, starts_at=when, ends_at=when + timedelta(hours=1)) for when in times
        )
        Presence.objects.bulk_create(
            Presence(program=program, session=row, participant=one, was_there=n % 10 > 0, said_by=lead,
                     marked_at=row.ends_at)
            for row in rows if row.starts_at < MONDAY for n, one in enumerate(people)
        )  # fmt: skip


def hold_event_days(program, by):
    """An event day for each site, two weeks ago, with forty people and ten pairs of them."""
    from rapport.events import actions
    from rapport.events.models import EventPair, Invitation
    from rapport.matches.models import Match

    starts_at = MONDAY - timedelta(days=14)
    for site in program.sites.order_by("pk"):
        given = {"name": site.name, "site": site, "minutes": 120, "host": by, "form_id": f"day-{site.ref}"}
        day = actions.make_day(program, **given, starts_at=starts_at, by=by, at=LONG_AGO)
        matches = list(Match.objects.active().filter(program=program, site=site).with_people().order_by("pk")[:GROUP])
        people = dict.fromkeys(one for match in matches for one in (*match.mentors, *match.mentees))
        Invitation.objects.bulk_create(
            Invitation(program=program, day=day, participant=one, invited_at=LONG_AGO, came=True, marked_at=MONDAY)
            for one in people
        )
        EventPair.objects.bulk_create(
            EventPair(program=program, day=day, mentor=match.mentors[0], mentee=match.mentees[0], match=match,
                      noted_at=MONDAY, noted_by=by)
            for match in matches[: GROUP // 2]
        )  # fmt: skip


def hire_a_manager(programs):
    """One coordinator of several programs; where there are fewer, the others are empty."""
    from rapport.access.models import Role, User
    from rapport.portal.founding import found_program
    from rapport.programs.models import Membership

    more = [
        found_program(
            slug=f"empty-{n}", name=f"empty-{n}", profile="youth-one-to-one", organization=programs[0].organization,
            using_since_on=date(2026, 1, 1), by=None, at=LONG_AGO,
        )
        for n in range(PROGRAMS_OF_THE_MANAGER - len(programs))
    ]  # fmt: skip
    user = User.objects.create(email=MANAGER, name="Mina", joined_at=LONG_AGO, password="!")
    role = Role.objects.get(slug="coordinator")
    Membership.objects.bulk_create(
        Membership(user=user, program=program, role=role, starts_at=LONG_AGO) for program in [*programs, *more]
    )


def hire_for_everything(program):
    """One user with every role of staff in a program, for pages that few may open."""
    from rapport.access.models import Role, User
    from rapport.programs.models import Membership

    user = User.objects.create(email=EVERYTHING, name="Una", joined_at=LONG_AGO, password="!")
    Membership.objects.bulk_create(
        Membership(user=user, program=program, role=role, starts_at=LONG_AGO)
        for role in Role.objects.filter(is_staff=True)
    )
