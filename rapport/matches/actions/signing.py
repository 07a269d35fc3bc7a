"""A yes or a no to one version of an agreement, by link, on paper or by voice; and words somebody would like in it.

What was said is kept as it was said. A no goes to a person, with its words; it takes nothing back by itself.
"""

from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from rapport.audit.actions import record
from rapport.core.months import day_in
from rapport.core.refs import new_ref
from rapport.core.refused import Refused
from rapport.matches import agreement_calls as calls
from rapport.matches.actions.agreeing import LETTER, NEW_LINK, hold_match, settle
from rapport.matches.actions.moving import user_of
from rapport.matches.actions.reading import have_read
from rapport.matches.agreement import signs_as_child, still_theirs
from rapport.matches.clauses import hash_of
from rapport.matches.models import Agreement, Match, Proposal, SignAsk, Signature, SignedBy
from rapport.outbox.actions import queue, somebody_else_reads
from rapport.outbox.links import require_not_shut
from rapport.outbox.models import Link
from rapport.tasks.actions import finish


class NotTheirs(Refused):
    """They are no longer one of those who sign it."""

    sentence = lazy("This is no longer yours to sign. Talk to the program if that surprises you.")


class Replaced(Refused):
    """A newer version came meanwhile."""

    sentence = lazy("There is a newer version of this agreement. Nothing was signed: please read the new one.")


class ChangedMeanwhile(Refused):
    """Not the words that they read."""

    sentence = lazy("The words of this page were changed meanwhile. Nothing was signed: please read them again.")


class SaidOtherwiseSince(Refused):
    """An old page was sent once more, after they had said something else."""

    sentence = lazy("You said something else since. If this is your word now, please send it once more.")


class ReadWithNobody(Refused):
    """A child signs nothing that nobody read with them."""

    sentence = lazy("Write down who read it together with them.")


class AlreadyDecided(Refused):
    """Somebody answered it a moment ago."""

    sentence = lazy("This was answered a moment ago. Look at it again.")


@dataclass(frozen=True)
class Word:
    """A yes or a no as it came: in which way and language, on which day, and who was there."""

    is_yes: bool
    way: str
    language: str
    read: str = ""  # the hash of the text they had before them; on paper the version is the ask's own
    words: str = ""
    read_with: str = ""
    witness: str = ""
    kept_at: str = ""
    on: date | None = None
    form_id: str = ""


@transaction.atomic
def sign(ask, word, *, link=None, by, at) -> Signature:
    """Keep what somebody says to this version; the same word twice is one. The last signature that was missing makes
    it hold; a no goes to whoever looks after them. `link`: the one it was pressed by.

    Raises NotTogether, Replaced, LinkShut, NotTheirs, ChangedMeanwhile, SaidOtherwiseSince, ReadWithNobody
    (requirements.md S3-01, G1, G5).
    """
    agreement = hold(ask)
    require_not_shut(link)
    figure = hash_of(agreement, word.language)
    require_theirs(ask, word, figure, at)
    if same := said_before(ask, word):
        return same
    signature = Signature.objects.create(**facts_of(ask, word, figure, by, at))
    said = "agreement.signature" if word.is_yes else "agreement.not-signed"
    record(said, about=agreement, by=by, at=at, party=ask.party, way=word.way, number=agreement.number)
    if word.is_yes:
        finish(calls.standing(ask), note=_("They signed."), by=None, at=at)
        have_read(agreement.match, ask.person, word.words, by=by, at=at)
        settle(agreement, by=by, at=at)
    else:
        calls.call(ask, calls.SAID_NO, cause=signature.pk, at=at)
    return signature


def require_theirs(ask, word, figure, at):
    """It is theirs to say, to the words they had before them, and no child signs alone. Raises NotTheirs,
    ChangedMeanwhile, ReadWithNobody."""
    if not still_theirs(ask, at):
        raise NotTheirs(ask)
    if word.read and word.read != figure:
        raise ChangedMeanwhile(ask)
    if word.is_yes and not word.read_with and is_young(ask, at):
        raise ReadWithNobody(ask)


def said_before(ask, word):
    """Their last word, where this is the same; a page that was sent before may bring another. Raises
    SaidOtherwiseSince."""
    mine = list(ask.agreement.signatures.filter(person=ask.person_id, party=ask.party).order_by("pk"))
    if mine and mine[-1].astray_at:
        return None
    if mine and (mine[-1].is_yes, mine[-1].words) == (word.is_yes, word.words):
        return mine[-1]
    pressed = [one for one in mine if word.form_id and one.form_id == press_of(ask, word)]
    if any((one.is_yes, one.words) == (word.is_yes, word.words) for one in pressed):
        raise SaidOtherwiseSince(ask)
    return None


def press_of(ask, word):
    """One press of one ask: what somebody else sends under the same name is another."""
    return f"{ask.ref}:{word.form_id}"


def hold(ask):
    """Keep the match and this version as they are. Raises NotTogether, Replaced."""
    hold_match(ask.agreement.match)
    standing = Agreement.objects.standing().select_for_update().filter(pk=ask.agreement_id)
    if not standing.exists():
        raise Replaced(ask)
    return ask.agreement


