"""How a round served one group and another: who found a mentor, and how well it suits them. Nobody is named.

By site, language, gender where it was told, how long they had waited, and whether an interview had found a need. No
figure is of fewer than `small-cell`, and none can be worked out by taking one from another.
"""

from dataclasses import dataclass

from django.conf import settings
from django.db.models import Case, Count, Exists, Min, OuterRef, Subquery, Sum, Value, When
from django.db.models.lookups import GreaterThan
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from rapport.matches.models import Closure
from rapport.matching import gathering
from rapport.matching.engine.telling import folded, many
from rapport.matching.figures import small_cells
from rapport.matching.models import Draft, LeftWithout, Round
from rapport.onboarding.models import Interview
from rapport.people.models.restriction import kept_from

SMALLEST, LONG = "small-cell", "waiting-long"
GROUPS = {
    "site": ("mentee__site__name", lazy("By site")),
    "language": ("mentee__person__language", lazy("By the language we write to them in")),
    "gender": ("mentee__traits__gender", lazy("By gender, where they told it")),
    "waiting": ("waited", lazy("By how long they had waited")),
    "needs": ("needed", lazy("By what interviews had found")),
}


@dataclass
class Figures:
    """What came of a round for some mentees: how many found a mentor and did not, points on the whole, the weakest."""

    name: str
    served: int = 0
    left: int = 0
    points: int = 0
    worst: int | None = None

    def add(self, other):
        self.served, self.left, self.points = (
            self.served + other.served,
            self.left + other.left,
            self.points + other.points,
        )
        self.worst = min((n for n in (self.worst, other.worst) if n is not None), default=None)

    @property
    def all(self):
        return self.served + self.left

    @property
    def share(self):
        return round(100 * self.served / self.all) if self.all else 0

    @property
    def mean(self):
        return round(self.points / self.served) if self.served else None


def rounds_for(user, program, sees):
    """Rounds this reader may read figures of; who sees no pairs, those that were proposed: a draft that is made anew
    would tell what one more child made different."""
    rounds = Round.objects.filter(program=program)
    return rounds.visible_to(user) if sees else rounds.filter(state=Round.State.PUBLISHED)


def of_round(kept, user, sees, at):
    """{whole (None: too few), tables: [(title, figures)], hidden: titles of which nothing can be told}."""
    smallest = kept.program.limit(SMALLEST)
    drafts, left = rows_of(kept, user, sees, at)
    tables = {code: figures(kept, drafts, left, code) for code in GROUPS}
    whole = in_one(_("All together"), tables["site"].values())
    if small_cells.is_small((whole.served, whole.left), smallest) or not whole.all:
        return {"whole": None, "tables": [], "hidden": []}
    shown = [(GROUPS[code][1], large_enough(rows, smallest)) for code, rows in tables.items() if len(rows) > 1]
    return {
        "whole": whole, "tables": [one for one in shown if one[1]],
        "hidden": [title for title, rows in shown if not rows],
    }  # fmt: skip


def rows_of(kept, user, sees, at):
    """The pairs and those left without, as far as this reader may count them."""
    drafts, left = Draft.objects.filter(round=kept), LeftWithout.objects.filter(round=kept)
    left = left.exclude(kind=LeftWithout.Kind.NOT_READY)
    if sees:
        return drafts.visible_to(user, at=at), left.visible_to(user, at=at)
    away = kept_from(user, at)
    drafts = drafts.exclude(mentee__person__in=away).exclude(mentor__person__in=away)
    return drafts, left.exclude(mentee__person__in=away)


def figures(kept, drafts, left, code):
    """{name: Figures} by one fact about the mentees."""
    by, found = GROUPS[code][0], {}
    if code == "waiting":
        drafts, left = (rows.annotate(waited=how_long(kept)) for rows in (drafts, left))
    if code == "needs":
        drafts, left = (rows.annotate(needed=what_was_found(kept)) for rows in (drafts, left))
    counts = {"served": Count("pk"), "points": Sum("score"), "worst": Min("score")}
    for row in drafts.order_by().values(by).annotate(**counts):
        add(found, in_words(code, row.pop(by)), **row)
    for row in left.order_by().values(by).annotate(left=Count("pk")):
        add(found, in_words(code, row.pop(by)), **row)
    return (
        dict(sorted(found.items())) if code != "waiting" else {name: found[name] for name in spans() if name in found}
    )


def add(found, name, **counts):
    found.setdefault(name, Figures(name)).add(Figures(name, **counts))


def how_long(kept):
    """Up to half of what is long, up to that, longer: as a number."""
    long = kept.program.limit(LONG)
    since = [kept.made_at - part for part in (long / 2, long)]
    endings = Closure.objects.filter(program=kept.program_id, closed_at__lte=kept.made_at)
    waits = gathering.waits_since(endings, "mentee__")
    whens = [When(GreaterThan(waits, moment), then=Value(n)) for n, moment in enumerate(since)]
    return Case(*whens, default=Value(len(since)))


def what_was_found(kept):
    """Nobody was met, nothing that is needed was found, something was: as a number, by the last interview before."""
    before = Interview.objects.filter(said_at__lte=kept.made_at)
    last = before.filter(participant=OuterRef("participant")).order_by("-said_at", "-pk").values("pk")[:1]
    met = before.filter(participant=OuterRef("mentee"), pk=Subquery(last))
    whens = [When(Exists(met.exclude(found={})), then=Value(2)), When(Exists(met), then=Value(1))]
    return Case(*whens, default=Value(0))


def spans():
    return [_("not long"), _("for some time"), _("long")]


def in_words(code, value):
    if code == "waiting":
        return spans()[value]
    if code == "needs":
        return [_("not interviewed"), _("no need found"), _("a need found")][value]
    if code == "language":
        return str(dict(settings.LANGUAGES).get(value, value))
    told = ", ".join(sorted({folded(one) for one in many(value)})) if code == "gender" else value
    return str(told) if told else (_("without a site") if code == "site" else _("not told"))


def in_one(name, rows):
    whole = Figures(name)
    for row in rows:
        whole.add(row)
    return whole


def large_enough(rows, smallest):
    """Those that may be told; the small ones in one row, or nothing at all."""
    counts = {name: (row.served, row.left) for name, row in rows.items()}
    alone, together = small_cells.told_alone(counts, smallest)
    if not alone:
        return []
    others = [in_one(_("all others together"), (rows[name] for name in together))] if together else []
    return [*(rows[name] for name in alone), *others]


def spans_in_days(program):
    """What is long here, and half of it, in days."""
    long = program.limit(LONG)
    return {"half": (long / 2).days, "long": long.days}
