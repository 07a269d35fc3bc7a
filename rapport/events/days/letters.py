"""Letters about an event day: to those asked, to the family of a child, that it is moved or called off, and after it.
They name nobody else, and the family's letter not even the child."""

from datetime import timedelta

from django.db.models import Exists, OuterRef

from rapport.events.days import looking
from rapport.events.days.questions import readers_of
from rapport.events.models import EventDay, Invitation
from rapport.outbox import kinds
from rapport.outbox.models import Message
from rapport.programs.models import Party
from rapport.programs.starters import starters_of

TO_THEM, TO_FAMILY, OFF, MOVED = "events/day", "events/day-family", "events/day-off", "events/day-moved"
AFTER = {Party.MENTOR: "events/after-event-mentor", Party.MENTEE: "events/after-event-mentee"}
PURPOSE = "event-day"
LASTS = timedelta(days=60)  # the page itself says when it is over


def tell_outbox():
    paper = {"sheet": "event-days:sheet", "write_down": "event-days:invitation"}
    link = kinds.LinkPlan(PURPOSE, "event-day:page", LASTS, **paper, shows=looking.behind_the_link)
    common = {"purpose": "messages", "words": words, "speaks_of": speaks_of}
    kinds.kind(TO_THEM, wanted=still_asked, link=link, **common)
    kinds.kind(TO_FAMILY, wanted=still_asked, link=link, **common)
    kinds.kind(OFF, wanted=still_off, **common)
    kinds.kind(MOVED, wanted=still_moved, link=link, **common)
    for name in AFTER.values():
        kinds.kind(name, wanted=still_alone, **(common | {"words": ways_to_begin}))


def still_asked(messages, at):
    """Wanted while nothing was said, the day is ahead, and its reader may know of it."""
    return theirs(messages, Invitation.objects.filter(state=Invitation.State.INVITED), EventDay.objects.ahead(at), at)


def still_off(messages, at):
    gone = EventDay.objects.filter(off_at__isnull=False, starts_at__gt=at)
    return theirs(messages, Invitation.objects.exclude(state=Invitation.State.NOT_COMING), gone, at)


def still_moved(messages, at):
    """The newest word of it, to whoever had a letter that said otherwise and has not said no."""
    had = Message.objects.filter(kind__in=[TO_THEM, TO_FAMILY], state=Message.State.ACCEPTED)
    newer = Message.objects.filter(kind=MOVED, pk__gt=OuterRef("pk"))
    same = {name: OuterRef(name) for name in ("about_type", "about_id", "to")}
    mine = messages.filter(Exists(had.filter(**same)), ~Exists(newer.filter(**same)))
    return theirs(mine, Invitation.objects.exclude(state=Invitation.State.NOT_COMING), EventDay.objects.ahead(at), at)


def still_alone(messages, at):
    """Whoever is in a pair is asked by its match."""
    alone = Invitation.objects.alone().filter(day__off_at=None, participant__left_at=None)
    return messages.filter(about_id__in=alone.filter(pk__in=messages.values("about_id")).values("pk"))


def theirs(messages, invitations, days, at):
    """Those of these messages whose reader is the one asked, or stands for a child who is."""
    asked = invitations.filter(pk__in=messages.values("about_id"), participant__left_at=None, day__in=days.values("pk"))
    may_read = readers_of(list(asked.select_related("participant__person", "day__program")), at)
    rows = messages.values_list("pk", "about_id", "to")
    return messages.filter(pk__in=[pk for pk, about, to in rows if to in may_read.get(about, ())])


def speaks_of(messages):
    """A letter to a family speaks of the child."""
    asked = dict(Invitation.objects.filter(pk__in=messages.values("about_id")).values_list("pk", "participant__person"))
    rows = messages.values_list("pk", "about_id", "to")
    return {pk: {asked[about]} - {to} if about in asked else set() for pk, about, to in rows}


def words(messages, at):
    rows = Invitation.objects.filter(pk__in=messages.values("about_id")).select_related("day")
    told = {row.pk: {"day": row.day} for row in rows}
    return {pk: told[about] for pk, about in messages.values_list("pk", "about_id") if about in told}


def ways_to_begin(messages, at):
    """As the pairs of it read them. Where young people may have been there, the program puts two in touch."""
    rows = list(messages.select_related("program"))
    lines = {program.pk: starters_of(program) for program in {row.program for row in rows}}
    return {
        row.pk: {
            "starters": [one.words for one in lines[row.program_id] if AFTER.get(one.party) == row.kind],
            "through_us": not row.program.adults_only,
        }
        for row in rows
    }
