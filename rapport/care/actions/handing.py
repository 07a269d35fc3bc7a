"""Somebody leaves: what they had in hand is a colleague's at once, who says yes to it or gives it back.

At no moment is it nobody's. Whoever may not be near somebody gets nothing about them; that goes to the next who may.
Safety work is no part of it: `safeguarding.actions.hand_on` gives it to another lead.
"""

from collections import defaultdict

from django.db import transaction
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import ngettext

from rapport.access.models import User
from rapport.access.rights import Right
from rapport.audit.actions import record
from rapport.care.knowing import people_in, touched_by
from rapport.care.models import HandOver
from rapport.core.refused import Refused
from rapport.matches.actions import assign
from rapport.matches.models import Match
from rapport.people.colleagues import Colleagues
from rapport.programs.models import Membership
from rapport.tasks.actions import NewTask, add_tasks, hand_over
from rapport.tasks.models import Task


class NeedsSomebody(Refused):
    """Open matches and tasks are never left to nobody."""

    sentence = lazy("They still have open matches or tasks here. Choose who takes them over.")


class SettledAlready(Refused):
    """Somebody said yes or no to this already."""

    sentence = lazy("This was answered already.")


class NobodyElse(Refused):
    """There is nobody to give it back to."""

    sentence = lazy("Nobody else here may take all of this. Talk with your colleagues, then hand over one by one.")


def in_hand(program, user):
    """Their open matches and tasks in this program; what is sealed stands in no list of others."""
    matches = Match.objects.filter(program=program, coordinator=user, state__in=Match.ALIVE).select_related("program")
    return list(matches), list(Task.objects.open().counted().filter(program=program, owner=user))


def with_desk(program, at, right=Right.TASK_DO):
    """Members of staff here with a desk and this right, those on the longest first."""
    held = Membership.objects.live(at).staff().filter(program=program).order_by("starts_at", "pk")
    desks = set(held.filter(role__grants__right=Right.TASK_DO).values_list("user", flat=True))
    found = held.filter(role__grants__right=right, user__in=desks).values_list("user", flat=True)
    users = User.objects.in_bulk(found)
    return [users[pk] for pk in dict.fromkeys(found)]


@transaction.atomic
def hand_over_all(program, leaver, *, to, by, at):
    """Give what a leaver has in hand here to a colleague; what they may not have goes to the next who may.

    Returns how much nobody may have. Raises NeedsSomebody where there is something, and nobody to give it to.
    """
    moved_on(program, leaver, at=at)
    matches, tasks = in_hand(program, leaver)
    if not matches and not tasks:
        return 0
    if to is None:
        raise NeedsSomebody(leaver)
    others = [user for user in with_desk(program, at, Right.STAFF_INVITE) if user not in (to, leaver, by)]
    candidates = [to, *([by] if by != to and by != leaver else []), *others]
    shares, rest = shared_out(program, matches, tasks, candidates, at)
    for user, (pairs, things) in shares.items():
        give(pairs, things, to=user, by=by, at=at)
        if user != by:
            note_hand_over(program, leaver, pairs, things, to=user, by=by, at=at)
    return rest


def shared_out(program, matches, tasks, candidates, at):
    """{user: (matches, tasks)}: each for the first candidate who may have it; and for how many there is none."""
    colleagues = Colleagues({user.pk for user in candidates}, {program.pk}, at)
    touched, people = touched_by(tasks), people_in({match.pk for match in matches})
    shares, rest = defaultdict(lambda: ([], [])), 0
    for kind, one, about in [
        *((0, match, people[match.pk]) for match in matches),
        *((1, task, some) for task, some in touched.items()),
    ]:
        taker = next((user for user in candidates if colleagues.may(user.pk, program.pk, about)), None)
        if taker is None:
            rest += 1
        else:
            shares[taker][kind].append(one)
    return dict(shares), rest


def give(matches, tasks, *, to, by, at):
    assign(matches, coordinator=to, by=by, at=at)
    hand_over(tasks, to=to, by=by, at=at)


def note_hand_over(program, leaver, matches, tasks, *, to, by, at):
    """It waits for their word."""
    row = HandOver.objects.create(program=program, leaver=leaver, to=to, by=by, given_at=at)
    row.matches.set(matches)
    row.tasks.set(tasks)
    record("work.handed-over", about=row, by=by, at=at, to=to.pk, matches=len(matches), tasks=len(tasks))


@transaction.atomic
def accept(row, *, by, at):
    """Say yes to what was handed over. Raises SettledAlready."""
    settle(row, HandOver.State.ACCEPTED, by=by, at=at)
    record("work.accepted", about=row, by=by, at=at)


@transaction.atomic
def give_back(row, *, by, at):
    """Say no: what is still open of it goes to whoever handed it over, or who else may have all of it.

    They find it on their desk, with a task that says so. Returns them. Raises SettledAlready, NobodyElse.
    """
    settle(row, HandOver.State.GIVEN_BACK, by=by, at=at)
    matches = list(row.matches.filter(coordinator=row.to, state__in=Match.ALIVE).select_related("program"))
    tasks = list(row.tasks.open().filter(owner=row.to))
    others = [user for user in [row.by, *with_desk(row.program, at, Right.STAFF_INVITE)] if user != row.to]
    shares = [(user, *shared_out(row.program, matches, tasks, [user], at)) for user in dict.fromkeys(others)]
    taker = next((user for user, share, rest in shares if share and not rest), None)
    if taker is None and (matches or tasks):
        raise NobodyElse(row)
    if taker:
        give(matches, tasks, to=taker, by=by, at=at)
        add_tasks([told_back(row, taker, len(matches) + len(tasks), at)], by=by, at=at)
    record("work.given-back", about=row, by=by, at=at, to=taker.pk if taker else None)
    return taker


def told_back(row, taker, number, at):
    said = ngettext(
        "%(who)s gave back what %(leaver)s had in hand: %(n)d match or task is yours now.",
        "%(who)s gave back what %(leaver)s had in hand: %(n)d matches and tasks are yours now.",
        number,
    ) % {"who": row.to.first_name, "leaver": row.leaver.first_name, "n": number}
    return NewTask(
        program=row.program, kind="care/given-back", owner=taker, person=None, about=None, reason=said, due_at=at,
        late_at=None, cause_key=f"handover:{row.ref}:back", pressing=2, ends_with_match=False,
    )  # fmt: skip


def settle(row, state, *, by, at):
    moved = HandOver.objects.waiting().filter(pk=row.pk, to=by).update(state=state, settled_at=at)
    if not moved:
        raise SettledAlready(row)


def moved_on(program, leaver, *, at):
    """What waited for somebody's word who leaves now waits no more: it goes with the rest of their work."""
    rows = HandOver.objects.waiting().filter(program=program, to=leaver)
    rows.update(state=HandOver.State.PASSED_ON, settled_at=at)
