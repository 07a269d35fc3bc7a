"""Writing the trail, and sealing it.

A row is written in the transaction of what it tells of, unsealed; the clock seals rows in order. One sealer works at a
time, by conditional update, so the chain never forks (security.md F9, G11).
"""

import hashlib
import json

from django.db import transaction

from rapport.audit.models import Event
from rapport.core.many import write_each

SYSTEM = "Rapport"  # the label of what the clock does by itself
BATCH = 500


def record(verb, *, about, by, at, level=2, **facts):
    """Write one row about one record. `by` is a user, a person, or None for the clock; facts are plain values."""
    record_many(verb, about=[about], by=by, at=at, level=level, **facts)


def record_many(verb, *, about, by, at, level=2, **facts):
    """Write one row for each record, in one query."""
    Event.objects.bulk_create(
        [row(Event.Kind.WRITE, verb, one, by, at, level, facts) for one in about], batch_size=BATCH
    )


def record_read(verb, *, about, by, at, level, **facts):
    """Write that somebody read something of level 3 or 4. Called before the content is sent."""
    row(Event.Kind.READ, verb, about, by, at, level, facts).save()


def row(kind, verb, about, by, at, level, facts):
    """An unsaved row."""
    return Event(
        kind=kind,
        verb=verb,
        at=at,
        actor_id=getattr(by, "pk", None),
        actor_label=label(by),
        program_id=program_of(about),
        about_type=about._meta.label_lower if about is not None else "",
        about_id=getattr(about, "pk", None),
        facts=facts,
        level=level,
    )


def label(by):
    """How the trail names who did it: a user by the kind and name at that time."""
    return SYSTEM if by is None else f"{by._meta.model_name}: {by}"[:200]


def program_of(about):
    """The program a record belongs to; a program belongs to itself."""
    if about is None:
        return None
    return about.pk if about._meta.label_lower == "programs.program" else getattr(about, "program_id", None)


def seal_next(*, limit=BATCH):
    """Seal the next unsealed rows in order. Returns how many; 0 also when somebody else seals just now."""
    with transaction.atomic():
        last = Event.objects.sealed().order_by("-position").first()
        position, chain = (last.position, last.seal) if last else (0, "")
        rows = list(Event.objects.unsealed().order_by("pk")[:limit])
        for event in rows:
            position, chain = position + 1, digest(chain, event)
            event.position, event.seal = position, chain
        moved = write_each(rows, ["position", "seal"], while_empty="position")
        if moved != len(rows):
            raise AlreadySealed(rows)
    return len(rows)


class AlreadySealed(Exception):
    """Another sealer was faster; this batch is rolled back and nothing is lost."""


def digest(before, event):
    """The seal of a row: over the seal before it and every column that tells something."""
    columns = ("pk", "kind", "verb", "actor_id", "actor_label", "program_id", "about_type", "about_id", "level")
    told = {name: getattr(event, name) for name in columns}
    told |= {"at": event.at.isoformat(), "written_at": event.written_at.isoformat(), "facts": event.facts}
    text = json.dumps([before, told], sort_keys=True, ensure_ascii=False, default=str)
    return hashlib.sha256(text.encode()).hexdigest()


def verify():
    """Walk the chain. Returns a dict: rows, unsealed, head, and `broken` (position and reason) or None."""
    before, expected = "", 0
    for event in Event.objects.sealed().order_by("position").iterator(chunk_size=2000):
        expected += 1
        if event.position != expected:
            return outcome(expected, before, f"row {expected} is missing")
        if digest(before, event) != event.seal:
            return outcome(expected, before, f"row {expected} was changed")
        before = event.seal
    return outcome(expected, before, None)


def outcome(rows, head, broken):
    return {"rows": rows, "unsealed": Event.objects.unsealed().count(), "head": head, "broken": broken}
