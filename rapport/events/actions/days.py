"""Making an event day, asking people to it, keeping what they say and who came. Never more come than there is room."""

from datetime import timedelta

from django.db import transaction
from django.db.models import F

from rapport.audit.actions import record
from rapport.events.actions.together import require_together
from rapport.events.days.letters import AFTER, MOVED, OFF, TO_FAMILY, TO_THEM
from rapport.events.days.questions import written_to_after
from rapport.events.days.refusals import ComesLater, DayOver, FamilySaysYes, Full, LessRoom
from rapport.events.models import EventDay, Invitation
from rapport.events.readers import families_of, may_say_yes
from rapport.outbox.actions import Outgoing, queue, queue_many
from rapport.programs.models import Party

State = Invitation.State
MOVES = {"starts_at", "ends_at", "place"}


@transaction.atomic
def make_day(program, *, name, about="", starts_at, minutes, place="", room=None, site=None, host, form_id, by, at):
    """Make an event day (S3-13, S4-33). The same form sent twice makes one. Returns the EventDay."""
    given = {
        "program": program, "name": name, "about": about, "starts_at": starts_at, "place": place, "room": room,
        "ends_at": starts_at + timedelta(minutes=minutes), "site": site, "host": host, "made_at": at, "changed_at": at,
    }  # fmt: skip
    day, is_new = EventDay.objects.get_or_create(form_id=form_id, defaults=given)
    if is_new:
        record("event-day.made", about=day, by=by, at=at, name=name)
    return day


def hold(day, at, *, until_over=True):
    """The day, held until this is done: two who take the last place take it one after the other. Raises DayOver."""
    held = EventDay.objects.select_for_update(of=("self",)).select_related("program", "host").get(pk=day.pk)
    if held.off_at or (until_over and held.ends_at <= at):
        raise DayOver(held)
    return held


@transaction.atomic
def change_day(day, *, name, about, starts_at, minutes, place, room, by, at):
    """Change what, when, where, for how many; answers stay, and of another hour or place a letter tells those who have
    not said no. Raises DayOver, LessRoom."""
    held = hold(day, at)
    if room is not None and coming(held) > room:
        raise LessRoom(held)
    now = {
        "name": name, "about": about, "starts_at": starts_at, "ends_at": starts_at + timedelta(minutes=minutes),
        "place": place, "room": room,
    }  # fmt: skip
    changed = sorted(field for field, value in now.items() if getattr(held, field) != value)
    if changed:
        EventDay.objects.filter(pk=held.pk).update(**now, changed_at=at, version=F("version") + 1)
        record("event-day.changed", about=held, by=by, at=at, fields=changed)
    if MOVES & set(changed):
        held.refresh_from_db()
        asked = held.invitations.exclude(state=State.NOT_COMING)
        tell(held, asked, at=at, to_them=MOVED, to_family=MOVED, cause=f":{held.version}")
    return changed


@transaction.atomic
def call_off_day(day, *, by, at):
    """Call it off; whoever was asked and has not said no is told. Raises DayOver where it was, or is over."""
    held = hold(day, at)
    EventDay.objects.filter(pk=held.pk).update(off_at=at, changed_at=at, version=F("version") + 1)
    record("event-day.off", about=held, by=by, at=at)
    tell(held, held.invitations.exclude(state=State.NOT_COMING), at=at, to_them=OFF, to_family=OFF)


@transaction.atomic
def invite(day, participants, *, by, at):
    """Ask these to an event day: each gets a letter, and the family of a child one of its own. Returns the new ones.

    Whoever was asked before is left alone. Raises DayOver, NotTogether.
    """
    held = hold(day, at)
    there = dict(held.invitations.values_list("participant", "participant__person"))
    new = [one for one in participants if one.pk not in there and one.program_id == held.program_id]
    require_together({*there.values(), *(one.person_id for one in new)}, at=at)
    rows = [Invitation(program=held.program, day=held, participant=one, invited_at=at) for one in new]
    rows = Invitation.objects.bulk_create(rows)
    if rows:
        record("event-day.invited", about=held, by=by, at=at, participants=[one.ref for one in new])
        tell(held, Invitation.objects.filter(pk__in=[row.pk for row in rows]), at=at)
    return rows


