"""What each pair promised about its meetings: the program's own promise, from their first day on."""

from datetime import timedelta
from fractions import Fraction

from rapport.core.months import add_months
from rapport.matches.pledge import Pledge
from rapport.programs.models import Promise

DAY = timedelta(days=1)


def promised(matches, on):
    """{match id: [Pledge]} for matches that have begun, end to end, as known on that day. One query.

    A program that promises no meetings, or not for now, gives none: then nothing is expected and nothing is missed.
    """
    promises = {}
    rows = Promise.objects.filter(
        kind=Promise.Kind.MEETING, is_on=True, program__in={one.program_id for one in matches}
    )
    for row in rows.order_by("-pk"):
        promises[row.program_id] = row  # the program's first, where it has several
    return {
        match.pk: [pledge_of(promises[match.program_id], match.begun_on)]
        if match.begun_on and match.program_id in promises
        else []
        for match in matches
    }


def pledge_of(promise, begun_on):
    """The program's promise as one of a pair that began on this day."""
    last_day = add_months(begun_on, promise.until_month) - DAY if promise.until_month else None
    hours = None if promise.hours_a_month is None else Fraction(promise.hours_a_month)
    return Pledge(begun_on, last_day, promise.every, promise.unit or "weeks", promise.minutes, hours)
