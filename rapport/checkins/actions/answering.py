"""What somebody says to a check-in. A later answer replaces it, nothing is taken away, and a worry goes its own way."""

import hashlib
from dataclasses import dataclass
from datetime import date, timedelta
from operator import attrgetter

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from rapport.audit.actions import record
from rapport.checkins.actions.handing import settle
from rapport.checkins.models import Answer, Ask, CheckIn, Rest
from rapport.checkins.refusals import NoLongerAsked, NotAnAnswer
from rapport.checkins.whom import Circle, is_young
from rapport.core.months import day_in
from rapport.matches.actions.goals import Heard, say_headway_of_many
from rapport.matches.models import Goal, Match, Way
from rapport.meetings.actions import log
from rapport.meetings.actions.how_often import remember_how_often
from rapport.programs.models import Party
from rapport.safeguarding.actions import add_triage, raise_concern

Worry = Answer.Worry
TOO_QUICK = timedelta(seconds=10)  # two different answers so close together come from a machine (security.md §3.3)
WAYS = {"link": Way.LINK, "paper": Way.PAPER}
OPEN_TO_STAFF = 2  # the feeling; the worry and its words are level 4 (security.md §2.2) and stand on no page of others


@dataclass(frozen=True)
class Card:
    """What was said on one card of an ask."""

    check_in: CheckIn
    feeling: int | None = None
    worry: str = ""
    words: str = ""
    in_touch: str = ""
    now: str = ""
    news: str = ""
    often: "HowOften | None" = None
    only_beside: bool = False  # nothing of how it goes: an answer that stands is left as it is


@dataclass(frozen=True)
class HowOften:
    """How often they remember meeting in these days, and how long mostly (`meetings.models.Remembered`)."""

    times: int
    minutes: int | None
    since_on: date
    until_on: date


@dataclass(frozen=True)
class Met:
    """What a mentor said of one meeting."""

    meeting: object
    happened: bool
    minutes: int | None = None
    cause: str = ""
    child_waited: bool | None = None


@dataclass(frozen=True)
class Going:
    """How it goes with one goal, as said on a card: on track, partly, stuck, not now."""

    goal: Goal
    value: str


@transaction.atomic
def answer_ask(
    ask, *, cards=(), meetings=(), going=(), source="link", said_on=None, witness="", is_suspect=False, form_id, by, at
):
    """Keep everything said on one page or sheet at once, or nothing. Returns the answers.

    `source`: "link", or how it came instead ("paper", "phone", "person", "interpreter"), on which day, and who was
    there (`people.forms.HowItCame`); `by` is then who wrote it down. `going`: how it goes with goals (`Going`).

    Raises NoLongerAsked, NotAnAnswer and what `log` raises.
    """
    if not ask.takes_answers(at):
        raise NoLongerAsked(ask)
    for one in meetings:
        log(
            one.meeting, ask.person, one.happened, minutes=one.minutes, cause=one.cause,
            child_waited=one.child_waited, source="link" if source == "link" else "staff", is_suspect=is_suspect,
            form_id=form_id, by=by, at=at,
        )  # fmt: skip
    kept = [
        answer(
            card.check_in, feeling=card.feeling, worry=card.worry, words=card.words, in_touch=card.in_touch,
            now=card.now, news=card.news, source=source, said_on=said_on, witness=witness,
            is_suspect=is_suspect, form_id=form_id, by=by, at=at,
        )
        for card in cards
        if not card.only_beside
    ]  # fmt: skip
    if not is_suspect:
        remember_all(ask, cards, source=source, form_id=form_id, by=by, at=at)
        say_how_it_goes(ask, going, source=source, said_on=said_on, form_id=form_id, by=by, at=at)
    if meetings and not is_suspect and not ask.check_ins.exists():
        answered = (
            Ask.objects.waiting().filter(pk=ask.pk).update(state=Ask.State.ANSWERED, answered_at=at, next_at=None)
        )
        if answered:
            record("ask.answered", about=ask, by=by, at=at)
    return kept


def remember_all(ask, cards, *, source, form_id, by, at):
    """How often they remember meeting, beside the answers: it changes none of them (S1-06)."""
    for card in cards:
        if card.often is not None:
            one, press = card.often, f"{ask.ref}:{form_id}:{card.check_in.pk}"
            remember_how_often(
                card.check_in.match, ask.person, times=one.times, minutes=one.minutes, since_on=one.since_on,
                until_on=one.until_on, source=source, form_id=press, by=by, at=at,
            )  # fmt: skip


def say_how_it_goes(ask, going, *, source, said_on, form_id, by, at):
    """The same record as on the page of goals (S0-10). A goal that ended meanwhile holds up nothing that was said."""
    if going:
        said = {one.goal: (one.value, f"{ask.ref}:{form_id}:{one.goal.ref}") for one in going}
        say_headway_of_many(said, heard=Heard(ask.person, WAYS.get(source, Way.TOLD), said_on), by=by, at=at)


