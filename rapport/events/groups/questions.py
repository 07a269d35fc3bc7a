"""What is asked of groups: who may lead and join, who is in one as a reader sees it, how each stands, when it meets."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, Subquery

from rapport.core.months import day_in
from rapport.events.hosting import BY_NAME, by_name, people_around, people_seen
from rapport.events.models import Group, GroupMember, GroupWord, PairWord, Presence, Session
from rapport.matches.models import Match, Member
from rapport.meetings.rhythm import Calendar
from rapport.people.models import Participant, Person
from rapport.programs.models import Holder, Membership

MENTOR, MENTEE = Participant.Side.MENTOR, Participant.Side.MENTEE


def leads_for(program, user, at):
    """Who may lead a group: (colleagues, mentors whom this reader sees, whoever is named here without a sign-in);
    persons, participants and rows of the named roles, by name."""
    staff = Membership.objects.live(at).staff().filter(program=program).values("user")
    seen = people_seen(program, user, at).mentors().active()
    colleagues = Person.objects.filter(user__in=staff).order_by("given_name", "family_name", "pk")
    named = Holder.objects.live(at).filter(program=program, user=None).select_related("post").order_by("name", "pk")
    return colleagues, seen.select_related("person").order_by(*BY_NAME), named


def people_for(group, user, at):
    """Mentors and mentees whom this reader may take into it: those who have no place in it."""
    there = GroupMember.objects.filter(group=group, left_at=None)
    return people_around(group, user, at).exclude(pk__in=there.values("participant"))


def members_seen(group, user, at):
    """Everybody with a place, offered or theirs, whom this reader sees; each says whether something is missing."""
    seen = people_seen(group.program, user, at)
    rows = GroupMember.objects.still().filter(Exists(seen.filter(pk=OuterRef("participant"))), group=group)
    fit = set(group.members.expected(group.program, day_in(at, group.program.zone)).values_list("pk", flat=True))
    members = sorted(rows.select_related("participant__person", "participant__program"), key=by_name)
    for row in members:
        row.is_expected = row.pk in fit
    return members


@dataclass
class Row:
    """One of a group on the page of one time: by first name alone, and what was said of them."""

    participant: Participant
    name: str
    presence: Presence | None = None

    @property
    def stands(self):
        said = self.presence.was_there if self.presence else None
        return {True: "here", False: "away", None: "none"}[said]


def rows_of(sessions, at, *, without=()):
    """{session id: rows} of these sessions: everybody expected at it, and whoever was marked; nobody of `without`."""
    sessions = list(sessions)
    said = defaultdict(dict)
    marked = Presence.objects.filter(session__in=[one.pk for one in sessions]).select_related("participant__person")
    for row in marked:
        said[row.session_id][row.participant] = row
    expected = expected_in({one.group_id: one for one in sessions}, at)
    found = {}
    for one in sessions:
        people = {*expected[one.group_id], *(who for who, row in said[one.pk].items() if row.was_there is not None)}
        there = [who for who in people if who.person_id not in without]
        found[one.pk] = named([Row(who, who.person.first_name, said[one.pk].get(who)) for who in there])
    return found


def expected_in(by_group, at):
    """{group: participants expected just now}, for sessions by their group."""
    found = defaultdict(list)
    programs = {one.program_id: one.program for one in by_group.values()}
    for program in programs.values():
        rows = GroupMember.objects.expected(program, day_in(at, program.zone)).filter(group__in=by_group)
        for row in rows.select_related("participant__person"):
            found[row.group_id].append(row.participant)
    return found


def named(rows):
    """In order, and two of one first name told apart by a number: never by a child's family name."""
    rows.sort(key=lambda row: (row.participant.side == MENTEE, row.name.casefold(), row.participant.pk))
    alike, count = Counter(row.name for row in rows), Counter()
    for row in rows:
        if alike[row.name] > 1:
            count[row.name] += 1
            row.name = f"{row.name} {count[row.name]}"
    return rows


@dataclass
class Standing:
    """How a group stands: planned, done, stuck or not planned; when it meets; who was there; its pairs."""

    group: Group
    next_session: Any = None
    to_mark: Any = None  # the last time that is over or going on
    has_past: bool = False
    here: int = 0
    said: int = 0
    word: GroupWord | None = None
    pairs: list = field(default_factory=list)

    @property
    def state(self):
        if self.word and self.word.says == GroupWord.Says.STUCK:
            return "stuck"
        if self.next_session:
            return "planned"
        return "done" if self.has_past else "empty"

    @property
    def share(self):
        """Whole per cent of those told of who were there; None where nobody has told of anybody."""
        return round(100 * self.here / self.said) if self.said else None


