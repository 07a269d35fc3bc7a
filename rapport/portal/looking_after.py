"""Who looks after a match, for its page: the coordinator and the named roles, each with how to reach them (S0-02)."""

from dataclasses import dataclass, field

from django.db.models import Q

from rapport.people.models import Guardianship, Person, Restriction
from rapport.programs.crew import Crew


@dataclass
class LooksAfter:
    """One person, and all they are to this match."""

    who: str
    reach: str
    roles: list = field(default_factory=list)
    is_coordinator: bool = False


def who_looks_after(match, at):
    """[LooksAfter], the coordinator first. Whoever is kept away from somebody in the match, or is family, is absent."""
    rows: dict = {}
    if match.coordinator:
        one = LooksAfter(match.coordinator.name, match.coordinator.email, is_coordinator=True)
        rows[match.coordinator_id] = one
    held = Crew(match.program, at).of_match(match)
    left_out = apart_from(match, {one.user_id for one in held if one.user_id}, at)
    for one in held:
        if one.user_id not in left_out:
            row = rows.setdefault(one.user_id or (one.who, one.reach), LooksAfter(one.who, one.reach))
            if one.post.label not in row.roles:
                row.roles.append(one.post.label)
    return list(rows.values())


def apart_from(match, users, at):
    """Which of these users may not look after it: kept away from one in it, in it themselves, or their guardian."""
    people = [one.person_id for one in [*match.mentors, *match.mentees]]
    away = Restriction.objects.live_at(at).filter(subject__in=people, kept_away__user__in=users)
    near = Guardianship.objects.filter(child__in=people, adult__user__in=users)
    own = Person.objects.filter(Q(pk__in=people) | Q(pk__in=near.values("adult")), user__in=users)
    return set(away.values_list("kept_away__user", flat=True).union(own.values_list("user", flat=True)))
