"""The letter with the link to somebody's own page: sent because they asked, and only where they alone read it."""

from datetime import timedelta

from rapport.outbox import kinds
from rapport.outbox.questions import addresses
from rapport.people.models import Guardianship, Restriction
from rapport.portal.front.reached import own_and_children, reached_by

LETTER, PURPOSE = "portal/own-page", "own-page"
LASTS = timedelta(days=2)  # no figure of the field: whoever comes later asks for another, and a shared device forgets


def tell_outbox():
    paper = {"sheet": "portal:own-sheet", "write_down": "portal:own-written"}
    link = kinds.LinkPlan(PURPOSE, "portal:by-link", LASTS, **paper)
    kinds.kind(LETTER, purpose=kinds.ESSENTIAL, wanted=still_theirs, speaks_of=speaks_of, link=link)


def still_theirs(messages, at):
    """Wanted while there is a page for them, and the place it would go to is read by them alone."""
    rows = list(messages.select_related("to", "program"))
    return messages.filter(pk__in=[row.pk for row in rows if has_page(row.to, row.program, at) and alone(row, at)])


def has_page(person, program, at):
    own, children = own_and_children(person, reached_by(person, at).filter(program=program), at)
    return bool(own or children)


def alone(message, at):
    place = addresses([message.to], program=message.program, at=at)[message.to_id]
    return bool(place.value) and place.is_private


def speaks_of(messages):
    """Themselves, and the children on their page: whoever is kept away from one reads no inbox it goes to."""
    by_message = dict(messages.values_list("pk", "to"))
    rows = Guardianship.objects.told().filter(adult__in=by_message.values()).values_list("adult", "child")
    apart = set(Restriction.objects.filter(kept_away__in=by_message.values()).values_list("kept_away", "subject"))
    children = {pair for pair in rows if pair not in apart}
    return {pk: {person, *(child for adult, child in children if adult == person)} for pk, person in by_message.items()}
