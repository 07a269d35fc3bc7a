"""A restriction is looked at again on its day; and those who plan with a family are told to ask first.

Tasks of the first kind are sealed and say no name; those of the second say only that something changed.
"""

from collections import Counter, defaultdict

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from rapport.access.rights import Right
from rapport.core.about import type_of
from rapport.core.days import DayIn
from rapport.core.due import LOOK_BACK
from rapport.matches.calling import with_owners
from rapport.matches.models import Match, Member
from rapport.people.colleagues import Colleagues
from rapport.people.models import Restriction
from rapport.programs.models import Membership
from rapport.tasks.actions import NewTask, add_tasks, drop, finish
from rapport.tasks.days import of_day
from rapport.tasks.models import SEALED, Task

REVIEW, ASK_FIRST = "matches/look-again", "matches/ask-first"
PRESSING = 2


@transaction.atomic
def call_about_reviews(*, at, limit):
    """A task for each restriction that is to be looked at again, on the desk of its reviewer. Returns how many.

    Where the reviewer may not any more, it goes to who recorded it, or to another who may; the older task goes.
    """
    today = DayIn(at, "program__time_zone")
    due = Restriction.objects.live(today).filter(review_on__lte=today, ended_at=None, program__archived_at=None)
    rows = list(due.select_related("program", "reviewer", "recorded_by").order_by("pk"))
    owned = dict(reviewers(rows, at))
    standing = tasks_about(rows)
    stale = [task for task in standing if owned.get(task.restriction, task.owner) != task.owner]
    if stale:
        drop(stale, note=_("Somebody else looks again."), by=None, at=at)
    if over := list(of_ended()):
        drop(over, note=_("It has its end."), by=None, at=at)
    there = {(task.about_id, task.owner_id) for task in standing if task not in stale}
    new = [(row, owner) for row, owner in owned.items() if (row.pk, owner.pk) not in there][:limit]
    before = Counter(of_kind().filter(about_id__in=[row.pk for row, _o in new]).values_list("about_id", flat=True))
    return len(add_tasks([review_task(row, owner, before[row.pk]) for row, owner in new], by=None, at=at))


def of_kind():
    return Task.objects.filter(kind=REVIEW, about_type=type_of(Restriction))


def of_ended():
    """Open calls to look again at what somebody has given its end meanwhile."""
    return of_kind().open().filter(about_id__in=Restriction.objects.exclude(ended_at=None).values("pk"))


def tasks_about(rows):
    by_pk = {row.pk: row for row in rows}
    tasks = list(of_kind().open().filter(about_id__in=by_pk).select_related("owner"))
    for task in tasks:
        task.restriction = by_pk[task.about_id]
    return tasks


def reviewers(rows, at):
    """Each restriction with who looks at it: the first of these who may."""
    programs, others = {row.program_id for row in rows}, defaultdict(list)
    held = Membership.objects.live(at).filter(program__in=programs, role__grants__right=Right.RESTRICTION_EDIT)
    for one in held.select_related("user").order_by("pk"):
        others[one.program_id].append(one.user)
    users = {user.pk for some in others.values() for user in some}
    colleagues = Colleagues(users, programs, at)
    for row in rows:
        asked = [
            one for one in (row.reviewer, row.recorded_by, *others[row.program_id]) if one in others[row.program_id]
        ]
        persons = [row.subject_id, row.kept_away_id]
        yield from [(row, one) for one in asked if colleagues.may(one.pk, row.program_id, persons)][:1]


def review_task(row, owner, before):
    """A call to look again; `before` counts those that were made about it: who comes back finds a new one."""
    return NewTask(
        program=row.program, kind=REVIEW, owner=owner, person=None, about=row,
        reason=_("Look again at what keeps two people apart: does it still hold?"),
        cause_key=f"review:{row.ref}:{row.review_on}:{owner.pk}:{before}", pressing=PRESSING, level=SEALED,
        ends_with_match=False, ends_on_its_page=True, **of_day(row.review_on, row.program.zone),
    )  # fmt: skip


def settle_reviews(restriction, *, note, by, at):
    """It was looked at: nobody else need do so."""
    tasks = list(Task.objects.open().about(restriction).filter(kind=REVIEW))
    return finish(tasks, note=note, by=by, at=at) if tasks else 0


@transaction.atomic
def call_to_ask_first(*, at, limit):
    """Where somebody beside an open match is kept away from a person in it, its coordinator is told to ask first.

    Once for each restriction and match. It says neither who nor why. Where both are in the match, the other call is
    made (`call_about_restrictions`).
    """
    fresh = Q(starts_on__gt=(at - LOOK_BACK).date()) | Q(recorded_at__gt=at - LOOK_BACK)
    rows = list(Restriction.objects.live_at(at).filter(fresh).select_related("subject"))
    places = Member.objects.filter(participant__person__in={r.subject_id for r in rows}, match__state__in=Match.OPEN)
    of_person = defaultdict(set)
    for match, person in places.values_list("match", "participant__person"):
        of_person[person].add(match)
    pairs = [(row, match) for row in rows for match in of_person[row.subject_id]]
    found = Match.objects.filter(pk__in={match for _row, match in pairs}).select_related("program", "coordinator")
    matches = {match.pk: match for match in found.with_people()}
    keys = {(row, matches[pk]): f"ask-first:{row.ref}:{matches[pk].ref}" for row, pk in pairs}
    known = set(Task.objects.filter(cause_key__in=keys.values()).values_list("cause_key", flat=True))
    new = {pair: key for pair, key in keys.items() if key not in known and row_is_beside(*pair)}
    owners = {match.pk: owner for match, owner in with_owners([match for _row, match in new], at)}
    tasks = [
        ask_first(row, match, owners[match.pk], key, at) for (row, match), key in new.items() if match.pk in owners
    ]
    return len(add_tasks(tasks[:limit], by=None, at=at))


def row_is_beside(row, match):
    return row.kept_away_id not in {place.participant.person_id for place in match.members.all()}


def ask_first(row, match, owner, key, at):
    words = _("Something has changed around %(name)s. Before you plan or call anybody, ask whoever leads on safety.")
    return NewTask(
        program=match.program, kind=ASK_FIRST, owner=owner, person=None, about=match,
        reason=words % {"name": row.subject.first_name}, due_at=at, late_at=None, cause_key=key, pressing=PRESSING,
    )  # fmt: skip
