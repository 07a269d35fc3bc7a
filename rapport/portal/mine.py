"""What a participant or a guardian sees of their own: with whom, when and where next, and whom to turn to.

Nobody reads here about a match of which they may know nothing just now (`Match.objects.known_to`). A guardian sees a
child only through a living guardianship that lets them be told; at 18 it ends.
"""

from dataclasses import dataclass, field

from django.db.models import Q
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from rapport.access.rights import Right
from rapport.checkins.models import Ask
from rapport.core.months import day_in
from rapport.events.groups.questions import places_of as groups_of
from rapport.events.models import Group
from rapport.events.readers import may_say_yes
from rapport.matches.models import Match, Member
from rapport.meetings.models import Meeting
from rapport.meetings.together import time_of
from rapport.onboarding.questions import missing_gates
from rapport.people.models import Consent, Participant, Person
from rapport.people.questions import refused
from rapport.portal.actions import colleagues
from rapport.portal.actions.turning import WITHIN
from rapport.portal.front.days import tell_days
from rapport.portal.front.reached import own_and_children, reached_by
from rapport.portal.front.time_had import time_had
from rapport.safeguarding.questions import whole_duty

MENTEE = Participant.Side.MENTEE


@dataclass
class Pair:
    """One open match as one of its people sees it."""

    match: Match
    names: list
    next_meeting: Meeting | None = None
    together: object = None  # what was promised and what happened
    is_of_child: bool = False
    is_checked: bool | None = None  # whether the mentors have all that is asked of them; told to guardians alone

    has_goals: bool = True  # whether its page of goals is theirs to read: not of those who stand for a young mentor

    @property
    def is_resting(self):
        return self.match.state == Match.State.PAUSED

    @cached_property
    def time(self):
        """What was promised and what happened in sentences, in the language in which the page is made."""
        return time_had(self.together, of_others=self.is_of_child)


@dataclass
class Place:
    """One person's place in one program: their own, or their child's."""

    one: Participant
    program: object
    site: object = None
    child: Person | None = None
    pairs: list = field(default_factory=list)
    unseen: list = field(default_factory=list)  # open matches of which nothing is shown just now
    groups: list = field(default_factory=list)  # (place in a group, when it meets next), as they may know of it
    leads: bool = False  # whether they lead a group here themselves
    days: list = field(default_factory=list)  # invitations to event days still ahead
    colleagues: list = field(default_factory=list)  # of the program, who could talk with anybody
    duty: object = None  # who reads worries, where all that takes is in place

    @property
    def matches(self):
        """Their open matches, shown or not."""
        return [*(pair.match for pair in self.pairs), *self.unseen]

    @property
    def contact(self):
        """Their person at the program: the coordinator of their match; without one, somebody who runs matches there."""
        own = (match.coordinator for match in self.matches if match.coordinator)
        return next(own, self.colleagues[0] if self.colleagues else None)

    @property
    def has_another(self):
        """Whether somebody else than their person could talk with them."""
        return any(user != self.contact for user in self.colleagues)

    @property
    def talk_within(self):
        return self.program.limit(WITHIN)

    @property
    def lead(self):
        return self.duty.lead.first_name if self.duty else ""

    @property
    def emergency(self):
        sites = [pair.match.site for pair in self.pairs if pair.match.site] + [self.site] * bool(self.site)
        return next((site.emergency_numbers for site in sites if site.emergency_numbers), "")


def own_places(user, at):
    """Everything of the page, in a fixed number of queries."""
    reached = Participant.objects.active().filter(program__archived_at=None).visible_to(user, Right.OWN_PAGES, at)
    rows = list(
        reached.select_related("person", "program", "site").order_by("program__name", "person__given_name", "pk")
    )
    return page_of(Person.objects.filter(user=user).first(), rows, at)


def places_of_person(person, at):
    """The same page for whoever looks with their eyes; of somebody without a sign-in, as it would be with one."""
    if person.user_id:
        return own_places(person.user, at)
    return page_of(person, list(reached_by(person, at)), at)


def page_by_link(person, program, at):
    """The page as a link of one program opens it."""
    page = page_of(person, list(reached_by(person, at).filter(program=program)), at)
    return {**page, "asks": [ask for ask in page["asks"] if ask.program_id == program.pk]}


def page_of(person, rows, at):
    """The page of a person who reaches these participants: themselves, and children they are told of."""
    own, children = own_and_children(person, rows, at)
    pairs = pairs_of([*own, *children], person, at)
    unseen = unseen_of(pairs, person, at)
    places = [
        Place(row, row.program, row.site, row.person if row in children else None, pairs[row.pk], unseen[row.pk])
        for row in [*own, *children]
    ]
    tell_more(places, at)
    tell_groups(places, person, at)
    tell_days(places, person, at)
    asks = Ask.objects.filter(person=person, state__in=[Ask.State.SENT, Ask.State.REMINDED])
    return {
        "person": person,
        "places": places,
        "asks": list(asks.filter(program__archived_at=None).select_related("program").order_by("sent_at")),
        "at": at,
    }


