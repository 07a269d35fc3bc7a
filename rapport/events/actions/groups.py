"""Beginning a group, who is in it, when it meets, and its end. Its places are never more than it has room for."""

from datetime import timedelta

from django.db import transaction

from rapport.audit.actions import record, record_many
from rapport.core.months import day_in, moment
from rapport.events.actions.naming import lead_named
from rapport.events.actions.staying_away import end_absence
from rapport.events.actions.together import require_together
from rapport.events.models import Group, GroupMember, Session
from rapport.events.refusals import AnsweredAlready, GroupOver, MemberLacks, NoDayLeft, TooManyTimes
from rapport.meetings.rhythm import Calendar
from rapport.onboarding.questions import missing_gates
from rapport.people.models import Participant
from rapport.tasks.actions import finish
from rapport.tasks.models import Task

MOST_TIMES = 60  # no figure of the field: a slip makes more, a school year fewer
EVERY = "headway-every"
DAY, WEEK = timedelta(days=1), timedelta(weeks=1)
MENTEE = Participant.Side.MENTEE


@transaction.atomic
def begin_group(program, *, name, purpose="", lead=None, named=None, host, site=None, room=None, form_id, by, at):
    """Begin a group activity. `lead` is a person, or `named` holds a named role without a sign-in; `host` is the user
    who answers for it. The same form begins one."""
    lead = lead or lead_named(named, by=by, at=at)
    given = {"program": program, "name": name, "purpose": purpose, "lead": lead, "host": host, "site": site,
             "room": room, "made_at": at, "asked_next_at": at + program.limit(EVERY)}  # fmt: skip
    group, is_new = Group.objects.get_or_create(form_id=form_id, defaults=given)
    if is_new:
        record("group.begun", about=group, by=by, at=at, name=name, lead=lead.ref)
    return group


@transaction.atomic
def change_group(group, *, by, at, **changes):
    """Change what it is called, what for, who leads it (`named`: by a named role), who answers for it, or its room. A
    free place is filled."""
    held, named = hold(group), changes.pop("named", None)
    if named:
        changes["lead"] = lead_named(named, by=by, at=at)
    if "lead" in changes:
        refuse_those_apart(held, [], changes["lead"], at)
    before = {name: getattr(held, name) for name in changes}
    changed = {name: value for name, value in changes.items() if before[name] != value}
    if changed:
        Group.objects.filter(pk=group.pk).update(**changed)
        record("group.changed", about=group, by=by, at=at, fields=sorted(changed))
    return fill_places(hold(group), by=by, at=at)


@transaction.atomic
def end_group(group, *, by, at) -> int:
    """End a group: what is still to come is called off, and nobody asks its lead. Returns whether it was going on."""
    moved = Group.objects.filter(pk=group.pk, ended_at=None).update(ended_at=at)
    if moved:
        group.sessions.ahead(at).update(excused_at=at, excuse="ended")
        finish(Task.objects.about(group).open(), by=by, at=at)
        record("group.ended", about=group, by=by, at=at)
    return moved


def hold(group):
    """The group, held until this is done: two who take the last place take it one after the other."""
    held = Group.objects.select_for_update(of=("self",)).select_related("program", "lead").get(pk=group.pk)
    if held.ended_at:
        raise GroupOver(held)
    return held


@transaction.atomic
def offer_places(group, participants, *, by, at):
    """Offer a place to these. Whoever is in it, or was offered one, is left alone. Returns the new offers."""
    return add_members(hold(group), participants, by=by, at=at)


@transaction.atomic
def take_in(group, participants, *, said_by=None, by, at):
    """These take part, as far as there is room; the others wait, in this order. Returns their places.

    Raises GroupOver, NotTogether, MemberLacks: nobody without what must be met is beside young people.
    """
    held = hold(group)
    add_members(held, participants, by=by, at=at)
    rows = GroupMember.objects.still().filter(group=held, participant__in=participants)
    rows.filter(answered_at=None).update(answered_at=at, said_by=said_by)
    fill_places(held, by=by, at=at)
    return list(rows.select_related("participant__person"))


@transaction.atomic
def answer_offer(member, *, is_yes, said_by, by, at):
    """A yes or a no to a place that is offered. With yes they are in it, or wait. Raises AnsweredAlready, GroupOver.

    The same word twice is one.
    """
    held = hold(member.group)
    if not is_yes:
        return leave_group(member, by=by, at=at)
    refuse_those_who_lack([member.participant], held.program, at)
    refuse_those_apart(held, [member.participant], held.lead, at)
    moved = GroupMember.objects.offered().filter(pk=member.pk).update(answered_at=at, said_by=said_by)
    if not moved and not GroupMember.objects.still().filter(pk=member.pk).exists():
        raise AnsweredAlready(member)
    if moved:
        record("group.place-answered", about=held, by=by, at=at, participant=member.participant.ref, yes=True)
    fill_places(held, by=by, at=at)
    return moved


