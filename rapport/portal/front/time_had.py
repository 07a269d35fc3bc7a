"""What was promised and what happened, in the words of those it was promised to (requirements S1-11).

Nobody is blamed: what is not written down, and what nobody told, is said as that. Days on which a pair rests or its
place is closed promise nothing, so no sentence tells of either.
"""

from datetime import timedelta
from fractions import Fraction

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from rapport.core.months import add_months
from rapport.meetings.dosage import Owed, owed
from rapport.portal.promised import hours

DAY = timedelta(days=1)
HALF = Fraction(1, 2)
HOUR, SHOWN = 60, 30  # minutes; told by the half hour


def time_had(mine, *, of_others=False):
    """Sentences for one pair: in all, the month before, this month. `of_others`: a guardian reads of a child."""
    if mine is None or mine.first > mine.last:
        return []
    month = mine.today.replace(day=1)
    before = add_months(month, -1)
    said = [in_all(mine)] + [month_words(mine, first, of_others) for first in (before, month)]
    said += tried_words(mine.tried, of_others)
    return [words for words in said if words]


def in_all(mine):
    """26 hours together since March."""
    time = mine.so_far
    if time.minutes < HOUR:
        return ""
    since = date_format(mine.first, _("F Y") if mine.first.year != mine.today.year else "F")
    words = _("One hour together since %(month)s.")
    shown = SHOWN * round(time.minutes / SHOWN)
    words = _("%(hours)s hours together since %(month)s.") if shown > HOUR else words
    return words % {"hours": hours(shown), "month": since}


def month_words(mine, first, of_others):
    """One month of the calendar, as far as it is counted; with what nobody has told."""
    last = add_months(first, 1) - DAY
    if last < mine.first:
        return ""
    is_over, month = last < mine.today, date_format(first, "F")
    time = mine.between(max(first, mine.first), min(last, mine.last))
    promised = owed(mine.pledges, mine.shut, mine.begun_on, max(first, mine.first), last)
    said = [
        met_words(time, promised, month, of_others) if time.meetings or is_over else "",
        hoped_words(promised, month, is_over),
        unknown_words(time.unknown),
    ]
    return " ".join(words for words in said if words)


def tried_words(tried, of_others):
    """That they tried something new, or did something at the school: a kind word, never one where there was none."""
    told = {"n": tried.new}
    if tried.new and of_others:
        words = ngettext("They tried something new together.",
                         "%(n)d times they tried something new together.", tried.new)  # fmt: skip
        yield words % told
    elif tried.new:
        words = ngettext("You tried something new together.",
                         "%(n)d times you tried something new together.", tried.new)  # fmt: skip
        yield words % told
    told = {"n": tried.at_school}
    if tried.at_school and of_others:
        words = ngettext("Once they did something the school offers.",
                         "%(n)d times they did something the school offers.", tried.at_school)  # fmt: skip
        yield words % told
    elif tried.at_school:
        words = ngettext("Once you did something the school offers.",
                         "%(n)d times you did something the school offers.", tried.at_school)  # fmt: skip
        yield words % told


def by_hours(promised: Owed):
    """Whether time was promised, and no number of meetings."""
    return promised.minutes > 0 and promised.meetings < HALF


def met_words(time, promised, month, of_others):
    if not time.meetings:
        words = _("In %(month)s no time together is written down.")
    elif by_hours(promised):
        words = _("In %(month)s you had %(hours)s h together.")
        words = _("In %(month)s they had %(hours)s h together.") if of_others else words
    elif of_others:
        words = ngettext("In %(month)s they met once.", "In %(month)s they met %(n)d times.", time.meetings)
    else:
        words = ngettext("In %(month)s you met once.", "In %(month)s you met %(n)d times.", time.meetings)
    return words % {"month": month, "n": time.meetings, "hours": hours(time.minutes)}


def hoped_words(promised, month, is_over):
    """What we hope for. Nothing, where nothing was promised for that month."""
    times = int(promised.meetings + HALF)
    if by_hours(promised):
        amount = _("%(hours)s h") % {"hours": hours(promised.minutes)}
    elif times:
        amount = ngettext("one", "%(n)d", times) % {"n": times}
    else:
        return ""
    words = _("We had hoped for %(amount)s.") if is_over else _("In all of %(month)s we hope for %(amount)s.")
    return words % {"amount": amount, "month": month}


def unknown_words(times):
    words = ngettext(
        "Of one planned meeting nobody has told us yet.", "Of %(n)d planned meetings nobody has told us yet.", times
    )
    return words % {"n": times} if times else ""
