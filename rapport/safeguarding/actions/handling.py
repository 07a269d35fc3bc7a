"""What a lead does with a worry or a concern. Each step is an entry of its file, and nothing in the file ever changes.

Whoever may see a concern may add a note to it; everything else is a lead's (security.md §2.3: named people view and
write, the lead decides). A lead who does something about it has read it: the ladder stops with the first of these acts.
"""

from datetime import time

from django.db import transaction
from django.db.models import Case, F, Value, When
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from rapport.audit.actions import record, record_read
from rapport.core.languages import OF_STAFF
from rapport.core.months import moment
from rapport.core.refused import Refused
from rapport.matches import actions as matches
from rapport.matches.models import Match, Pause
from rapport.safeguarding.actions.ladder import climb_on
from rapport.safeguarding.actions.raising import raise_concern
from rapport.safeguarding.models import Concern, Entry, TriageItem, led_by
from rapport.safeguarding.questions import calls_to_make
from rapport.tasks.actions import NewTask, add_tasks, drop, finish
from rapport.tasks.models import SEALED, Task

State = Concern.State
MORNING = time(8)  # when a planned second look comes to the desk


class ConcernClosed(Refused):
    """A closed concern is read, not written; what comes anew is raised anew."""

    sentence = _("This concern is closed. If something new happened, raise it as a new one.")


class NotForThem(Refused):
    """Whoever reads a worry or a concern must be one who may see it."""

    sentence = _("This cannot be shown to this person.")


class OnlyALead(Refused):
    """A colleague who was named reads and notes; deciding is the leads'."""

    sentence = _("Only somebody who leads on safety here can do this. You can add a note.")


class StillHeld(Refused):
    """A file is not closed over a pair that is held apart: somebody would have to remember it."""

    sentence = _("Contact is still held. Let them meet again, or end the match, before you close this concern.")


class NoMatchToHold(Refused):
    """Contact can be held only where the concern is about an open match."""

    sentence = _("This concern is about no open match, so there is no contact to hold.")


def read(concern, *, by, at):
    """Write into the trail that somebody opened this file; called before its content is sent (security.md G11)."""
    record_read("concern.read", about=concern, by=by, at=at, level=SEALED)


def look_over(program, *, worries, concerns, by, at):
    """Write into the trail that somebody saw the lists of worries and concerns; called before they are sent."""
    seen = {"worries": [one.pk for one in worries], "concerns": [one.pk for one in concerns]}
    record_read("safety.listed", about=program, by=by, at=at, level=SEALED, **seen)


def acknowledge(concern, *, by, at):
    """A lead has read it: the ladder stops, and the concern is theirs. Does nothing the second time.

    Raises NotForThem, OnlyALead.
    """
    with transaction.atomic():
        require_lead(concern, by, at)
        state = Case(When(state=State.RAISED, then=Value(State.ACKNOWLEDGED)), default="state")  # handed on, it stays
        moved = Concern.objects.filter(pk=concern.pk, acknowledged_at=None).update(
            acknowledged_at=at, owner=by, next_at=None, state=state
        )
        if moved:
            enter(concern, "acknowledged", by=by, at=at)
            finish(tasks_about(concern), by=by, at=at)
    return bool(moved)


@transaction.atomic
def set_risk(concern, *, risk, state, by, at):
    """Say how great the danger is, and what is being done now. Raises ConcernClosed, NotForThem, OnlyALead."""
    decide(concern, by, at, risk=risk, state=state)
    words = f"{Concern.Risk(risk).label}, {State(state).label}"
    enter(concern, "weighed", words, by=by, at=at, risk=risk, state=state)


@transaction.atomic
def note(concern, *, words, look_again_on=None, by, at):
    """Add what was done or said; with a day, a task to look again. Raises ConcernClosed, NotForThem."""
    change(concern, by, at)
    entry = enter(concern, "noted", words, by=by, at=at)
    if look_again_on:
        add_tasks([look_again(concern, f"concern:{concern.ref}:again:{entry.pk}", look_again_on, by)], by=by, at=at)
    return entry


