"""What pages ask about imports, in a fixed number of queries."""

from datetime import timedelta

from django.db.models import Count, OuterRef, Q, Subquery
from django.utils import timezone

from rapport.core.models import Heartbeat
from rapport.imports.models import Deed, Import, Row
from rapport.people.models import ExternalId, Participant

SILENT_AFTER = timedelta(minutes=1)  # of the machine's time: so long and nobody does the long work


def counts_of(staged):
    """How many rows of each import are new, changed, unchanged and bad."""
    unknown = counted([one for one in staged if not one.counts])
    return {one.pk: one.counts or unknown[one.pk] for one in staged}


def counted(staged):
    """The same from the rows themselves, for what came in before the figures were kept; in one query."""
    counts = {one.pk: dict.fromkeys(map(str, Row.Outcome), 0) for one in staged}
    if not counts:
        return counts
    rows = Row.objects.filter(source__in=counts).order_by().values_list("source", "outcome").annotate(n=Count("pk"))
    for source, outcome, n in rows:
        counts[source][outcome] = n
    return counts


def somebody_works() -> bool:
    """Whether a process for long work is alive."""
    return Heartbeat.objects.filter(name="work", beat_at__gt=timezone.now() - SILENT_AFTER).exists()


def undone_of(staged):
    """Of a list that was taken back: how many went, and how many stay. None of any other."""
    if staged.state != Import.State.UNDONE:
        return None
    deeds = Deed.objects.filter(row__source=staged)
    return deeds.aggregate(gone=Count("undone_at"), stay=Count("pk", filter=~Q(stays="")))


def gone_of(staged):
    """Those who were on the roster before and are on this one no more, each with the `said_id` it knew them by."""
    ids = ExternalId.objects.filter(person=OuterRef("person"), source=staged.mapping.get("source", ""))
    found = Participant.objects.filter(program=staged.program_id, pk__in=staged.mapping.get("gone", []))
    found = found.annotate(said_id=Subquery(ids.order_by("-pk").values("value")[:1]))
    return found.select_related("person", "program", "site").order_by("person__family_name", "person__given_name", "pk")
