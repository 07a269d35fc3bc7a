"""Beginning a circle, asking people to its next time, noting what came of it, looking for circles that fell silent."""

from datetime import timedelta

from django.db import transaction
from django.db.models import Q
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from rapport.audit.actions import record
from rapport.core.months import day_in
from rapport.core.own_words import spoken_as
from rapport.core.refused import Refused
from rapport.events.actions.together import require_together
from rapport.events.circles.letters import INVITATION, OFF
from rapport.events.circles.questions import host_of, silent
from rapport.events.models import Circle, Gathering, Seat
from rapport.outbox.actions import Outgoing, queue_many
from rapport.outbox.models import Message
from rapport.people.models import Person
from rapport.tasks.actions import NewTask, add_tasks, finish
from rapport.tasks.days import of_day
from rapport.tasks.models import Task

SILENT = "events/circle-silent"


class OverAlready(Refused):
    """The circle has ended: it meets no more."""

    sentence = lazy("This circle has ended. Begin another to meet again.")


class AnotherThen(Refused):
    """The circle meets at that moment already."""

    sentence = lazy("This circle meets at that time already.")


class NotAhead(Refused):
    """What is over, or was called off, cannot be called off."""

    sentence = lazy("It has begun, or it was called off already. Look at how it stands now.")


class NotedMeanwhile(Refused):
    """Somebody else noted it since this page was opened: their words are not lost unread."""

    sentence = lazy("Somebody else has noted it meanwhile. Read what they wrote before yours takes its place.")


class StillAhead(Refused):
    """Who was there is noted once it has begun."""

    sentence = lazy("It has not begun yet. Note who was there afterwards.")


@transaction.atomic
def begin_circle(program, *, name, host, site=None, form_id, by, at) -> Circle:
    """Begin a circle of mentors (S0-06). The same form sent twice begins one."""
    given = {"program": program, "name": name, "host": host, "site": site, "made_at": at}
    circle, is_new = Circle.objects.get_or_create(form_id=form_id, defaults=given)
    if is_new:
        record("circle.begun", about=circle, by=by, at=at, name=name)
    return circle


@transaction.atomic
def end_circle(circle, *, by, at) -> int:
    """End a circle: it meets no more, and what was still to come is called off. Returns whether it was going on."""
    moved = Circle.objects.filter(pk=circle.pk, ended_at=None).update(ended_at=at)
    if moved:
        record("circle.ended", about=circle, by=by, at=at)
        for gathering in circle.gatherings.ahead(at):
            call_off(gathering, by=by, at=at)
        finish(calls_about(circle), by=by, at=at)
    return moved


@transaction.atomic
def ask_to(circle, *, starts_at, minutes, place="", about="", mentors, colleagues=(), by, at) -> Gathering:
    """Set the next time of a circle, or note an earlier one, and ask mentors (participants) and colleagues (users).

    Mentors get one letter each where it is still to come. Raises NotTogether, OverAlready, AnotherThen.
    """
    there = Person.objects.filter(Q(participations__in=mentors) | Q(user__in=colleagues))
    require_together(there.values("pk"), at=at)
    if not Circle.objects.select_for_update(of=("self",)).going_on().filter(pk=circle.pk).exists():
        raise OverAlready(circle)
    ends_at = starts_at + timedelta(minutes=minutes)
    given = {"due_at": starts_at, "lapses_at": ends_at, "ends_at": ends_at, "place": place, "about": about}
    gathering, is_new = Gathering.objects.get_or_create(
        circle=circle, starts_at=starts_at, defaults={"program": circle.program, **given}
    )
    if not is_new:
        raise AnotherThen(gathering)
    seats = [Seat(program=circle.program, gathering=gathering, participant=one) for one in mentors]
    seats += [Seat(program=circle.program, gathering=gathering, colleague=one) for one in colleagues]
    Seat.objects.bulk_create(seats)
    record("gathering.set", about=gathering, by=by, at=at, seats=len(seats))
    if starts_at > at:
        tell(INVITATION, gathering, [one.person for one in mentors], at=at)
    return gathering


