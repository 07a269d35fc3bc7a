"""Bringing in the adults who stand for the children of a list."""

from rapport.audit.actions import record_many
from rapport.people import enrolling
from rapport.people.models import ContactPoint, Guardianship, Person

BATCH = 500


def save_families(rows, *, by, at):
    """Write the guardians these planned rows name: people first, then what they stand for. Part of enrolling."""
    new = [row.guardianship for row in rows if row.guardianship]
    added = list({id(one.adult): one.adult for one in new if one.adult.pk is None}.values())
    Person.objects.bulk_create(added, batch_size=BATCH)
    points = [ContactPoint(person=adult, kind=kind, value=way) for adult in added for kind, way in adult.ways]
    ContactPoint.objects.bulk_create(points, batch_size=BATCH)
    for one in new:
        one.adult, one.child = one.adult, one.child  # their keys are known now
    Guardianship.objects.bulk_create(new, batch_size=BATCH)
    record_many("person.added", about=added, by=by, at=at)
    record_many("guardianship.noted", about=new, by=by, at=at)
    if points:
        enrolling.shared_points([adult.pk for adult in added]).update(is_private=False)