@transaction.atomic
def tell_whom(concern, *, words, by, at):
    """Say who may be told of it, and what. Raises ConcernClosed, NotForThem, OnlyALead."""
    decide(concern, by, at, who_may_be_told=words)
    enter(concern, "who may be told", words, by=by, at=at)


@transaction.atomic
def accuse(concern, *, person, by, at):
    """Take somebody out of its readers for good: what is said is about them.

    Raises ConcernClosed, NotForThem, OnlyALead.
    """
    decide(concern, by, at)
    concern.accused.add(person)
    enter(concern, "kept from", str(person), by=by, at=at, person=person.pk)
    theirs = Task.objects.open().about(concern).filter(owner__person=person)
    drop(theirs, note="", by=by, at=at)
    if person.user_id:
        hand_back(concern, person.user_id, by=by, at=at)


def hand_back(concern, accused, *, by, at):
    """A file whose owner it is about goes to the lead who says so; if they say it themselves, up the ladder anew."""
    owned = Concern.objects.filter(pk=concern.pk, owner=accused)
    if by.pk != accused:
        owned.update(owner=by)
    elif owned.update(owner=None, acknowledged_at=None, state=State.RAISED, next_rung=0, next_at=at):
        enter(concern, "given back", by=by, at=at)
        climb_on(list(Concern.objects.select_related("program", "match").filter(pk=concern.pk)), at=at)


@transaction.atomic
def name_reader(concern, *, user, by, at):
    """Let one more colleague read this concern and add notes. Raises ConcernClosed, NotForThem, OnlyALead.

    They find it on their own desk, and nobody else's page changes.
    """
    decide(concern, by, at)
    concern.named.add(user)
    require_reader(concern, user, at)
    enter(concern, "named", str(user), by=by, at=at, user=user.pk)
    add_tasks([read_it_too(concern, user, at)], by=by, at=at)


@transaction.atomic
def hold_contact(concern, *, by, at):
    """Stop all contact of the match at once; to everyone else it reads paused.

    Raises ConcernClosed, NotForThem, OnlyALead, NoMatchToHold.
    """
    decide(concern, by, at)
    if concern.match_id is None or not concern.match.is_open:
        raise NoMatchToHold(concern)
    pause = matches.hold(concern.match, by=by, at=at)
    Concern.objects.filter(pk=concern.pk).update(hold=pause)
    enter(concern, "contact held", by=by, at=at)


@transaction.atomic
def let_go(concern, *, by, at):
    """This concern keeps the pair apart no longer; they meet again where nothing else does, such as a second concern.

    Raises ConcernClosed, NotForThem, OnlyALead.
    """
    decide(concern, by, at)
    held = Pause.objects.filter(pk__in=Concern.objects.filter(pk=concern.pk).values("hold")).first()
    Concern.objects.filter(pk=concern.pk).update(hold=None)
    if held and not Concern.objects.open().filter(hold=held).exists():
        matches.let_go(concern.match, pause=held, by=by, at=at)
    enter(concern, "contact let go", by=by, at=at)


@transaction.atomic
def close_concern(concern, *, outcome, by, at):
    """Close the file, with what came of it. A hold stays until it is let go.

    Raises ConcernClosed, NotForThem, OnlyALead, StillHeld.
    """
    if Concern.objects.filter(pk=concern.pk, hold__isnull=False, match__state__in=Match.OPEN).exists():
        raise StillHeld(concern)
    decide(concern, by, at, state=State.CLOSED, outcome=outcome, closed_at=at, next_at=None)
    enter(concern, "closed", outcome, by=by, at=at)
    finish(tasks_about(concern), by=by, at=at)


@transaction.atomic
def read_triage(item, *, by, at):
    """Write that a lead opened this worry; the first reading stops its ladder."""
    record_read("worry.read", about=item, by=by, at=at, level=SEALED)
    TriageItem.objects.filter(pk=item.pk, read_at=None).update(read_at=at, next_at=None)


