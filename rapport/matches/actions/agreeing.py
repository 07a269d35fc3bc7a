"""The agreement of a match: written as a draft, sent out, signed or not, replaced. Each version stands still once sent.

People decide: a no ends nothing and holds nothing up but the agreement itself; it becomes a call.
"""

from django.db import transaction
from django.db.models import Max, Q
from django.utils.translation import gettext_lazy as _

from rapport.audit.actions import record
from rapport.core.months import day_in
from rapport.core.refused import Refused
from rapport.matches.actions.moving import user_of
from rapport.matches.actions.phases import agreed
from rapport.matches.actions.points import tick
from rapport.matches.agreement import lacking, seats_held
from rapport.matches.clauses import clause_rules, has_agreement, house_rows, texts_now, without_words
from rapport.matches.models import Agreement, ClauseText, Match, Point, SignAsk, SignedBy
from rapport.outbox.actions import close_links, queue
from rapport.outbox.questions import reachable
from rapport.programs.models import Program, Promise

LETTER, NEW_LINK = "matches/agreement", "matches/agreement-link"
State = Agreement.State
OVERLAP = "overlap"  # the section that asks whether one of them decides about the other


class NotTogether(Refused):
    """The match is over, or was not confirmed yet."""

    sentence = _("This pair is not together just now. Their agreement can be read, and nothing in it changes.")


class NoAgreementHere(Refused):
    """Pairs of this program agree on nothing in writing."""

    sentence = _("Pairs of this program have no agreement.")


class NotADraft(Refused):
    """It was sent out meanwhile: its words stand still."""

    sentence = _("This version was sent out already and stands as it is. Make a new version to change it.")


class OverlapUnsaid(Refused):
    """Whether one of them decides about the other must be said before it goes out (S2-22)."""

    sentence = _("Say first whether one of them leads or assesses the other.")


class WordsMissing(Refused):
    """A section that the program asks for has no words in any language: there would be nothing to sign."""

    def __init__(self, about, labels):
        sections = " · ".join(labels)
        sentence = _("Write the words of these sections first, for nobody signs an empty one: %(sections)s.")
        super().__init__(about, sentence % {"sections": sections})


class TextChangedMeanwhile(Refused):
    """Somebody wrote a newer version while this one was typed."""

    sentence = _("Somebody changed this text a moment ago. Look at it again before you write yours.")


def hold_match(match):
    """Keep the match as it is until this is written. Raises NotTogether."""
    alive = Match.objects.select_for_update().filter(pk=match.pk, state__in=Match.ALIVE, awaits_checks=False)
    if not alive.exists():
        raise NotTogether(match)


@transaction.atomic
def draft(match, *, why="", by, at) -> Agreement:
    """A new version to write on, with what the last one settled, or what the program promises. One draft at a time.

    Raises NotTogether, NoAgreementHere.
    """
    hold_match(match)
    if not has_agreement(match.program):
        raise NoAgreementHere(match)
    written = match.agreements.filter(state=State.DRAFT).first()
    if written:
        return written
    last = match.agreements.order_by("-number").first()
    terms = last.terms if last else first_terms(match, at)
    number = (match.agreements.aggregate(last=Max("number"))["last"] or 0) + 1
    new = Agreement.objects.create(
        program=match.program, match=match, number=number, why=why[:200], made_by=user_of(by), made_at=at, **terms
    )
    record("agreement.drafted", about=new, by=by, at=at, number=number)
    return new


def first_terms(match, at):
    """What a first draft holds: the program's own promise, from their first day on."""
    terms = {"starts_on": match.begun_on or day_in(at, match.program.zone)}
    promise = Promise.objects.filter(program=match.program_id, kind=Promise.Kind.MEETING, is_on=True).order_by("pk")
    if row := promise.first():
        terms |= {name: getattr(row, name) for name in ("every", "unit", "minutes", "hours_a_month")}
    return terms


@transaction.atomic
def drop_draft(agreement, *, by, at):
    """Throw away a draft that nobody was shown; one that somebody has read stays. Raises NotTogether."""
    hold_match(agreement.match)
    unread = Agreement.objects.filter(pk=agreement.pk, state=State.DRAFT, asks=None)
    if unread.exists():
        record("agreement.draft-dropped", about=agreement, by=by, at=at, number=agreement.number)
        unread.delete()


@transaction.atomic
def write_terms(agreement, *, terms, why="", by, at):
    """Write what the pair settles for itself, while it is a draft. Raises NotTogether, NotADraft."""
    hold_match(agreement.match)
    facts = {name: terms[name] for name in Agreement.TERMS if name in terms}
    if not Agreement.objects.filter(pk=agreement.pk, state=State.DRAFT).update(**facts, why=why[:200]):
        raise NotADraft(agreement)
    record("agreement.written", about=agreement, by=by, at=at)


