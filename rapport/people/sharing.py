"""Who else is known to have an address or a number: what private and shared are worked out from."""

from collections import defaultdict

from django.db.models import Count
from django.db.models.functions import Lower

from rapport.people.models import ContactPoint

FOUND_OUT = ContactPoint.FOUND_OUT


def shared_points(people):
    """Addresses and numbers of these people that somebody else has, too, still taken for private.

    A number is the same whether it is called or written to.
    """
    points = ContactPoint.objects.filter(kind__in=ContactPoint.Kind.values)  # any: the index begins with the kind
    mine = points.filter(person__in=people, kind__in=FOUND_OUT).values("value")
    crowded = points.filter(value__in=mine).values("value").annotate(n=Count("person", distinct=True)).filter(n__gt=1)
    return points.filter(is_private=True, value__in=crowded.values("value"))


def who_else_has(points) -> dict:
    """{point: the ids of others known to have it}, in one query. Whatever its case, called or written to."""
    asked = [point for point in points if point.kind in FOUND_OUT]
    found = ContactPoint.objects.annotate(place=Lower("value")).filter(
        kind__in=FOUND_OUT, place__in={point.value.lower() for point in asked}
    )
    known = defaultdict(set)
    for place, person in found.values_list("place", "person"):
        known[place].add(person)
    return {point: known[point.value.lower()] - {point.person_id} for point in asked}
