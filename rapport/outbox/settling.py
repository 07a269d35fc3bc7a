"""What is decided at the last moment: whether a message is still wanted, where it goes, in which language, and when.

A batch costs a number of queries that depends on how many kinds and programs are in it, never on how many messages.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from itertools import groupby
from typing import Any

from django.conf import settings

from rapport.core.months import day_in, moment
from rapport.outbox.kinds import ESSENTIAL, KINDS
from rapport.outbox.models import Message
from rapport.outbox.questions import (
    DOES_NOT_READ,
    NO_PRIVATE_ADDRESS,
    REFUSED_MESSAGES,
    addresses,
    kept_away,
    read_by_the_kept_away,
    refusing,
)
from rapport.people.best_times import has_best_time, is_good_now, next_good
from rapport.people.models import Consent, ContactPoint

State = Message.State
LANGUAGES = {code for code, _ in settings.LANGUAGES}


@dataclass
class Plan:
    """What becomes of one claimed message. Without an address it is not sent now, for the reason in `why`."""

    message: Message
    address: str = ""
    point: ContactPoint | None = None
    language: str = settings.LANGUAGE_CODE
    words: dict = field(default_factory=dict)
    calendar: Any = None
    state: str = ""
    why: str = ""
    next_at: datetime | None = None

    @property
    def about(self):
        return self.message.about

    @property
    def is_open(self) -> bool:
        return not self.state

    def close(self, state, why, next_at=None):
        self.state, self.why, self.next_at, self.address = state, why, next_at, ""


def settle(messages, at) -> list[Plan]:
    """Decide on a claimed batch, in the order it came."""
    plans = [Plan(message) for message in messages]
    for plan in plans:
        if plan.message.not_after and plan.message.not_after < at:
            plan.close(State.EXPIRED, "it was too late")
        elif not plan.message.to_id:
            plan.address, plan.language = plan.message.address, spoken(plan.message.facts.get("language"))
    for name, group in grouped(still_open(plans), lambda plan: plan.message.kind):
        ask_its_kind(KINDS.get(name), group, at)
    for _, group in grouped(still_open(plans), lambda plan: plan.message.program_id or 0):
        find_places(group, at)
    keep_apart(still_open(plans), at)
    for _, group in grouped(still_open(plans), lambda plan: plan.message.program_id or 0):
        mind_the_hour(group, at)
    one_a_day(still_open(plans), at)
    return plans


def spoken(language):
    """The language of a letter: this one, where the house speaks it."""
    return language if language in LANGUAGES else settings.LANGUAGE_CODE


def still_open(plans):
    return [plan for plan in plans if plan.is_open and plan.message.to_id]


def grouped(rows, key):
    return [(name, list(group)) for name, group in groupby(sorted(rows, key=key), key)]


def ask_its_kind(kind, plans, at):
    """Whether these are still wanted, and what they say."""
    if kind is None:
        for plan in plans:
            plan.close(State.SUPPRESSED, "nobody sends this kind any more")
        return
    batch = Message.objects.filter(pk__in=[plan.message.pk for plan in plans])
    wanted = set(kind.wanted(batch, at).values_list("pk", flat=True))
    words = kind.words(batch.filter(pk__in=wanted), at) if kind.words and wanted else {}
    calendars = kind.calendar(batch.filter(pk__in=wanted), at) if kind.calendar and wanted else {}
    for plan in plans:
        plan.words, plan.calendar = words.get(plan.message.pk, {}), calendars.get(plan.message.pk)
        if plan.message.pk not in wanted:
            plan.close(State.SUPPRESSED, "no longer wanted")


def find_places(plans, at):
    """Where each goes. Ordinary messages respect a no to being written to."""
    program = plans[0].message.program
    people = [plan.message.to for plan in plans]
    places, refused = addresses(people, program=program, at=at), refusing(people, program, at)
    for plan in plans:
        place, person = places[plan.message.to_id], plan.message.to
        plan.language = spoken(person.language)
        is_ordinary = KINDS[plan.message.kind].purpose == Consent.Purpose.MESSAGES
        if person.pk in refused and is_ordinary:
            plan.close(State.SUPPRESSED, REFUSED_MESSAGES)
        elif is_ordinary and not person.reads_it:
            plan.close(State.SUPPRESSED, DOES_NOT_READ)
        elif not place.value:
            plan.close(State.SUPPRESSED, place.why)
        else:
            plan.address, plan.point = place.value, place


def keep_apart(plans, at):
    """Nobody hears about somebody they are kept away from; nor does an inbox that they read."""
    spoken_of = whom_they_tell_of([plan.message for plan in plans])
    pairs = {(plan.message.to_id, subject) for plan in plans for subject in spoken_of[plan.message.pk]}
    apart = kept_away(pairs, at) if pairs else set()
    places = {(plan.address, subject) for plan in plans for subject in spoken_of[plan.message.pk] if plan.address}
    barred = read_by_the_kept_away(places, at) if places else set()
    for plan in plans:
        subjects = spoken_of[plan.message.pk]
        if any((plan.message.to_id, subject) in apart for subject in subjects):
            plan.close(State.SUPPRESSED, "no longer wanted")
        elif any((plan.address, subject) in barred for subject in subjects):
            plan.close(State.SUPPRESSED, NO_PRIVATE_ADDRESS)


def whom_they_tell_of(messages):
    """By message id, the ids of the people it tells about. As many queries as kinds that tell of somebody."""
    found = defaultdict(set)
    for name, group in grouped(messages, lambda message: message.kind):
        kind = KINDS.get(name)
        if kind and kind.speaks_of:
            batch = Message.objects.filter(pk__in=[message.pk for message in group])
            found.update({pk: set(people) for pk, people in kind.speaks_of(batch).items()})
    return found


def mind_the_hour(plans, at):
    """Nobody is written to at night, but for safety and signing in; whoever told us their best times is, at those."""
    program = plans[0].message.program
    if program is None:
        return
    morning = end_of_quiet(program, at)
    for plan in plans:
        if morning and not plan.message.is_urgent:
            plan.close(State.PENDING, "waits for the morning", morning)
        elif best := best_time_of(plan, program, at):
            plan.close(State.PENDING, "waits for their best time", best)


def best_time_of(plan, program, at):
    """When a message should go instead of now; None where now is right.

    It waits no longer than the program's limit; what is urgent, or what they asked for themselves, never does.
    """
    message, point, limit = plan.message, plan.point, program.limits_by_code.get("best-time-wait")
    if limit is None or message.is_urgent or KINDS[message.kind].purpose == ESSENTIAL or not has_best_time(point):
        return None
    if is_good_now(point, at, program.zone):
        return None
    best = next_good(point, at, program.zone, later=lambda moment: end_of_quiet(program, moment))
    latest = max(message.queued_at, message.released_at or message.queued_at) + limit.measure
    latest = min(latest, message.not_after or latest)
    return best if best is not None and at < best <= latest else None


def end_of_quiet(program, at):
    """When the quiet hours end that hold at this moment; None where none hold."""
    starts, ends = program.limit("quiet-from"), program.limit("quiet-until")
    local = at.astimezone(program.zone)
    if starts == ends:
        return None
    quiet = starts <= local.hour or local.hour < ends if starts > ends else starts <= local.hour < ends
    if not quiet:
        return None
    day = local.date() + timedelta(days=1) if local.hour >= ends else local.date()
    return moment(day, time(ends), program.zone)


def one_a_day(plans, at):
    """Of the kinds that say so, a person gets one a day, however long the house was away; the rest waits a day."""
    limited = [plan for plan in plans if KINDS[plan.message.kind].once_a_day]
    if not limited:
        return
    kinds = [name for name, kind in KINDS.items() if kind.once_a_day]
    yesterday = at - timedelta(days=1)
    had = set(
        Message.objects.filter(
            to__in=[plan.message.to_id for plan in limited],
            kind__in=kinds,
            state=State.ACCEPTED,
            final_at__gt=yesterday,
        ).values_list("to_id", "program_id", "final_at")
    )
    today = {(to, program) for to, program, sent_at in had if is_same_day(sent_at, at, program, limited)}
    for plan in limited:
        key = (plan.message.to_id, plan.message.program_id)
        if key in today:
            plan.close(State.PENDING, "one a day", at + timedelta(days=1))
        today.add(key)


def is_same_day(sent_at, at, program_id, plans):
    program = next((plan.message.program for plan in plans if plan.message.program_id == program_id), None)
    return program is None or day_in(sent_at, program.zone) == day_in(at, program.zone)
