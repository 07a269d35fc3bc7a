"""Moving up the ladder (`safeguarding.ladder`): tasks and messages for the next people, and when to look again."""

from collections import defaultdict

from django.db import transaction

from rapport.audit.actions import record_many
from rapport.outbox.actions import queue_many
from rapport.outbox.models import Message
from rapport.safeguarding.ladder import LADDER, Readers, letter, task
from rapport.safeguarding.models import Concern, Entry, TriageItem
from rapport.tasks.actions import add_tasks
from rapport.tasks.models import SEALED

NOBODY = "nobody here could be told"
HOPELESS = [Message.State.FAILED, Message.State.SUPPRESSED, Message.State.EXPIRED]


@transaction.atomic
def climb(*, at, limit=500):
    """Take every unread concern and worry whose wait is over one rung up. Returns how many (requirements §4.2)."""
    concerns = list(due(Concern, at)[:limit])
    worries = list(due(TriageItem, at)[: limit - len(concerns)])
    climb_on(concerns, at=at)
    climb_on(worries, at=at)
    return len(concerns) + len(worries)


def due(model, at):
    rows = model.objects.climbing(at).select_related("program", "match")
    return rows.select_for_update(of=("self",)).order_by("next_at", "pk")


def climb_on(items, *, at):
    """Reach the next people for each of these; items of one kind, in the transaction of what moved them."""
    if not items:
        return
    programs = {item.program_id: item.program for item in items}
    for item in items:
        item.program = programs[item.program_id]  # one of each, so that its limits are read once
    readers = Readers(items, at)
    tasks, letters, moves = [], defaultdict(list), defaultdict(list)
    for item in items:
        position, people = readers.next_for(item)
        moves[item.next_rung, position, wait_until(item, position, people, at)].append(item)
        if people:
            told = LADDER[position - 1]
            tasks += [task(item, user, told, readers, at) for user in people]
            letters[item.program] += [letter(item, user, told, readers) for user in people if hasattr(user, "person")]
    add_tasks(tasks, by=None, at=at)
    for program, ready in letters.items():
        queue_many(f"safeguarding/{name_of(items[0])}", ready, program=program, at=at)
    for (before, after, next_at), moved in moves.items():
        move(moved, before, after, next_at, at=at)


def wait_until(item, position, people, at):
    """When to climb on: a concern's people have the limit, a worry's first reader has until its hour.

    Where nobody of the rung can be written to, at once; at the end, and where nobody is left, after one more wait.
    """
    wait = at + item.program.limit("concern-rung")
    if position is None or position == len(LADDER):
        return wait
    if not any(hasattr(user, "person") for user in people):
        return at
    return max(wait, item.late_at) if isinstance(item, TriageItem) and item.late_at else wait


def move(items, before, after, next_at, *, at):
    """Remember how far they have climbed; where nobody is left they stay where they are, and look again.

    That nobody is left stands in the file once, and of the end of the ladder it says nothing more.
    """
    model, name = type(items[0]), name_of(items[0])
    rung = before if after is None else after
    model.objects.filter(pk__in=[item.pk for item in items], next_rung=before).update(next_rung=rung, next_at=next_at)
    if after is None:
        items = newly_without(items) if model is Concern and before < len(LADDER) else []
    if model is Concern:
        words = NOBODY if after is None else LADDER[after - 1].says
        Entry.objects.bulk_create([Entry(concern=one, at=at, by=None, verb="climbed", words=words) for one in items])
    record_many(f"{name}.climbed", about=items, by=None, at=at, level=SEALED, rung=rung)


def newly_without(concerns):
    """Those whose file does not say yet that nobody could be told."""
    known = set(Entry.objects.filter(concern__in=concerns, words=NOBODY).values_list("concern", flat=True))
    return [one for one in concerns if one.pk not in known]


@transaction.atomic
def climb_early(messages, *, at):
    """Where nobody on the present rung can be reached by message, the next one is due now (security.md §3.4)."""
    for model, name in ((Concern, "concern"), (TriageItem, "worry")):
        failed = {one.about_id for one in messages if one.kind == f"safeguarding/{name}"}
        if failed:
            model.objects.filter(pk__in=unreached(model, name, failed), next_at__gt=at).update(next_at=at)


def unreached(model, name, pks):
    """Which of these have no message of their present rung left that arrived or still may."""
    sent = Message.objects.filter(kind=f"safeguarding/{name}", about_id__in=pks).exclude(state__in=HOPELESS)
    rungs = {item.pk: LADDER[item.next_rung - 1].who for item in model.objects.filter(pk__in=pks, next_rung__gt=0)}
    reached = {pk for pk, key in sent.values_list("about_id", "dedupe_key") if key.split(":")[2] == rungs.get(pk)}
    return set(rungs) - reached


def name_of(item):
    return "concern" if isinstance(item, Concern) else "worry"