def tell_more(places, at):
    """Time together, the mentors' checks for guardians, and whom to turn to. No query for each pair."""
    pairs = [pair for place in places for pair in place.pairs]
    times = time_of({pair.match.pk: pair.match for pair in pairs}.values(), at, with_tried=True)
    watched = [pair for place in places if place.child and place.one.side == MENTEE for pair in place.pairs]
    lacking = lacking_of({one for pair in watched for one in pair.match.mentors}, at)
    programs = {place.program.pk: place.program for place in places}
    found = colleagues(list(programs.values()), at)
    duties = {pk: whole_duty(program) for pk, program in programs.items()}
    for place in places:
        place.colleagues, place.duty = found[place.program.pk], duties[place.program.pk]
        for pair in place.pairs:
            pair.together, pair.is_of_child = times.get(pair.match.pk), place.child is not None
            pair.has_goals = place.child is None or place.one.side == MENTEE
    for pair in watched:
        pair.is_checked = not any(lacking[one.pk] for one in pair.match.mentors)


def tell_groups(places, person, at):
    """The groups of each, and whether this reader may say yes to a place that is offered: never a child themselves."""
    found = groups_of([place.one for place in places], person, at)
    led = set(Group.objects.led_by(person, at).values_list("program", flat=True)) if person else set()
    for place in places:
        place.groups = found[place.one.pk]
        place.leads = place.child is None and place.program.pk in led
        for member, _soon in place.groups:
            member.may_answer = member.is_offered and may_say_yes(place.one, person, at)


def lacking_of(mentors, at):
    """{mentor: what they lack of what must be met, with a young person beside them}"""
    found = {}
    for program in {one.program_id for one in mentors}:
        here = [one for one in mentors if one.program_id == program]
        found |= missing_gates(here, day_in(at, here[0].program.zone), with_minor=True)
    return found


def pairs_of(participants, reader, at):
    """Open matches of these participants, by participant: first names of the other side, and the next meeting."""
    mine = {row.pk: row for row in participants}
    places = list(
        Member.objects.filter(participant__in=mine, match__state__in=Match.OPEN).values_list("match", "participant")
    )
    found = Match.objects.open().known_to(reader, at).filter(pk__in=[match for match, _ in places])
    matches = {m.pk: m for m in found.select_related("program", "site", "coordinator").with_people().order_by("pk")}
    coming = next_meetings(list(matches), at)
    unnamed = not_to_be_named(matches.values(), at)
    pairs: dict = {pk: [] for pk in mine}
    for match, participant in sorted(places):
        if match in matches:
            one = mine[participant]
            others = matches[match].mentees if one.side == Participant.Side.MENTOR else matches[match].mentors
            names = [_("your mentee") if p.person_id in unnamed else p.person.first_name for p in others]
            pairs[participant].append(Pair(matches[match], names, coming.get(match)))
    return pairs


def unseen_of(pairs, reader, at):
    """Their other open matches, by participant: of these the page says only whom to call. Why nothing is shown stays
    unsaid, and of a child's with somebody the reader is kept away from there is no trace."""
    shown = {pair.match.pk for found in pairs.values() for pair in found}
    hidden = Match.objects.open().confirmed().exclude(pk__in=shown)
    told = Q(participant__person=reader) | Q(match__in=hidden.not_kept_from(reader, at).values("pk"))
    rows = Member.objects.filter(told, participant__in=pairs, match__in=hidden.values("pk"))
    found: dict = {pk: [] for pk in pairs}
    for row in rows.select_related("match__coordinator").order_by("match"):
        found[row.participant_id].append(row.match)
    return found


def not_to_be_named(matches, at):
    """Mentees whose name may no longer go to a mentor: ids of persons."""
    mentees = {program: set() for program in {match.program for match in matches}}
    for match in matches:
        mentees[match.program] |= {one.person_id for one in match.mentees}
    found = [refused(Consent.Purpose.SHARE_BASICS, people, program=p, at=at) for p, people in mentees.items()]
    return set().union(*found)


def next_meetings(matches, at):
    """The first expected meeting of each that is not over, in one query. A resting pair is expected nowhere."""
    coming = Meeting.objects.untouched().filter(match__in=matches, match__state=Match.State.ACTIVE, ends_at__gt=at)
    first = {}
    for meeting in coming.order_by("starts_at"):
        first.setdefault(meeting.match_id, meeting)
    return first
