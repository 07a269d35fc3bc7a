"""Reading a list of meetings, and bringing it in, by small batches: each row is a log with all its effects."""

from django.db import transaction
from django.db.models import Max

from rapport.audit.models import Event
from rapport.core.about import type_of
from rapport.core.refused import Refused
from rapport.imports.actions.holding import Interrupted
from rapport.imports.logs import CHANGED, NEW, PRIVATE, columns_of, facts_of, keep, read, told_in
from rapport.imports.models import Deed, Row
from rapport.imports.pairs import People
from rapport.imports.reading import BadCell
from rapport.matches.models import Match
from rapport.meetings.actions.looking import KINDS
from rapport.tasks.models import Task

AT_ONCE = 25  # rows in one transaction: nobody else waits for long
Outcome = Row.Outcome


def logs_read(staged, batches, *, stop):
    """The rows of each batch that is not read yet, judged by a rehearsal that leaves nothing. Raises Interrupted."""
    people = People(staged.program, staged.brought_by, staged.brought_at)
    for batch in batches:
        for start in range(0, len(batch), AT_ONCE):
            part = batch[start : start + AT_ONCE]
            if part[-1][0] <= staged.read_to:
                continue
            if stop():
                raise Interrupted(staged)
            yield rehearsed(staged, part, people)


def rehearsed(staged, part, people):
    with transaction.atomic():
        rows = []
        for number, cells in part:
            row = Row(source=staged, number=number, outcome=Outcome.BAD)
            kept = kept_of(row, cells, staged, people, by=staged.brought_by, at=staged.brought_at)
            row.cells = cells_of(staged, cells, kept)
            rows.append(row)
        transaction.set_rollback(True)
    return rows


def kept_of(row, cells, staged, people, *, by, at):
    """What became of this row (`logs.Kept`), said on it; None where it must be put right."""
    try:
        with transaction.atomic():
            said = read(cells, columns_of(staged.columns), staged.program)
            kept = keep(said, people, staged.program, by=by, at=at)
    except BadCell as wrong:
        row.outcome, row.column, row.reason = Outcome.BAD, wrong.column[:120], str(wrong.reason)[:300]
    except Refused as refusal:
        row.outcome, row.column, row.reason = Outcome.BAD, "", str(refusal)[:300]
    else:
        row.outcome, row.column, row.reason = kept.outcome, "", ""
        return kept
    return None


def cells_of(staged, cells, kept):
    """The cells as they were typed; what the mentor wrote is not shown on the list."""
    most = 10_000 if kept else 200
    typed = {name: cell[:most].replace("\0", "\ufffd") for name, cell in zip(staged.columns, cells, strict=False)}
    hidden = [name for name in staged.columns if name.strip().casefold() in PRIVATE]
    if kept is None:
        return {"as typed": typed, "hidden": hidden}
    said = [cell for name, cell in typed.items() if cell and name not in hidden][2:]  # who is told by the pair
    return {"as typed": typed, "pair": kept.match.title, "said": ", ".join(said)[:300], "hidden": hidden}


def bringing_logs(staged):
    """What brings a batch of rows in. Each is judged anew; what a row did is noted, so that it can be taken back."""
    people = People(staged.program, staged.asked_by, staged.asked_at)

    def bring(rows):
        done = [(row, bring_one(row, staged, people)) for row in rows]
        Row.objects.bulk_update(rows, ["outcome", "column", "reason", "cells"])
        seen_to = Event.objects.aggregate(last=Max("pk"))["last"] or 0
        Deed.objects.bulk_create([deed_of(row, *did, seen_to) for row, did in done if did])

    return bring


def bring_one(row, staged, people):
    """(what became of it, the tasks it made) of a row that wrote something, else None."""
    typed = row.cells["as typed"]
    before = Task.objects.aggregate(last=Max("pk"))["last"] or 0
    cells = [typed.get(name, "") for name in staged.columns]
    kept = kept_of(row, cells, staged, people, by=staged.asked_by, at=staged.asked_at)
    if kept is None:
        return None
    for name in row.cells["hidden"]:  # it is on the log now
        typed.pop(name, None)
    if kept.outcome not in (NEW, CHANGED):
        return None
    tasks = Task.objects.filter(kind__in=KINDS, about_type=type_of(Match), about_id=kept.match.pk)
    return kept, list(tasks.filter(pk__gt=before).values_list("pk", flat=True))


def deed_of(row, kept, tasks, seen_to):
    former = kept.log.former.order_by("-pk").first() if kept.outcome == CHANGED else None
    made = {
        "meetings.meeting": [] if kept.meeting_was else [kept.meeting.pk],
        "meetings.log": [kept.log.pk] if kept.outcome == NEW else [],
        "meetings.formerlog": [former.pk] if former else [],
        "tasks.task": tasks,
    }
    was = {
        f"log.{kept.log.pk}": [kept.log_was, told_in(kept.log)],
        f"meeting.{kept.meeting.pk}": [kept.meeting_was, facts_of(kept.meeting)],
    }
    return Deed(
        row=row, person_key=kept.mentor.person_id, participant_key=kept.mentor.pk, match_key=kept.match.pk,
        made={label: keys for label, keys in made.items() if keys}, was=was, seen_to=seen_to,
    )  # fmt: skip
