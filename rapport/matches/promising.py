"""What each pair promised about its meetings: the program's own promise from their first day on, until they signed one
of their own; each version holds from the day it was signed, and earlier days keep the earlier promise."""

from dataclasses import replace
from datetime import timedelta
from fractions import Fraction

from django.db.models import Q

from rapport.core.months import add_months
from rapport.matches.models import Agreement
from rapport.matches.pledge import Pledge
from rapport.programs.models import Promise

DAY = timedelta(days=1)


def promised(matches, on):
    """{match id: [Pledge]} for matches that have begun, end to end, as known on that day. Two queries.

    A program that promises no meetings, or not for now, gives none: then nothing is expected and nothing is missed.
    """
    promises = {}
    rows = Promise.objects.filter(
        kind=Promise.Kind.MEETING, is_on=True, program__in={one.program_id for one in matches}
    )
    for row in rows.order_by("-pk"):
        promises[row.program_id] = row  # the program's first, where it has several
    signed = signed_of(matches, on)
    return {
        match.pk: in_turn(match, promises.get(match.program_id), signed.get(match.pk, ())) if match.begun_on else []
        for match in matches
    }


def signed_of(matches, on):
    """{match id: its signed versions that say how they meet, in the order in which they came to hold}."""
    rows = Agreement.objects.filter(match__in=[match.pk for match in matches], signed_on__lte=on)
    says = Q(every__isnull=False) | Q(minutes__isnull=False) | Q(hours_a_month__isnull=False)
    found = {}
    for row in rows.filter(says).order_by("signed_on", "number"):
        found.setdefault(row.match_id, []).append(row)
    return found


def in_turn(match, promise, signed):
    """The program's promise and each agreement's, end to end: one ends the day before the next holds.

    After the last day of an agreement the program's promise holds again; one signed after its own last day never does.
    """
    general = pledge_of(promise, match.begun_on) if promise else None
    pledges = [general] if general else []
    for row in signed:
        first = max(row.signed_on, match.begun_on)
        if row.ends_on and row.ends_on < first:
            continue
        agreed = list(lasting(row, first, pledges)) or [agreed_pledge(row, first)]
        pledges = [replace(one, until_on=earlier(one.until_on, first - DAY)) for one in pledges if one.from_on < first]
        pledges += [*agreed, *after(row.ends_on, general)]
    return pledges


def after(last, general):
    """The program's promise from the day after this one on, as far as it holds then."""
    if last is None or general is None or (general.until_on and general.until_on <= last):
        return []
    return [replace(general, from_on=last + DAY)]


def lasting(agreement, first, pledges):
    """Where only how long a meeting lasts was agreed, how often they meet stays as it was promised before."""
    if agreement.every is not None or agreement.hours_a_month is not None:
        return
    for one in pledges:
        start, until = max(first, one.from_on), earlier(agreement.ends_on, one.until_on)
        if until is None or start <= until:
            hours = None if one.every else one.hours_a_month
            yield replace(one, from_on=start, until_on=until, minutes=agreement.minutes, hours_a_month=hours)


def agreed_pledge(agreement, first):
    hours = None if agreement.hours_a_month is None else Fraction(agreement.hours_a_month)
    return Pledge(first, agreement.ends_on, agreement.every, agreement.unit or "weeks", agreement.minutes, hours)


def earlier(one, other):
    """The earlier of two days, each of which may be open."""
    return min((day for day in (one, other) if day is not None), default=None)


def pledge_of(promise, begun_on):
    """The program's promise as one of a pair that began on this day."""
    last_day = add_months(begun_on, promise.until_month) - DAY if promise.until_month else None
    hours = None if promise.hours_a_month is None else Fraction(promise.hours_a_month)
    return Pledge(begun_on, last_day, promise.every, promise.unit or "weeks", promise.minutes, hours)
