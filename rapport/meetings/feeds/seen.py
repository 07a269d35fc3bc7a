"""Which meetings somebody sees of their own: as mentor, mentee, guardian or coordinator, asked anew each time.

A calendar is read on phones, in cars and at work, by whoever stands there. So no name of a young person stands in it,
and no place of one: a guardian of several tells them apart by a number that their own page explains.
"""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Max, Q

from rapport.access.rights import Right
from rapport.core.months import add_months, day_in
from rapport.matches.models import Match, Member
from rapport.meetings.models import Meeting
from rapport.outbox.questions import refusing
from rapport.people.models import Guardianship, Participant, Person, Restriction

MENTOR, MENTEE = Participant.Side.MENTOR, Participant.Side.MENTEE
GUARDIAN, STAFF = "guardian", "staff"


@dataclass(frozen=True)
class Seen:
    """One meeting with the eyes of one person."""

    meeting: Meeting
    side: str
    number: int = 0  # which of several; 0: there is but one
    names: str = ""  # of grown-up mentors, for staff alone
    child: Person | None = None  # for the guardian's own page alone
    place: str = ""
    is_off: bool = False
    version: int = 0
    changed_at: datetime | None = None


def seen_by(person, program, at, *, since, known_since=None, given_by=None, places_too=False) -> list[Seen]:
    """The meetings of open pairs that are not over before `since`, in order; in a fixed number of queries.

    `known_since`: since when somebody has the address that shows them. A child is kept apart from somebody who may
    know an address made before that, so it shows nothing more of that child. `given_by`: a member of staff who gave it
    to them, and may know it: it shows no pair which that user does not reach, and nothing of work. `places_too`: on a
    page of their own, where nobody looks on, the place stands there for everybody.
    """
    if program.archived_at is not None:
        return []
    roles = roles_of(person, program, at)
    if given_by:
        roles = within_reach(roles, given_by, program, at)
    matches = matches_of(roles, person, program, at)
    since_when = protected(matches, at)
    told = {
        match.pk: (match, role, places_too or (match.pk not in since_when and all_are_grown(match, program, at)))
        for match in matches
        for role in [roles[match.pk]]
        if not (role.is_of_a_child and is_known_too_long(since_when.get(match.pk), known_since))
    }
    return [seen(one, *told[one.match_id], at) for one in meetings_of(told, since)]


@dataclass(frozen=True)
class Role:
    """As whom somebody sees one match."""

    side: str
    number: int = 0
    child: Person | None = None

    @property
    def is_of_a_child(self):
        return self.side in (MENTEE, GUARDIAN)


def roles_of(person, program, at) -> dict:
    """{match id: Role}: their own first, then their children's, then those they look after."""
    children = children_of(person, program, at)
    rows = Member.objects.filter(program=program, participant__left_at=None).filter(
        Q(participant__person=person) | Q(participant__person__in=children)
    )
    rows = rows.select_related("participant__person").order_by("pk")
    own = [row for row in rows if row.participant.person_id == person.pk]
    barred = person.counts_as_child(program, day_in(at, program.zone)) and refusing([person], program, at)
    numbers = numbers_of(own, person, children)
    found = {row.match_id: Role(row.side, numbers["own"].get(row.pk, 0)) for row in own if not barred}
    for row in rows:
        child = row.participant.person
        if child.pk in children:
            found.setdefault(row.match_id, Role(GUARDIAN, numbers["child"].get(child.pk, 0), child))
    for match in caseload_of(person, program, at):
        found.setdefault(match, Role(STAFF))
    return found


def within_reach(roles, user, program, at) -> dict:
    """Of these roles, those in pairs that this member of staff reaches, without what its owner sees at work."""
    reached = Match.objects.filter(pk__in=roles, program=program).visible_to(user, Right.MEETING_EDIT, at)
    reached = set(reached.values_list("pk", flat=True))
    return {pk: role for pk, role in roles.items() if role.side != STAFF and pk in reached}