def is_young(ask, at):
    """Whether it is a child who signs."""
    match = ask.agreement.match
    own = (one for one in [*match.mentors, *match.mentees] if one.person_id == ask.person_id and one.side == ask.party)
    return any(signs_as_child(one, match, at) for one in own)


def facts_of(ask, word, figure, by, at):
    press = press_of(ask, word)
    is_new = word.form_id and not Signature.objects.filter(form_id=press).exists()
    return {
        "program_id": ask.program_id, "agreement": ask.agreement, "person": ask.person, "party": ask.party,
        "is_yes": word.is_yes, "words": word.words, "way": word.way, "language": word.language, "text_hash": figure,
        "read_with": word.read_with, "witness": word.witness, "kept_at": word.kept_at, "signed_at": at,
        "signed_on": word.on or day_in(at, ask.agreement.match.program.zone), "written_by": user_of(by),
        "form_id": press if is_new else new_ref(),
    }  # fmt: skip


@transaction.atomic
def sign_for_program(agreement, *, language, by, at):
    """The coordinator signs for the program, once for each version. Raises NotTogether, Replaced."""
    hold_match(agreement.match)
    if not Agreement.objects.standing().select_for_update().filter(pk=agreement.pk).exists():
        raise Replaced(agreement)
    day = day_in(at, agreement.match.program.zone)
    facts = {
        "program_id": agreement.program_id, "agreement": agreement, "party": SignedBy.COORDINATOR, "is_yes": True,
        "way": Signature.Way.DESK, "language": language, "text_hash": hash_of(agreement, language), "signed_on": day,
        "signed_at": at, "written_by": by,
    }  # fmt: skip
    signature, is_new = Signature.objects.get_or_create(form_id=f"program:{agreement.ref}", defaults=facts)
    if is_new:
        record("agreement.signature", about=agreement, by=by, at=at, party=SignedBy.COORDINATOR.value, way="desk")
        settle(agreement, by=by, at=at)
    return signature


@transaction.atomic
def propose(ask, *, section, words, way="link", form_id, by, at) -> Proposal:
    """Keep the words that somebody would like in their agreement, as they said them (S2-25). The same press keeps once.

    Raises NotTogether, NotTheirs.
    """
    hold_match(ask.agreement.match)
    if not still_theirs(ask, at):
        raise NotTheirs(ask)
    facts = {
        "program_id": ask.program_id, "agreement": ask.agreement, "person": ask.person, "section": section,
        "words": words, "way": way, "written_by": user_of(by), "made_at": at,
    }  # fmt: skip
    row, is_new = Proposal.objects.get_or_create(form_id=form_id, defaults=facts)
    if is_new:
        record("agreement.proposed", about=ask.agreement, by=by, at=at, section=section, party=ask.party, way=way)
        calls.call(ask, calls.CALL_ME, cause=ask.agreement.number, at=at)
    return row


@transaction.atomic
def decide(proposal, *, fate, reply, by, at):
    """Take somebody's words in, or not, with a reason that is said back to them. Raises AlreadyDecided."""
    facts = {"fate": fate, "reply": reply, "decided_by": by, "decided_at": at}
    if not Proposal.objects.filter(pk=proposal.pk, fate="").update(**facts):
        raise AlreadyDecided(proposal)
    record("agreement.proposal-decided", about=proposal.agreement, by=by, at=at, fate=str(fate))


@transaction.atomic
def send_new_link(ask, *, at):
    """Send a new link to the address on file, once an hour at most. Raises NotTheirs."""
    if ask.closed_at is not None or not still_theirs(ask, at):
        raise NotTheirs(ask)
    key = f"agreement:{ask.ref}:{at.replace(minute=0, second=0, microsecond=0):%Y%m%d%H}"
    queue(NEW_LINK, to=ask.person, about=ask, program=ask.agreement.match.program, key=key, at=at)


@transaction.atomic
def not_them(ask, *, at):
    """Somebody else reads that address: this ask is shut, with every link that went there, and a person looks into it.
    A signature pressed there is to be confirmed (`doubting`); one being pressed just now comes before this, or too
    late."""
    mine = SignAsk.objects.filter(pk=ask.pk)
    moved = mine.filter(closed_at=None).update(closed_at=at)
    if moved:
        record("agreement.not-them", about=ask.agreement, by=None, at=at)
        calls.call(ask, calls.NOT_ME, at=at)
        somebody_else_reads(Link.objects.about_any(mine), at=at)
    return bool(moved)


def undelivered(messages, *, at):
    """The outbox could not deliver these letters: paper takes their place."""
    about = {message.about_id for message in messages if message.kind in (LETTER, NEW_LINK)}
    asks = SignAsk.objects.filter(pk__in=about, agreement__state__in=[Agreement.State.OUT, Agreement.State.SIGNED])
    for ask in with_match(asks):
        calls.call(ask, calls.ON_PAPER, at=at)


def with_match(asks):
    """These asks with all that a page or a rule reads of their match, in a fixed number of queries."""
    asks = list(asks.select_related("program", "person", "agreement"))
    matches = Match.objects.filter(pk__in={one.agreement.match_id for one in asks})
    found = {one.pk: one for one in matches.select_related("program", "coordinator", "site").with_people()}
    for one in asks:
        one.agreement.match = found[one.agreement.match_id]
        one.agreement.program = one.agreement.match.program
    return asks
