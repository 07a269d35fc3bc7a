"""The Today desk: one ordered list for one member of staff, grouped by person to call, and what can be said of the rest.

Every figure here is made of rows that this reader may see; safety tasks stand in the list of those named and in no
figure. A sentence that cannot be proved is not said.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import time, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Count, Q
from django.utils.translation import gettext as _

from rapport.access.rights import Right
from rapport.care.calls import WAITING
from rapport.care.days import OpenDays
from rapport.care.models import Finding, Standing
from rapport.care.questions import standings
from rapport.checkins.models import CheckIn
from rapport.core.about import type_of
from rapport.core.months import add_months, day_in, moment
from rapport.matches.models import Match, Member
from rapport.meetings.models import Meeting
from rapport.people.models import ContactPoint, Guardianship, Participant, Restriction
from rapport.tasks.models import SEALED, Task, Word

LOOK_AHEAD = timedelta(days=7)  # findings are looked at daily; nothing is promised for longer than a week
MIDNIGHT = time(0)


@dataclass(frozen=True)
class Track:
    """Open days gone, of how many."""

    gone: int
    all: int

    @property
    def width(self):
        return 12 * self.all - 2

    @property
    def dots(self):
        return [(12 * n + 5, n < self.gone) for n in range(self.all)]


@dataclass
class Group:
    """One person to call, with everything to say to them."""

    person: object
    tasks: list = field(default_factory=list)
    role: str = ""
    reach: str = ""
    track: object = None

    @property
    def is_waiting(self):
        return any(task.kind == WAITING for task in self.tasks)

    @property
    def minutes(self):
        return sum(task.minutes for task in self.tasks)

    @property
    def is_sealed(self):
        return all(task.level >= SEALED for task in self.tasks)


@dataclass
class Desk:
    """What one member of staff sees this morning."""

    groups: list
    rest: object
    done: list
    at: object

    @property
    def people(self):
        return sum(not group.is_sealed and group.person is not None for group in self.groups)

    @property
    def things(self):
        return sum(task.level < SEALED for group in self.groups for task in group.tasks)

    @property
    def minutes(self):
        return sum(task.minutes for group in self.groups for task in group.tasks if task.level < SEALED)


@dataclass
class Rest:
    """The reader's other open matches: safe until a day, unknown, or in the calls."""

    all: int = 0
    in_calls: int = 0
    safe: list = field(default_factory=list)
    unknown: list = field(default_factory=list)
    until: object = None
    kinds: dict = field(default_factory=dict)


def tasks_of(user, program, at):
    """The reader's open tasks in this program, most pressing first, without what ended with its match."""
    over = Match.objects.filter(program=program).exclude(state__in=Match.OPEN)
    kept_away = Restriction.objects.live(at.date()).filter(kept_away__user=user).values("subject")
    tasks = Task.objects.desk_of(user, at).filter(program=program).exclude(person__in=kept_away)
    tasks = tasks.exclude(ends_with_match=True, about_type=type_of(Match), about_id__in=over.values("pk"))
    return tasks.select_related("person").order_by("pressing", "due_at", "pk")


def desk_for(user, program, at, may_see_contacts):
    """Everything of the page, in a fixed number of queries."""
    groups = group_by_person(tasks_of(user, program, at))
    describe(groups, program, at, may_see_contacts)
    return Desk(groups, rest_for(user, program, groups, at), done_today(user, program, at), at)


def group_by_person(tasks):
    groups = {}
    for task in tasks:
        groups.setdefault(task.person_id or f"task {task.pk}", Group(task.person)).tasks.append(task)
    return list(groups.values())


def describe(groups, program, at, may_see_contacts):
    """Say who each person is here, how they are best reached, and how long a child has waited."""
    people = {group.person.pk: group for group in groups if group.person}
    roles = roles_of(people, program, at)
    reach = ways_to_reach(people) if may_see_contacts else {}
    waits = {task.about_id: group for group in groups for task in group.tasks if task.kind == WAITING}
    for pk, group in people.items():
        group.role, group.reach = roles.get(pk, ""), reach.get(pk, "")
    show_waiting(waits, program, at)


def show_waiting(waits, program, at):
    """The open days a child has waited, as a row of dots up to the day by which somebody talks with them."""
    standings = list(Standing.objects.filter(match__in=waits, waiting_since_on__isnull=False).select_related("match"))
    row = program.limits_by_code.get("waiting-child")
    if not standings or row is None:
        return
    days = OpenDays([program], min(one.waiting_since_on for one in standings))
    for one in standings:
        gone = days.count(one.match, one.waiting_since_on, day_in(at, program.zone))
        waits[one.match_id].track = Track(min(gone, row.value), row.value)


def roles_of(people, program, at):
    """Mentor of Ben; mentee, Lincoln School; guardian of Ben and Lily."""
    said = {}
    rows = Participant.objects.filter(program=program, person__in=people).select_related("site")
    mentors = {row.pk: row.person_id for row in rows if row.side == Participant.Side.MENTOR}
    for row in rows:
        if row.side == Participant.Side.MENTEE:
            said[row.person_id] = _("mentee, %(site)s") % {"site": row.site} if row.site else _("mentee")
    for person, names in mentees_of(mentors).items():
        said[person] = _("mentor of %(names)s") % {"names": names}
    for person in mentors.values():
        said.setdefault(person, _("mentor"))
    children = defaultdict(list)
    here = Participant.objects.filter(program=program).values("person")
    living = Guardianship.objects.living(at.date()).filter(adult__in=people, child__in=here)
    for row in living.select_related("child").order_by("child__given_name"):
        children[row.adult_id].append(row.child.first_name)
    for person, names in children.items():
        said.setdefault(person, _("guardian of %(names)s") % {"names": _(" and ").join(names)})
    return said