def standings_of(groups, at, *, with_pairs=False):
    """How these groups stand, in a fixed number of queries."""
    groups = list(groups)
    keys = [one.pk for one in groups]
    found = {one.pk: Standing(one) for one in groups}
    calendar = Calendar({one.program_id for one in groups}, (at - timedelta(days=1)).date()) if groups else None
    for session in Session.objects.filter(group__in=keys, excused_at=None).ahead(at).order_by("starts_at", "pk"):
        standing = found[session.group_id]
        session.group = standing.group
        day = day_in(session.starts_at, standing.group.program.zone)
        if standing.next_session is None and not calendar.is_closed(standing.group, day):
            standing.next_session = session
    begun = Session.objects.filter(group=OuterRef("pk"), excused_at=None, starts_at__lte=at).order_by("-starts_at")
    last = dict(Group.objects.filter(pk__in=keys).values_list("pk", Subquery(begun.values("pk")[:1])))
    past = Session.objects.in_bulk([pk for pk in last.values() if pk])
    for pk, (here, said) in counted(keys).items():
        found[pk].here, found[pk].said = here, said
    for pk, session in last.items():
        found[pk].to_mark, found[pk].has_past = past.get(session), session is not None
        if session:
            past[session].group = found[pk].group
    say_words(found)
    if with_pairs:
        for pk, pairs in pairs_of_teams(keys).items():
            found[pk].pairs = pairs
    return list(found.values())


def counted(keys):
    """{group: (how often a mentee was there, of how often that was told)}; what was called off counts nothing."""
    rows = Presence.objects.filter(session__group__in=keys, session__excused_at=None, participant__side=MENTEE)
    rows = rows.filter(was_there__isnull=False).order_by().values("session__group")
    told = rows.annotate(here=Count("pk", filter=Q(was_there=True)), said=Count("pk"))
    return {group: (here, said) for group, here, said in told.values_list("session__group", "here", "said")}


def say_words(found):
    last = GroupWord.objects.filter(group=OuterRef("group")).order_by("-said_at", "-pk").values("pk")[:1]
    for word in GroupWord.objects.filter(group__in=found, pk=Subquery(last)).prefetch_related("pairs"):
        found[word.group_id].word = word


def pairs_of_teams(keys):
    """{group: open matches with a mentor and a mentee of theirs in it}, each with what its lead said last."""
    inside = GroupMember.objects.inside().filter(group__in=keys)
    groups_of = defaultdict(set)
    for group, participant in inside.values_list("group", "participant"):
        groups_of[participant].add(group)
    places = Member.objects.filter(participant__in=groups_of, match__state__in=Match.OPEN, match__awaits_checks=False)
    sides = defaultdict(lambda: defaultdict(set))
    for match, side, participant in places.values_list("match", "side", "participant"):
        sides[match][side] |= groups_of[participant]
    matches = {one.pk: one for one in Match.objects.filter(pk__in=sides).with_people().select_related("coordinator")}
    last = dict(PairWord.objects.filter(match__in=sides).order_by("pk").values_list("match", "says"))
    found = defaultdict(list)
    for pk, match in sorted(matches.items()):
        match.said = PairWord.Says(last[pk]).label if pk in last else ""
        for group in sides[pk][MENTOR] & sides[pk][MENTEE]:
            found[group].append(match)
    return found


def places_of(participants, reader, at):
    """{participant: [(member, next session or None)]}: their groups as an own page shows them, in a few queries.

    `reader` is the person who looks. A group with somebody they are kept away from is not there.
    """
    if reader is None:
        return defaultdict(list)
    open_to = Group.objects.going_on().open_to(reader, at)
    rows = GroupMember.objects.still().filter(participant__in=participants, group__in=open_to.values("pk"))
    members = list(rows.select_related("group__program", "group__site", "group__lead", "participant__person"))
    fit = set()
    for program in {row.group.program for row in members}:
        expected = GroupMember.objects.expected(program, day_in(at, program.zone))
        fit |= set(expected.filter(pk__in=[row.pk for row in members]).values_list("pk", flat=True))
    soon = {one.group.pk: one.next_session for one in standings_of({row.group for row in members}, at)}
    found = defaultdict(list)
    for row in members:
        if row.in_at is None or row.pk in fit:
            found[row.participant_id].append((row, soon.get(row.group_id) if row.in_at else None))
    return found
