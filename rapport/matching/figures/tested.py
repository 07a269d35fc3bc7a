"""What matching looks at, held against how past matches went: how long they lasted and why they ended.

It proves no cause: it says what was, with counts, and nothing where they are few. Against meetings and answers the
evaluation holds it (`reports`).
"""

from collections import defaultdict
from dataclasses import dataclass, field
from statistics import median
from typing import Any

from rapport.access.rights import Right
from rapport.core.months import day_in
from rapport.matches.models import Closure, Match
from rapport.matching import gathering
from rapport.matching.criteria import known
from rapport.matching.engine.judging import judge
from rapport.matching.figures import small_cells
from rapport.people.models.restriction import kept_from

LOOKED_AT = 2000  # matches, those that ended last: as many as a page waits for
MONTH = 365.25 / 12  # days
RIGHT, WRONG, UNTOLD = "right", "wrong", "untold"
KINDS = (RIGHT, WRONG, UNTOLD)
DONE, FIT, ELSE = "done", "fit", "else"
WHY = {Closure.Reason.DONE: DONE, Closure.Reason.FIT: FIT}


@dataclass
class Group:
    """Past matches in which a criterion was right, or wrong, or not told. None: too few to say."""

    kind: str
    matches: int | None = None
    months: int | None = None
    done: int | None = None  # of a hundred: the time agreed was over
    fit: int | None = None  # of a hundred: they did not suit each other


@dataclass
class Tested:
    """One criterion, and what became of past matches by what it says of them."""

    criterion: Any
    groups: list[Group] = field(default_factory=list)

    @property
    def says(self):
        return any(group.matches for group in self.groups)


def tested(program, user, sees, at):
    """(each criterion with its groups, how many matches were looked at; None: too few to tell even that)."""
    criteria = sorted(program.criteria.select_related("program"), key=lambda one: (-one.weight, one.code))
    ended, smallest = past(program, user, sees, at), program.limit("small-cell")
    give_traits(ended, criteria, day_in(at, program.zone))
    rows = [Tested(one, groups_of(one, ended, smallest)) for one in criteria]
    return rows, len(ended) if len(ended) >= smallest else None


def past(program, user, sees, at):
    """Endings of matches of one mentor with one mentee, the last first, as far as this reader may count them."""
    matches = Match.objects.filter(program=program, state=Match.State.CLOSED, begun_on__isnull=False)
    matches = matches.visible_to(user, Right.MATCH_VIEW, at) if sees else matches.without(kept_from(user, at))
    latest = list(matches.order_by("-ended_on", "-pk").values_list("pk", flat=True)[:LOOKED_AT])
    rows = Match.objects.filter(pk__in=latest, closure__isnull=False).select_related("closure", "draft")
    found = list(rows.with_people().order_by("pk"))
    sites = {site.pk: site for site in program.sites.all()}
    pairs = [one for one in found if len(one.mentors) == len(one.mentees) == 1]
    for one in (who for pair in pairs for who in (*pair.mentors, *pair.mentees)):
        one.site = sites.get(one.site_id)
    return pairs


def give_traits(ended, criteria, on):
    known.give([one for match in ended for one in (match.mentors[0], match.mentees[0])], criteria, on)


def groups_of(criterion, ended, smallest):
    """The three groups of one criterion; nothing of those that are few, nor of what tells of them."""
    found = defaultdict(list)
    plain = gathering.plain(criterion)
    for match in ended:
        found[said_of(plain, match)].append(match)
    sizes, whys = {}, {}
    for kind in KINDS:
        sizes[kind], whys[kind] = [len(found[kind])], reasons(found[kind])
    alone, _together = small_cells.told_alone({kind: n for kind, n in sizes.items() if n[0]}, smallest)
    why_told, _together = small_cells.told_alone({kind: whys[kind] for kind in sizes if sizes[kind][0]}, smallest)
    return [group(kind, found[kind], whys[kind], kind in alone, kind in why_told) for kind in KINDS if found[kind]]


def said_of(criterion, match):
    """Whether it was right, wrong or not told: as the round kept it, or else by what is told today."""
    draft = getattr(match, "draft", None)
    part = next((one for one in (draft.parts if draft else []) if one.get("code") == criterion["code"]), None)
    if part is None:
        judged = judge(
            criterion, *({"traits": known.traits_of(one)} for one in (match.mentees[0], match.mentors[0])), 0
        )
        part = {"known": judged.known, "right": judged.right}
    if not part["known"]:
        return UNTOLD
    return RIGHT if part["right"] else WRONG


def reasons(matches):
    whys = [WHY.get(one.closure.reason, ELSE) for one in matches]
    return [whys.count(name) for name in (DONE, FIT, ELSE)]


def group(kind, matches, whys, tells_size, tells_why):
    if not tells_size:
        return Group(kind)
    days = median((one.ended_on - one.begun_on).days for one in matches)
    shares = [round(100 * n / len(matches)) for n in whys] if tells_why else [None, None, None]
    return Group(kind, len(matches), round(days / MONTH), *shares[:2])
