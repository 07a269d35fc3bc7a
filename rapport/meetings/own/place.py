"""What somebody may see and do on the page of their meetings: their own side, and nothing of anybody kept away.

While a pair rests nothing is expected and no words go from one to the other; why it rests is on no such page.
"""

from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from rapport.core.months import day_in
from rapport.core.several import together
from rapport.matches.models import Match
from rapport.meetings.free import free_times
from rapport.meetings.models import AgendaItem, HolidayPlan, Log, Meeting
from rapport.meetings.together import OPEN
from rapport.people.models import Consent, Guardianship, Participant
from rapport.people.questions import refused

NEXT, SUMMARIES = 4, 3  # meetings, and summaries, on the page
MENTOR = Participant.Side.MENTOR


@dataclass
class Ours:
    """One person's place beside one pair."""

    person: Any
    match: Match
    side: str  # mentor, mentee, or guardian
    own: Participant | None
    names: str  # of those they meet; to a guardian, of those their child meets
    child: str = ""  # to a guardian: whose meetings these are
    meetings: list = field(default_factory=list)
    topics: list = field(default_factory=list)
    agreed: list = field(default_factory=list)
    free: list = field(default_factory=list)
    holiday: HolidayPlan | None = None
    summaries: list = field(default_factory=list)  # of meetings they had, for the grown-ups of the pair

    @property
    def is_resting(self):
        return self.match.state == Match.State.PAUSED

    @property
    def program(self):
        return self.match.program


def ours(person, match, at) -> Ours | None:
    """The page, in a fixed number of queries; None where it is not, or no longer, theirs."""
    members = [*match.mentors, *match.mentees]
    if not Match.objects.open().known_to(person, at).filter(pk=match.pk).exists():
        return None
    own = next((one for one in members if one.person_id == person.pk), None)
    children = [] if own else own_children(person, members, at, match)
    if own is None and not children:
        return None
    side = "guardian" if own is None else MENTOR if own in match.mentors else Participant.Side.MENTEE
    page = Ours(person, match, side, own, names_for(side, match, children, at), named(children))
    if not page.is_resting:
        fill(page, at)
    return page


def own_children(person, members, at, match):
    """Those of the pair for whom they stand today, and about whom they are told."""
    on = day_in(at, match.program.zone)
    rows = Guardianship.objects.told().living(on).filter(adult=person, child__in=[one.person_id for one in members])
    ids = set(rows.values_list("child", flat=True))
    return [one for one in members if one.person_id in ids]


def names_for(side, match, children, at):
    """First names of the other side; of a mentee who is not to be named, who they are."""
    if side == "guardian" and any(one in match.mentors for one in children):
        side = MENTOR
    if side != MENTOR:
        return named(match.mentors)
    ids = [one.person_id for one in match.mentees]
    unnamed = refused(Consent.Purpose.SHARE_BASICS, ids, program=match.program, at=at)
    return together(_("your mentee") if one.person_id in unnamed else one.person.first_name for one in match.mentees)


def named(participants):
    return together(one.person.first_name for one in participants)


def summaries_for(page, at):
    """What mentors wrote to be passed on, the newest first: for mentors, and guardians who see how it goes (S3-14)."""
    logs = Log.objects.filter(
        meeting__match=page.match, meeting__joined_to=None, meeting__kept_at__isnull=False, happened=True,
        is_suspect=False, level=OPEN,
    )  # fmt: skip
    logs = logs.exclude(shared="").select_related("person", "meeting").order_by("-meeting__starts_at", "-pk")
    if page.side == MENTOR:
        return logs
    on, children = day_in(at, page.program.zone), [one.person_id for one in page.match.mentees]
    sees = Guardianship.objects.living(on).filter(adult=page.person, child__in=children, sees_progress=True)
    return logs if page.own is None and sees.exists() else logs.none()


def fill(page, at):
    """What is to come: meetings for everybody, words for the pair alone."""
    coming = Meeting.objects.filter(match=page.match, ends_at__gt=at, kept_at=None, excused_at=None)
    page.meetings = list(coming.order_by("starts_at")[:NEXT])
    page.summaries = list(summaries_for(page, at)[:SUMMARIES])
    if page.own is None:
        return
    items = list(AgendaItem.objects.filter(match=page.match, done_at=None).select_related("said_by"))
    page.topics = [one for one in items if one.kind == AgendaItem.Kind.TOPIC]
    page.agreed = [one for one in items if one.kind == AgendaItem.Kind.AGREED]
    page.free = free_times(page.match)[page.own.pk]
    if page.side == MENTOR:
        plans = HolidayPlan.objects.filter(match=page.match, asked_at__isnull=False, agreed_at=None, welcomed_at=None)
        page.holiday = plans.filter(ends_on__gte=day_in(at, page.program.zone)).order_by("starts_on").first()
