"""When somebody in an open match is to be kept away from somebody else in it: the coordinator is called at once."""

from collections import defaultdict

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from rapport.access.rights import Right
from rapport.core.about import type_of
from rapport.core.own_words import spoken_as
from rapport.matches.models import Match, Member
from rapport.people.colleagues import Colleagues
from rapport.people.models import Restriction
from rapport.programs.models import Membership
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
    while matches := list(torn(at).filter(pk__gt=after).order_by("pk")[:limit]):
        called = add_tasks([task_of(match, owner, at) for match, owner in with_owners(matches, at)], by=None, at=at)
        if called:
            return len(called)
        after = matches[-1].pk
    return 0


def torn(at):
    """Active matches with a live restriction between two of their people, about which nobody was called today.

    A paused one is left alone: it stays paused while the restriction stands (`resume`).
    """
    there = Member.objects.filter(match=OuterRef(OuterRef("pk"))).values("participant__person")
    live = Restriction.objects.live_at(at).filter(kept_away__in=there, subject__in=there)
    called = Task.objects.open().filter(kind=KIND, about_type=type_of(Match), about_id=OuterRef("pk"))
    near = Restriction.objects.live_at(at).values("subject")
    found = Match.objects.active().filter(pk__in=Member.objects.filter(participant__person__in=near).values("match"))
    done = Task.objects.filter(kind=KIND, about_type=type_of(Match), about_id=OuterRef("pk"), made_at__gte=day(at))
    found = found.filter(Exists(live), ~Exists(called), ~Exists(done))
    return found.select_related("program", "coordinator").with_people()


def day(at):
    """A task done today is enough for today; tomorrow there is another, while both things still stand."""
    return at.replace(hour=0, minute=0, second=0, microsecond=0)


def with_owners(matches, at):
    """Each match with whom to call: its coordinator, or else another who may end matches there."""
    programs, others = {match.program_id for match in matches}, defaultdict(list)
    may = Membership.objects.live(at).filter(program__in=programs, role__grants__right=Right.MATCH_CLOSE)
    for held in may.select_related("user").order_by("pk"):
        others[held.program_id].append(held.user)
    asked = {match: [match.coordinator, *others[match.program_id]] for match in matches}
    colleagues = Colleagues({user.pk for users in asked.values() for user in users}, programs, at)
    for match, users in asked.items():
        persons = [place.participant.person_id for place in match.members.all()]
        yield from [(match, one) for one in users if colleagues.may(one.pk, match.program_id, persons)][:1]


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
        cause_key=f"kept-apart:{match.ref}:{at.date()}",
        pressing=PRESSING,
    )
