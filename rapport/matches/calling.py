"""Whom to call about a match: never one who stands too near to somebody it touches."""

from collections import defaultdict

from rapport.access.rights import Right
from rapport.people.colleagues import Colleagues
from rapport.programs.models import Membership


def with_owners(matches, at, *, others=Right.MATCH_CLOSE, beside=()):
    """Each match with whom to call: its coordinator, or else another who holds the right `others` there.

    `beside`: ids of people it touches who are not in it, of all of them or as {match: ids}. A match about which nobody
    can be called is left out.
    """
    if not (matches := list(matches)):
        return
    programs, holders = {match.program_id for match in matches}, defaultdict(list)
    may = Membership.objects.live(at).filter(program__in=programs, role__grants__right=others)
    for held in may.select_related("user").order_by("pk"):
        holders[held.program_id].append(held.user)
    asked = {match: [match.coordinator, *holders[match.program_id]] for match in matches}
    asked = {match: [one for one in users if one] for match, users in asked.items()}
    colleagues = Colleagues({user.pk for users in asked.values() for user in users}, programs, at)
    near = beside if isinstance(beside, dict) else dict.fromkeys(matches, beside)
    for match, users in asked.items():
        persons = [*near.get(match, ()), *(place.participant.person_id for place in match.members.all())]
        yield from [(match, one) for one in users if colleagues.may(one.pk, match.program_id, persons)][:1]


def owner_of(match, at, **how):
    """The same of one match; None: nobody can be called."""
    return next((owner for _match, owner in with_owners([match], at, **how)), None)
