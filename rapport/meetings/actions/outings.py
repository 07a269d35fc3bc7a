"""Asking for an outing, and what guardians say to it. A yes holds for what it was said to: what changes is asked anew.

Nobody asks a child to ask at home: the question goes to the guardians, and only what came of it goes to the mentor.
"""

from datetime import time, timedelta

from django.db import transaction
from django.db.models import F
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import override

from rapport.access.models import User
from rapport.audit.actions import record
from rapport.core.languages import OF_STAFF
from rapport.core.months import day_in, moment
from rapport.core.own_words import spoken_as
from rapport.matches.calling import owner_of
from rapport.meetings.actions.planning import add_meeting, excuse
from rapport.meetings.models import Meeting, Outing, OutingWord
from rapport.meetings.outings.refusals import (
    AskedTooOften,
    ChangedMeanwhile,
    NobodyToAsk,
    NoPairToGo,
    NotTheirsToSay,
    OutingIsOver,
    RulesBroken,
    TooLateForYes,
)
from rapport.meetings.outings.rules import broken, children_of
from rapport.meetings.outings.standing import going_on, standing_of, with_people
from rapport.meetings.refusals import AnotherMeetingThen
from rapport.outbox.actions import Outgoing, queue_many, somebody_else_reads
from rapport.outbox.links import require_not_shut
from rapport.outbox.models import Link
from rapport.outbox.questions import reachable
from rapport.tasks.actions import NewTask, add_tasks

ASK, ANSWER, CALL = "meetings/outing", "meetings/outing-answer", "meetings/outing-call"
PERMITTED, NOT_PERMITTED = "permitted", "not permitted"
MOST_VERSIONS, MOST_AHEAD = 3, 5  # by a mentor themselves; no figure of the field: then a person talks about it
A_MOMENT = timedelta(microseconds=1)
Channel = OutingWord.Channel


@transaction.atomic
def ask_for_outing(match, *, person=None, form_id, by, at, **what) -> Outing:
    """Ask the guardians for one outing: `what`, `place`, `starts_at`, `ends_at`, `transport`, `company`.

    `person`: whose wish it is; the same press asks once. Raises NoPairToGo, RulesBroken, AskedTooOften.
    """
    match = with_people([match.pk])[match.pk]
    pressed = Outing.objects.filter(match=match, form_id=form_id).first()
    if pressed is not None:
        return pressed
    require_rules(match, what, at)
    if not isinstance(by, User) and Outing.objects.asked(at).filter(match=match).count() >= MOST_AHEAD:
        raise AskedTooOften(match)
    outing = Outing.objects.create(
        program=match.program, match=match, asked_by=person, written_by=user(by), asked_at=at, changed_at=at,
        form_id=form_id, **what,
    )  # fmt: skip
    record("outing.asked", about=outing, by=by, at=at)
    ask_guardians(outing, by=by, at=at)
    return outing


@transaction.atomic
def change_outing(outing, *, version, by, at, **what) -> Outing:
    """Change what is planned. Whoever said yes said it to something else, so all are asked anew.

    Raises OutingIsOver, NoPairToGo, RulesBroken, AskedTooOften, ChangedMeanwhile.
    """
    require_open(outing, at)
    if all(getattr(outing, name) == value for name, value in what.items()):
        return outing
    require_rules(with_people([outing.match_id])[outing.match_id], what, at)
    if not isinstance(by, User) and version >= MOST_VERSIONS:
        raise AskedTooOften(outing)
    mine = Outing.objects.asked(at).filter(pk=outing.pk, version=version)
    if not mine.update(version=F("version") + 1, changed_at=at, **what):
        raise ChangedMeanwhile(outing)
    outing.refresh_from_db()
    let_meeting_go(outing, by=by, at=at)
    record("outing.changed", about=outing, by=by, at=at, version=outing.version)
    ask_guardians(outing, by=by, at=at)
    return outing


@transaction.atomic
def call_off_outing(outing, *, by, at) -> bool:
    """They do not go after all. The mentor is told, and nobody has to say anything any more."""
    if not Outing.objects.asked(at).filter(pk=outing.pk).update(called_off_at=at):
        return False
    outing.refresh_from_db()
    let_meeting_go(outing, by=by, at=at)
    record("outing.called-off", about=outing, by=by, at=at)
    tell_mentors(outing, NOT_PERMITTED, cause="off", at=at)
    return True


@transaction.atomic
def say_to_outing(
    outing, *, child, person, is_yes, version, channel=Channel.LINK, evidence="", said_on=None, link=None, by, at
) -> OutingWord:
    """Keep the yes or no of one guardian about one child. A no, also a later one, counts at once. `link`: the one it
    was pressed by.

    Raises LinkShut, OutingIsOver, ChangedMeanwhile, NotTheirsToSay, TooLateForYes.
    """
    outing = Outing.objects.select_for_update(of=("self",)).select_related("program").get(pk=outing.pk)
    require_not_shut(link)
    require_open(outing, at)
    if version != outing.version:
        raise ChangedMeanwhile(outing)
    before = standing_of(outing, at)
    if not any(one.child == child and one.guardian == person for one in before.says):
        raise NotTheirsToSay(outing)
    if is_yes and channel == Channel.LINK and at > answer_by(outing):
        raise TooLateForYes(outing)
    word = OutingWord.objects.create(
        program=outing.program, outing=outing, version=version, child=child, said_by=person, is_yes=is_yes,
        channel=channel, evidence=evidence, written_by=user(by), said_at=when(outing, said_on, is_yes, at),
    )  # fmt: skip
    record("outing.answered", about=outing, by=by, at=at, level=2, channel=channel)
    follow(outing, before, cause=word.pk, by=by, at=at)
    return word


