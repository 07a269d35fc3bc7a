"""Bringing in the adults who stand for the children of a list."""

from django.db import transaction

from rapport.audit.actions import record_many
from rapport.core.days import first_day_on_earth
from rapport.people.actions.sharing import now_shared
from rapport.people.families import Adults
from rapport.people.models import ContactPoint, ExternalId, Guardianship, Person

BATCH = 500


def save_families(rows, *, by, at):
    """Write the guardians these planned rows name: people first, then what they stand for. Part of enrolling."""
    new = [one for row in rows for one in row.guardianships]
    added = list({id(one.adult): one.adult for one in new if one.adult.pk is None}.values())
    Person.objects.bulk_create(added, batch_size=BATCH)
    points = {adult.pk: [ContactPoint(person=adult, kind=k, value=way) for k, way in adult.ways] for adult in added}
    ContactPoint.objects.bulk_create([point for some in points.values() for point in some], batch_size=BATCH)
    ids = {one.adult.pk: ids_of(one.adult) for one in new}
    ExternalId.objects.bulk_create([one for some in ids.values() for one in some], batch_size=BATCH)
    for one in new:
        one.adult, one.child = one.adult, one.child  # their keys are known now
    Guardianship.objects.bulk_create(new, batch_size=BATCH)
    record_many("person.added", about=added, by=by, at=at)
    record_many("guardianship.noted", about=new, by=by, at=at)
    note_made(rows, {adult.pk for adult in added}, points, ids)
    return now_shared([adult.pk for adult in added]) if added else []


@transaction.atomic
def save_guardians(newcomers, *, organization, by, at):
    """Bring in adults who take no part themselves; known ones are found again. Returns one person each, in order.

    They are of no program: whoever is a child anywhere on earth stands for nobody.
    """
    adults = Adults(newcomers, organization, on=first_day_on_earth(at))
    found = [adults.found_or_new(newcomer, at=at) for newcomer in newcomers]
    added = list({id(one): one for one in found if one.pk is None}.values())
    Person.objects.bulk_create(added, batch_size=BATCH)
    points = [ContactPoint(person=adult, kind=kind, value=way) for adult in added for kind, way in adult.ways]
    ContactPoint.objects.bulk_create(points, batch_size=BATCH)
    ExternalId.objects.bulk_create([one for adult in dict.fromkeys(found) for one in ids_of(adult)], batch_size=BATCH)
    record_many("person.added", about=added, by=by, at=at)
    now_shared([adult.pk for adult in added])
    return found


def ids_of(adult):
    for one in getattr(adult, "new_ids", []):
        one.person = adult  # its key is known now
    return getattr(adult, "new_ids", [])


def note_made(rows, added, points, ids):
    """Each new adult and what is theirs is of the first row that named them."""
    for row in rows:
        for one in row.guardianships:
            row.made += [one, *points.pop(one.adult.pk, []), *ids.pop(one.adult.pk, [])]
            if one.adult.pk in added:
                added.discard(one.adult.pk)
                row.made.append(one.adult)
