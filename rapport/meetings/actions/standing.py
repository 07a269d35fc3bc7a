"""What a meeting is beside everybody's word: called off before, or excused, as the place was closed.

`Meeting.stood` keeps it while a word says otherwise; when the last word goes, it holds again.
"""

from django.utils.dateparse import parse_datetime

from rapport.meetings.models import Meeting, Rearrangement

NOTHING_SAID = {
    "kept_at": None, "missed_at": None, "excused_at": None, "excuse": "", "minutes": None, "cause": "",
    "said_by": None, "stood": None,
}  # fmt: skip
MOMENTS = ("excused_at", "missed_at")


def standing_of(meeting):
    """Facts of a meeting without anybody's word, or nothing."""
    if meeting.stood is not None:
        return from_words(meeting)
    if meeting.excused_at:
        return {"excused_at": meeting.excused_at, "excuse": meeting.excuse, "cause": meeting.cause}
    if meeting.cancelled_at:
        return {"missed_at": meeting.cancelled_at, "cause": meeting.cause, "said_by": meeting.said_by}
    return {}


def from_words(meeting):
    """Whose word it was stands in the row of that change: people may turn out to be one meanwhile."""
    kept = meeting.stood
    moments = {name: parse_datetime(kept[name]) for name in MOMENTS if name in kept}
    if "missed_at" not in kept:
        return kept | moments
    off = Rearrangement.objects.filter(meeting=meeting, what=Rearrangement.What.CANCELLED).select_related("person")
    last = off.order_by("-pk").first()
    return kept | moments | {"said_by": last.person if last else None}


def in_words(facts):
    """The same as JSON keeps it; nothing is no row."""
    kept = {name: value for name, value in facts.items() if name != "said_by"}
    return (kept | {name: facts[name].isoformat() for name in MOMENTS if name in facts}) or None


def stands_closed(meetings, *, excuse, at):
    """Of these meetings somebody spoke before it was known that the place is closed: without their word it was that."""
    closed = {"excused_at": at, "excuse": str(excuse)[:200], "cause": Meeting.Cause.CLOSED.value}
    touched = meetings.exclude(pk__in=Meeting.objects.untouched()).filter(excused_at=None)
    touched.filter(stood__isnull=True).update(stood=in_words(closed))


def stands_open(meetings, *, excuse):
    """It is open after all."""
    meetings.filter(stood__excuse=str(excuse)[:200]).update(stood=None)