def tell(kind, gathering, people, *, at):
    rows = [Outgoing(one, gathering, f"{kind}:{gathering.ref}:{one.ref}") for one in people]
    queue_many(kind, rows, program=gathering.program, at=at, not_after=gathering.starts_at)


@transaction.atomic
def call_off(gathering, *, by, at):
    """Call off what is still to come; whoever was asked by a letter hears it. Raises NotAhead."""
    if not Gathering.objects.ahead(at).filter(pk=gathering.pk).update(excused_at=at, excuse=_("called off")):
        raise NotAhead(gathering)
    record("gathering.called-off", about=gathering, by=by, at=at)
    asked = Message.objects.about(gathering).filter(kind=INVITATION, state=Message.State.ACCEPTED).select_related("to")
    tell(OFF, gathering, [one.to for one in asked], at=at)


@transaction.atomic
def note(gathering, *, took_place, there=(), away=(), notes="", seen=None, by, at):
    """Write down whether it took place, who was there and who was not (seats), and what was said.

    Said anew, the later word stands; of seats that are named in neither nothing is said. `seen`: what was noted when
    its page was opened (`noted_as`), so that nobody's words are lost unread. The same said twice is one.
    Raises StillAhead, NotedMeanwhile, and NotAhead where it was called off.
    """
    if gathering.starts_at > at:
        raise StillAhead(gathering)
    held = Gathering.objects.select_for_update(of=("self",)).get(pk=gathering.pk)
    if seen is not None and seen != held.noted_as:
        if says_the_same(held, took_place, there, notes):
            return
        raise NotedMeanwhile(held)
    fact = {"kept_at": at, "missed_at": None} if took_place else {"kept_at": None, "missed_at": at}
    open_or_noted = Gathering.objects.filter(pk=gathering.pk, excused_at=None)
    if not open_or_noted.update(**fact, notes=notes, noted_by=by):
        raise NotAhead(gathering)
    for seats, said in ((there, True), (away, False)):
        keys = [seat.pk for seat in seats]
        gathering.seats.filter(pk__in=keys).update(was_there=said if took_place else None)
    record("gathering.noted", about=gathering, by=by, at=at, took_place=took_place, there=len(there))
    if took_place:
        finish(calls_about(gathering.circle), by=by, at=at)


def says_the_same(held, took_place, there, notes):
    here = set(held.seats.filter(was_there=True).values_list("pk", flat=True))
    same = held.notes == notes and bool(held.kept_at) == took_place
    return same and (not took_place or here == {seat.pk for seat in there})


def calls_about(circle):
    return Task.objects.about(circle).open().filter(kind=SILENT)


@transaction.atomic
def call_about_circles(*, at, limit) -> int:
    """A task for whoever hosts a circle that has not met for as long as its program allows. Returns how many.

    One for each silence: it is asked again only after the circle has met once more.
    """
    calls: list[NewTask] = []
    last = 0
    while len(calls) < limit and (rows := list(silent(at).filter(pk__gt=last)[:limit])):
        hosts, last = host_of(rows, at), rows[-1].pk
        calls += [call(circle, hosts[circle.pk], at) for circle in rows if circle.pk in hosts]
    return len(add_tasks(calls[:limit], by=None, at=at))


def call(circle, host, at):
    with spoken_as(circle.program):
        since = date_format(day_in(circle.quiet_since, circle.program.zone), "DATE_FORMAT")
        words = _("%(circle)s has not met since %(day)s. Set its next time, or end it.")
    return NewTask(
        program=circle.program, kind=SILENT, owner=host, person=None, about=circle,
        reason=(words % {"circle": circle.name, "day": since})[:300],
        **of_day(day_in(at, circle.program.zone), circle.program.zone), ends_with_match=False,
        cause_key=f"circle-silent:{circle.ref}:{circle.quiet_since:%Y-%m-%d}",
    )  # fmt: skip


def settle_seat(stays, goes, at):
    """Of two seats of one mentor: whoever was there under either record was there."""
    said = [seat.was_there for seat in (stays, goes) if seat.was_there is not None]
    Seat.objects.filter(pk=stays.pk).update(was_there=any(said) if said else None)
