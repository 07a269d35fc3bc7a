"""When somebody in an open match is to be kept away from somebody else in it: the coordinator is called at once."""

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _
from django.utils.translation import override

from rapport.core.about import type_of
from rapport.core.languages import OF_STAFF
from rapport.core.months import day_in
from rapport.core.own_words import spoken_as
from rapport.matches.calling import with_owners
from rapport.matches.models import Match, Member, torn
from rapport.people.models import Restriction
from rapport.tasks.actions import NewTask, add_tasks
from rapport.tasks.models import Task

KIND = "matches/kept-apart"
PRESSING = 1


@transaction.atomic
def call_about_restrictions(*, at, limit):
    """One task for each active match in which somebody is to be kept away from somebody else. Returns how many.

    It says neither who nor why. What a restriction began later than its writing asks for comes on that day. Matches
    about which nobody can be called are passed over.
    """
    after = 0
    while matches := list(newly_torn(at).filter(pk__gt=after).order_by("pk")[:limit]):
        called = add_tasks([task_of(match, owner, at) for match, owner in with_owners(matches, at)], by=None, at=at)
        if called:
            return len(called)
        after = matches[-1].pk
    return 0


def newly_torn(at):
    """Active matches with a live restriction between two of their people, about which no call is open.

    A paused one is left alone: it stays paused while the restriction stands (`resume`). A task done today is enough for
    today; tomorrow there is another (its key), while both things still stand.
    """
    called = Task.objects.open().filter(kind=KIND, about_type=type_of(Match), about_id=OuterRef("pk"))
    near = Restriction.objects.live_at(at).values("subject")
    found = Match.objects.active().filter(pk__in=Member.objects.filter(participant__person__in=near).values("match"))
    found = found.filter(torn(OuterRef("pk"), at), ~Exists(called))
    return found.select_related("program", "coordinator").with_people()


@override(OF_STAFF)
def task_of(match, owner, at):
    with spoken_as(match.program):
        words = _("This match cannot go on as it is. Pause it today, and ask whoever leads on safety.")
    return NewTask(
        program=match.program,
        kind=KIND,
        owner=owner,
        person=None,
        about=match,
        reason=words,
        due_at=at,
        late_at=None,
        cause_key=f"kept-apart:{match.ref}:{day_in(at, match.program.zone)}",
        pressing=PRESSING,
    )
