"""Time together against what was promised, in words: what is known, what nobody knows, and where it leads."""

from dataclasses import dataclass, field

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from rapport.meetings.together import time_of
from rapport.meetings.windows import kept, windows
from rapport.portal.aims import aim_words
from rapport.portal.figures import figure

MONTHS = 6  # of the table
LATELY, TO_WATCH, TO_HELP = "together-open-days", "together-to-watch", "together-to-help"
BELOW = ((TO_HELP, "help"), (TO_WATCH, "watch"))


@dataclass(frozen=True)
class Row:
    """One month of theirs in the table; `kind`: which pill its share wears, if any."""

    number: int
    first: object
    is_whole: bool
    promised: str
    held: int
    hours: str
    unknown: int
    share: str
    kind: str = ""


@dataclass(frozen=True)
class Told:
    """The sentences of the panel, the most important first, and the months."""

    lead: str
    sentences: list = field(default_factory=list)
    months: list = field(default_factory=list)


def promised_time(match, at):
    """What the panel says of one match; None before they begin."""
    mine = time_of([match], at, with_tried=True).get(match.pk)
    if mine is None or mine.first > mine.last:
        return None
    limits = match.program.limits_by_code
    said = [counted_words(mine), *least_words(mine), *aim_words(mine), unknown_words(mine.so_far)]
    said += [gap_words(mine.so_far.gaps), tried_words(mine.tried)]
    if match.state == match.State.ACTIVE:
        said.append(ahead_words(mine, limits.get(LATELY)))
    return Told(lead_words(mine.so_far), [words for words in said if words], months_of(mine, limits))


def least_words(mine):
    """What is promised for each month: so many of the months behind them were kept. What nobody knows stands apart."""
    rows = windows(
        mine.pledges, mine.rows, mine.shut, begun_on=mine.begun_on, first=mine.first, today=mine.today
    )  # fmt: skip
    count = kept(rows)
    monthly = (one for one in reversed(mine.pledges) if one.unit == "months" and one.every == 1 and one.minutes)
    pledge = next(monthly, None)
    if pledge is None or not count.known + count.unknown:
        return
    told = {"minutes": pledge.minutes, "kept": count.kept, "known": count.known, "unknown": count.unknown}
    told["all"] = count.known + count.unknown
    if not count.unknown:
        yield _("At least %(minutes)d minutes together in each month: so it was in %(kept)d of %(known)d.") % told
    elif not count.known:
        words = _(
            "At least %(minutes)d minutes together in each month: of %(all)d months behind them nobody has said enough "
            "of %(unknown)d."
        )
        yield words % told
    else:
        words = _(
            "At least %(minutes)d minutes together in each month: so it was in %(kept)d of %(known)d; of %(unknown)d "
            "more nobody has said enough."
        )
        yield words % told
    if all(one.until_on and one.until_on < mine.today for one in mine.pledges):
        yield _("Those months are over: they meet as they need.")


def lead_words(time):
    """They met 12 times, 14.5 h, of about 16 h promised so far."""
    if time.is_silent:
        if time.promised.is_nothing:
            return _("Nothing is written down yet about their meetings.")
        words = _("Nothing is written down yet about their meetings. By now about %(promised)s are promised.")
        return words % {"promised": amount(time.promised)}
    told = {"n": time.meetings, "hours": hours(time.minutes), "promised": amount(time.promised)}
    if not time.meetings:
        return _("No time together is known of yet.")
    if time.promised.is_nothing:
        words = ngettext(
            "They met once, %(hours)s h. How often they meet is theirs to say.",
            "They met %(n)d times, %(hours)s h. How often they meet is theirs to say.",
            time.meetings,
        )
    else:
        words = ngettext(
            "They met once, %(hours)s h, of about %(promised)s promised so far.",
            "They met %(n)d times, %(hours)s h, of about %(promised)s promised so far.",
            time.meetings,
        )
    return words % told


def amount(owed):
    """What was promised, in hours where time was promised: 16 h."""
    return hours_words(owed.minutes) if owed.minutes else meetings_words(owed.meetings)


def hours_words(minutes):
    return _("%(hours)s h") % {"hours": hours(minutes)}


def meetings_words(number):
    return _("%(n)s meetings") % {"n": figure(number)}


def hours(minutes):
    return figure(minutes / 60)


