"""Pupils who are on a school's roster no more: one call per school for whoever looks after it; a person decides.

The call names nobody: its page lists them, to each reader only those they may see.
"""

from collections import defaultdict

from django.utils.translation import gettext as _

from rapport.access.rights import Right
from rapport.core.about import type_of
from rapport.imports.actions import syncing
from rapport.imports.models import Import
from rapport.imports.questions import gone_of
from rapport.people.models import ExternalId, Participant
from rapport.programs.models import Membership
from rapport.tasks.actions import NewTask, add_tasks, drop
from rapport.tasks.models import Task

KIND = "imports/gone-from-roster"
PRESSING = 4


def call_about_gone(staged, *, at):
    """One task for each site from which somebody is gone who was still there the last time. Part of bringing in."""
    told = told_before(staged)
    sites = defaultdict(list)
    for one in gone_of(staged).active().exclude(pk__in=told):
        sites[one.site].append(one.pk)
    tasks = [
        task_of(staged, site, owner, at) for site, pks in sites.items() if (owner := owner_of(staged, site, pks, at))
    ]
    add_tasks(tasks, by=None, at=at)


def told_before(staged):
    """Of whom the last roster that spoke of them said already that they are gone; another school's says nothing."""
    gone, source = staged.mapping.get("gone", []), syncing.source_of(staged)
    known = ExternalId.objects.filter(organization=staged.program.organization_id, source=source)
    ids = dict(known.filter(person__participations__in=gone).values_list("value", "person__participations"))
    told: set[int] = set()
    for one in syncing.rosters_in(staged):
        told |= set(ids.values()) & set(one.mapping.get("gone", []))
        there = one.rows.filter(cells__external_id__in=list(ids)).values_list("cells__external_id", flat=True)
        spoken = told | {ids[value] for value in there}
        ids = {value: pk for value, pk in ids.items() if pk not in spoken}
        if not ids:
            break
    return told


def owner_of(staged, site, pks, at):
    """Who brings lists here and sees at least one of them: of this site first, then who brought the roster."""
    live = Membership.objects.live(at).staff().filter(program=staged.program, role__grants__right=Right.IMPORT)
    able = live.filter(user__memberships__in=doers(staged, at)).select_related("user").order_by("pk")
    rank = {row.user: (row.site_id is None or row.site_id != getattr(site, "pk", 0), row.user_id != staged.asked_by_id)
            for row in sorted(able, key=lambda row: row.site_id is None, reverse=True)}  # fmt: skip
    gone = Participant.objects.filter(pk__in=pks)
    users = sorted(rank, key=lambda user: (*rank[user], user.pk))
    return next((user for user in users if gone.visible_to(user, Right.IMPORT, at).exists()), None)


def doers(staged, at):
    return Membership.objects.live(at).staff().filter(program=staged.program, role__grants__right=Right.TASK_DO)


def task_of(staged, site, owner, at):
    words = _("Some pupils of %(site)s are on the school's roster no more. Look at each: nothing happens by itself.")
    words = words % {"site": site.name} if site else _("Some pupils are on the school's roster no more. Look at each.")
    return NewTask(
        program=staged.program, kind=KIND, owner=owner, person=None, about=staged, reason=words, due_at=at,
        late_at=None, cause_key=f"gone:{staged.ref}:{site.pk if site else 0}", pressing=PRESSING, level=1,
        ends_with_match=False,
    )  # fmt: skip


def forget_gone(staged, *, by, at):
    """The roster is taken back: nobody is called about it any more."""
    calls = Task.objects.open().filter(kind=KIND, about_type=type_of(Import), about_id=staged.pk)
    if calls := list(calls):
        drop(calls, note=_("The roster was taken back."), by=by, at=at)