@transaction.atomic
def send_out(agreement, *, by, at):
    """Send a draft to everybody who signs it; from here on its words stand still. Returns the new asks.

    A version that was still out is replaced; one that was signed holds until this one is.
    Raises NotTogether, NotADraft, OverlapUnsaid, WordsMissing.
    """
    match = agreement.match
    hold_match(match)
    agreement.refresh_from_db()
    if any(rule.code == OVERLAP for rule in clause_rules(match.program)) and not agreement.overlap:
        raise OverlapUnsaid(agreement)
    write_house_clauses(match.program, at=at)
    if lacks := without_words(match.program):
        raise WordsMissing(agreement, [rule.label for rule in lacks])
    replace(match.agreements.filter(state=State.OUT), at=at)
    facts = {"state": State.OUT, "sent_at": at, "texts": texts_now(match.program)}
    if not Agreement.objects.filter(pk=agreement.pk, state=State.DRAFT).update(**facts):
        raise NotADraft(agreement)
    agreement.refresh_from_db()
    record("agreement.sent", about=agreement, by=by, at=at, number=agreement.number)
    return ask_each(agreement, at=at)


def replace(agreements, *, at):
    """These versions give way to a newer one; their links open nothing any more."""
    gone = list(agreements.values_list("pk", flat=True))
    Agreement.objects.filter(pk__in=gone).update(state=State.REPLACED, replaced_at=at)
    close_links(SignAsk.objects.filter(agreement__in=gone), at=at)


def ask_each(agreement, *, parties=tuple(SignedBy), at):
    """Ask whoever has a seat and was not asked for this version: by letter where one reaches them, else on paper.

    Who was asked for their words while it was a draft gets a second letter once it is out.
    """
    asked = set(agreement.asks.values_list("person", flat=True))
    held = {seat.person.pk: seat for seat in seats_held(agreement, at) if seat.party in parties}
    new = [seat for pk, seat in held.items() if pk not in asked]
    program = agreement.match.program
    places = reachable([seat.person for seat in new], program=program, at=at) if new else {}
    asks = [
        SignAsk(
            program_id=agreement.program_id, agreement=agreement, person=seat.person, party=seat.party,
            by_letter=bool(places[seat.person.pk]), made_at=at,
        )
        for seat in new
    ]  # fmt: skip
    SignAsk.objects.bulk_create(asks, ignore_conflicts=True)
    for ask in agreement.asks.filter(by_letter=True, closed_at=None, person__in=list(held)).select_related("person"):
        key = f"agreement:{ask.ref}:{agreement.state}"
        queue(LETTER, to=ask.person, about=ask, program=program, key=key, at=at)
    return asks


@transaction.atomic
def ask_for_words(agreement, *, by, at):
    """Show a draft to mentor and mentee, who may say what they would like in it (S2-25). Raises NotTogether, NotADraft.

    Returns the new asks.
    """
    hold_match(agreement.match)
    if not Agreement.objects.filter(pk=agreement.pk, state=State.DRAFT).exists():
        raise NotADraft(agreement)
    record("agreement.shown", about=agreement, by=by, at=at, number=agreement.number)
    return ask_each(agreement, parties=(SignedBy.MENTOR, SignedBy.MENTEE), at=at)


@transaction.atomic
def write_house_clauses(program, *, at):
    """Keep Rapport's words, said as this program says them, as versions of their own: what was signed stays."""
    ClauseText.objects.bulk_create(house_rows(program, at), ignore_conflicts=True)


@transaction.atomic
def write_clause(program, *, code, language, title, words, after, by, at) -> ClauseText:
    """Write a newer version of one section; what was signed stays as it was. Raises TextChangedMeanwhile."""
    Program.objects.select_for_update().get(pk=program.pk)
    write_house_clauses(program, at=at)
    same = {"program": program, "code": code, "language": language}
    last = ClauseText.objects.filter(**same).aggregate(last=Max("version"))["last"] or 0
    if last != after:
        raise TextChangedMeanwhile(program)
    text = ClauseText.objects.create(
        **same, version=last + 1, title=title, words=words, is_own=True, written_by=by, written_at=at
    )
    record("clause.written", about=text, by=by, at=at, code=code, language=language, version=text.version)
    return text


def settle(agreement, *, by, at):
    """Once all that must be signed is, this version holds, from the day of the last signature. Returns whether it does.

    What it replaces is replaced, the point before the start ticks, and an open pair goes on to grow.
    """
    is_out = Agreement.objects.filter(pk=agreement.pk, state=State.OUT).exists()
    if not is_out or lacking([agreement], at)[agreement.pk]:
        return False
    yes = agreement.signatures.last_counted().filter(is_yes=True)
    theirs = yes.filter(Q(person__in=counted(agreement, at)) | Q(person=None))
    on = theirs.aggregate(last=Max("signed_on"))["last"]
    if on is None:  # nobody is left to sign it
        return False
    replace(agreement.match.agreements.filter(state=State.SIGNED), at=at)
    moved = Agreement.objects.filter(pk=agreement.pk, state=State.OUT).update(
        state=State.SIGNED, signed_at=at, signed_on=on
    )
    if moved:
        record("agreement.signed", about=agreement, by=by, at=at, on=str(on))
        points = Point.objects.filter(match=agreement.match_id, code="agreement")
        tick(points, words=str(_("All signed the agreement.")), by=None, at=at)
        agreed(agreement.match, on=on, by=by, at=at)
    return bool(moved)


def counted(agreement, at):
    return [seat.person for seat in seats_held(agreement, at)]
