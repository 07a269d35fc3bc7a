"""Staging a list of pairs that met before Rapport, and bringing it in, whole or not at all."""

from django.db import transaction

from rapport.audit.actions import record
from rapport.checkins import actions as checkins
from rapport.imports import pairs
from rapport.imports.actions.applying import AlreadyDone, finish
from rapport.imports.files import Unreadable, too_many
from rapport.imports.models import Import, Row
from rapport.imports.planning_pairs import Plan
from rapport.matches import actions as matches
from rapport.matches.models import Match
from rapport.meetings import actions as meetings
from rapport.people.enrolling import Outcome

BATCH = 500
MOST_PAIRS = 20_000


@transaction.atomic
def stage_pairs(table, *, file_name, program, chosen=None, by, at):
    """Stage a list of pairs: each row new, changed, unchanged or bad with its reason. Writes about nobody.

    Raises MappingRefused, Unreadable; then nothing is staged.
    """
    mapping = pairs.propose(table.headings, chosen)
    numbered = all_of(table)
    order = pairs.order_of_days(table.headings, numbered, mapping)
    staged = Import.objects.create(
        program=program,
        what="matches",
        file_name=file_name[:200],
        columns=table.headings,
        mapping={"fields": mapping.fields, "left_out": mapping.left_out, "order": order},
        brought_at=at,
        brought_by=by,
    )
    planned = Plan(program, table.headings, mapping.fields, order=order, by=by, at=at).rows(numbered)
    rows = [
        Row(
            source=staged, number=row.number, outcome=row.outcome, column=row.column[:120], reason=row.reason[:300],
            cells=kept_cells(row, cells, table.headings, mapping),
        )
        for row, (_number, cells) in zip(planned, numbered, strict=True)
    ]  # fmt: skip
    Row.objects.bulk_create(rows, batch_size=BATCH)
    record("import.staged", about=staged, by=by, at=at, what="matches")
    return staged


def all_of(table):
    """The rows of a list of pairs. Raises Unreadable."""
    numbered = []
    for row in table.rows:
        numbered.append(row)
        if len(numbered) > MOST_PAIRS:
            raise Unreadable(None, too_many(MOST_PAIRS))
    return numbered


def kept_cells(row, cells, headings, mapping):
    """The mapped cells as they were typed; what was left out is not kept. A good row has the names of its pair."""
    typed = {
        heading: cell if row.outcome != Outcome.BAD else cell[:200]
        for heading, cell in zip(headings, cells, strict=False)
        if heading in mapping.fields
    }
    if row.pair is None:
        return {"as typed": typed}
    said = [cell for heading, cell in typed.items() if cell and mapping.fields[heading] not in pairs.SEVERAL]
    return {"as typed": typed, "pair": row.title, "said": ", ".join(said)[:300]}


@transaction.atomic
def apply_pairs(staged, *, by, at):
    """Bring a staged list of pairs in, whole or not at all. Returns counts by outcome. Raises AlreadyDone, NotReady.

    Each row is read anew: somebody may have come, gone or been kept apart since the list was looked at. `by` None is
    the command line.
    """
    ready = Import.objects.select_for_update().filter(pk=staged.pk, state=Import.State.STAGED)
    if not ready.values("pk").first():
        raise AlreadyDone(staged)
    rows = list(staged.rows.exclude(outcome=Outcome.BAD).order_by("number"))
    headings, fields = list(staged.mapping["fields"]), staged.mapping["fields"]
    plan = Plan(staged.program, headings, fields, order=staged.mapping["order"], by=by, at=at)
    planned = plan.rows((row.number, [row.cells["as typed"].get(name, "") for name in headings]) for row in rows)
    for start in range(0, len(planned), BATCH):
        bring(planned[start : start + BATCH], program=staged.program, by=by, at=at)
    for row, done in zip(rows, planned, strict=True):
        row.outcome, row.column, row.reason = done.outcome, done.column[:120], done.reason[:300]
    Row.objects.bulk_update(rows, ["outcome", "column", "reason"], batch_size=BATCH)
    counts = dict.fromkeys(Outcome, 0)
    for outcome in staged.rows.values_list("outcome", flat=True):
        counts[Outcome(outcome)] += 1
    finish(staged, by=by, at=at, counts=counts)
    return counts


def bring(planned, *, program, by, at):
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
