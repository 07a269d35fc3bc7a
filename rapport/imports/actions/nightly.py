"""A roster that comes by itself, every night: what would take much away waits for a person; what is broken is told.

Nobody watches a command that a machine runs. So a file that was copied by half, or is of another year, must not end
what stands: more than the program's limit at once, and a person looks first.
"""

from django.db import transaction
from django.utils.translation import gettext as _

from rapport.access.rights import Right
from rapport.audit.actions import record
from rapport.core.about import type_of
from rapport.core.refused import Refused
from rapport.imports.actions.gone import doers, told_before
from rapport.imports.models import Import
from rapport.people.enrolling import Outcome
from rapport.programs.models import Membership
from rapport.tasks.actions import NewTask, add_tasks
from rapport.tasks.actions import drop as drop_tasks
from rapport.tasks.models import Task

WAITS, BROKEN = "imports/roster-waits", "imports/roster-broken"
LIMIT = "roster-takes-away"
TAKEN = {"guardian-ended", "name", "born_on"}  # changes of many pupils at once that a broken file would make
PRESSING = 3


class Waits(Refused):
    """It is staged, and a person looks at it first."""


def folder_of(files):
    """Where it comes from each night: one folder for each school."""
    return str(files[0].resolve().parent)


def takes_away(staged):
    """(pupils from whom it would take something at once, pupils known before): gone now, a guardian, a name, a birth
    date."""
    known, lose = 0, 0
    rows = staged.rows.exclude(outcome__in=[Outcome.BAD, Outcome.NEW]).values_list("changes", flat=True)
    for changes in rows.iterator(chunk_size=2000):
        known += 1
        lose += any(one["what"] in TAKEN for one in changes)
    gone = set(staged.mapping.get("gone", [])) - told_before(staged)
    return lose + len(gone), known + len(gone)


def is_too_much(lose, known, program):
    """One pupil is never too much: whoever is gone is told of, and a guardian may die."""
    return lose > 1 and lose * 100 > known * program.limit(LIMIT)


@transaction.atomic
def note_origin(staged, files):
    staged.mapping |= {"folder": folder_of(files)}
    staged.save(update_fields=["mapping"])


def overtaken_by(staged):
    """Rosters of the same folder that wait since another night."""
    waiting = Import.objects.filter(program=staged.program_id, what="roster", brought_by=None)
    waiting = waiting.filter(state=Import.State.STAGED, pk__lt=staged.pk).select_related("program")
    return [one for one in waiting if one.mapping.get("folder") == staged.mapping["folder"]]


@transaction.atomic
def look_first(staged, *, at):
    """Call a person where it would take much away. Raises nothing; returns why it waits, or nothing."""
    lose, known = takes_away(staged)
    if not is_too_much(lose, known, staged.program):
        return ""
    words = _(
        "The school's roster would take something from %(n)d of %(known)d pupils at once. Nothing was changed: look"
        " whether the file is whole, then bring it in, or drop it."
    ) % {"n": lose, "known": known}
    call(staged, WAITS, words, at=at)
    return words


@transaction.atomic
def note_broken(files, why, *, program, at):
    """Keep in the list that a roster could not be read, and call a person; one call for a folder, however many nights.

    Nothing else is changed.
    """
    name = ", ".join(file.name for file in files)[:200]
    staged = Import.objects.create(
        program=program, what="roster", file_name=name, state=Import.State.FAILED, trouble=why[:300],
        mapping={"folder": folder_of(files)}, brought_at=at, brought_by=None,
    )  # fmt: skip
    record("import.failed", about=staged, by=None, at=at, rows_in=0)
    if not any(one.mapping.get("folder") == staged.mapping["folder"] for _task, one in open_calls(program, BROKEN)):
        words = _("The school's roster could not be read. Nothing was changed. Tell whoever runs this install.")
        call(staged, BROKEN, words, at=at)


def call(staged, kind, words, *, at):
    owner = first_caller(staged, at)
    if owner is None:
        return
    task = NewTask(
        program=staged.program, kind=kind, owner=owner, person=None, about=staged, reason=words[:300], due_at=at,
        late_at=None, cause_key=f"{kind}:{staged.ref}", pressing=PRESSING, level=1, ends_with_match=False,
    )  # fmt: skip
    add_tasks([task], by=None, at=at)


def first_caller(staged, at):
    """Who brings lists here and has a desk: of the whole program first."""
    live = Membership.objects.live(at).staff().filter(program=staged.program, role__grants__right=Right.IMPORT)
    able = live.filter(user__memberships__in=doers(staged, at)).select_related("user").order_by("pk")
    return next((one.user for one in sorted(able, key=lambda row: row.site_id is not None)), None)


def open_calls(program, kind):
    """[(task, import)] of this kind that wait."""
    tasks = list(Task.objects.open().filter(program=program, kind=kind, about_type=type_of(Import)))
    about = Import.objects.in_bulk({task.about_id for task in tasks})
    return [(task, about[task.about_id]) for task in tasks if task.about_id in about]


def settle(staged, *, is_in, by, at):
    """It was brought in or dropped: nobody is called about it any more; nor, once it is in, about a file that was
    broken."""
    over = [task for task, one in open_calls(staged.program, WAITS) if one.pk == staged.pk]
    if is_in and (folder := staged.mapping.get("folder")):
        over += [task for task, one in open_calls(staged.program, BROKEN) if one.mapping.get("folder") == folder]
    if over:
        drop_tasks(over, note=_("It was dealt with."), by=by, at=at)