def counted_words(mine):
    if mine.first == mine.begun_on:
        return ""
    words = _("Counted from %(day)s on, since when Rapport is used here.")
    if mine.first == mine.match.counts_from_on:
        words = _("Counted from %(day)s on, when they came into Rapport.")
    return words % {"day": date_format(mine.first, "j F Y")}


def unknown_words(time):
    """What nobody knows stands apart, and counts against nobody."""
    said = []
    if time.unknown:
        words = ngettext("Of one meeting nobody has said whether it happened.",
                         "Of %(n)d meetings nobody has said whether they happened.", time.unknown)  # fmt: skip
        said.append(words % {"n": time.unknown})
    if time.guessed:
        words = ngettext("Of one nobody said how long it was; it counts as planned.",
                         "Of %(n)d nobody said how long they were; they count as planned.", time.guessed)  # fmt: skip
        said.append(words % {"n": time.guessed})
    return " ".join(said)


def tried_words(tried):
    """How often it was something new, or something the school offers, as the mentors tagged it."""
    said = []
    if tried.new:
        words = ngettext("They did something new once.", "They did something new %(n)d times.", tried.new)
        said.append(words % {"n": tried.new})
    if tried.at_school:
        words = ngettext("Something the school offers: once.", "Something the school offers: %(n)d times.",
                         tried.at_school)  # fmt: skip
        said.append(words % {"n": tried.at_school})
    return " ".join(said)


def gap_words(gaps):
    if gaps.last_on is None:
        return ""
    words = _("The last time was on %(day)s.")
    if gaps.now:
        words = ngettext(
            "The last time was on %(day)s, %(n)d open day ago.",
            "The last time was on %(day)s, %(n)d open days ago.",
            gaps.now,
        )
    said = [words % {"day": date_format(gaps.last_on, "j F"), "n": gaps.now}]
    if gaps.usual is not None:
        words = _("Usually %(usual)s open days pass from one to the next; the longest wait was %(longest)d.")
        said.append(words % {"usual": figure(gaps.usual), "longest": gaps.longest})
    return " ".join(said)


def ahead_words(mine, lately):
    """How much they will have had if they go on as they lately did, and why one may say so, or may not."""
    if lately is None or mine.to_come().is_nothing:
        return ""
    told = {"days": lately.value, "until": date_format(mine.until_on, "j F Y")}
    recent = mine.lately(lately.value)
    if recent is None:
        return _("It is too early to look ahead: fewer than %(days)d open days lie behind them.") % told
    seen = mine.ahead(recent)
    if seen is None:
        return _("Too little is known of the last %(days)d open days to look ahead.") % told
    told |= {"kept": kept_words(recent), "share": percent(*seen)}
    words = _(
        "If they go on as in the last %(days)d open days (%(kept)s), they will have had %(share)s of what is promised "
        "until %(until)s."
    )
    return words % told


def kept_words(time):
    """5.8 h of 7.4 h; "at least" where something is unknown."""
    had = hours_words(time.minutes) if time.promised.minutes else meetings_words(time.meetings)
    words = _("at least %(had)s of %(promised)s") if time.unknown else _("%(had)s of %(promised)s")
    return words % {"had": had, "promised": amount(time.promised)}


def percent(least, most):
    """80 %, or 78 to 81 %, on one line."""
    least, most = round(100 * least), round(100 * most)
    if least == most:
        return _("%(n)d\u00a0%%") % {"n": least}
    return _("%(least)d to %(most)d\u00a0%%") % {"least": least, "most": most}


def months_of(mine, limits):
    return [row_of(month, limits) for month in mine.months(MONTHS)]


def row_of(month, limits):
    time = month.time
    promised = "" if time.promised.is_nothing else amount(time.promised)
    told = promised, time.meetings, hours(time.minutes), time.unknown
    return Row(month.number, month.first, month.is_whole, *told, *share_of(time, month.is_whole, limits))


def share_of(time, is_whole, limits):
    """(words, pill): strong only for a whole month of which enough is known; what is unknown counts against nobody."""
    if time.share is None:
        return "", ""
    if time.is_silent:
        return _("nothing written down"), "unknown"
    if not is_whole:
        return "", ""
    kinds = [kind for code, kind in BELOW if code in limits and time.is_below(limits[code].value)]
    return percent(time.share, time.share_at_most), kinds[0] if kinds else ""
