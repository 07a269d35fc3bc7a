"""Letters about a circle: to its next time, and that it was called off. They speak of nobody else."""

from rapport.events.models import Gathering
from rapport.outbox import kinds

INVITATION, OFF = "events/circle", "events/circle-off"


def tell_outbox():
    common = {"purpose": "messages", "words": words, "speaks_of": lambda messages: {}}
    kinds.kind(INVITATION, wanted=still_ahead, **common)
    kinds.kind(OFF, wanted=still_off, **common)


def still_ahead(messages, at):
    """Wanted while it is still to come, and they are asked to it."""
    ahead = Gathering.objects.ahead(at)
    return of_those_asked(messages, ahead)


def still_off(messages, at):
    return of_those_asked(messages, Gathering.objects.excused().filter(starts_at__gt=at))


def of_those_asked(messages, gatherings):
    asked = gatherings.filter(seats__participant__left_at=None).values_list("pk", "seats__participant__person")
    pairs = set(asked.filter(pk__in=messages.values("about_id")))
    rows = messages.values_list("pk", "about_id", "to")
    return messages.filter(pk__in=[pk for pk, about, to in rows if (about, to) in pairs])


def words(messages, at):
    rows = Gathering.objects.filter(pk__in=messages.values("about_id")).select_related("circle")
    told = {row.pk: {"gathering": row} for row in rows}
    return {pk: told[about] for pk, about in messages.values_list("pk", "about_id") if about in told}
