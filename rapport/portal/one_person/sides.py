"""What is known of each of two records, side by side, cut to what this reader may see. As many queries for any two."""

from dataclasses import dataclass, field

from rapport.access.rights import Right
from rapport.people.models import Consent, ContactPoint, ExternalId, Guardianship, Likeness, Participant, kept_from
from rapport.people.reached import twice_here
from rapport.people.scopes import close_to
from rapport.portal.reading import matches_of


@dataclass
class Side:
    """One record as the page shows it."""

    person: object
    parts: list = field(default_factory=list)
    ways: list = field(default_factory=list)
    guardians: list = field(default_factory=list)
    children: list = field(default_factory=list)
    matches: list = field(default_factory=list)
    ids: int = 0


def sides(kept, other, user, program, at):
    """Both records, the kept one first."""
    both = {person.pk: Side(person) for person in (kept, other)}
    near = close_to(user)
    seen = Participant.objects.visible_to(user, Right.PARTICIPANT_EDIT, at).exclude(person__in=near)
    for part in seen.filter(person__in=both).select_related("program", "site").order_by("pk"):
        both[part.person_id].parts.append(part)
    for way in ContactPoint.objects.filter(person__in=both).in_order():
        both[way.person_id].ways.append(way)
    adults = Guardianship.objects.filter(child__in=both).exclude(adult__in=kept_from(user, at))
    for row in adults.select_related("adult", "child").order_by("pk"):
        both[row.child_id].guardians.append(row)
    children = Guardianship.objects.filter(adult__in=both, child__in=seen.values("person"))
    for row in children.select_related("adult", "child").order_by("pk"):
        both[row.adult_id].children.append(row)
    for one in ExternalId.objects.filter(person__in=both):
        both[one.person_id].ids += 1
    note_matches(both, user, program, at)
    return list(both.values())


def note_matches(both, user, program, at):
    """Matches of this program, as far as this reader may see them."""
    rows = matches_of(user, program, at).filter(members__participant__person__in=both)
    for match in rows.select_related("program").with_people().distinct().order_by("-pk"):
        for pk in {place.participant.person_id for place in match.members.all()} & set(both):
            both[pk].matches.append(match)


def what_joins(kept, other, user, at):
    """Sentences' material: where both say the same and one is left."""
    children = Guardianship.objects.filter(adult__in=[kept, other]).select_related("child")
    adults = Guardianship.objects.filter(child__in=[kept, other]).exclude(adult__in=kept_from(user, at))
    words = Consent.objects.filter(person__in=[kept, other]).last_counted(at)
    said = {(row.program_id, row.purpose, row.as_guardian, row.is_given) for row in words}
    apart = Likeness.objects.filter(first__in=[kept, other], second__in=[kept, other]).exclude(apart_at=None)
    return {
        "parts": twice_here(kept, other),
        "children": doubled(row.child for row in children),
        "adults": doubled(row.adult for row in adults.select_related("adult")),
        "words_differ": any((*what, not is_given) in said for *what, is_given in said),
        "apart": apart.select_related("apart_by").first(),
    }


def doubled(people):
    seen, twice = set(), []
    for person in people:
        if person.pk in seen:
            twice.append(person)
        seen.add(person.pk)
    return twice