def tell(held, invitations, *, at, to_them=TO_THEM, to_family=TO_FAMILY, cause=""):
    """A letter to each of these, and to those who are told about a child."""
    rows = list(invitations.select_related("participant__person"))
    letters = {to_them: [(row, row.participant.person) for row in rows]}
    families = families_of([row.participant.person for row in rows], held.program, at)
    pairs = [(row, adult) for row in rows for adult in families.get(row.participant.person_id, ())]
    letters[to_family] = letters.get(to_family, []) + pairs if to_family == to_them else pairs
    for kind, pairs in letters.items():
        outgoing = [Outgoing(to, row, f"{kind}:{row.ref}:{to.ref}{cause}") for row, to in pairs]
        queue_many(kind, outgoing, program=held.program, at=at, not_after=held.starts_at)


@transaction.atomic
def answer_invitation(invitation, *, is_coming, said_by, source="link", said_on=None, witness="", by, at):
    """Keep a yes or a no; the later word stands, and the same word twice is one. Returns whether it changed.

    `said_by`: the person, or a guardian of theirs. For a child a guardian who may give permission says yes.
    Raises DayOver, Full, FamilySaysYes.
    """
    held = hold(invitation.day, at)
    row = Invitation.objects.select_related("participant__person", "participant__program").get(pk=invitation.pk)
    state = State.COMING if is_coming else State.NOT_COMING
    if row.state == state:
        return False
    if is_coming and not may_say_yes(row.participant, said_by, at):
        raise FamilySaysYes(row)
    if is_coming and held.room is not None and coming(held) >= held.room:
        raise Full(held)
    Invitation.objects.filter(pk=row.pk).update(
        state=state, answered_at=at, said_by=said_by, source=source, said_on=said_on, witness=witness
    )
    record("event-day.answered", about=row, by=by, at=at, coming=is_coming, source=source)
    return True


def coming(held):
    return held.invitations.filter(state=State.COMING).count()


@transaction.atomic
def mark_came(invitation, *, came, by, at):
    """At the door: they came, they did not, or nobody knows (None). Said twice is once. Raises ComesLater, DayOver.

    Whoever came is written to after the event, unless it is noted by then whom they talked with.
    """
    held = hold(invitation.day, at, until_over=False)
    if came is not None and held.starts_at > at + EARLY:
        raise ComesLater(held)
    rows = Invitation.objects.filter(pk=invitation.pk)
    if rows.filter(came=came).exists():
        return False
    rows.update(came=came, marked_at=at)
    record("event-day.came", about=invitation, by=by, at=at, came=came)
    if came:
        write_afterwards(held, invitation.participant, about=invitation, at=at)
    return True


def write_afterwards(held, one, *, about, at):
    days = written_to_after(held, one.side)
    if days:
        begins, ends = days
        kind, when = AFTER[Party(one.side)], {"not_before": max(at, begins), "not_after": ends}
        queue(kind, to=one.person, about=about, key=f"{kind}:{about.ref}", program=held.program, at=at, **when)


EARLY = timedelta(hours=3)  # no figure of the field: whoever helps comes before it begins


def settle_invitation(stays, goes, at):
    """Of two invitations of one human being: the later answer stands, and whoever came under either record came."""
    said = [row for row in (stays, goes) if row.answered_at]
    came = [row.came for row in (stays, goes) if row.came is not None]
    last = max(said, key=lambda row: row.answered_at, default=stays)
    told = {name: getattr(last, name) for name in ("state", "answered_at", "said_by", "source", "said_on", "witness")}
    Invitation.objects.filter(pk=stays.pk).update(**told, came=any(came) if came else None)
