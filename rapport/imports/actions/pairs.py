"""Reading a list of pairs that met before Rapport, and bringing it in, batch by batch."""

from django.db.models import Max

from rapport.audit.models import Event
from rapport.checkins import actions as checkins
from rapport.checkins.actions.remembering import form_id
from rapport.checkins.models import Conversation
from rapport.imports import pairs
from rapport.imports.actions.holding import Interrupted
from rapport.imports.models import Deed, Row
from rapport.imports.planning_pairs import Plan
from rapport.matches import actions as matches
from rapport.matches.models import Match
from rapport.meetings import actions as meetings
from rapport.meetings.actions.remembering import days_known
from rapport.people.enrolling import Outcome

BATCH = 500
WRITTEN = (Outcome.NEW, Outcome.CHANGED)


def pairs_read(staged, batches, *, stop):
    """The rows of each batch that is not read yet, judged: new, changed, unchanged or bad with its reason.

    Whoever goes on after a crash knows which pairs the rows before named, and whose places they took. Raises
    Interrupted.
    """
    fields = staged.mapping["fields"]
    plan = Plan(staged.program, staged.columns, fields, by=staged.brought_by, at=staged.brought_at)
    before = staged.rows.filter(cells__has_key="keys").order_by("number")
    before = before.values_list("number", "outcome", "cells").iterator(chunk_size=2000)
    plan.take_up((number, outcome, cells["keys"]) for number, outcome, cells in before)
    for batch in batches:
        if batch[-1][0] <= staged.read_to:
            continue
        if stop():
            raise Interrupted(staged)
        planned = plan.batch(batch)
        yield [row_of(staged, row, cells) for row, (_number, cells) in zip(planned, batch, strict=True)]


def row_of(staged, planned, cells):
    return Row(
        source=staged, number=planned.number, outcome=planned.outcome, column=planned.column[:120],
        reason=planned.reason[:300], cells=kept_cells(planned, cells, staged),
    )  # fmt: skip


def kept_cells(planned, cells, staged):
    """The mapped cells as they were typed; what was left out is not kept. A good row has the names of its pair."""
    fields, is_bad = staged.mapping["fields"], planned.outcome == Outcome.BAD
    typed = {
        heading: (cell[:200] if is_bad else cell).replace("\0", "\ufffd")
        for heading, cell in zip(staged.columns, cells, strict=False)
        if heading in fields
    }
    if planned.pair is None:
        return {"as typed": typed}
    said = [cell for heading, cell in typed.items() if cell and fields[heading] not in pairs.SEVERAL]
    return {"as typed": typed, "pair": planned.title, "said": ", ".join(said)[:300], "keys": planned.keys}


def bringing_pairs(staged):
    """What brings a batch of rows of this list in, and writes on each what it did.

    Each row is read anew: somebody may have come, gone or been kept apart since the list was looked at.
    """
    headings, fields = list(staged.mapping["fields"]), staged.mapping["fields"]
    plan = Plan(staged.program, headings, fields, by=staged.asked_by, at=staged.asked_at)

    def bring(rows):
        plan.anew()
        planned = plan.batch([(row.number, [row.cells["as typed"].get(name, "") for name in headings]) for row in rows])
        write(planned, program=staged.program, by=staged.asked_by, at=staged.asked_at)
        for row, done in zip(rows, planned, strict=True):
            row.outcome, row.column, row.reason = done.outcome, done.column[:120], done.reason[:300]
        Row.objects.bulk_update(rows, ["outcome", "column", "reason"], batch_size=BATCH)
        note_pair_deeds(rows, planned)

    return bring


def write(planned, *, program, by, at):
    """New pairs become matches; then what is remembered of them, and of those known, is kept."""
    new = [row for row in planned if row.outcome == Outcome.NEW]
    made = matches.take_over([row.pair for row in new], program=program, by=by, at=at)
    found = Match.objects.filter(pk__in=[match.pk for match in made]).select_related("program", "coordinator")
    by_pk = {match.pk: match for match in found.with_people()}
    for row, match in zip(new, made, strict=True):
        row.match = by_pk[match.pk]
    changed = [row for row in planned if row.outcome == Outcome.CHANGED]
    matches.add_what_was({row.match: row.more for row in changed if row.more}, by=by, at=at)
    touched = [*new, *changed]
    meetings.remember({row.match: row.days for row in touched}, by=by, at=at)
    checkins.remember([talk for row in touched for talk in row.old_talks(row.match)], by=by, at=at)


def note_pair_deeds(rows, planned):
    """Remember what bringing in did to each pair, so that it can be taken back. Part of bringing in."""
    seen_to = Event.objects.aggregate(last=Max("pk"))["last"] or 0
    touched = [(row, done) for row, done in zip(rows, planned, strict=True) if done.outcome in WRITTEN]
    days = days_known([done.match for _row, done in touched])
    wanted = {form_id(talk) for _row, done in touched for talk in done.old_talks(done.match)}
    talks = dict(Conversation.objects.filter(form_id__in=wanted).values_list("form_id", "pk"))
    Deed.objects.bulk_create([deed_of(row, done, days, talks, seen_to) for row, done in touched], batch_size=BATCH)


def deed_of(row, done, days, talks, seen_to):
    made = {
        "matches.match": [done.match.pk] if done.outcome == Outcome.NEW else [],
        "meetings.meeting": [days[done.match.pk, day] for day in done.days],
        "checkins.conversation": [talks[form_id(talk)] for talk in done.old_talks(done.match)],
    }
    was = {name: [None, value.isoformat() if name == "agreed_on" else value] for name, value in done.more.items()}
    return Deed(
        row=row, person_key=done.pair.mentee.person_id, participant_key=done.pair.mentee.pk, match_key=done.match.pk,
        made={label: keys for label, keys in made.items() if keys}, was=was, seen_to=seen_to,
    )  # fmt: skip
