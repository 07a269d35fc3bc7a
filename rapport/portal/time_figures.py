"""Time together of many pairs: by site, by caseload, and of the whole program, as the clock kept it.

Whoever sees matches reads figures of those they see; whoever sees none reads figures of enough matches together that
nobody can be recognised in them, and of no site while one is smaller.
"""

from collections import defaultdict
from dataclasses import dataclass, field

from django.db.models import Count, Min, Sum
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from rapport.access.models import User
from rapport.access.rights import Right
from rapport.care.actions.keeping_time import LATELY, TO_HELP, TO_WATCH
from rapport.care.models import TimeKept
from rapport.core.months import day_in
from rapport.matches.models import Match
from rapport.matching.figures.small_cells import is_small
from rapport.portal.phase_figures import phase_rows
from rapport.portal.promised import hours
from rapport.portal.reading import matches_of
from rapport.programs.doors import staff_page

STATES = list(TimeKept.State)
SUMS = ("meetings", "unknown", "minutes", "promised_minutes")
SMALLEST = "small-cell"
SITE, COORDINATOR = "match__site", "match__coordinator"


@dataclass
class Figures:
    """What the rows of some matches come to. `query`: how the list of matches finds them; None: not theirs to see."""

    name: str
    query: str | None = None
    counts: dict = field(default_factory=lambda: dict.fromkeys(STATES, 0))
    sums: dict = field(default_factory=lambda: dict.fromkeys(SUMS, 0))
    tells_states: bool = True

    def add(self, row):
        self.counts[row["state"]] += row["n"]
        for name in SUMS:
            self.sums[name] += row[f"of_{name}"]

    @property
    def matches(self):
        return sum(self.counts.values())

    @property
    def meetings(self):
        return self.sums["meetings"]

    @property
    def unknown(self):
        return self.sums["unknown"]

    @property
    def hours(self):
        return hours(self.sums["minutes"])

    @property
    def promised(self):
        return hours(self.sums["promised_minutes"]) if self.sums["promised_minutes"] else ""

    @property
    def cells(self):
        """(state, how many, of a hundred) in the order of the columns."""
        return [(state, n, round(100 * n / self.matches)) for state, n in self.counts.items()]


@staff_page(Right.PROGRAM_VIEW)
def time_together(request, program):
    at = timezone.now()
    sees = Right.MATCH_VIEW in request.rights_of_staff
    seen = matches_of(request.user, program, at) if sees else Match.objects.filter(program=program)
    seen = seen.open()
    rows = list(rows_of(seen, SITE))
    whole, sites, caseloads = tables(rows, list(rows_of(seen, COORDINATOR)) if sees else [], program, sees)
    if not sees:
        whole, sites, caseloads = large_enough(whole, sites, program.limit(SMALLEST))
    limits = program.limits_by_code
    context = {
        "whole": whole, "all_rows": [whole], "sites": sites, "caseloads": caseloads, "sees": sees,
        "as_of": min((row["oldest"] for row in rows), default=None),
        "days": getattr(limits.get(LATELY), "value", None),
        "columns": columns(limits), "at_least": program.limit(SMALLEST),
        "phases": phases_shown(seen, day_in(at, program.zone), 0 if sees else program.limit(SMALLEST)),
        "missing": seen.count() - sum(row["n"] for row in rows) if sees else 0,
    }  # fmt: skip
    return render(request, "portal/time_together.html", context)


def phases_shown(matches, on, smallest):
    """Each phase; none at all where one with somebody in it is too small to be told."""
    rows = phase_rows(matches, on)
    return [] if any(0 < row.matches < smallest for row in rows) else rows


def rows_of(matches, by):
    """What was kept of these matches, by site or by coordinator, and state: as many rows as it has figures."""
    kept = TimeKept.objects.filter(match__in=matches, as_of__isnull=False).order_by().values(by, "state")
    return kept.annotate(n=Count("pk"), oldest=Min("as_of"), **{f"of_{name}": Sum(name) for name in SUMS})


def tables(by_site, by_coordinator, program, sees):
    """(all of them, each site, each caseload)."""
    names = {site.pk: (site.name, f"site={site.pk}") for site in program.sites.order_by("name")}
    names[None] = (_("Without a site"), None)
    users = User.objects.in_bulk({row[COORDINATOR] for row in by_coordinator if row[COORDINATOR]})
    whole = figures(_("All together"), "", by_site, sees)
    sites, caseloads = together(by_site, SITE), together(by_coordinator, COORDINATOR)
    found = [figures(*names.get(pk, names[None]), rows, sees) for pk, rows in sites.items()]
    held = [figures(users[pk].name, f"coordinator={pk}", rows, sees) for pk, rows in caseloads.items() if pk in users]
    return whole, in_order(found), in_order(held)


def together(rows, by):
    found = defaultdict(list)
    for row in rows:
        found[row[by]].append(row)
    return found


def figures(name, query, rows, sees):
    found = Figures(name, query if sees else None)
    for row in rows:
        found.add(row)
    return found


def in_order(tables):
    return sorted(tables, key=lambda one: one.name)


def large_enough(whole, sites, smallest):
    """For whoever sees no match: nothing small, and no difference between two figures that is small."""
    if whole.matches < smallest:
        return None, [], []
    sites = sites if all(site.matches >= smallest for site in sites) else []
    whole.tells_states = has_no_small(whole, smallest)
    are_told = all(has_no_small(site, smallest) for site in sites)
    for site in sites:
        site.tells_states = are_told
    return whole, sites, []


def has_no_small(figures, smallest):
    return not is_small(figures.counts.values(), smallest)


def columns(limits):
    """The heads of the columns of states, with the program's own shares."""
    below = [limits[code].value if code in limits else None for code in (TO_HELP, TO_WATCH)]
    heads = [_("Below %(n)d %%") % {"n": share} if share else _("Below") for share in below]
    return [*heads, _("Kept"), _("Unknown"), _("Too early")]
