"""The letter that a meeting was moved, called off, or is on again: one, with what holds when it leaves."""

from datetime import timedelta

from django.utils.dateparse import parse_datetime

from rapport.core.months import day_in
from rapport.matches.models import Match
from rapport.meetings.models import Meeting, Rearrangement
from rapport.meetings.sheet.letters import speaks_of
from rapport.outbox import kinds

What = Rearrangement.What
REARRANGED, PURPOSE = "meetings/rearranged", "meetings"
LASTS = timedelta(days=14)  # no figure of the field: the page tells where a child is, so no old letter opens it


def tell_outbox():
    paper = {"sheet": "meetings:own-sheet", "write_down": "meetings:agenda"}
    link = kinds.LinkPlan(PURPOSE, "our-meetings:page", LASTS, **paper)
    common = {"purpose": "messages", "speaks_of": speaks_of, "link": link}
    kinds.kind(REARRANGED, wanted=still_so, words=rearranged_words, **common)


def still_so(messages, at):
    """Wanted while the meeting stands as this letter says: of several changes only the last is told."""
    facts = dict(messages.values_list("pk", "facts"))
    rows = Meeting.objects.filter(pk__in={said["meeting"] for said in facts.values()}, match__state=Match.State.ACTIVE)
    there = {one.pk: one for one in rows.exclude(kept_at__isnull=False)}
    known = {pk: there.get(said["meeting"]) for pk, said in facts.items()}
    return messages.filter(pk__in=[pk for pk, meeting in known.items() if meeting and stands(meeting, facts[pk])])


def stands(meeting, said):
    if said["what"] == What.CANCELLED:
        return meeting.cancelled_at is not None
    return meeting.cancelled_at is None and meeting.starts_at == parse_datetime(said["now"])


def rearranged_words(messages, at):
    """When it was to be and when it is, in the program's time."""
    found = {}
    for message in messages.select_related("program"):
        said, zone = message.facts, message.program.zone
        was, now = (parse_datetime(said[name]) if said[name] else None for name in ("was", "now"))
        found[message.pk] = {
            "what": said["what"], "was": was.astimezone(zone), "now": now.astimezone(zone) if now else None,
            "same_day": bool(now) and day_in(was, zone) == day_in(now, zone),
        }  # fmt: skip
    return found
