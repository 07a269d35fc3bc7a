"""The two strips, each made only from what its reader may see: how they are, and what we owe them.

They are never added together (design.md §1, §2). A fact of level 1 is open to whoever sees the match as staff; of level
2, to those who may read answers of it; of level 3 and above, to no strip.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime

from django.utils.translation import gettext as _

from rapport.access.rights import Right
from rapport.care.models import Finding
from rapport.care.rules import worst
from rapport.checkins.models import CheckIn
from rapport.core.about import type_of
from rapport.matches.models import Match
from rapport.tasks.models import Task

TALKED_ABOUT = 2  # the highest level a strip is made of
EVERYBODY = 1


@dataclass(frozen=True)
class HowTheyAre:
    """One word for a pair, and the findings behind it that this reader may see."""

    state: str
    findings: list = field(default_factory=list)


@dataclass(frozen=True)
class OwedThing:
    """One thing the program owes a pair."""

    what: str
    due_at: datetime | None
    late_at: datetime | None
    is_late: bool


@dataclass(frozen=True)
class Owed:
    """What is due or late now, most pressing first."""

    things: list = field(default_factory=list)

    @property
    def late(self):
        return sum(thing.is_late for thing in self.things)

    @property
    def due(self):
        return len(self.things) - self.late

    @property
    def words(self):
        late, due = _("%(n)d late") % {"n": self.late}, _("%(n)d due") % {"n": self.due}
        said = [words for n, words in ((self.late, late), (self.due, due)) if n]
        return ", ".join(said)


@dataclass(frozen=True)
class Strips:
    """Both, side by side, and the level they are made of."""

    level: int
    how: HowTheyAre
    owed: Owed


def strips(matches, user, at) -> dict[int, Strips]:
    """How each of these pairs is and what we owe it, as far as this reader may know; in a fixed number of queries."""
    levels = levels_for(matches, user, at)
    how, owed = standings(matches, levels), owed_to(matches, levels, at)
    return {match.pk: Strips(levels[match.pk], how[match.pk], owed[match.pk]) for match in matches}


def standings(matches, levels) -> dict[int, HowTheyAre]:
    """How each of these pairs is, up to the level that `levels_for` told of it."""
    found = defaultdict(list)
    for finding in Finding.objects.now().filter(match__in=list(levels), level__lte=TALKED_ABOUT).order_by("pk"):
        if finding.level <= levels[finding.match_id]:
            found[finding.match_id].append(finding)
    return {match.pk: how(match, found[match.pk]) for match in matches}


def how(match, findings):
    if match.state == Match.State.PAUSED:
        return HowTheyAre("paused", [])
    state = worst(findings) if match.is_open else Finding.Says.UNKNOWN
    return HowTheyAre(str(state), sorted(findings, key=lambda f: f.says != state))


def owed_to(matches, levels, at) -> dict[int, Owed]:
    """What the program owes each of these pairs now. An ask that became a call is owed once, as the call."""
    pks = [match.pk for match in matches]
    things = defaultdict(list)
    tasks = Task.objects.open().counted().filter(about_type=type_of(Match), about_id__in=pks, due_at__lte=at)
    tasks = [task for task in tasks if task.level <= levels[task.about_id]]
    called = {(task.about_id, task.person_id) for task in tasks if task.kind.startswith("checkins/")}
    for check_in in CheckIn.objects.asking(at).filter(match__in=pks).due(at).select_related("person"):
        if levels[check_in.match_id] and (check_in.match_id, check_in.person_id) not in called:
            words = _("Ask %(who)s how it goes") % {"who": check_in.person.first_name}
            things[check_in.match_id].append(thing(words, check_in, at))
    for task in tasks:
        things[task.about_id].append(thing(task.reason, task, at))
    order = {pk: sorted(found, key=lambda t: (not t.is_late, t.due_at or at)) for pk, found in things.items()}
    return {pk: Owed(order.get(pk, [])) for pk in pks}


def thing(words, due, at):
    return OwedThing(words, due.due_at, due.late_at, bool(due.late_at and due.late_at <= at))


def levels_for(matches, user, at) -> dict[int, int]:
    """Up to which level this reader sees facts of each match: 0 for one they do not reach as staff, or are in."""
    pks = [match.pk for match in matches]
    seen = Match.objects.filter(pk__in=pks).exclude(members__participant__person__user=user)
    plain = set(seen.visible_to(user, Right.MATCH_VIEW, at).values_list("pk", flat=True))
    answers = set(seen.visible_to(user, Right.ANSWER_VIEW, at).values_list("pk", flat=True))
    return {pk: TALKED_ABOUT if pk in answers else EVERYBODY if pk in plain else 0 for pk in pks}
