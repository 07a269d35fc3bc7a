"""Somebody tells of a meeting on their own page: the log, and a worry beside it, kept together or not at all."""

import hashlib
from datetime import time, timedelta

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from rapport.audit.actions import record
from rapport.core.months import day_in, moment
from rapport.meetings.actions.planning import add_meeting
from rapport.meetings.actions.saying import log
from rapport.meetings.models import Attempt, Log, Meeting
from rapport.meetings.refusals import NoSuchDay
from rapport.people.models import Participant
from rapport.safeguarding.actions import add_triage, raise_concern

DAY = timedelta(days=1)
YES, NOT_SURE, WORDS = "yes", "maybe", "words"


@transaction.atomic
def tell(meeting, person, told, *, worry="", worry_words="", source, form_id, is_suspect=False, by, at):
    """Keep what somebody tells (`telling.Told`), and hand a worry to who reads worries, even from a suspect press.

    Words where nothing was chosen are "not sure"; and what a young person writes for their person at the program may
    hold a worry: it is read by a lead, too. Raises what `log` raises.
    """
    said = log(
        meeting, person, told.happened, minutes=told.minutes, cause=told.cause, words=told.words, feeling=told.feeling,
        more=told.more, child_waited=told.child_waited, source=source, is_suspect=is_suspect, form_id=form_id, by=by,
        at=at,
    )  # fmt: skip
    hand_on(meeting, person, worry, worry_words, at=at)
    if told.words and person.counts_as_child(said.program, day_in(at, said.program.zone)):
        have_words_read(said, told.words, at)
    return said


@transaction.atomic
def hand_on(meeting, person, worry, words, *, at):
    """Hand a worry to who reads worries, whatever becomes of the rest that was told: it waits for no form to be right.

    The same words of one person about one meeting arrive once. Returns whether there was anything to hand on.
    """
    if worry == YES:
        worried(meeting, person, words, at)
    elif worry == NOT_SURE or words:
        not_sure(meeting, person, words, at)
    return worry in (YES, NOT_SURE) or bool(words)


def have_words_read(said, words, at):
    add_triage(
        program=said.program, person=said.person, match=said.meeting.match, words=words, about=said, by=said.person,
        what=_("Wrote something for their person at the program"), at=at,
        cause_key=cause(said.meeting, said.person, WORDS, words),
    )  # fmt: skip


def worried(meeting, person, words, at):
    raise_concern(
        program=meeting.program, match=meeting.match, about=meeting, raised_by=person, subject=only_child(meeting),
        words=words or _("“Yes”, something worries them. They wrote no words."),
        cause_key=cause(meeting, person, YES, words), at=at,
    )  # fmt: skip


def not_sure(meeting, person, words, at):
    add_triage(
        program=meeting.program, person=person, match=meeting.match, words=words, about=meeting, by=person,
        what=_("Is not sure whether something worries them"), cause_key=cause(meeting, person, NOT_SURE, words), at=at,
    )  # fmt: skip


def cause(meeting, person, worry, words):
    """The same words about the same meeting raise nothing twice; more words do."""
    return f"told:{meeting.pk}:{person.pk}:{worry}:{hashlib.sha256(words.encode()).hexdigest()[:16]}"


def only_child(meeting):
    mentees = meeting.match.members.filter(side=Participant.Side.MENTEE).select_related("participant__person")
    found = [one.participant.person for one in mentees]
    return found[0] if len(found) == 1 else None


@transaction.atomic
def meeting_of(match, *, starts_at, minutes, by, at):
    """The meeting that somebody tells of by its moment: the one expected that day, or else a new one.

    So a log never makes a second meeting of one: what nobody spoke of yet, and what is near, is the same. Raises what
    `add_meeting` raises.
    """
    zone = match.program.zone
    first = moment(day_in(starts_at, zone), time(0), zone)
    there = Meeting.objects.filter(match=match, starts_at__gte=first, starts_at__lt=first + DAY, joined_to=None)
    ends_at = starts_at + timedelta(minutes=minutes)
    if same := there.filter(starts_at__lt=ends_at, ends_at__gt=starts_at).order_by("starts_at").first():
        return same
    expected = list(there.without_word(at).order_by("starts_at")[:2])
    if len(expected) == 1:
        return expected[0]
    return add_meeting(match, starts_at=starts_at, minutes=minutes, by=by, at=at)


@transaction.atomic
def attempted(match, person, *, on, how, source, form_id, by, at):
    """Keep that somebody tried to reach the other side. It counts apart: no meeting, and nobody's miss.

    One press is one attempt. Raises NoSuchDay where that day is still to come or before they began.
    """
    if on > day_in(at, match.program.zone) or match.begun_on is None or on < match.begun_on:
        raise NoSuchDay(match)
    try:
        with transaction.atomic():
            tried = Attempt.objects.create(
                program=match.program, match=match, person=person, on=on, how=how, source=source, form_id=form_id,
                written_by=by if source == Log.Source.STAFF else None, said_at=at,
            )  # fmt: skip
    except IntegrityError:
        return Attempt.objects.get(match=match, form_id=form_id)
    record("contact.attempted", about=tried, by=by or person, at=at, how=how)
    return tried
