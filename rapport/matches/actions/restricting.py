"""When somebody in an open match is to be kept away from somebody else in it: the coordinator is called at once."""

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from rapport.access.rights import Right
from rapport.core.about import type_of
from rapport.matches.models import Match, Member
from rapport.matches.scopes import close_to
from rapport.people.models import Restriction
from rapport.programs.models import Membership
from rapport.tasks.actions import NewTask, add_tasks
from rapport.tasks.models import Task

KIND = "matches/kept-apart"
PRESSING = 1


@transaction.atomic
def call_about_restrictions(*, at, limit):
    """One task for each active match in which somebody is to be kept away from somebody else. Returns how many.

    It says neither who nor why. What a restriction began later than its writing asks for comes on that day.
    """
    rows = [(match, whom(match, at)) for match in torn(at).order_by("pk")[:limit]]
    return len(add_tasks([task_of(match, owner, at) for match, owner in rows if owner], by=None, at=at))


def torn(at):
    """Active matches with a live restriction between two of their people, about which nobody was called today.

    A paused one is left alone: it stays paused while the restriction stands (`resume`).
    """
    there = Member.objects.filter(match=OuterRef(OuterRef("pk"))).values("participant__person")
    live = Restriction.objects.live(at.date()).filter(kept_away__in=there, subject__in=there)
    called = Task.objects.open().filter(kind=KIND, about_type=type_of(Match), about_id=OuterRef("pk"))
    near = Restriction.objects.live(at.date()).values("subject")
    found = Match.objects.active().filter(pk__in=Member.objects.filter(participant__person__in=near).values("match"))
    done = Task.objects.filter(kind=KIND, about_type=type_of(Match), about_id=OuterRef("pk"), made_at__gte=day(at))
    found = found.filter(Exists(live), ~Exists(called), ~Exists(done))
    return found.select_related("program", "coordinator")


def day(at):
    """A task done today is enough for today; tomorrow there is another, while both things still stand."""
    return at.replace(hour=0, minute=0, second=0, microsecond=0)


def whom(match, at):
    """The coordinator; where that is nobody, or somebody close or kept away, another who may end matches here."""
    may = Membership.objects.live(at).filter(program=match.program_id, role__grants__right=Right.MATCH_CLOSE)
    users = [match.coordinator, *[held.user for held in may.select_related("user").order_by("pk")]]
    seen = [user for user in users if user and is_free(user, match, at)]
    return seen[0] if seen else None


def is_free(user, match, at):
    has_desk = Membership.objects.live(at).filter(
        user=user, program=match.program_id, role__grants__right=Right.TASK_DO
    )
    people = Member.objects.filter(match=match).values("participant__person")
    kept_away = Restriction.objects.live(at.date()).filter(kept_away__user=user, subject__in=people)
    close = Member.objects.filter(match=match, participant__person__in=close_to(user))
    return has_desk.exists() and not kept_away.exists() and not close.exists()


def task_of(match, owner, at):
    return NewTask(
        program=match.program,
        kind=KIND,
        owner=owner,
        person=None,
        about=match,
        reason=_("This match cannot go on as it is. Pause it today, and ask whoever leads on safety."),
        due_at=at,
        late_at=None,
        cause_key=f"kept-apart:{match.ref}:{at.date()}",
        pressing=PRESSING,
    )