def mentees_of(mentors):
    """{mentor's person: first names of their mentees in open matches}."""
    places = Member.objects.filter(participant__in=mentors, match__state__in=Match.OPEN)
    by_match = defaultdict(list)
    for match, participant in places.values_list("match", "participant"):
        by_match[match].append(mentors[participant])
    names = defaultdict(list)
    others = Member.objects.filter(match__in=by_match, side=Participant.Side.MENTEE)
    for match, name in others.values_list("match", "participant__person__given_name"):
        for person in by_match[match]:
            names[person].append(name)
    return {person: _(" and ").join(sorted(set(given))) for person, given in names.items()}


def ways_to_reach(people):
    """Phone, after 16:00: the preferred way, without the number itself."""
    said = {}
    points = ContactPoint.objects.working().filter(person__in=people).order_by("-is_preferred", "pk")
    for point in points:
        words = ", ".join(part for part in (str(point.get_kind_display()), point.best_times) if part)
        said.setdefault(point.person_id, words)
    return said


def rest_for(user, program, groups, at):
    """The reader's own caseload: what is in the calls, what is safe until when and why, and what nobody knows."""
    caseload = list(Match.objects.open().filter(program=program, coordinator=user).visible_to(user, Right.MATCH_VIEW, at))
    if not caseload:
        return Rest()
    ahead = at + Task.AHEAD
    pks = [match.pk for match in caseload]
    tasks = Task.objects.open().counted().filter(about_type=type_of(Match), about_id__in=pks, due_at__isnull=False)
    dues = [*tasks.values_list("about_id", "due_at"), *late_talks(pks)]
    called = {pk for pk, due_at in dues if due_at <= ahead} | on_desk(groups)
    how = standings(caseload, user, at)
    back = coming_back(pks)
    rest = Rest(all=len(caseload), in_calls=len([pk for pk in pks if pk in called]))
    for match in (match for match in caseload if match.pk not in called):
        kind = kind_of(match, how[match.pk].state, back, at)
        if kind == "unknown":
            rest.unknown.append(match)
        elif kind:
            rest.safe.append(match)
            rest.kinds[kind] = rest.kinds.get(kind, 0) + 1
    safe = {match.pk for match in rest.safe}
    ends = [due_at for pk, due_at in [*dues, *back.items()] if pk in safe]
    rest.until = min([*ends, at + LOOK_AHEAD])
    return rest


def on_desk(groups):
    """Matches that this reader's calls are about."""
    about = type_of(Match).pk
    return {t.about_id for g in groups for t in g.tasks if t.level < SEALED and t.about_type_id == about}


def late_talks(pks):
    """When an open check-in becomes late: until then it is on its way."""
    rows = CheckIn.objects.filter(match__in=pks, state="open", late_at__isnull=False)
    return rows.untouched().values_list("match", "late_at")


def coming_back(pks):
    """When a paused match means to go on."""
    paused = Match.objects.filter(pk__in=pks, state=Match.State.PAUSED, pauses__ended_on=None, pauses__back_on__isnull=False)
    rows = paused.select_related("program").values_list("pk", "pauses__back_on", "program__time_zone")
    return {pk: moment(day, MIDNIGHT, ZoneInfo(zone)) for pk, day, zone in rows}


def kind_of(match, state, back, at):
    """Why this match may be called safe; "unknown" where nobody knows; nothing where it is neither."""
    if match.state == Match.State.PAUSED:
        return "paused" if match.pk in back and back[match.pk] > at else "unknown"
    return {
        Finding.Says.THRIVING: "thriving",
        Finding.Says.STEADY: "steady",
        Finding.Says.UNKNOWN: "unknown",
    }.get(state, "")


def done_today(user, program, at):
    """What the reader has taken off this desk today, last first; safety tasks are not told."""
    start = moment(day_in(at, program.zone), MIDNIGHT, program.zone)
    words = Word.objects.filter(by=user, at__gte=start, task__program=program, task__level__lt=SEALED)
    seen, kept = set(), []
    for word in words.select_related("task", "task__person").order_by("-at", "-pk"):
        if word.task_id not in seen and word.verb in (Word.Verb.DONE, Word.Verb.DROPPED):
            kept.append(word)
        seen.add(word.task_id)
    return kept


def month_figures(user, program, at):
    """Expected meetings of the reader's own open matches this month so far: all, held, did not happen, unknown."""
    first = day_in(at, program.zone).replace(day=1)
    start, end = moment(first, MIDNIGHT, program.zone), moment(add_months(first, 1), MIDNIGHT, program.zone)
    mine = Match.objects.open().filter(program=program, coordinator=user)
    rows = Meeting.objects.past(at).filter(match__in=mine.values("pk"), plan__isnull=False, excused_at=None)
    held, missed = Q(kept_at__isnull=False), Q(missed_at__isnull=False)
    return rows.filter(starts_at__gte=start, starts_at__lt=end).aggregate(
        expected=Count("pk"), held=Count("pk", filter=held), missed=Count("pk", filter=missed),
        unknown=Count("pk", filter=~held & ~missed),
    )  # fmt: skip
