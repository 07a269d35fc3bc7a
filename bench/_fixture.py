"""A network of programs with N active matches on one Monday morning, written in bulk, not by actions.

Per 100 000 matches: 10 000 check-ins come due, 5 000 asks are to be reminded, 1 000 handed over, 14 000 expected
meetings to be laid out, and every match to be looked at (design.md §5). Fewer matches have the same shares.
"""

import random
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta

MONDAY = datetime(2026, 11, 16, 9, 30, tzinfo=UTC)
TODAY = MONDAY.date()
FRIDAY = MONDAY - timedelta(days=3)
BEGUN_ON = date(2026, 3, 10)
LONG_AGO = datetime(2026, 1, 5, 9, tzinfo=UTC)
A_PROGRAM = 5000  # matches
A_SITE = 500
A_CASELOAD = 50
BATCH = 2000
AFTERNOON = time(15)
SYLLABLES = [consonant + vowel for consonant in "bdfgklmnprstvz" for vowel in "aeiou"]
DUE, REMIND, HAND_OVER, RECENT = "due", "remind", "hand over", "asked this week"
SHARES = {DUE: (0, 10), REMIND: (10, 15), HAND_OVER: (15, 16), RECENT: (16, 26)}  # places of every hundred matches


@dataclass
class Network:
    """What was built, by program."""

    programs: list = field(default_factory=list)
    coordinators: list = field(default_factory=list)
    matches: int = 0


def build(how_many: int) -> Network:
    """Write the network. The same number gives the same network."""
    from rapport.programs.actions import the_organization

    organization, network, chance = the_organization("Bench"), Network(), random.Random(7)
    number = 0
    while number < how_many:
        here = min(A_PROGRAM, how_many - number)
        build_program(organization, network, number, here, chance)
        number += here
    network.matches = how_many
    return network


