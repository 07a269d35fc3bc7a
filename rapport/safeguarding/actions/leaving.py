"""A lead leaves: what is sealed goes to another lead at once, and climbs its ladder anew until somebody has read it.

Nobody who is no lead learns whether there was anything.
"""

from collections import defaultdict

from django.db import transaction
from django.db.models import Q

from rapport.audit.actions import record_many
from rapport.core.about import type_of
from rapport.core.refused import Refused
from rapport.outbox.actions import queue_many
from rapport.safeguarding.actions.handling import enter
from rapport.safeguarding.actions.ladder import climb_on, name_of
from rapport.safeguarding.ladder import Readers, Rung, letter, task
from rapport.safeguarding.models import Concern, TriageItem
from rapport.safeguarding.questions import leads_of
from rapport.tasks.actions import NewTask, add_tasks, drop
from rapport.tasks.models import SEALED, Task

HANDED = Rung("handed", "handed on")
AGAIN = "safeguarding/look-again"


class GoesToALead(Refused):
    """Safety work goes to a lead of this program only."""


@transaction.atomic
def hand_on(program, leaver, *, to=None, by, at):
    """Give a leaver's open concerns and sealed tasks of this program to a lead; without one, to the first other lead.

    What that lead may not see goes to the next, and what no lead may see climbs its ladder at once. Raises GoesToALead.
    """
    leads = list(leads_of(program, at).exclude(pk=leaver.pk))
    if to is not None and to not in leads:
        raise GoesToALead(to)
    order = sorted(leads, key=lambda user: user != to)
    for model in (Concern, TriageItem):
        items = held_by(model, program, leaver)
        if items:
            hand_on_each(items, leaver, order, by=by, at=at)


def held_by(model, program, leaver):
    """What this lead has in hand: concerns that are theirs, and whatever lies on their desk."""
    mine = Q(pk__in=sealed_on_desk(leaver, program).filter(about_type=type_of(model)).values("about_id"))
    mine |= Q(owner=leaver) if model is Concern else Q()
    return list(model.objects.open().filter(mine, program=program).select_related("program", "match"))


def sealed_on_desk(user, program):
    return Task.objects.open().filter(owner=user, program=program, level=SEALED)


def hand_on_each(items, leaver, leads, *, by, at):
    readers = Readers(items, at)
    theirs, orphans = defaultdict(list), []
    for item in items:
        taker = next((user for user in leads if item.pk in readers.free.get(user.pk, ())), None)
        (theirs[taker] if taker else orphans).append(item)
    old = list(sealed_on_desk(leaver, items[0].program).filter(about_type=type_of(items[0])))
    for taker, rows in theirs.items():
        take_over(rows, leaver, taker, readers, old, by=by, at=at)
    read_anew(orphans, leaver, owner=None, at=at)
    climb_on(again(orphans), at=at)
    drop(old, note=HANDED.says, by=by, at=at)
    record_many(f"{name_of(items[0])}.handed-on", about=items, by=by, at=at, level=SEALED)


def take_over(items, leaver, taker, readers, old, *, by, at):
    """On the new lead's desk, with a letter that says only: sign in. Unread after the wait, it climbs on."""
    for item in items:
        if isinstance(item, Concern):
            enter(item, "handed on", str(taker), by=by, at=at)
    readers.again = readers.given_back()
    read_anew(items, leaver, owner=taker, at=at + items[0].program.limit("concern-rung"))
    pks = {item.pk for item in items}
    planned = [to_look_again(one, taker) for one in old if one.kind == AGAIN and one.about_id in pks]
    add_tasks([*(task(item, taker, HANDED, readers, at) for item in items), *planned], by=by, at=at)
    letters = [letter(item, taker, HANDED, readers) for item in items if hasattr(taker, "person")]
    queue_many(f"safeguarding/{name_of(items[0])}", letters, program=items[0].program, at=at)


def read_anew(items, leaver, *, owner, at):
    """Concerns that were this lead's count as unread again: their ladder waits until then, and starts from below."""
    concerns = [item.pk for item in items if isinstance(item, Concern) and item.owner_id == leaver.pk]
    Concern.objects.filter(pk__in=concerns, owner=leaver).update(
        owner=owner, acknowledged_at=None, next_rung=0, next_at=at
    )
    if owner is None:
        worries = [item.pk for item in items if isinstance(item, TriageItem)]
        TriageItem.objects.open().filter(pk__in=worries).update(read_at=None, next_rung=0, next_at=at)


def again(items):
    """These as they stand now."""
    model = type(items[0]) if items else Concern
    return list(model.objects.select_related("program", "match").filter(pk__in=[item.pk for item in items]))


def to_look_again(old, taker):
    """The day on which somebody meant to look again is kept by whoever has the file now."""
    return NewTask(
        program=old.program, kind=old.kind, owner=taker, person=None, about=old.about, reason=old.reason,
        due_at=old.due_at, late_at=None, cause_key=f"{old.cause_key}:{taker.pk}"[:200], pressing=1, level=SEALED,
        ends_with_match=False,
    )  # fmt: skip