def follow(outing, before, *, cause, by, at):
    """What comes of a word, or of its counting no more: a meeting where they may go now, none where they may no more,
    and the mentor is told, once of each `cause`."""
    after = standing_of(outing, at)
    if after.is_permitted and not before.is_permitted:
        meet(outing, by=by, at=at)
        tell_mentors(outing, PERMITTED, cause=cause, at=at)
    elif before.is_permitted and not after.is_permitted:
        let_meeting_go(outing, by=by, at=at)
        tell_mentors(outing, NOT_PERMITTED, cause=cause, at=at)
    if after.differ and not before.differ:
        call(outing, "differ", _("Two who may speak for one child say otherwise about the outing of %(day)s."), at=at)


def require_rules(match, what, at):
    if match.pk not in going_on([match.pk], at):
        raise NoPairToGo(match)
    if not children_of(match, day_in(what["starts_at"], match.program.zone)):
        raise NobodyToAsk(match)
    wrong = broken(match, starts_at=what["starts_at"], ends_at=what["ends_at"], transport=what["transport"], at=at)
    if wrong:
        raise RulesBroken(match, wrong)


def require_open(outing, at):
    if not Outing.objects.asked(at).filter(pk=outing.pk).exists():
        raise OutingIsOver(outing)


def user(by):
    return by if isinstance(by, User) else None


def when(outing, said_on, is_yes, at):
    """The moment of a word on paper: its day's beginning, or the end of it for a no; of both on one day no is later."""
    zone = outing.program.zone
    if said_on is None or said_on == day_in(at, zone):
        return at
    return moment(said_on, time(0), zone) + (timedelta(0) if is_yes else timedelta(days=1) - A_MOMENT)


def answer_by(outing):
    """Until when a guardian may say yes: after that the mentor knows that they do not go."""
    return outing.starts_at - outing.program.limit("outing-answer")


def ask_guardians(outing, *, by, at):
    """One letter to each who may say it; a call where no letter reaches anybody for a child. On the day before, the
    mentor hears that silence is no: that letter waits, and goes only if it is so then."""
    standing = standing_of(outing, at)
    adults = list(dict.fromkeys(one.guardian for one in standing.says))
    places = reachable(adults, program=outing.program, at=at)
    rows = [
        Outgoing(adult, outing, f"outing:{outing.ref}:{outing.version}:{adult.ref}", {"version": outing.version})
        for adult in adults
        if places[adult.pk]
    ]
    queue_many(ASK, rows, program=outing.program, at=at, not_after=answer_by(outing))
    reached = {one.child for one in standing.says if places[one.guardian.pk]}
    if any(child not in reached for child in standing.children):
        call(outing, "unreached", _("Ask at home about the outing of %(day)s: no letter reaches a guardian."), at=at)
    tell_mentors(outing, NOT_PERMITTED, cause="silence", at=at, not_before=answer_by(outing))


def tell_mentors(outing, state, *, cause, at, not_before=None):
    """What came of it, and nothing of who said what."""
    mentors = [one.person for one in with_people([outing.match_id])[outing.match_id].mentors]
    facts = {"version": outing.version, "state": state, "is_silence": cause == "silence"}
    rows = [
        Outgoing(one, outing, f"outing-told:{outing.ref}:{outing.version}:{cause}:{one.ref}", facts) for one in mentors
    ]
    queue_many(ANSWER, rows, program=outing.program, at=at, not_before=not_before, not_after=outing.ends_at)


@override(OF_STAFF)
def call(outing, why, words, *, at):
    """A task of whoever looks after them and stands near to nobody it touches, the guardians among them."""
    match = with_people([outing.match_id])[outing.match_id]
    owner = owner_of(match, at, beside=[one.guardian.pk for one in standing_of(outing, at).says])
    if owner is None:
        return
    with spoken_as(outing.program):
        day = date_format(outing.starts_at.astimezone(outing.program.zone), _("j F, H:i"))
        task = NewTask(
            program=outing.program, kind=CALL, owner=owner, person=None, about=outing.match,
            reason=words % {"day": day}, due_at=at, late_at=answer_by(outing),
            cause_key=f"outing:{outing.ref}:{outing.version}:{why}",
        )  # fmt: skip
    add_tasks([task], by=None, at=at)


def meet(outing, *, by, at):
    """The outing is one of their meetings: the one planned then, or one more."""
    then = Meeting.objects.untouched().filter(
        match=outing.match_id, starts_at__lt=outing.ends_at, ends_at__gt=outing.starts_at, cancelled_at=None
    )
    meeting = then.order_by("starts_at").first()
    if meeting is None:
        minutes = int((outing.ends_at - outing.starts_at).total_seconds() // 60)
        try:
            meeting = add_meeting(outing.match, starts_at=outing.starts_at, minutes=minutes, by=by, at=at)
        except AnotherMeetingThen:
            return
    Outing.objects.filter(pk=outing.pk).update(meeting=meeting)


def let_meeting_go(outing, *, by, at):
    """The meeting that stood for the outing alone is not expected any more; one of the plan stays."""
    own = Meeting.objects.filter(pk=outing.meeting_id, plan=None)
    excuse(own, excuse=_("the outing was called off"), by=by, at=at)
    Outing.objects.filter(pk=outing.pk).update(meeting=None)


@transaction.atomic
def not_them(outing, link, *, at):
    """Somebody else reads that address: every link that went there is shut, and a person looks for the right one."""
    mine = Link.objects.filter(pk=link.pk)
    if mine.filter(closed_at=None).exists():
        record("outing.not-them", about=outing, by=None, at=at)
        call(outing, "not-them", _("The letter about the outing of %(day)s went to somebody else: ask at home."), at=at)
        somebody_else_reads(mine, at=at)
