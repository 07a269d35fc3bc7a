"""Who holds the named roles of a program, and who of staff had what their role asks for (requirements S0-02, S1-53)."""

from collections import defaultdict
from dataclasses import dataclass

from rapport.access.models import Grant
from rapport.access.rights import Right, Scope
from rapport.core.months import day_in
from rapport.programs.models import Holder, Membership, Post, Preparation, Prepared, Site


@dataclass(frozen=True)
class Held:
    """One who holds a named role: where (None: everywhere), who, how to reach them. By their role at work: no row."""

    post: Post
    site_id: int | None
    who: str
    reach: str
    user_id: int | None
    row: Holder | None = None
    is_caseload: bool = False

    def covers(self, site_id):
        return self.site_id in (None, site_id)


class Crew:
    """The named roles of one program and who holds them: four queries."""

    def __init__(self, program, at):
        self.posts = list(program.posts.order_by("pk"))
        self.held = defaultdict(list)
        for row in Holder.objects.live(at).filter(program=program).select_related("user", "site").order_by("pk"):
            reach = row.reach or (row.user.email if row.user else "")
            who = row.user.name if row.user else row.name
            self.held[row.post_id].append(Held(self.post(row.post_id), row.site_id, who, reach, row.user_id, row))
        self.add_members(program, at)

    def post(self, pk):
        return next(post for post in self.posts if post.pk == pk)

    def add_members(self, program, at):
        """Whoever has the role at work, far enough to see matches; named by hand once more is no second one."""
        slugs = {post.role for post in self.posts if post.role}
        members = Membership.objects.live(at).filter(program=program, role__slug__in=slugs)
        grants = Grant.objects.filter(right=Right.MATCH_VIEW, role__slug__in=slugs)
        far = defaultdict(set)
        for role, scope in grants.values_list("role__slug", "scope"):
            far[role].add(scope)
        for one in members.select_related("user", "role").order_by("user__name", "pk"):
            for post in self.posts:
                named = {held.user_id for held in self.held[post.pk]}
                if post.role == one.role.slug and one.user_id not in named:
                    site_id = None if Scope.PROGRAM in far[post.role] else one.site_id
                    is_caseload = far[post.role] == {Scope.CASELOAD}
                    held = Held(post, site_id, one.user.name, one.user.email, one.user_id, is_caseload=is_caseload)
                    self.held[post.pk].append(held)

    def of_match(self, match):
        """Who holds what for this very match; whoever has a caseload of their own only where it is theirs."""
        rows = (held for post in self.posts for held in self.held[post.pk] if held.covers(match.site_id))
        return [held for held in rows if not held.is_caseload or held.user_id == match.coordinator_id]

    def places(self, sites):
        """[(post, site or None, who holds it there)], a line for each place that asks for one."""
        for post in self.posts:
            for site in sites if post.each_site and sites else [None]:
                here = [held for held in self.held[post.pk] if site is None or held.covers(site.pk)]
                yield post, site, here


def vacant(program, at):
    """{post: [names of sites]} of the named roles that are needed and that nobody holds."""
    sites, empty = list(Site.objects.filter(program=program).order_by("name")), defaultdict(list)
    for post, site, held in Crew(program, at).places(sites):
        if post.is_needed and not held:
            empty[post].append(site.name if site else "")
    return empty


class Trainings:
    """What the roles of staff ask for here, and what each colleague had: two queries."""

    def __init__(self, program, at):
        self.on = day_in(at, program.zone)
        self.rules = list(Preparation.objects.filter(program=program).order_by("pk"))
        rows = Prepared.objects.filter(program=program, seen_at__lte=at).select_related("seen_by").order_by("pk")
        self.had = {(row.user_id, row.code): row for row in rows}

    def of(self, membership):
        """[(what the role asks for, the row or None, whether it holds on this day)]"""
        rules = [rule for rule in self.rules if rule.role == membership.role.slug]
        return [
            (rule, row, self.holds(row)) for rule in rules for row in [self.had.get((membership.user_id, rule.code))]
        ]

    def holds(self, row):
        return (
            row is not None and row.met_on <= self.on and (row.valid_until_on is None or row.valid_until_on >= self.on)
        )


def unprepared(program, at):
    """The keys of colleagues here for whom something their role asks for is not written down, or ran out."""
    trainings = Trainings(program, at)
    members = Membership.objects.live(at).staff().filter(program=program).select_related("role")
    return {one.user_id for one in members if any(not holds for _rule, _row, holds in trainings.of(one))}
