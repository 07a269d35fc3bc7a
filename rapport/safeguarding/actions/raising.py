"""A worry or a concern comes in, from an answer, from a page, from anybody."""

from datetime import time, timedelta

from django.db import transaction

from rapport.audit.actions import label, record
from rapport.core.about import type_of
from rapport.core.months import day_in, moment
from rapport.safeguarding.actions.ladder import climb_on
from rapport.safeguarding.models import Concern, Duty, Entry, TriageItem
from rapport.tasks.models import SEALED

END_OF_DAY = time(23, 59)
WEEKEND = (5, 6)


@transaction.atomic
def add_triage(*, program, person, what, words="", about=None, match=None, cause_key, by=None, at):
    """Put something on the lead's desk that must be read the same working day ("not sure"). One for each cause."""
    read_by = read_until(program, at)
    item, made = TriageItem.objects.get_or_create(
        cause_key=cause_key,
        defaults={
            "program": program, "person": person, "match": match, "what": what, "words": words, "came_at": at,
            "due_at": at, "late_at": read_by, "next_at": at, **softly(about),
        },
    )  # fmt: skip
    if made:
        record("triage.added", about=item, by=by, at=at, level=SEALED)
        climb_on([item], at=at)
    return item


@transaction.atomic
def raise_concern(
    *, program, words, cause_key, at, raised_by=None, raised_by_label="", subject=None, match=None, about=None,
    accused=(), risk="", said="", by=None,
):  # fmt: skip
    """Open a sealed concern with their own words, and start its ladder at once. One for each cause.

    `raised_by` is a person, where there is one; `raised_by_label` says who otherwise. `accused` never see it. `risk` is
    what they said of the danger; `said` is what else they told, such as a name nobody here answers to.
    """
    concern, made = Concern.objects.get_or_create(
        cause_key=cause_key,
        defaults={
            "program": program, "words": words, "raised_by": raised_by, "subject": subject, "match": match,
            "raised_by_label": raised_by_label or (str(raised_by) if raised_by else label(by)),
            "raised_at": at, "next_at": at, "risk": risk, **softly(about),
        },
    )  # fmt: skip
    if made:
        concern.accused.add(*accused)
        Entry.objects.create(concern=concern, at=at, by=None, verb="raised", words=words)
        if said:
            Entry.objects.create(concern=concern, at=at, by=None, verb="told", words=said)
        record("concern.raised", about=concern, by=raised_by or by, at=at, level=SEALED)
        climb_on([concern], at=at)
    return concern


def read_until(program, at):
    """By when a worry that came at this moment is read: the named time of a working day, this one if it is still ahead.

    Working days are Monday to Friday whatever the school's calendar says: a worry does not wait for the holidays.
    """
    named = Duty.objects.filter(program=program).values_list("read_by", flat=True).first()
    zone, more = program.zone, program.limit("triage-within")
    day = day_in(at, zone)
    if day.weekday() in WEEKEND or (named and moment(day, named, zone) <= at):
        day = next_workday(day)
    for _ in range(more):
        day = next_workday(day)
    return moment(day, named or END_OF_DAY, zone)


def next_workday(day):
    day += timedelta(days=1)
    while day.weekday() in WEEKEND:
        day += timedelta(days=1)
    return day


def softly(about):
    return {"about_type": type_of(about), "about_id": about.pk} if about is not None else {}
