"""What a lead does with a worry or a concern. Each step is an entry of its file, and nothing in the file ever changes."""

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from rapport.audit.actions import record, record_read
from rapport.core.refused import Refused
from rapport.safeguarding.actions.raising import raise_concern
from rapport.safeguarding.models import Concern, Entry, TriageItem
from rapport.tasks.actions import NewTask, add_tasks, drop, finish
from rapport.tasks.models import SEALED, Task

State = Concern.State


class ConcernClosed(Refused):
    """A closed concern is read, not written; what comes anew is raised anew."""

    sentence = _("This concern is closed. If something new happened, raise it as a new one.")


class NotForThem(Refused):
    """Whoever reads a worry or a concern must be one who may see it."""

    sentence = _("This cannot be shown to this person.")


class NoMatchToHold(Refused):
    """Contact can be held only where the concern is about an open match."""

    sentence = _("This concern is about no open match, so there is no contact to hold.")


def read(concern, *, by, at):
    """Write into the trail that somebody opened this file; called before its content is sent (security.md G11)."""
    record_read("concern.read", about=concern, by=by, at=at, level=SEALED)


def acknowledge(concern, *, by, at):
    """A lead has read it: the ladder stops, and the concern is theirs. Does nothing the second time."""
    with transaction.atomic():
        require_reader(concern, by, at)
        moved = Concern.objects.filter(pk=concern.pk, acknowledged_at=None).update(
            acknowledged_at=at, owner=by, next_at=None, state=State.ACKNOWLEDGED
        )
        if moved:
            enter(concern, "acknowledged", by=by, at=at)
            finish(tasks_about(concern), by=by, at=at)
    return bool(moved)


@transaction.atomic
def set_risk(concern, *, risk, state, by, at):
    """Say how great the danger is, and what is being done now. Raises ConcernClosed."""
    change(concern, by, at, risk=risk, state=state)
    words = f"{Concern.Risk(risk).label}, {State(state).label}"
    enter(concern, "weighed", words, by=by, at=at, risk=risk, state=state)


@transaction.atomic
def note(concern, *, words, look_again_on=None, by, at):
    """Add what was done or said; with a day, a task to look again. Raises ConcernClosed."""
    change(concern, by, at)
    entry = enter(concern, "noted", words, by=by, at=at)
    if look_again_on:
        add_tasks([look_again(concern, entry, look_again_on, by)], by=by, at=at)
    return entry


@transaction.atomic
def tell_whom(concern, *, words, by, at):
    """Say who may be told of it, and what. Raises ConcernClosed."""
    change(concern, by, at, who_may_be_told=words)
    enter(concern, "who may be told", words, by=by, at=at)


@transaction.atomic
def accuse(concern, *, person, by, at):
    """Take somebody out of its readers for good: what is said is about them. Raises ConcernClosed, NotForThem."""
    change(concern, by, at)
    concern.accused.add(person)
    enter(concern, "kept from", str(person), by=by, at=at, person=person.pk)
    theirs = Task.objects.open().about(concern).filter(owner__person=person)
    drop(theirs, note="", by=by, at=at)


@transaction.atomic
def name_reader(concern, *, user, by, at):
    """Let one more colleague read and handle this concern. Raises ConcernClosed, NotForThem."""
    change(concern, by, at)
    concern.named.add(user)
    require_reader(concern, user, at)
    enter(concern, "named", str(user), by=by, at=at, user=user.pk)


@transaction.atomic
def hold_contact(concern, *, by, at):
    """Stop all contact of the match at once; to everyone else it reads paused. Raises ConcernClosed, NoMatchToHold."""
    change(concern, by, at)
    if concern.match_id is None or not concern.match.is_open:
        raise NoMatchToHold(concern)
    from rapport.matches import actions as matches

    pause = matches.hold(concern.match, by=by, at=at)
    Concern.objects.filter(pk=concern.pk).update(hold=pause)
    enter(concern, "contact held", by=by, at=at)


@transaction.atomic
def let_go(concern, *, by, at):
    """Let the pair meet again. Raises ConcernClosed."""
    change(concern, by, at)
    from rapport.matches import actions as matches

    matches.let_go(concern.match, by=by, at=at)
    Concern.objects.filter(pk=concern.pk).update(hold=None)
    enter(concern, "contact let go", by=by, at=at)


@transaction.atomic
def close_concern(concern, *, outcome, by, at):
    """Close the file, with what came of it. A hold stays until it is let go. Raises ConcernClosed."""
    change(concern, by, at, state=State.CLOSED, outcome=outcome, closed_at=at, next_at=None)
    enter(concern, "closed", outcome, by=by, at=at)
    finish(tasks_about(concern), by=by, at=at)


@transaction.atomic
def read_triage(item, *, by, at):
    """Write that a lead opened this worry; the first reading stops its ladder."""
    record_read("worry.read", about=item, by=by, at=at, level=SEALED)
    TriageItem.objects.filter(pk=item.pk, read_at=None).update(read_at=at, next_at=None)


@transaction.atomic
def close_triage(item, *, outcome, note, by, at):
    """Say what came of a worry; "raised as a concern" opens one with the same words. Returns the concern, or None."""
    require_reader(item, by, at)
    moved = TriageItem.objects.open().filter(pk=item.pk).update(
        kept_at=at, read_at=item.read_at or at, next_at=None, outcome=outcome, note=note, closed_by=by
    )
    if not moved:
        return None
    record("worry.closed", about=item, by=by, at=at, level=SEALED, outcome=outcome)
    finish(tasks_about(item), by=by, at=at)
    if outcome != TriageItem.Outcome.CONCERN:
        return None
    concern = raise_concern(
        program=item.program, words=item.words or item.what, cause_key=f"worry:{item.ref}", raised_by=item.person,
        subject=item.person, match=item.match, about=item, by=by, at=at,
    )  # fmt: skip
    acknowledge(concern, by=by, at=at)
    return concern


def change(concern, by, at, **changes):
    """Change an open concern that `by` may see. Raises ConcernClosed, NotForThem."""
    require_reader(concern, by, at)
    changes = changes or {"state": concern.state}
    if not Concern.objects.open().filter(pk=concern.pk).update(**changes):
        raise ConcernClosed(concern)


def require_reader(row, user, at):
    if not type(row).objects.visible_to(user, at).filter(pk=row.pk).exists():
        raise NotForThem(row)


def enter(concern, verb, words="", *, by, at, **facts):
    """One entry of the file, and one row of the trail (which never carries the words)."""
    record(f"concern.{verb.replace(' ', '-')}", about=concern, by=by, at=at, level=SEALED, **facts)
    return Entry.objects.create(concern=concern, at=at, by=by, verb=verb, words=words)


def tasks_about(row):
    return Task.objects.open().about(row)


def look_again(concern, entry, on, by):
    from datetime import time

    from rapport.core.months import moment

    due_at = moment(on, time(8), concern.program.zone)
    return NewTask(
        program=concern.program, kind="safeguarding/look-again", owner=by, person=None, about=concern,
        reason=_("Look again at the safety concern, as you planned."), due_at=due_at, late_at=None,
        cause_key=f"concern:{concern.ref}:again:{entry.pk}", pressing=1, level=SEALED, ends_with_match=False,
    )  # fmt: skip
