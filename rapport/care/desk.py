"""The Today desk: one ordered list for one member of staff, grouped by person to call.

Every figure here is made of rows that this reader may see; safety tasks stand in the list of those named and in no
figure. What is said of the other matches is worked out in `rest.py`.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import time

from django.db.models import Q, prefetch_related_objects
from django.utils.translation import gettext as _

from rapport.access.rights import Right
from rapport.care.calls import NO_LOG, WAITED, WAITING
from rapport.care.days import OpenDays
from rapport.care.models import Finding, Standing
from rapport.care.questions import levels_for, standings
from rapport.care.rest import rest_for
from rapport.core.about import type_of
from rapport.core.months import day_in, moment
from rapport.core.several import together
from rapport.events.actions import AWAY, SILENT
from rapport.events.actions.headway import ASK
from rapport.matches.actions.renewing import KIND as ENDS
from rapport.matches.models import Match, Member
from rapport.matching.proposals import calls as proposals
from rapport.outbox.questions import children_among
from rapport.people.best_times import way_in_words
from rapport.people.interpreting import speak_no_more
from rapport.people.models import ContactPoint, Guardianship, Participant, kept_from
from rapport.tasks.models import SEALED, Task, Word

GONE = "imports/gone-from-roster"  # of an app above, as are these
ON_THEIR_PAGE = (GONE, "imports/roster-waits", "imports/roster-broken", SILENT, AWAY, ASK)
WRITTEN = ("email", "text")  # what somebody else may read, where an address is shared
MIDNIGHT = time(0)
STRONG = (Finding.Says.WATCH, Finding.Says.HELP)  # the only strong shapes on a page (look/README.md)


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
    """One person to call, with everything to say to them; without a person, what else there is to do."""

    person: object
    tasks: list = field(default_factory=list)
    role: str = ""
    reach: str = ""
    track: object = None

    @property
    def is_waiting(self):
        return any(task.kind in (WAITING, WAITED) for task in self.tasks)

    @property
    def counted(self):
        """What may stand in a figure: safety tasks never do."""
        return [task for task in self.tasks if task.level < SEALED]

    @property
    def minutes(self):
        return sum(task.minutes for task in self.counted)

    @property
    def is_sealed(self):
        return not self.counted

    @property
    def is_call(self):
        return self.person is not None and not self.is_sealed


@dataclass
class Desk:
    """What one member of staff sees this morning; `later` are the groups for which the time they have is too short."""

    groups: list
    rest: object
    done: list
    at: object
    later: list = field(default_factory=list)

    @property
    def everybody(self):
        return [*self.groups, *self.later]

    @property
    def people(self):
        return sum(group.is_call for group in self.everybody)

    @property
    def people_now(self):
        return sum(group.is_call for group in self.groups)

    @property
    def things(self):
        return sum(len(group.counted) for group in self.everybody)

    @property
    def minutes(self):
        return sum(group.minutes for group in self.everybody)

    def fit(self, minutes):
        """Keep what can be done in this time, and at least the most pressing; the rest waits below."""
        spent, groups = 0, self.everybody
        for place, group in enumerate(groups):
            spent += group.minutes
            if spent > minutes and place:
                self.groups, self.later = groups[:place], groups[place:]
                return


def tasks_of(user, programs, at):
    """The reader's open tasks in these programs, most pressing first, without what ended with its match."""
    over = Match.objects.filter(program__in=programs).exclude(state__in=Match.ALIVE)
    tasks = Task.objects.desk_of(user, at).filter(program__in=programs)
    tasks = tasks.exclude(ends_with_match=True, about_type=type_of(Match), about_id__in=over.values("pk"))
    tasks = without_kept_from(tasks, user, at)
    return tasks.select_related("person").order_by("pressing", "due_at", "pk")


