"""What somebody says when they are asked: one immutable word for each purpose, and the gate that follows the first."""

from dataclasses import dataclass, field
from datetime import time, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from rapport.audit.actions import record
from rapport.core.months import day_in, moment
from rapport.onboarding.actions.calling import SAID_NO, TWO_WORDS
from rapport.onboarding.actions.gates import NotYet, record_gate
from rapport.onboarding.consenting import Code, gate_code, last_words_on, may_answer, noes_of_others, on_joining
from rapport.onboarding.models import ConsentAsk, ConsentText, Gate
from rapport.onboarding.refusals import NoLongerTheirs, TextChanged
from rapport.onboarding.wording import newest
from rapport.outbox.links import require_not_shut
from rapport.people.actions import say
from rapport.people.models import Consent, Participant

JOIN = Consent.Purpose.JOIN
LINK = "link"
A_MOMENT = timedelta(microseconds=1)


@dataclass(frozen=True)
class Said:
    """Yes or no to one text."""

    text: ConsentText
    is_given: bool


@dataclass
class Told:
    """What came of it: the words kept, the gate that moved, and whom to call about it (a kind of `calling`)."""

    words: list = field(default_factory=list)
    gate: Gate | None = None
    is_lost: bool = False
    call: str = ""
    cause: str = ""


@transaction.atomic
def answer_consent(ask, *, said, channel=LINK, how="", evidence="", said_on=None, link=None, by, at) -> Told:
    """Keep a yes or a no to each text of an ask; the same word once more the same day is no second one.

    `said_on`: the day on the paper. A guardian takes back what was said of their own words through staff at any time,
    whoever stands for the child by then. `link`: the one it was pressed by. Raises LinkShut, NoLongerTheirs,
    TextChanged, NotYet, NotAGuardian (security.md §2.4).
    Whoever calls this looks after open matches, too (`matches.actions.hear_consent`).
    """
    list(Participant.objects.select_for_update().filter(pk=ask.participant_id).values("pk"))
    require_not_shut(link)
    given_at = when(ask, said_on, at)
    asked = ConsentAsk.objects.filter(pk=ask.pk, closed_at=None).exists()
    is_taken_back = ask.of_own_words and channel != LINK and not any(one.is_given for one in said)
    if not asked or not (is_taken_back or may_answer(ask, day_in(at, ask.program.zone))):
        raise NoLongerTheirs(ask)
    if channel == LINK:
        require_newest(ask, said)
    told = Told()
    for one in said:
        word_at = given_at if one.is_given or said_on is None else end_of(said_on, given_at, at, ask.program.zone)
        word = keep(ask, one, channel=channel, evidence=evidence, given_at=word_at, by=by, at=at)
        told.words += [word] if word else []
    for word in told.words:
        if word.purpose == JOIN and not ask.of_own_words:
            follow(ask, word, told, how=how, by=by, at=at)
    ConsentAsk.objects.filter(pk=ask.pk, answered_at=None).update(answered_at=at)
    record("consent.answered", about=ask, by=by, at=at, channel=channel)
    return told


def when(ask, said_on, at):
    """The moment of a word: now, or the start of the day on the paper. Raises NotYet."""
    zone = ask.program.zone
    if said_on is None or said_on == day_in(at, zone):
        return at
    if said_on > day_in(at, zone):
        raise NotYet(ask)
    return moment(said_on, time(0), zone)


def end_of(said_on, given_at, at, zone):
    """A no on paper counts from the end of its day: of a yes and a no on one day, the no is the later."""
    return given_at if given_at == at else moment(said_on + timedelta(days=1), time(0), zone) - A_MOMENT


def require_newest(ask, said):
    """Nobody says yes to words that are no longer asked."""
    for one in said:
        text = one.text
        fresh = newest(ask.program, ask.voice, [text.purpose], text.language).get(text.purpose)
        if text.purpose not in ask.purposes or fresh != text:
            raise TextChanged(ask)


def keep(ask, one, *, channel, evidence, given_at, by, at):
    """One row, unless the last word of this giver says the very same to the same question on the same day."""
    zone, text = ask.program.zone, one.text
    mine = Consent.objects.filter(
        program=ask.program, person=ask.subject.pk, given_by=ask.person_id, purpose=text.purpose,
        as_guardian=ask.of_own_words,
    )  # fmt: skip
    last = mine.order_by("-given_at", "-pk").first()
    same = {
        "is_given": one.is_given, "text_version": str(text.version), "language": text.language, "channel": channel,
        "about": ask,
    }  # fmt: skip
    is_today = last is not None and not last.astray_at and day_in(last.given_at, zone) == day_in(given_at, zone)
    if is_today and all(getattr(last, name) == value for name, value in same.items()):
        return None
    until = ask.counts_until_on
    return say(
        program=ask.program, person=ask.subject, given_by=ask.person, purpose=text.purpose, **same,
        as_guardian=ask.of_own_words, evidence=evidence, given_at=given_at, by=by, at=at,
        expires_at=moment(until + timedelta(days=1), time(0), zone) if until and one.is_given else None,
    )  # fmt: skip


def follow(ask, word, told, *, how, by, at):
    """The gate follows the last word on taking part; a no counts at once, and until a person settles it."""
    last = on_joining(ask.participant, at).filter(given_by=ask.person).first()
    if last != word:
        return  # a later word of theirs stands already
    code = gate_code(ask, day_in(at, ask.program.zone))
    gate = Gate.objects.filter(participant=ask.participant, code=code).first()
    told.cause = str(word.pk)
    if word.is_given:
        say_yes(ask, word, told, code, how=how, by=by, at=at)
        return
    yeses = last_words_on(ask.participant, at).counted().filter(purpose=JOIN, is_given=True)
    others = yeses.exclude(given_by=ask.participant.person)
    told.call = TWO_WORDS if code == Code.PERMISSION and others.exclude(given_by=ask.person).exists() else SAID_NO
    if gate is None or gate.is_met:
        told.is_lost = gate is not None
        told.gate = write_gate(ask, word, code, how=how, by=by, at=at)


def say_yes(ask, word, told, code, *, how, by, at):
    if code == Code.PERMISSION and noes_of_others(ask, at):
        told.call = TWO_WORDS
        return
    told.gate = write_gate(ask, word, code, how=how, by=by, at=at)


def write_gate(ask, word, code, *, how, by, at):
    """What the gate says of this word. One gate is in force until the last day of the yes."""
    met_on = day_in(word.given_at, ask.program.zone)
    text = _("text %(version)s (%(language)s)") % {"version": word.text_version, "language": word.language}
    return record_gate(
        ask.participant, code=code, is_met=word.is_given, met_on=met_on, given_by=ask.person,
        valid_until_on=ask.counts_until_on if word.is_given else None, how=f"{how or _('by a link')}, {text}",
        by=by, at=at,
    )  # fmt: skip
