"""Somebody stayed away more often than the program lets pass: one kind task, which ends with what came of it.

Only what is known counts: what was called off, or nobody has marked, counts against nobody (requirements S0-14).
"""

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import override

from rapport.audit.actions import record
from rapport.core.languages import OF_STAFF
from rapport.core.months import day_in
from rapport.core.own_words import spoken_as
from rapport.core.refused import Refused
from rapport.events.models import Absence, Presence
from rapport.matches.models import Match
from rapport.people.colleagues import Colleagues
from rapport.people.models import Participant
from rapport.tasks.actions import NewTask, add_tasks, drop, finish
from rapport.tasks.days import of_day
from rapport.tasks.models import Task

AWAY = "events/away"
LOOKED_AT, SHARE, IN_A_ROW = "attendance-looked-at", "attendance-to-ask", "away-in-a-row"


class SaidAlready(Refused):
    """What came of it is written down."""

    sentence = lazy("What came of it is written down already.")


def stays_away(was_there, program) -> bool:
    """Whether these words, newest first, are fewer times there than the program lets pass."""
    looked, row = program.limit(LOOKED_AT), program.limit(IN_A_ROW)
    last = was_there[:looked]
    away_now = len(last) >= row and not any(last[:row])
    seldom = len(last) >= looked and 100 * sum(last) < program.limit(SHARE) * looked
    return bool(last) and not last[0] and (away_now or seldom)


def last_words(group, participant):
    """Whether they were there, of each time of this group that is told of, newest first; what was off is left out."""
    rows = Presence.objects.filter(session__group=group, participant=participant, session__excused_at=None)
    rows = rows.filter(was_there__isnull=False).order_by("-session__starts_at", "-session__pk")
    return list(rows.values_list("was_there", flat=True))


def look_at(group, participant, *, by, at):
    """Put a task on a desk where somebody stays away, and take it off where a mark was put right. One at a time."""
    if participant.side != Participant.Side.MENTEE:
        return
    there = Absence.objects.filter(group=group, participant=participant, ended_at=None).first()
    wanted = stays_away(last_words(group, participant), group.program)
    if wanted and there is None:
        notice(group, participant, by=by, at=at)
    elif there and not wanted:
        tasks = Task.objects.about(there).open()
        drop(list(tasks), note=_("They were there after all, came again, or it was called off."), by=by, at=at)
        Absence.objects.filter(pk=there.pk, ended_at=None).update(ended_at=at, outcome=Absence.Outcome.RETURNED)


def look_again(group, *, by, at):
    """A time they were missed at is called off: whoever has no such task for another time has none any more."""
    for one in Absence.objects.filter(group=group, ended_at=None).select_related("participant"):
        look_at(group, one.participant, by=by, at=at)


def notice(group, participant, *, by, at):
    absence = Absence.objects.create(program=group.program, group=group, participant=participant, noticed_at=at)
    record("absence.noticed", about=absence, by=by, at=at, participant=participant.ref)
    owner = owner_of(group, participant, at)
    if owner:
        add_tasks([task_of(absence, owner, at)], by=by, at=at)


def owner_of(group, participant, at):
    """The coordinator of their match, else whoever answers for the group; nobody too near to them."""
    matches = Match.objects.open().filter(members__participant=participant).select_related("coordinator")
    users = [*(one.coordinator for one in matches.order_by("pk") if one.coordinator), group.host]
    colleagues = Colleagues({one.pk for one in users}, {group.program_id}, at)
    may = (one for one in users if colleagues.may(one.pk, group.program_id, [participant.person_id]))
    return next(may, None)


@override(OF_STAFF)
def task_of(absence, owner, at):
    program, name = absence.group.program, absence.participant.person.first_name
    with spoken_as(program):
        words = _("%(name)s was missed at %(group)s lately. Ask kindly how they are, and what would make it easier.")
    return NewTask(
        program=program, kind=AWAY, owner=owner, person=absence.participant.person, about=absence,
        reason=(words % {"name": name, "group": absence.group.name})[:300], ends_with_match=False,
        ends_on_its_page=True, cause_key=f"away:{absence.ref}", **of_day(day_in(at, program.zone), program.zone),
    )  # fmt: skip


@transaction.atomic
def say_outcome(absence, *, outcome, note="", by, at):
    """Write down what came of asking: they come again, there is a reason, or they left. It ends the task."""
    told = {"outcome": outcome, "note": note, "ended_at": at, "ended_by": user_of(by)}
    if not Absence.objects.filter(pk=absence.pk, ended_at=None).update(**told):
        raise SaidAlready(absence)
    finish(Task.objects.about(absence).open(), note=note, by=by, at=at)
    record("absence.ended", about=absence, by=by, at=at, outcome=outcome)


def user_of(by):
    """Whoever signs in; somebody by a link is none."""
    return by if getattr(by, "is_authenticated", False) else None


def end_absence(group, participant, *, by, at):
    """They left the group: nobody has to ask any more."""
    for one in Absence.objects.filter(group=group, participant=participant, ended_at=None):
        say_outcome(one, outcome=Absence.Outcome.LEFT, by=by, at=at)


def settle_absence(stays, goes, at):
    """Of two of one human being the kept record's stays; the other's task ends with it."""
    Task.objects.about(goes).open().update(excused_at=at)