def build_program(organization, network, first, how_many, chance):
    from rapport.portal.founding import found_program
    from rapport.programs.models import Site

    slug = f"network-{first // A_PROGRAM}"
    program = found_program(
        slug=slug, name=slug, profile="youth-one-to-one", organization=organization,
        using_since_on=date(2026, 1, 1), quiet_start=False, by=None, at=LONG_AGO,
    )  # fmt: skip
    network.programs.append(program)
    names = [f"School {n}" for n in range(how_many // A_SITE + 1)]
    sites = Site.objects.bulk_create([Site(program=program, name=name, emergency_numbers="911") for name in names])
    staff = build_staff(program, slug, how_many // A_CASELOAD + 1)
    network.coordinators += staff
    for start in range(0, how_many, BATCH):
        size = min(BATCH, how_many - start)
        build_matches(program, sites, staff, first + start, size, chance)


def build_staff(program, slug, how_many):
    """Coordinators, and leads so that the worry question may go out."""
    from rapport.access.models import Role, User
    from rapport.programs.models import Membership
    from rapport.safeguarding.models import Duty

    users = User.objects.bulk_create(
        User(email=f"{slug}-{n}@example.org", name=f"Cora {n}", joined_at=LONG_AGO, password="!")
        for n in range(how_many + 3)
    )
    roles = Role.objects.in_bulk(field_name="slug")
    coordinators, leads = users[3:], users[:3]
    given = [(user, "coordinator") for user in coordinators] + [(user, "safeguarding-lead") for user in leads]
    Membership.objects.bulk_create(
        Membership(user=user, program=program, role=roles[slug], starts_at=LONG_AGO) for user, slug in given
    )
    Duty.objects.create(
        program=program, lead=leads[0], second_lead=leads[1], cover=leads[2], outside_contact="555 0100",
        read_by=datetime(2026, 1, 1, 16).time(), named_by=leads[0], named_at=LONG_AGO,
    )  # fmt: skip
    return coordinators


def people(program, first, size, kind, born_on):
    """One person per match, each with a private e-mail address, born on some day of three years from this one on."""
    from rapport.people.models import ContactPoint, Person

    rows = [
        Person(
            organization_id=program.organization_id, given_name=name(first + n, 2),
            family_name=name(11 * (first + n) + 5, 3), added_at=LONG_AGO,
            born_on=born_on + timedelta(days=(first + n) % 1095),
        )
        for n in range(size)
    ]  # fmt: skip
    made = Person.objects.bulk_create(rows)
    ContactPoint.objects.bulk_create(
        ContactPoint(person=one, kind="email", value=f"{kind}-{first + n}@example.org") for n, one in enumerate(made)
    )
    return made


def name(number, syllables):
    """A name of so many syllables; numbers apart give names apart until the syllables run out."""
    letters = ""
    for _ in range(syllables):
        number, place = divmod(number * 7919 + 13, len(SYLLABLES))
        letters += SYLLABLES[place]
    return letters.title()


def build_matches(program, sites, staff, first, size, chance):
    """`size` matches with their people, meetings, answers and what is due."""
    from rapport.matches.models import Match, Member
    from rapport.people.models import Guardianship, Participant

    mentors = people(program, first, size, "mentor", date(1990, 5, 1))
    mentees = people(program, first, size, "mentee", date(2014, 4, 2))
    guardians = people(program, first, size, "guardian", date(1985, 2, 3))
    Guardianship.objects.bulk_create(
        Guardianship(adult=adult, child=child, relation="mother", starts_on=date(2014, 4, 2))
        for adult, child in zip(guardians, mentees, strict=True)
    )
    places = {
        side: Participant.objects.bulk_create(
            Participant(
                program=program,
                person=one,
                side=side,
                site=sites[(first + n) // A_SITE % len(sites)],
                joined_at=LONG_AGO,
            )
            for n, one in enumerate(some)
        )
        for side, some in (("mentor", mentors), ("mentee", mentees))
    }
    matches = Match.objects.bulk_create(
        Match(
            program=program, site=place(sites, first + n), state="active", phase="growing",
            coordinator=staff[n % len(staff)], proposed_at=LONG_AGO, begun_at=LONG_AGO, begun_on=BEGUN_ON,
        )
        for n in range(size)
    )  # fmt: skip
    Member.objects.bulk_create(
        Member(program=program, match=match, participant=places[side][n], side=side)
        for n, match in enumerate(matches)
        for side in ("mentor", "mentee")
    )
    build_goals(program, matches, places["mentee"], first)
    build_meetings(program, matches, mentors, first, chance)
    build_asking(program, matches, mentors, mentees, guardians, first)
    build_standings(program, matches)


def build_goals(program, matches, mentees, first):
    """Each mentee said a goal, so that nobody is called about one."""
    from rapport.matches.models import Goal

    Goal.objects.bulk_create(
        Goal(
            program=program, match=match, mentee=one, words="Read a whole book", worded_by="mentee", level=0,
            person_id=one.person_id, said_on=BEGUN_ON, made_at=LONG_AGO, form_id=f"goal-{first + n}-00",
        )
        for n, (match, one) in enumerate(zip(matches, mentees, strict=True))
    )  # fmt: skip


def build_meetings(program, matches, mentors, first, chance):
    """A weekly plan, eight weeks of meetings behind (nearly all logged), four ahead; one in seven meets on Mondays."""
    from rapport.meetings.models import Log, Meeting, Plan

    ahead = TODAY + timedelta(days=int(program.limits_by_code["plan-ahead"].value))
    plans = []
    for n, match in enumerate(matches):
        weekday = 0 if (first + n) % 7 == 0 else 1 + (first + n) % 4
        beyond = ahead + timedelta(days=(weekday - ahead.weekday()) % 7)
        plans.append(
            Plan(
                program=program, match=match, weekday=weekday, starts_at=AFTERNOON, minutes=60, from_on=BEGUN_ON,
                laid_until_on=beyond - timedelta(days=1),
            )
        )  # fmt: skip
    Plan.objects.bulk_create(plans)
    rows = [meeting for n, plan in enumerate(plans) for meeting in meetings_of(plan, first + n, chance)]
    Meeting.objects.bulk_create(rows, batch_size=BATCH)
    mentor_of = {match.pk: mentor for match, mentor in zip(matches, mentors, strict=True)}
    said = [row for row in rows if row.kept_at or row.missed_at]
    logs = [
        Log(
            program=program, meeting=row, person=mentor_of[row.match_id], happened=row.kept_at is not None,
            minutes=row.minutes, source="link", logged_at=row.ends_at,
        )
        for row in said
    ]  # fmt: skip
    Log.objects.bulk_create(logs, batch_size=BATCH)


def meetings_of(plan, number, chance):
    """Eight weeks back and up to what is laid out. Only mentors asked this week have meetings without a word."""
    from rapport.meetings.models import Meeting

    day = TODAY - timedelta(days=56) + timedelta(days=plan.weekday)
    while day <= plan.laid_until_on:
        starts_at = datetime.combine(day, AFTERNOON, tzinfo=UTC)
        ends_at = starts_at + timedelta(hours=1)
        over, happened = ends_at < MONDAY, chance.random()
        known = over and not (is_in(number, RECENT) and happened > 0.8)
        held = ends_at if known and happened < 0.9 else None
        missed = ends_at if known and not held else None
        yield Meeting(
            program_id=plan.program_id, match_id=plan.match_id, plan=plan, starts_at=starts_at, ends_at=ends_at,
            due_at=starts_at, lapses_at=ends_at, kept_at=held, missed_at=missed, minutes=60 if held else None,
        )  # fmt: skip
        day += timedelta(days=7)


def build_asking(program, matches, mentors, mentees, guardians, first):
    """Last month's answer of every mentee; check-ins due now; asks to be reminded, handed over, and of this week."""
    from rapport.checkins.models import Answer, CheckIn, Rhythm

    promises = {promise.party: promise for promise in program.promises.filter(kind="check-in")}
    people = {"mentor": mentors, "mentee": mentees, "guardian": guardians}
    answered = [
        check_in(program, match, "mentee", mentees[n], promises, -38, state="answered")
        for n, match in enumerate(matches)
    ]
    for row in answered:
        row.kept_at = row.due_at + timedelta(days=1)
    CheckIn.objects.bulk_create(answered, batch_size=BATCH)
    Answer.objects.bulk_create(
        (
            Answer(program=program, check_in=row, feeling=3 + n % 3, worry="no", answered_at=row.kept_at, form_id="b")
            for n, row in enumerate(answered)
        ),
        batch_size=BATCH,
    )
    looks = {True: MONDAY.replace(hour=5), False: MONDAY + timedelta(days=3)}
    Rhythm.objects.bulk_create(
        Rhythm(
            program=program,
            match=match,
            looked_until_at=MONDAY - timedelta(days=7),
            next_at=looks[(first + n) % 7 == 0],
        )
        for n, match in enumerate(matches)
    )
    due = [
        check_in(program, match, party, people[party][n], promises, 0)
        for n, match in enumerate(matches)
        if is_in(first + n, DUE)
        for party in [("mentor", "mentee", "guardian")[(first + n) % 3]]
    ]
    CheckIn.objects.bulk_create(due)
    build_asks(program, matches, mentors, promises, first)


def build_asks(program, matches, mentors, promises, first):
    """Mentors' asks: sent three days ago, reminded four days ago, or answered this week."""
    from rapport.checkins.models import Ask, CheckIn
    from rapport.core.about import type_of
    from rapport.outbox.models import Message

    kinds = {REMIND: ("sent", 3, MONDAY), HAND_OVER: ("reminded", 4, MONDAY), RECENT: ("answered", 3, None)}
    asks, rows, messages = [], [], []
    for n, match in enumerate(matches):
        share = next((share for share in kinds if is_in(first + n, share)), None)
        if share is None:
            continue
        state, days, next_at = kinds[share]
        sent_at = MONDAY - timedelta(days=days + (3 if state == "reminded" else 0), hours=1)
        asks.append(
            Ask(
                program=program, person=mentors[n], state=state, made_at=sent_at, sent_at=sent_at, next_at=next_at,
                closes_at=MONDAY + timedelta(days=20), answered_at=sent_at if state == "answered" else None,
            )
        )  # fmt: skip
        rows.append((match, mentors[n], state))
    made = Ask.objects.bulk_create(asks)
    check_ins = []
    for ask, (match, person, state) in zip(made, rows, strict=True):
        one = check_in(
            program, match, "mentor", person, promises, -6, state="answered" if state == "answered" else "open"
        )
        one.ask, one.kept_at = ask, ask.answered_at
        check_ins.append(one)
        if state != "answered":
            messages.append(
                Message(
                    program=program, kind="checkins/invitation", to=person, about_type=type_of(ask), about_id=ask.pk,
                    dedupe_key=f"ask:{ask.ref}:{state}", state="accepted", queued_at=ask.sent_at, next_at=ask.sent_at,
                    final_at=ask.sent_at,
                )
            )  # fmt: skip
    CheckIn.objects.bulk_create(check_ins)
    Message.objects.bulk_create(messages)


def check_in(program, match, party, person, promises, days, state="open"):
    """An unsaved check-in due so many days from this Monday at nine."""
    from rapport.checkins.models import CheckIn

    due_at = MONDAY.replace(hour=9, minute=0) + timedelta(days=days)
    return CheckIn(
        program=program, match=match, person=person, party=party, promise=promises[party], state=state,
        instance=(due_at.date() - BEGUN_ON).days, due_at=due_at, late_at=due_at + timedelta(days=7),
        lapses_at=due_at + timedelta(days=30),
    )  # fmt: skip


def owed_now(other, now):
    """An unsaved check-in due now, of the same match and person as another."""
    from rapport.checkins.models import CheckIn

    return CheckIn(
        program_id=other.program_id, match_id=other.match_id, person_id=other.person_id, party=other.party,
        promise_id=other.promise_id, instance=other.instance + 1, due_at=now, late_at=now + timedelta(days=7),
        lapses_at=now + timedelta(days=30),
    )  # fmt: skip


def is_in(number, share):
    """Whether this match is one of a share: each share takes its own places of every hundred."""
    start, end = SHARES[share]
    return start <= number % 100 < end


def look_on_friday():
    """What the clock found on Friday morning, as it stands before this Monday's look."""
    from rapport.care.actions import refresh_findings
    from rapport.care.models import Standing

    while refresh_findings(at=FRIDAY, limit=500):
        pass
    Standing.objects.update(next_look_at=MONDAY.replace(hour=5))


def nothing_is_news():
    """Rows that were copied are no news: the clock has seen all that was said before this Monday."""
    from rapport.care.models import Watermark

    Watermark.objects.all().delete()


def place(sites, number):
    return sites[number // A_SITE % len(sites)]


def build_standings(program, matches):
    """Every match is to be looked at this morning."""
    from rapport.care.models import Standing

    Standing.objects.bulk_create(
        Standing(
            program=program, match=match, looked_at=MONDAY - timedelta(days=1), next_look_at=MONDAY.replace(hour=5)
        )
        for match in matches
    )