@transaction.atomic
def close_triage(item, *, outcome, note, look_again_on=None, by, at):
    """Say what came of a worry; "raised as a concern" opens one with the same words. Returns the concern, or None.

    With a day, it comes back to the lead's desk then. Raises NotForThem.
    """
    require_reader(item, by, at)
    moved = (
        TriageItem.objects.open()
        .filter(pk=item.pk)
        .update(kept_at=at, read_at=item.read_at or at, next_at=None, outcome=outcome, note=note, closed_by=by)
    )
    if not moved:
        return None
    record("worry.closed", about=item, by=by, at=at, level=SEALED, outcome=outcome)
    finish(tasks_about(item), by=by, at=at)
    if look_again_on:
        add_tasks([look_again(item, f"worry:{item.ref}:again", look_again_on, by)], by=by, at=at)
    if outcome != TriageItem.Outcome.CONCERN:
        return None
    concern = raise_concern(
        program=item.program, words=item.words or item.what, cause_key=f"worry:{item.ref}", raised_by=item.person,
        subject=item.person, match=item.match, about=item, by=by, at=at,
    )  # fmt: skip
    acknowledge(concern, by=by, at=at)
    return concern


@transaction.atomic
def called_outside(row, *, by, at):
    """Whoever was asked to call the contact outside has done so; the matter stays unread, and goes on waiting."""
    if not finish(calls_to_make(row, by), by=by, at=at):
        return
    if isinstance(row, Concern):
        enter(row, "called outside", by=by, at=at)
    else:
        record("worry.called-outside", about=row, by=by, at=at, level=SEALED)


def change(concern, by, at, **changes):
    """Change an open concern that `by` may see. Raises ConcernClosed, NotForThem."""
    require_reader(concern, by, at)
    changes = changes or {"state": F("state")}
    if not Concern.objects.open().filter(pk=concern.pk).update(**changes):
        raise ConcernClosed(concern)


def decide(concern, by, at, **changes):
    """A lead changes an open concern; who decides something about it has read it. Raises also OnlyALead."""
    require_lead(concern, by, at)
    if Concern.objects.open().filter(pk=concern.pk).exists():
        acknowledge(concern, by=by, at=at)
    change(concern, by, at, **changes)


def require_lead(concern, by, at):
    require_reader(concern, by, at)
    if not led_by(by, at).filter(pk=concern.program_id).exists():
        raise OnlyALead(concern)


def require_reader(row, user, at):
    if not type(row).objects.visible_to(user, at).filter(pk=row.pk).exists():
        raise NotForThem(row)


def enter(concern, verb, words="", *, by, at, **facts):
    """One entry of the file, and one row of the trail (which never carries the words)."""
    record(f"concern.{verb.replace(' ', '-')}", about=concern, by=by, at=at, level=SEALED, **facts)
    return Entry.objects.create(concern=concern, at=at, by=by, verb=verb, words=words)


def tasks_about(row):
    return Task.objects.open().about(row)


def look_again(row, cause_key, on, by):
    return sealed_task(
        row, "look-again", by, _("Look again at a safety matter, as you planned."),
        moment(on, MORNING, row.program.zone), cause_key,
    )  # fmt: skip


def read_it_too(concern, user, at):
    cause_key = f"concern:{concern.ref}:named:{user.pk}"
    return sealed_task(concern, "named", user, _("A safety concern was opened for you. Please read it."), at, cause_key)


@override(OF_STAFF)
def sealed_task(row, kind, owner, reason, due_at, cause_key):
    """A task that only its owner sees, about a worry or a concern; it names nobody."""
    return NewTask(
        program=row.program, kind=f"safeguarding/{kind}", owner=owner, person=None, about=row, reason=reason,
        due_at=due_at, late_at=None, cause_key=cause_key, pressing=1, level=SEALED, ends_with_match=False,
    )  # fmt: skip
