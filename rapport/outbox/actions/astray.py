"""Somebody who is not whom a link was made for said so: what else went to that address opens nothing any more."""

from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Lower

from rapport.outbox import kinds
from rapport.outbox.models import Delivery, Link
from rapport.people.actions import note_silent
from rapport.people.models import ContactPoint


@transaction.atomic
def somebody_else_reads(links, *, at) -> int:
    """Shut these links (a queryset) and all that went to the same people at the same addresses, write there no more,
    and let each app know: what was pressed there may be anybody's (`kinds.on_stranger`). Returns how many links.

    They are shut last: an app holds what was pressed about before what was pressed, and so does whoever presses or
    lets links go (`links.require_not_shut`).
    """
    own = list(links.values_list("pk", "person"))
    keys, people = [pk for pk, _person in own], {person for _pk, person in own}
    went = Delivery.objects.exclude(outcome=Delivery.Outcome.REFUSED).annotate(folded=Lower("address"))
    addresses = set(went.filter(message__links__in=keys).values_list("folded", flat=True))
    same = went.filter(message__to__in=people, folded__in=addresses).values("message")
    every = Link.objects.filter(Q(pk__in=keys) | Q(person__in=people, message__in=same))
    found = list(every.values_list("pk", flat=True))
    write_there_no_more(people, addresses, at=at)
    kinds.tell_of_strangers(Link.objects.filter(pk__in=found), at=at)
    Link.objects.filter(pk__in=found, closed_at=None).update(closed_at=at)
    return len(found)


def write_there_no_more(people, addresses, *, at):
    """Nothing reaches them there, until staff say that it works."""
    ways = ContactPoint.objects.working().mail().annotate(folded=Lower("value"))
    for way in ways.filter(person__in=people, folded__in=addresses).select_related("person"):
        note_silent(way, about=way.person, by=None, at=at)