def without_kept_from(tasks, user, at):
    """None about a match with somebody this user is kept away from; nor, about no match, to somebody beside them."""
    apart = Member.objects.filter(participant__person__in=kept_from(user, at)).values("match")
    beside = Member.objects.filter(match__in=apart).values("participant__person")
    tasks = tasks.exclude(about_type=type_of(Match), about_id__in=apart)
    near = Participant.objects.filter(person__in=beside).values("pk")
    tasks = tasks.exclude(about_type=type_of(Participant), about_id__in=near)
    return tasks.exclude(Q(about_id__isnull=True) | Q(about_type=type_of(Participant)), person__in=beside)


def desk_for(user, program, at, may_see_contacts):
    """Everything of the page, in a fixed number of queries."""
    groups = group_by_person(list(tasks_of(user, [program], at)))
    describe(groups, user, program, at, may_see_contacts)
    show_signs(groups, user, at)
    say_who_gave_it([task for group in groups for task in group.tasks], user)
    return Desk(groups, rest_for(user, program, groups, at), done_today(user, program, at), at)


def group_by_person(tasks):
    groups = {}
    for task in tasks:
        task.is_sealed = task.level >= SEALED
        key = task.person_id, task.is_sealed and task.person_id is None
        groups.setdefault(key, Group(task.person)).tasks.append(task)
    led_on = [task for task in tasks if task.is_sealed or task.kind in (ENDS, *ON_THEIR_PAGE, *proposals.REASONS)]
    prefetch_related_objects(led_on, "about")  # the desk leads to their own page
    return list(groups.values())


def show_signs(groups, user, at):
    """Beside a reason for a mentor: how the pair is where that is strong, once each, and "?" where nobody knows.

    Where nobody is to be called: which pair it is about.
    """
    match_type = type_of(Match).pk
    tasks = [task for group in groups for task in group.tasks]
    pks = {task.about_id for task in tasks if task.about_type_id == match_type and task.level < SEALED}
    matches = {match.pk: match for match in Match.objects.filter(pk__in=pks).with_people()}
    how = standings(matches.values(), levels_for(matches.values(), user, at))
    shown = set()
    for task in tasks:
        task.sign = "unknown" if task.kind == NO_LOG else ""
        match = matches.get(task.about_id) if task.about_type_id == match_type else None
        task.pair = match if task.person_id is None and not task.is_sealed else None
        if match is None or task.sign or match.pk in shown or task.person_id not in people_of(match.mentors):
            continue
        state = how[match.pk].state
        if state in STRONG:
            task.sign = state
            shown.add(task.about_id)


def say_who_gave_it(tasks, user):
    """On a task that Rapport itself passed on, why it is here now."""
    given = Word.objects.filter(task__owner=user, verb=Word.Verb.HANDED_OVER, by=None).exclude(note="")
    notes = dict(given.filter(task__in=Task.objects.open()).order_by("pk").values_list("task", "note"))
    for task in tasks:
        task.came_by = notes.get(task.pk, "")


def people_of(participants):
    return {participant.person_id for participant in participants}


def describe(groups, user, program, at, may_see_contacts):
    """Say who each person is here, how they are best reached, and how long a child has waited."""
    people = {group.person.pk: group for group in groups if group.person}
    roles = roles_of(people, user, program, at)
    reach = ways_to_reach([group.person for group in people.values()], program, at) if may_see_contacts else {}
    waits = {task.about_id: group for group in groups for task in group.tasks if task.kind == WAITING}
    for pk, group in people.items():
        group.role, group.reach = roles.get(pk, ""), reach.get(pk, "")
    show_waiting(waits, program, at)


def show_waiting(waits, program, at):
    """The open days a child has waited, as a row of dots up to the day by which somebody talks with them."""
    waiting = list(Standing.objects.filter(match__in=waits, waiting_since_on__isnull=False).select_related("match"))
    row = program.limits_by_code.get("waiting-child")
    if not waiting or row is None:
        return
    days = OpenDays([program], min(one.waiting_since_on for one in waiting))
    for one in waiting:
        gone = days.count(one.match, one.waiting_since_on, day_in(at, program.zone))
        waits[one.match_id].track = Track(min(gone, row.value), row.value)


