"""Somebody who is not whom a link was made for said so: what else went to that address opens nothing any more."""

from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Lower

from rapport.outbox import kinds
from rapport.outbox.models import Delivery, Link


@transaction.atomic
def somebody_else_reads(links, *, at) -> int:
    """Shut these links (a queryset) and all that went to the same people at the same addresses, and let each app know:
    what was pressed there may be anybody's (`kinds.on_stranger`). Returns how many links it concerns."""
    found = list(at_the_same_address(links).values_list("pk", flat=True))
    Link.objects.filter(pk__in=found, closed_at=None).update(closed_at=at)
    kinds.tell_of_strangers(Link.objects.filter(pk__in=found), at=at)
    return len(found)


def at_the_same_address(links):
    """These, and every link to one of their people that was sent to where one of these was sent."""
    own = list(links.values_list("pk", "person"))
    keys, people = [pk for pk, _person in own], {person for _pk, person in own}
    went = Delivery.objects.exclude(outcome=Delivery.Outcome.REFUSED).annotate(folded=Lower("address"))
    addresses = set(went.filter(message__links__in=keys).values_list("folded", flat=True))
    same = went.filter(message__to__in=people, folded__in=addresses)
    return Link.objects.filter(Q(pk__in=keys) | Q(person__in=people, message__in=same.values("message")))