def children_of(person, program, at) -> list:
    """Ids of the children they are told about, in the order they came, and are not kept away from."""
    on = day_in(at, program.zone)
    away = Restriction.objects.live_at(at).filter(kept_away=person).values("subject")
    living = Guardianship.objects.living(on).told().filter(adult=person).exclude(child__in=away)
    return list(living.order_by("pk").values_list("child", flat=True))


def numbers_of(own, person, children) -> dict:
    """Which number stands for which: it stays the same, whatever ends. One alone has none."""
    known = list(Guardianship.objects.filter(adult=person).order_by("pk").values_list("child", flat=True))
    by_child = {child: n for n, child in enumerate(known, 1)} if len(known) > 1 and children else {}
    mine = [row for row in own if row.side == MENTOR]
    return {"child": by_child, "own": {row.pk: n for n, row in enumerate(mine, 1)} if len(mine) > 1 else {}}


def caseload_of(person, program, at):
    """Ids of the matches they look after as staff, while they may see them."""
    if person.user is None or not person.user.is_active:
        return []
    mine = Match.objects.visible_to(person.user, Right.MATCH_VIEW, at).filter(program=program, coordinator=person.user)
    return list(mine.open().order_by("pk").values_list("pk", flat=True))


def matches_of(roles, person, program, at):
    """The open ones of which they may know just now."""
    found = Match.objects.open().known_to(person, at).filter(pk__in=roles, program=program)
    matches = list(found.with_people().order_by("pk"))
    for match in matches:
        match.program = program
    return matches


def protected(matches, at) -> dict:
    """{match id: when it was last written down} of those with somebody in them who is protected from somebody."""
    people = {match.pk: {member.participant.person_id for member in match.members.all()} for match in matches}
    rows = Restriction.objects.live_at(at).filter(subject__in=set().union(*people.values()))
    since: dict = {}
    for subject, recorded_at in rows.values_list("subject", "recorded_at"):
        for pk in (pk for pk, members in people.items() if subject in members):
            since[pk] = max(recorded_at, since.get(pk, recorded_at))
    return since


def is_known_too_long(protected_since, known_since):
    """Whether somebody who is kept away may know the address."""
    return None not in (protected_since, known_since) and protected_since >= known_since


def all_are_grown(match, program, at):
    """Whether everybody in it has the age from which a calendar shows the place."""
    on, age = day_in(at, program.zone), program.limit("calendar-place")
    people = [member.participant.person for member in match.members.all()]
    return all(
        add_months(one.born_on, 12 * age) <= on if one.born_on else not one.counts_as_child(program, on)
        for one in people
    )


def meetings_of(matches, since):
    return annotated(Meeting.objects.filter(match__in=list(matches), ends_at__gt=since)).order_by("starts_at", "pk")


def annotated(meetings):
    """With how often each was moved, called off or on again, and when last."""
    return meetings.annotate(changes=Count("rearrangements"), last_changed_at=Max("rearrangements__said_at"))


def matches_by_id(keys) -> dict:
    return {one.pk: one for one in Match.objects.filter(pk__in=keys).select_related("program").with_people()}


def seen(meeting, match, role, with_place, at) -> Seen:
    meeting.match = match
    rests = match.state == Match.State.PAUSED and meeting.ends_at > at
    is_off = bool(meeting.excused_at or meeting.cancelled_at or rests)
    changed = [meeting.last_changed_at, meeting.excused_at, meeting.cancelled_at, match.begun_at]
    mentors = [one.person for one in match.mentors]
    on = day_in(at, match.program.zone)
    may_be_named = role.side == STAFF and not any(one.counts_as_child(match.program, on) for one in mentors)
    return Seen(
        meeting, role.side, role.number, ", ".join(one.first_name for one in mentors) if may_be_named else "",
        role.child, meeting.place if with_place else "", is_off,
        meeting.changes + (is_off and not meeting.cancelled_at), max(moment for moment in changed if moment),
    )  # fmt: skip
