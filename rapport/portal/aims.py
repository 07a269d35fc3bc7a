"""What a pair aims at, beside what is owed: more than that, and held against nobody (requirements S3-10).

How often, week by week, and by which ways they met: in person, by phone, with a parent.
"""

from collections import Counter

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from rapport.core.months import day_in
from rapport.matches.promising import pledge_of
from rapport.meetings.dosage import owed
from rapport.meetings.models import Log, Meeting
from rapport.meetings.together import OPEN
from rapport.meetings.windows import kept, windows
from rapport.portal.figures import figure
from rapport.programs.models import Mode, Promise
from rapport.programs.words import every

IN_PERSON = (Mode.SCHOOL, Mode.PUBLIC, Mode.HOME, Mode.OTHER)


def aim_words(mine):
    """Sentences on what they aim at, how many weeks of it they met, and how; none where nothing is aimed at."""
    aim = Promise.objects.filter(program=mine.match.program, kind=Promise.Kind.AIM, is_on=True).order_by("pk").first()
    if aim is None or not aim.every:
        return []
    pledge = pledge_of(aim, mine.begun_on)
    wanted = owed([pledge], mine.shut, mine.begun_on, mine.first, mine.last).meetings
    told = {"often": every(aim), "n": figure(wanted), "met": mine.so_far.meetings}
    words = _("They aim at %(often)s: that would be about %(n)s meetings by now, and they met %(met)d times.") % told
    return [words, week_words(mine, pledge), ways_words(mine)]


def week_words(mine, pledge):
    """In how many of the weeks behind them they met. What nobody knows stands apart."""
    if pledge.unit != "weeks" or pledge.every != 1:
        return ""
    days = {"begun_on": mine.begun_on, "first": mine.first, "today": mine.today}
    count = kept(windows([pledge], mine.rows, mine.shut, unit="weeks", **days))
    told = {"kept": count.kept, "known": count.known, "unknown": count.unknown}
    if not count.known:
        return ""
    if not count.unknown:
        return _("They met in %(kept)d of %(known)d weeks.") % told
    return _("They met in %(kept)d of %(known)d weeks; of %(unknown)d more nobody has said enough.") % told


def ways_words(mine):
    """In person 4 times, by phone 2; a parent was there once."""
    met = Meeting.objects.filter(match=mine.match, joined_to=None, kept_at__isnull=False).values_list(
        "pk", "mode", "starts_at"
    )
    zone = mine.match.program.zone
    ways = {pk: mode for pk, mode, at in met if mine.first <= day_in(at, zone) <= mine.last}
    logs = Log.objects.filter(meeting__in=ways, happened=True, is_suspect=False, level=OPEN).order_by("logged_at", "pk")
    with_parent = set()
    for meeting, mode, company in logs.values_list("meeting", "mode", "company"):
        ways[meeting] = mode or ways[meeting]
        if Log.Company.GUARDIAN in company:
            with_parent.add(meeting)
    count = Counter("person" if mode in IN_PERSON else mode for mode in ways.values())
    said = [words % {"n": count[way]} for way, words in ways_told(count) if count[way]]
    if not any(count[way] for way in ("person", *Mode.values)):
        return ""
    words = _("How they met: %(ways)s.") % {"ways": ", ".join(said)}
    if not with_parent:
        return words
    parent = ngettext("A parent was there once.", "A parent was there %(n)d times.", len(with_parent))
    return f"{words} {parent % {'n': len(with_parent)}}"


def ways_told(count):
    return [
        ("person", ngettext("in person once", "in person %(n)d times", count["person"])),
        (Mode.PHONE, ngettext("by phone once", "by phone %(n)d times", count[Mode.PHONE])),
        (Mode.ONLINE, ngettext("online once", "online %(n)d times", count[Mode.ONLINE])),
        (Mode.MESSAGES, ngettext("by messages once", "by messages %(n)d times", count[Mode.MESSAGES])),
        ("", ngettext("nobody said how once", "nobody said how %(n)d times", count[""])),
    ]
