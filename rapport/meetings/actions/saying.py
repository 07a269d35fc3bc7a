"""Each party says whether they met. What the meeting then reads as is a rule of its own (`reading`)."""

import json
from dataclasses import dataclass

from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction

from rapport.audit.actions import record
from rapport.core.months import day_in
from rapport.matches.models import Member
from rapport.meetings.actions.differing import ask_where_words_differ
from rapport.meetings.actions.looking import look_at
from rapport.meetings.actions.planning import require_within
from rapport.meetings.actions.standing import NOTHING_SAID, in_words, standing_of
from rapport.meetings.models import FormerLog, Log, Meeting
from rapport.meetings.refusals import NotTheirMeeting
from rapport.meetings.telling import NOTHING_MORE, columns_of, require_sense
from rapport.people.models import Guardianship, Participant

OPEN_TO_THE_TEAM, OPEN_TO_STAFF = 1, 2  # levels: a mentor's log, and what anybody else says (security.md §2.2)
OF_STAFF = (Log.Source.STAFF, Log.Source.SHEET)  # told to staff, or seen by them where the pair meets


@transaction.atomic
def log(
    meeting, person, happened, *, minutes=None, cause="", words="", feeling=None, more=None, child_waited=None, source,
    is_suspect=False, form_id="", by, at,
):  # fmt: skip
    """Keep what one party says of one meeting; a later word of theirs replaces it. The meeting follows (`reading`).

    `more`: what they told at length (`telling.More`); None leaves what they told before. What a word replaces stays to
    be seen by staff (`FormerLog`); the same press twice, however late, changes nothing. An unconfirmed word never takes
    the place of a confirmed one. Raises what `telling.require_sense` raises, BeforeTheBeginning, AfterTheEnd,
    NotTheirMeeting.
    """
    meeting = hold(meeting)
    side = side_of(person, meeting)
    require_within(meeting.match, meeting.starts_at)
    require_sense(meeting, happened, minutes, cause, feeling, words, more or NOTHING_MORE, at)
    known = Log.objects.filter(meeting=meeting, person=person).first()
    if known and ((is_suspect and not known.is_suspect) or was_pressed(known, form_id)):
        return known
    told = columns_of(happened, minutes, cause, feeling, words, more, known)
    told |= {"source": source, "is_suspect": is_suspect}
    if known is None or differs(known, told):
        said = keep(meeting, person, known, side, told, form_id, at)
        record("meeting.logged", about=said, by=by, at=at, level=said.level, happened=happened, source=source)
    else:
        said = known
    follow(meeting, child_waited if not is_suspect else None, said, at)
    look_at(said, meeting, at=at)
    return said


def hold(meeting):
    """Lock a meeting as it stands now; of two that are one, the one that goes on."""
    locked = Meeting.objects.select_for_update(of=("self",)).select_related("match", "program")
    found = locked.get(pk=meeting.pk)
    return locked.get(pk=found.joined_to_id) if found.joined_to_id else found


def was_pressed(known, form_id):
    """Whether this very press arrived already, be it before a later word."""
    return bool(form_id) and (known.form_id == form_id or known.former.filter(form_id=form_id).exists())


def differs(known, told):
    return any(getattr(known, name) != value for name, value in told.items())


def keep(meeting, person, known, side, told, form_id, at):
    """Write one log; what it replaces goes beside it."""
    level = OPEN_TO_THE_TEAM if side == Participant.Side.MENTOR else OPEN_TO_STAFF
    more = {"program": meeting.program, "logged_at": at, "level": level, "form_id": form_id}
    if known:
        before = {name: getattr(known, name) for name in (*told, "level")}
        FormerLog.objects.create(
            program=meeting.program, log=known, form_id=known.form_id, logged_at=known.logged_at, replaced_at=at,
            said=json.loads(json.dumps(before, cls=DjangoJSONEncoder)),
        )  # fmt: skip
    said, _made = Log.objects.update_or_create(meeting=meeting, person=person, defaults=told | more)
    return said


def side_of(person, meeting):
    """Mentor or mentee of this match, or "guardian" of a child in it. Raises NotTheirMeeting."""
    members = Member.objects.filter(match=meeting.match_id)
    side = members.filter(participant__person=person).order_by("side").values_list("side", flat=True)
    if found := list(side):
        return Participant.Side.MENTOR if Participant.Side.MENTOR in found else found[0]
    children = members.values("participant__person")
    on = day_in(meeting.starts_at, meeting.program.zone)
    if Guardianship.objects.living(on).filter(adult=person, child__in=children).exists():
        return "guardian"
    raise NotTheirMeeting(person)


@dataclass(frozen=True)
class Voice:
    """One confirmed word. It carries if it is a mentor's, was told to staff, or stands on the site's day sheet."""

    happened: bool
    carries: bool
    log: Log


def reading(voices, child_waited):
    """Which word a meeting reads by, or None: unknown. All words are kept; nobody becomes a no-show on one voice.

    1. A mentor, or staff whom somebody told, says that they met: they met, whoever else says otherwise.
    2. Nobody such speaks, and another says that they met: they met.
    3. A mentor or staff says that they did not, and nobody that they did: they did not.
    4. A mentee's or guardian's word by link alone, that they did not, leaves the meeting unknown, with their word
       beside it, unless the child waited: then one voice is enough for a call the same day.
    5. A mentor says no and the child or guardian yes: unknown. Two words stand; a coordinator asks.
    """
    yes = [v for v in voices if v.happened]
    carrying = [v for v in voices if v.carries]
    if first := [v for v in yes if v.carries] or ([] if carrying else yes):
        return first[-1].log
    if yes:
        return None
    no = carrying or (voices if child_waited else [])
    return no[-1].log if no else None


def follow(meeting, child_waited, said, at):
    """Let the meeting's facts say what its logs make of it; without a word it is what it was before anybody spoke."""
    waited = waited_now(meeting, child_waited, said)
    voices = voices_of(meeting)
    read_by, before = reading(voices, waited), standing_of(meeting)
    if read_by is not None and (read_by.happened or not before.get("excused_at")):
        facts = {"kept_at" if read_by.happened else "missed_at": at, "said_by": read_by.person, "cause": read_by.cause}
        facts |= {"minutes": read_by.minutes, "stood": in_words(before)}
        if not read_by.happened and not read_by.cause:
            facts["cause"] = before.get("cause", "")  # why it was called off stands until somebody says another reason
    else:
        facts = before
    facts = NOTHING_SAID | facts | {"child_waited": waited}
    Meeting.objects.filter(pk=meeting.pk).update(**facts)
    for name, value in facts.items():
        setattr(meeting, name, value)
    if len(voices) > 1 or said is None:
        ask_where_words_differ(meeting, voices, at=at)


def waited_now(meeting, child_waited, said):
    """Whoever says that the child waited is heard; only staff may take it back."""
    if child_waited is None:
        return meeting.child_waited
    takes_back = said.source == Log.Source.STAFF or meeting.child_waited is None
    return child_waited if child_waited or takes_back else meeting.child_waited


def voices_of(meeting):
    """The confirmed words about a meeting, oldest first."""
    mentors = set(
        Member.objects.filter(match=meeting.match_id, side=Participant.Side.MENTOR).values_list(
            "participant__person", flat=True
        )
    )
    logs = Log.objects.filter(meeting=meeting, is_suspect=False).select_related("person").order_by("logged_at", "pk")
    return [Voice(one.happened, one.person_id in mentors or one.source in OF_STAFF, one) for one in logs]
