"""Moving up the ladder (`safeguarding.ladder`): tasks and messages for the next people, and when to look again."""

from collections import defaultdict

from django.db import transaction

from rapport.audit.actions import record_many
from rapport.outbox.actions import queue_many
from rapport.safeguarding.ladder import LADDER, Readers, letter, task
from rapport.safeguarding.models import Concern, Entry, TriageItem
from rapport.tasks.actions import add_tasks
from rapport.tasks.models import SEALED


@transaction.atomic
def climb(*, at, limit=500):
    """Take every unread concern and worry whose wait is over one rung up. Returns how many moved (requirements §4.2)."""
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
    readers = Readers(items, at)
    tasks, letters, moves = [], defaultdict(list), defaultdict(list)
    for item in items:
        position, people = readers.next_for(item)
        told = LADDER[position - 1]
        tasks += [task(item, user, told, readers, at) for user in people]
        letters[item.program] += [letter(item, user, told) for user in people if hasattr(user, "person")]
        moves[item.next_rung, position, wait_until(item, position, at)].append(item)
    add_tasks(tasks, by=None, at=at)
    for program, ready in letters.items():
        queue_many(f"safeguarding/{name_of(items[0])}", ready, program=program, at=at)
    for (before, after, next_at), moved in moves.items():
        move(moved, before, after, next_at, at=at)


def wait_until(item, position, at):
    """When the next rung is due: a concern's people have the limit, a worry's first reader has until its hour."""
    if position == len(LADDER):
        return None
    wait = at + item.program.limit("concern-rung")
    return max(wait, item.late_at) if isinstance(item, TriageItem) and item.late_at else wait


def move(items, before, after, next_at, *, at):
    """Remember how far they have climbed."""
    model = type(items[0])
    model.objects.filter(pk__in=[item.pk for item in items], next_rung=before).update(next_rung=after, next_at=next_at)
    if model is Concern:
        words = LADDER[after - 1].says
        Entry.objects.bulk_create([Entry(concern=one, at=at, by=None, verb="climbed", words=words) for one in items])
    record_many(f"{name_of(items[0])}.climbed", about=items, by=None, at=at, level=SEALED, rung=after)


def name_of(item):
    return "concern" if isinstance(item, Concern) else "worry"