@transaction.atomic
def answer(
    check_in, *, feeling=None, worry="", words="", in_touch="", now="", news="", source="link", said_on=None,
    witness="", is_suspect=False, form_id, by, at,
):  # fmt: skip
    """Keep one answer; the same press of the button gives the same answer. `by` is the person, or who wrote it down.

    A worry is raised in the same transaction, even from an answer that a machine may have pressed: such an answer is
    kept, but ends no reminder and takes no confirmed answer's place. Words where nothing was chosen are "not sure".

    Whoever may read answers reads the feeling, whatever the worry: were it kept from them after a "yes", its absence
    would tell of the "yes". The worry and its words are for the leads alone. Raises NoLongerAsked, NotAnAnswer.
    """
    check_in = locked(check_in)
    before = list(Answer.objects.filter(Q(form_id=form_id) | Q(replaced_at=None), check_in=check_in))
    pressed = next((one for one in before if one.form_id == form_id), None)
    if pressed:
        return pressed
    require_open(check_in, source, at)
    if not is_one(feeling, worry, in_touch, now):
        raise NotAnAnswer(check_in)
    if words and not worry and not check_in.program.adults_only:
        worry = Worry.NOT_SURE
    said = Answer(
        program=check_in.program, check_in=check_in, feeling=feeling, worry=worry,
        words="" if worry == Worry.NO else words, in_touch=in_touch, now=now, news=news,
        level=OPEN_TO_STAFF, source=source, answered_at=at, said_on=said_on, witness=witness, is_suspect=is_suspect,
        form_id=form_id,
    )  # fmt: skip
    put_in_place(said, next((one for one in before if one.replaced_at is None), None), at)
    record("check-in.answered", about=said, by=by, at=at, suspect=said.is_suspect, source=source)
    if worry in WORRIES:
        WORRIES[worry](said, check_in, at)
    if not said.is_suspect:
        ask_no_more(check_in, at)
    return said


def locked(check_in):
    """It and its ask as they stand now, kept from others until this is written; whom it names is read once."""
    rows = CheckIn.objects.select_for_update(of=("self",)).select_related("ask")
    now = rows.get(pk=check_in.pk)
    for name in ("program", "person", "match"):
        if getattr(now, f"{name}_id") == getattr(check_in, f"{name}_id"):
            setattr(now, name, getattr(check_in, name))
    return now


def ask_no_more(check_in, at):
    """It is answered; whoever rested from questions does so no longer."""
    CheckIn.objects.open().filter(pk=check_in.pk).update(state=CheckIn.State.ANSWERED, kept_at=at)
    resting = Rest.objects.filter(program=check_in.program_id, person=check_in.person_id, ended_at=None)
    resting.update(ended_at=at)
    settle([check_in.ask_id] if check_in.ask_id else [], at)


def is_one(feeling, worry, in_touch, now):
    """Whether each of these is an answer that the question takes."""
    if feeling is not None and feeling not in range(1, 6):
        return False
    chosen = ((worry, Worry), (in_touch, Answer.InTouch), (now, Answer.Now))
    return all(not value or value in choices.values for value, choices in chosen)


def require_open(check_in, source, at):
    over = check_in.state == CheckIn.State.LAPSED
    closed = source == "link" and check_in.ask is not None and not check_in.ask.takes_answers(at)
    if over or closed:
        raise NoLongerAsked(check_in)


def put_in_place(said, stands, at):
    """The newest confirmed answer stands. Two different ones within seconds were no person: neither is believed."""
    if stands and at - stands.answered_at < TOO_QUICK and differs(said, stands):
        said.is_suspect = True
        doubt(stands)
    if stands and said.is_suspect and not stands.is_suspect:
        said.replaced_at = at
    elif stands:
        Answer.objects.filter(pk=stands.pk, replaced_at=None).update(replaced_at=at)
    said.save()


def differs(one, other):
    said = attrgetter("feeling", "worry", "words", "in_touch", "now", "news")
    return said(one) != said(other)


def doubt(stands):
    """Believe an answer no longer: its check-in is open again, and its ask waits as it did."""
    stands.is_suspect = True
    stands.save(update_fields=["is_suspect"])
    check_in = stands.check_in
    opened = CheckIn.objects.filter(pk=check_in.pk, state=CheckIn.State.ANSWERED, kept_at=stands.answered_at)
    if opened.update(state=CheckIn.State.OPEN, kept_at=None) and check_in.ask_id:
        waiting = Ask.objects.waiting().filter(program=check_in.program_id, person=check_in.person_id)
        answered = Ask.objects.filter(pk=check_in.ask_id, state=Ask.State.ANSWERED, sent_at__isnull=False)
        if not waiting.exists():
            answered.update(state=Ask.State.SENT, answered_at=None, next_at=stands.answered_at + timedelta(days=1))


def not_sure(said, check_in, at):
    """A lead reads it the same working day."""
    add_triage(
        program=check_in.program, person=check_in.person, match=check_in.match, words=said.words, about=said,
        what=_("Is not sure whether something worries them"), cause_key=cause(said), by=check_in.person, at=at,
    )  # fmt: skip


def worried(said, check_in, at):
    """A concern, with their own words, in the same transaction."""
    words = said.words or _("“Yes”, something worries them. They wrote no words.")
    raise_concern(
        program=check_in.program, words=words, match=check_in.match, about=said, raised_by=check_in.person,
        subject=whom(check_in, at), cause_key=cause(said), at=at,
    )  # fmt: skip


WORRIES = {Worry.YES: worried, Worry.NOT_SURE: not_sure}


def whom(check_in, at):
    """Who may be unsafe: the child of the match, as far as there is only one. A young mentor is one as well."""
    if check_in.party == Party.MENTEE:
        return check_in.person
    match = Match.objects.with_people().get(pk=check_in.match_id)
    if check_in.party == Party.GUARDIAN:
        children = Circle([match]).own_children(check_in, at)
    else:
        on = day_in(at, check_in.program.zone)
        children = [*match.mentees, *(one for one in match.mentors if is_young(one.person, on))]
    return children[0].person if len(children) == 1 else None


def cause(said):
    """One cause for the same words about the same question: pressing again raises nothing twice, more words do."""
    told = hashlib.sha256(said.words.encode()).hexdigest()[:16]
    return f"check-in:{said.check_in_id}:{said.worry}:{told}"
