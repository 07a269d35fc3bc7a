"""What was said of who reads an address: a second colleague looks where one said private against what is known, and
whoever looks after them looks again where what is known has changed. Once each, and nothing goes there meanwhile."""

from collections import defaultdict
from itertools import islice

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from rapport.access.rights import Right, Scope
from rapport.care.actions.reaching import whose
from rapport.core.months import day_in
from rapport.matches.models import Match
from rapport.people.colleagues import Colleagues
from rapport.people.models import ContactPoint
from rapport.programs.models import Membership, Program
from rapport.tasks.actions import NewTask, add_tasks, drop
from rapport.tasks.days import of_day
from rapport.tasks.models import Task

KIND = "care/who-reads-it"
PRESSING, MINUTES = 5, 5


@transaction.atomic
def call_about_who_reads(*, at, limit):
    """A task for each way that somebody has to look at; those that were looked at lose theirs. Returns how many."""
    points = ContactPoint.objects.filter(Q(asked_at__isnull=False) | Q(changed_since=True)).select_related("person")
    wanted = {cause_key(point): point for point in points.order_by("pk")}
    made = Task.objects.filter(kind=KIND, cause_key__in=wanted).values_list("cause_key", flat=True)
    called = set(made) if wanted else set()
    over = list(Task.objects.open().filter(kind=KIND).exclude(cause_key__in=wanted))
    if over:
        drop(over, note=_("Somebody looked."), by=None, at=at)
    new = [point for key, point in wanted.items() if key not in called]
    return len(over) + len(add_tasks(list(islice(tasks_of(new, at), limit)), by=None, at=at))


def cause_key(point):
    return f"who-reads:{point.pk}:{point.asked_at or point.said_at}"


def tasks_of(points, at):
    """In the first program in which they are around an open match; of a second look, never for who said the first."""
    people = list({point.person_id: point.person for point in points}.values())
    placed = {}
    programs = Program.objects.open().filter(matches__state__in=Match.OPEN).distinct().order_by("pk")
    for program in programs if people else ():
        for person, (match, owner) in whose(people, program, at).items():
            placed.setdefault(person, (program, match, owner))
    programs = {program.pk for program, _match, _owner in placed.values()}
    editors = editors_of(programs, at)
    users = {one.pk for some in editors.values() for one in some} | {owner.pk for _p, _m, owner in placed.values()}
    colleagues = Colleagues(users, programs, at)
    for point in points:
        if point.person_id in placed:
            program, match, owner = placed[point.person_id]
            able = [
                one
                for one in (owner, *editors[program.pk])
                if one.pk != point.asked_by_id and colleagues.may(one.pk, program.pk, [point.person_id])
            ]
            yield from [task_of(point, program, match, one, at) for one in able[:1]]


def editors_of(programs, at):
    """{program id: those who may change everybody in it}."""
    found = defaultdict(list)
    held = Membership.objects.live(at).filter(
        program__in=programs, role__grants__right=Right.PARTICIPANT_EDIT, role__grants__scope=Scope.PROGRAM
    )
    for one in held.select_related("user").order_by("pk"):
        found[one.program_id].append(one.user)
    return found


def task_of(point, program, match, owner, at):
    words = (
        _("Have a second look: does nobody else read the %(way)s of %(name)s? Nothing goes there before.")
        if point.asked_at
        else _("Look again who reads the %(way)s of %(name)s: what is known has changed since somebody said it.")
    )
    return NewTask(
        program=program, kind=KIND, owner=owner, person=None, about=match, cause_key=cause_key(point),
        reason=words % {"way": point.get_kind_display(), "name": point.person.first_name}, pressing=PRESSING,
        minutes=MINUTES, **of_day(day_in(at, program.zone), program.zone),
    )  # fmt: skip