def roles_of(people, user, program, at):
    """Mentor of Ben; mentee, Lincoln School; guardian of Ben and Lily: with the names this reader may see."""
    said = {}
    seen = Participant.objects.filter(program=program).visible_to(user, Right.PARTICIPANT_VIEW, at)
    rows = seen.filter(person__in=people).select_related("site")
    mentors = {row.pk: row.person_id for row in rows if row.side == Participant.Side.MENTOR}
    for row in rows:
        if row.side == Participant.Side.MENTEE:
            said[row.person_id] = _("mentee, %(site)s") % {"site": row.site} if row.site else _("mentee")
    for person, names in mentees_of(mentors, seen).items():
        said[person] = _("mentor of %(names)s") % {"names": names}
    for person in mentors.values():
        said.setdefault(person, _("mentor"))
    children = defaultdict(list)
    living = Guardianship.objects.living(day_in(at, program.zone)).filter(adult__in=people)
    living = living.filter(child__in=seen.values("person"))
    for row in living.select_related("child").order_by("child__given_name"):
        children[row.adult_id].append(row.child.first_name)
    for person, names in children.items():
        said.setdefault(person, _("guardian of %(names)s") % {"names": together(names)})
    return said


def mentees_of(mentors, seen):
    """{mentor's person: first names of their mentees in open matches}."""
    places = Member.objects.filter(participant__in=mentors, match__state__in=Match.OPEN)
    by_match = defaultdict(list)
    for match, participant in places.values_list("match", "participant"):
        by_match[match].append(mentors[participant])
    names = defaultdict(list)
    others = Member.objects.filter(match__in=by_match, side=Participant.Side.MENTEE, participant__in=seen.values("pk"))
    for match, name in others.values_list("match", "participant__person__given_name"):
        for person in by_match[match]:
            names[person].append(name)
    return {person: together(sorted(set(given))) for person, given in names.items()}


def ways_to_reach(people, program, at):
    """Phone, best reached Tue and Thu after 16:00: the way they like best, without the number itself. Two queries.

    Of a child none that others read, too; to who does not read none that is written; and who speaks for them.
    """
    said, speaks, keys = {}, {}, {person.pk for person in people}
    young = children_among(people, program, at)
    talked_with = {person.pk for person in people if not person.reads_it}
    points = ContactPoint.objects.working().filter(person__in=keys).order_by("rank", "pk").select_related("interpreter")
    points = points.exclude(person__in=young, kind__in=WRITTEN, is_private=False)
    points = list(points.exclude(person__in=talked_with, kind__in=ContactPoint.WRITTEN))
    barred = speak_no_more(points, program, at)
    for point in points:
        if point.pk in barred:
            continue
        if point.kind == ContactPoint.Kind.INTERPRETER:
            speaks.setdefault(point.person_id, point.value)
        else:
            said.setdefault(point.person_id, way_in_words(point, at, program.zone))
    for pk, name in speaks.items():
        with_whom = _("with %(name)s as interpreter") % {"name": name}
        said[pk] = f"{said[pk]}; {with_whom}" if pk in said else with_whom
    for pk in talked_with & keys:
        told = _("does not read what we write")
        said[pk] = f"{said[pk]}; {told}" if pk in said else told
    return said


def done_today(user, program, at):
    """What the reader has taken off this desk today, last first; safety tasks are not told."""
    start = moment(day_in(at, program.zone), MIDNIGHT, program.zone)
    words = Word.objects.filter(by=user, at__gte=start, task__program=program, task__level__lt=SEALED)
    mine = Task.objects.filter(pk__in=words.values("task")).without(kept_from(user, at))
    words = words.filter(task__in=without_kept_from(mine, user, at).values("pk"))
    seen, kept = set(), []
    for word in words.select_related("task", "task__person").order_by("-at", "-pk"):
        if word.task_id not in seen and word.verb in (Word.Verb.DONE, Word.Verb.DROPPED):
            kept.append(word)
        seen.add(word.task_id)
    return kept
