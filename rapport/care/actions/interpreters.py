"""Who interprets and may no more, because they became family or are kept away: somebody else is looked for."""

from itertools import islice

from django.db import transaction
from django.utils.translation import gettext as _

from rapport.care.actions.reaching import whose
from rapport.core.months import day_in
from rapport.people.interpreting import speak_no_more
from rapport.people.models import ContactPoint
from rapport.programs.models import Program
from rapport.tasks.actions import NewTask, add_tasks, drop
from rapport.tasks.days import of_day
from rapport.tasks.models import Task

KIND = "care/another-interpreter"
PRESSING, MINUTES = 4, 15


@transaction.atomic
def call_about_interpreters(*, at, limit):
    """A task for each family whose interpreter may speak there no more; who has another loses it. Returns how many.

    The task says that it is so, and not why: who interprets may be kept away, and that is not told.
    """
    points = ContactPoint.objects.exclude(interpreter=None).select_related("person", "interpreter__program")
    by_program: dict[Program, list] = {}
    for point in points.order_by("pk"):
        by_program.setdefault(point.interpreter.program, []).append(point)
    wanted = {}
    for program, some in by_program.items():
        barred = speak_no_more(some, program, at)
        wanted |= {f"interpreter:{point.pk}": (program, point) for point in some if point.pk in barred}
    over = list(Task.objects.open().filter(kind=KIND).exclude(cause_key__in=wanted))
    if over:
        drop(over, note=_("Somebody else interprets."), by=None, at=at)
    made = Task.objects.filter(kind=KIND, cause_key__in=wanted).values_list("cause_key", flat=True)
    called = set(made) if wanted else set()
    new = {key: one for key, one in wanted.items() if key not in called}
    return len(over) + len(add_tasks(list(islice(tasks_of(new, at), limit)), by=None, at=at))


def tasks_of(wanted, at):
    """For whoever looks after the open match they are around; whoever is around none is asked nothing."""
    by_program: dict[Program, list] = {}
    for key, (program, point) in wanted.items():
        by_program.setdefault(program, []).append((key, point))
    words = _(
        "Find somebody else who interprets for %(name)s: the one there is may not speak for this family any more."
    )
    for program, some in by_program.items():
        placed = whose([point.person for _key, point in some], program, at)
        for key, point in some:
            if found := placed.get(point.person_id):
                match, owner = found
                yield NewTask(
                    program=program, kind=KIND, owner=owner, person=None, about=match, cause_key=key,
                    reason=words % {"name": point.person.first_name}, pressing=PRESSING, minutes=MINUTES,
                    **of_day(day_in(at, program.zone), program.zone),
                )  # fmt: skip
