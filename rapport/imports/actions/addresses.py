"""New addresses and numbers of guardians we know, as a roster that comes again has them.

One is taken over where it takes the place of what the roster said the last time and nobody put that right here
meanwhile; else it is told of, and a person asks which one is right. So it is, without a word on why, of whoever signs
in or takes part, and in a family that a restriction protects: no file may lead a letter elsewhere there.
"""

import json
from dataclasses import dataclass

from django.db.models import Q

from rapport.people.models import ContactPoint, Guardianship, Participant, Person, Restriction

KINDS = ("email", "phone")


@dataclass
class Renewal:
    """One way to reach one adult, as the roster has it now; without a point it is one more."""

    adult: Person
    kind: str
    value: str
    point: ContactPoint | None = None
    is_held: bool = False

    def told(self):
        return {"what": f"guardian-{self.kind}", "now": self.adult.full_name}  # the address itself is not for everybody


def look(planned, before, *, on) -> dict[int, list[Renewal]]:
    """{place of a row: what it says anew of its guardians}, each adult's once. A handful of queries."""
    said = {place: list(said_anew(row, before)) for place, row in enumerate(planned) if row.adults and row.person}
    adults = {adult.pk for some in said.values() for adult, *_ in some}
    if not adults:
        return {}
    points: dict[tuple, list[ContactPoint]] = {}
    for point in ContactPoint.objects.filter(person__in=adults, kind__in=KINDS).order_by("pk"):
        points.setdefault((point.person_id, point.kind), []).append(point)
    careful = with_care({planned[place].person.pk for place in said} | adults, on)
    found: dict[int, list[Renewal]] = {}
    done: set[tuple] = set()
    for place, some in said.items():
        for adult, kind, was, now in some:
            there = points.get((adult.pk, kind), [])
            if (adult.pk, kind) in done or any(point.value.lower() == now.lower() for point in there):
                continue
            done.add((adult.pk, kind))
            old = next((point for point in there if was and point.value.lower() == was.lower()), None)
            is_held = bool({adult.pk, planned[place].person.pk} & careful) or (old is None and bool(there or was))
            found.setdefault(place, []).append(Renewal(adult, kind, now, old, is_held))
    return found


def said_anew(row, before):
    """(adult, kind, what it said the last time, what it says now) of the known adults of a row."""
    cells = json.loads(before.of(row.newcomer.external_id) or "{}")
    old = {one.get("external_id"): one for one in cells.get("guardians", [])}
    for said, adult in zip(row.newcomer.guardians, row.adults, strict=True):
        for kind in KINDS if adult.pk else ():
            was, now = old.get(said.external_id, {}).get(kind, ""), getattr(said, kind)
            if now and now != was:
                yield adult, kind, was, now


def with_care(people, on) -> set[int]:
    """Of these people those whose address a file does not change: who signs in or is a mentor, whom a restriction is
    about, and who stands for a child whom one protects."""
    found = set(Person.objects.filter(pk__in=people).exclude(user=None).values_list("pk", flat=True))
    mentors = Participant.objects.mentors().filter(person__in=people)
    found |= set(mentors.values_list("person", flat=True))
    live = Restriction.objects.filter(Q(ends_on=None) | Q(ends_on__gt=on))
    for name in ("subject", "kept_away"):
        found |= set(live.filter(**{f"{name}__in": people}).values_list(name, flat=True))
    near = Guardianship.objects.filter(adult__in=people, child__in=live.values("subject"))
    return found | set(near.values_list("adult", flat=True))