@transaction.atomic
def leave_group(member, *, by, at):
    """Somebody takes part no more, or does not want the place. Whoever waits longest takes it."""
    moved = GroupMember.objects.filter(pk=member.pk, left_at=None).update(left_at=at)
    if moved:
        record("group.left", about=member.group, by=by, at=at, participant=member.participant.ref)
        end_absence(member.group, member.participant, by=by, at=at)
        if member.group.ended_at is None:
            fill_places(hold(member.group), by=by, at=at)
    return moved


def add_members(held, participants, *, by, at):
    there = set(GroupMember.objects.filter(group=held, left_at=None).values_list("participant", flat=True))
    new = [one for one in participants if one.pk not in there]
    refuse_those_who_lack(new, held.program, at)
    refuse_those_apart(held, new, held.lead, at)
    rows = [GroupMember(program=held.program, group=held, participant=one, asked_at=at) for one in new]
    rows = GroupMember.objects.bulk_create(rows)
    if rows:
        record("group.offered", about=held, by=by, at=at, participants=[one.ref for one in new])
    return rows


def fill_places(held, *, by, at):
    """Let those who wait in, as far as there is room; mentors take up none. Returns who came in."""
    waiting = list(GroupMember.objects.waiting().filter(group=held).select_related("participant__person"))
    young = GroupMember.objects.inside().filter(group=held, participant__side=MENTEE).count()
    free = len(waiting) if held.room is None else max(held.room - young, 0)
    mentees = [row for row in waiting if row.participant.side == MENTEE][:free]
    let_in = [row for row in waiting if row.participant.side != MENTEE or row in mentees]
    GroupMember.objects.filter(pk__in=[row.pk for row in let_in]).update(in_at=at)
    if let_in:
        record("group.joined", about=held, by=by, at=at, participants=[row.participant.ref for row in let_in])
    return let_in


def refuse_those_who_lack(participants, program, at):
    lacking = missing_gates(participants, day_in(at, program.zone), with_minor=not program.adults_only)
    sentences = [words for one in participants for words in lacking[one.pk]]
    if sentences:
        raise MemberLacks(participants, " ".join(sentences))


def refuse_those_apart(held, participants, lead, at):
    """Refuse where somebody of the group, its lead too, is to be kept away from somebody else of it."""
    there = GroupMember.objects.filter(group=held, left_at=None).values_list("participant__person", flat=True)
    people = {*there, *(one.person_id for one in participants), lead.pk}
    require_together(people, at=at)


def settle_place(stays, goes, at):
    """Of two places of one human being in a group: in it under either record is in it, since the earlier day."""
    moments = {name: [getattr(row, name) for row in (stays, goes)] for name in ("asked_at", "answered_at", "in_at")}
    first = {name: min((one for one in both if one), default=None) for name, both in moments.items()}
    GroupMember.objects.filter(pk=stays.pk).update(**first)


@transaction.atomic
def set_times(group, *, starts_at, minutes, place="", plan="", every_weeks=0, until_on=None, by, at):
    """Set when a group meets: once, or every so many weeks until a day; closed days are left out. Returns the sessions.

    Sent twice it is set once. Raises GroupOver, TooManyTimes, NoDayLeft.
    """
    held = hold(group)
    moments = moments_of(held, starts_at, every_weeks, until_on)
    there = set(held.sessions.filter(starts_at__in=moments).values_list("starts_at", flat=True))
    new = [when for when in moments if when not in there]
    if not new:
        raise NoDayLeft(held)
    length = timedelta(minutes=minutes)
    rows = Session.objects.bulk_create(
        Session(program=held.program, group=held, starts_at=when, ends_at=when + length, due_at=when,
                lapses_at=when + length, place=place, plan=plan)
        for when in new
    )  # fmt: skip
    record_many("session.set", about=rows, by=by, at=at)
    return rows


def moments_of(held, starts_at, every_weeks, until_on):
    """The moments of these days that are open, at the same hour of the day there."""
    zone = held.program.zone
    first, clock = day_in(starts_at, zone), starts_at.astimezone(zone).time()
    step, last = every_weeks * WEEK, until_on if every_weeks and until_on else first
    count = (last - first) // step + 1 if step else 1
    if count > MOST_TIMES:
        raise TooManyTimes(held)
    calendar = Calendar([held.program_id], first)
    days = [first + n * step for n in range(count)]
    return [moment(day, clock, zone) for day in days if not calendar.is_closed(held, day)]


@transaction.atomic
def write_plan(session, *, plan, by, at):
    """Write down what is planned for one time."""
    if Session.objects.filter(pk=session.pk).exclude(plan=plan).update(plan=plan):
        record("session.planned", about=session, by=by, at=at)
