"""What no person means by a number of a rule, and which rules do not go together: files and pages ask here alike."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from rapport.programs.models import Limit, Party, Promise

MOST = {  # not a rule from practice
    Limit.Unit.DAYS: 3650,
    Limit.Unit.HOURS: 9999,
    Limit.Unit.MINUTES: 99_999,
    Limit.Unit.WORKDAYS: 999,
    Limit.Unit.OPEN_DAYS: 3650,
    Limit.Unit.YEARS: 99,
    Limit.Unit.COUNT: 999,
    Limit.Unit.PERCENT: 100,
    Limit.Unit.OCLOCK: 23,
}
MAY_BE_NOTHING = (Limit.Unit.WORKDAYS, Limit.Unit.PERCENT, Limit.Unit.OCLOCK)  # the same day, none, midnight
NUMBERS = {"every": 999, "grace_days": 999, "minutes": 1440, "until_month": 600}
HOURS_A_MONTH = 744
LONGEST_CLOSED = 366  # days
DAYS = {Promise.Unit.DAYS: 1, Promise.Unit.WEEKS: 7, Promise.Unit.MONTHS: 30}
MONTH, YEAR = 30, 365  # days: of the limits on asks, and how far a rhythm is looked at
MOST_ASKS = {Party.MENTOR: "asks-in-30-days-mentor", Party.MENTEE: "asks-in-30-days", Party.GUARDIAN: "asks-in-30-days"}

TOO_OFTEN = lazy(
    "that is more often than the limit %(code)s (%(most)d) allows: the ask of day %(due)d could leave on day %(day)d"
    " only, and is late on day %(late)d"
)


def least_of(unit):
    return 0 if unit in MAY_BE_NOTHING else 1


def beyond(number, least, most):
    """What is wrong with a number, as a sentence; None: nothing."""
    if number < least:
        return _("%(number)s is too little: %(least)s at least") % {"number": number, "least": least}
    if number > most:
        return _("%(number)s is too much: %(most)s at most") % {"number": number, "most": most}
    return None


def wrong_days(pairs):
    """What is wrong with the first days of a promise, as a sentence; None: nothing."""
    right = isinstance(pairs, list) and all(
        isinstance(pair, list | tuple) and len(pair) == 2 and all(type(day) is int for day in pair) for pair in pairs
    )
    if not right:
        return _("write pairs of days, due and late, such as [[7, 10], [21, 25]]")
    for due, late in pairs:
        if late < due:
            told = {"due": due, "late": late}
            return _("day %(late)d comes before day %(due)d: write the day it is due, then the day it is late") % told
        if wrong := beyond(due, 0, MOST[Limit.Unit.DAYS]) or beyond(late, 0, MOST[Limit.Unit.DAYS]):
            return wrong
    if len({due for due, _late in pairs}) < len(pairs):
        return _("one day stands there twice")
    return None


def long_grace(promise):
    """Late only after the next is due: a sentence; None: no such thing."""
    if not promise.is_on or not promise.every or promise.unit not in DAYS:
        return None
    days = promise.every * DAYS[promise.unit]
    if promise.grace_days <= days:
        return None
    told = {"grace": promise.grace_days, "days": days}
    return _("late after %(grace)d days is later than the next one, which is due after %(days)d") % told


def too_often(promise, limits):
    """An ask that the limit of asks holds back until it is late: a sentence; None: each can leave in time.

    `limits`: values by code. Asks leave as the clock lets them: on the day they are due, or when fewer than the limit
    left within thirty days.
    """
    most = limits.get(MOST_ASKS.get(promise.party))
    if promise.kind != Promise.Kind.CHECK_IN or not promise.is_on or not most:
        return None
    left = []
    for due, late in year_of(promise):
        day = max(due, left[-most] + MONTH) if len(left) >= most else due
        if day > late:
            told = {"due": due, "day": day, "late": late, "most": most, "code": MOST_ASKS[promise.party]}
            return TOO_OFTEN % told
        left.append(day)
    return None


def year_of(promise):
    """Pairs of days, due and late, of a match's first year, a month being thirty days."""
    first = sorted(tuple(pair) for pair in promise.first_days)
    begin = first[-1][0] if first else 0
    days = [day for day in rhythm(promise) if day > begin]
    return [*first, *((day, day + promise.grace_days) for day in days)]


def rhythm(promise):
    if not promise.every or promise.unit not in DAYS:
        return range(0)
    step = promise.every * DAYS[promise.unit]
    until = min(YEAR, promise.until_month * MONTH) if promise.until_month else YEAR
    return range(step, until + 1, step)
