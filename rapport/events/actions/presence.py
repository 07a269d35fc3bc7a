"""Who was there: one tap each. Nothing said stays unknown; what was called off counts against nobody."""

from django.db import transaction

from rapport.audit.actions import record
from rapport.events.actions.staying_away import look_again, look_at
from rapport.events.groups.letters import OFF, ON, readers_of
from rapport.events.models import Presence, Session
from rapport.events.refusals import CalledOff, NotBegun, SaidMeanwhile
from rapport.outbox.actions import Outgoing, queue_many
from rapport.outbox.models import Message


@transaction.atomic
def mark_presence(session, participant, *, was_there, seen, said_by, by, at):
    """Say that somebody was there, was not, or take it back (None). `seen`: what stood there when it was pressed.

    The same said twice is one. Raises NotBegun, CalledOff, SaidMeanwhile.
    """
    rows = Session.objects.select_related("program", "group__program", "group__host")
    held = rows.select_for_update(of=("self",)).get(pk=session.pk)
    if held.excused_at:
        raise CalledOff(held)
    if was_there is not None and held.starts_at > at:
        raise NotBegun(held)
    row = Presence.objects.filter(session=held, participant=participant).first()
    stands = row.was_there if row else None
    if stands == was_there:
        return row
    if stands != seen:
        raise SaidMeanwhile(held)
    told = {"was_there": was_there, "said_by": said_by, "marked_at": at}
    row, _new = Presence.objects.update_or_create(
        session=held, participant=participant, defaults={"program": held.program, **told}
    )
    follow(held, at)
    look_at(held.group, participant, by=by, at=at)
    record("presence.marked", about=held, by=by, at=at, participant=participant.ref, was_there=was_there)
    return row


def follow(held, at):
    """A session at which somebody was has taken place; where that is taken back, nobody has said so."""
    if held.presences.filter(was_there=True).exists():
        Session.objects.filter(pk=held.pk, kept_at=None).update(kept_at=at, missed_at=None)
    else:
        Session.objects.filter(pk=held.pk).exclude(kept_at=None).update(kept_at=None)


def settle_presence(stays, goes, at):
    """Of two marks of one human being: whoever was there under either record was there."""
    said = [row.was_there for row in (stays, goes) if row.was_there is not None]
    Presence.objects.filter(pk=stays.pk).update(was_there=any(said) if said else None)


@transaction.atomic
def say_off(session, *, why, by, at):
    """It is called off, or the place was closed: it counts against nobody. Returns whether it was expected.

    Where it is still to come, whoever is in the group hears it by letter; of a child, the family.
    """
    moved = Session.objects.filter(pk=session.pk, excused_at=None).update(
        excused_at=at, excuse=why, kept_at=None, missed_at=None
    )
    if moved:
        look_again(session.group, by=by, at=at)
        tell(OFF, session, readers_of([session], at)[session.pk], at=at)
        record("session.off", about=session, by=by, at=at, why=why)
    return moved


@transaction.atomic
def say_on(session, *, by, at):
    """It takes place after all; whoever was told by letter that it does not hears so. Returns whether it was off."""
    moved = Session.objects.filter(pk=session.pk, excused_at__isnull=False).update(excused_at=None, excuse="")
    if moved:
        held = Session.objects.get(pk=session.pk)
        follow(held, at)
        told = Message.objects.about(held).filter(kind=OFF, state=Message.State.ACCEPTED).select_related("to")
        tell(ON, held, {one.to for one in told}, at=at)
        record("session.on", about=session, by=by, at=at)
    return moved


def tell(kind, session, people, *, at):
    """A letter to each of these, where it is still to come. Called off once more, it is told once more."""
    if session.starts_at > at:
        key = f"{kind}:{session.ref}:{at.isoformat()}"
        rows = [Outgoing(one, session, f"{key}:{one.ref}") for one in people]
        queue_many(kind, rows, program=session.program, at=at, not_after=session.starts_at)
