"""What was wished for as rounds read it: points for a choice, never together where one ruled the other out.

Only in programs of grown-ups: where children may be, nothing of it counts, whatever was written down. A wish of one
side alone counts, too; nobody is told of it.
"""

from django.db.models import Q

from rapport.matching.models import Suggestion
from rapport.people.models import Participant


def said_in(program):
    """What was said in this program, the newest last, as (participant, their side, other, choice, ruled out)."""
    if not program.adults_only:
        return []
    rows = Suggestion.objects.filter(Q(is_ruled_out=True) | Q(choice__isnull=False), program=program)
    rows = rows.filter(ask__closed_at=None).order_by("ask", "pk")
    return list(rows.values_list("ask__participant", "ask__participant__side", "other", "choice", "is_ruled_out"))


def newest(program) -> dict:
    """{(mentee, mentor, who said it): (choice, ruled out)}: the last word of each about each other."""
    found = {}
    for mine, side, other, choice, out in said_in(program):
        pair = (mine, other) if side == Participant.Side.MENTEE else (other, mine)
        found[*pair, side] = (choice, out)
    return found


def ruled_out(program) -> set:
    """Pairs that one of the two ruled out: {(mentee, mentor)}, by primary key."""
    return {(mentee, mentor) for (mentee, mentor, _who), (_choice, out) in newest(program).items() if out}


def wished(program, criteria, mentees, mentors) -> list:
    """[[mentee key, mentor key, points]] of these people, as the engine reads it.

    The first choice of a mentee is worth the program's share of all points (`wish-first`), each next one so much of the
    one before (`wish-next`); a mentor's counts less (`wish-mentor`). Both sides' wishes add up.
    """
    here = {one.pk for one in [*mentees, *mentors]}
    told = {key: choice for key, (choice, out) in newest(program).items() if choice and not out}
    told = {key: choice for key, choice in told.items() if key[0] in here and key[1] in here}
    if not told:
        return []
    all_points = sum(one.weight for one in criteria)
    first, then, less = (program.limit(code) for code in ("wish-first", "wish-next", "wish-mentor"))
    sums: dict = {}
    for (mentee, mentor, side), choice in told.items():
        points = all_points * first * then ** (choice - 1) // 100**choice
        points = points * less // 100 if side == Participant.Side.MENTOR else points
        sums[mentee, mentor] = sums.get((mentee, mentor), 0) + points
    return sorted([str(mentee), str(mentor), points] for (mentee, mentor), points in sums.items() if points)
