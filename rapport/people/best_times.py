"""When somebody is best reached: days and hours of their week, in the time zone of the program."""

from datetime import time, timedelta

from django.utils.translation import gettext as _

from rapport.core.months import day_in, moment

WEEK = "1234567"
MIDNIGHT, LAST_MINUTE = time(0), time(23, 59, 59)
DAYS_AHEAD = 8  # a best time comes again within a week


def has_best_time(point) -> bool:
    return bool(point.best_days or point.best_from or point.best_until)


def is_good_now(point, at, zone) -> bool:
    """Whether this moment lies within the best times of this way; never where nobody said any."""
    local = at.astimezone(zone)
    first, last = hours_of(point)
    is_day = not point.best_days or str(local.isoweekday()) in point.best_days
    return has_best_time(point) and is_day and first <= local.time() < last


def hours_of(point):
    return point.best_from or MIDNIGHT, point.best_until or LAST_MINUTE


def next_good(point, at, zone, later=lambda moment: None):
    """The first moment from now on within their best times; `later(moment)` gives the end of a quiet time, or None.

    None where quiet hours leave nothing of them.
    """
    first, last = hours_of(point)
    today = day_in(at, zone)
    for day in (today + timedelta(days=ahead) for ahead in range(DAYS_AHEAD)):
        if point.best_days and str(day.isoweekday()) not in point.best_days:
            continue
        begins, ends = max(moment(day, first, zone), at), moment(day, last, zone)
        begins = (later(begins) or begins) if begins < ends else ends
        if begins < ends:
            return begins
    return None


def best_times_in_words(point) -> str:
    """Tue and Thu after 16:00. Empty where nobody said any."""
    return " ".join(part for part in (days_in_words(point.best_days), hours_in_words(point)) if part)


def days_in_words(days) -> str:
    """The days of a week as people say them."""
    if not days or days == WEEK:
        return ""
    if days in ("12345", "67"):
        return _("on weekdays") if days == "12345" else _("at weekends")
    names = [short_days()[int(day) - 1] for day in days]
    said = {"days": ", ".join(names[:-1]), "last": names[-1]}
    return _("%(days)s and %(last)s") % said if names[1:] else names[0]


def short_days():
    return [_("Mon"), _("Tue"), _("Wed"), _("Thu"), _("Fri"), _("Sat"), _("Sun")]


def hours_in_words(point) -> str:
    said = {"first": f"{point.best_from:%H:%M}" if point.best_from else "",
            "last": f"{point.best_until:%H:%M}" if point.best_until else ""}  # fmt: skip
    if said["first"] and said["last"]:
        return _("from %(first)s to %(last)s") % said
    if said["first"]:
        return _("after %(first)s") % said
    return _("before %(last)s") % said if said["last"] else ""


def way_in_words(point, at, zone) -> str:
    """Phone, Tue and Thu after 16:00; good time now. Neither address nor number."""
    best = best_times_in_words(point)
    words = _("%(way)s, best reached %(times)s") if best else "%(way)s"
    words = words % {"way": point.get_kind_display(), "times": best}
    return _("%(words)s; good time now") % {"words": words} if is_good_now(point, at, zone) else words
