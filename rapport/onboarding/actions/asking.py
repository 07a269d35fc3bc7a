"""Asking somebody for permission or for their own yes, and the words it is asked in."""

from django.db import transaction
from django.db.models import Max

from rapport.audit.actions import record
from rapport.core.months import day_in
from rapport.core.own_words import said_by
from rapport.onboarding.actions.calling import NOT_ME, call
from rapport.onboarding.consenting import may_answer
from rapport.onboarding.models import ConsentAsk, ConsentText
from rapport.onboarding.refusals import NoLongerTheirs, NothingAsked, TextChangedMeanwhile
from rapport.onboarding.wording import FIRST, PURPOSES, languages_kept, of_the_house
from rapport.outbox.actions import queue, somebody_else_reads
from rapport.outbox.models import Link
from rapport.outbox.questions import reachable
from rapport.people.actions import NotAGuardian
from rapport.people.models import Consent, Participant
from rapport.programs.models import Program

LETTER, NEW_LINK = "onboarding/permission", "onboarding/permission-link"


@transaction.atomic
def ask_for_consent(
    participant, *, person, purposes, of_own_words=False, by_letter=True, counts_until_on=None, form_id, by, at
) -> ConsentAsk:
    """Ask a guardian about a child or about their own words, or a participant for themselves. The same press asks once.

    A letter goes only to somebody who can be written to; else the ask waits for its sheet of paper, with equal
    standing. Raises NotAGuardian, NothingAsked (security.md §2.4, requirements.md B.2.10, E.2.8).
    """
    Participant.objects.select_for_update().get(pk=participant.pk)  # two presses at once: the second finds the first
    pressed = ConsentAsk.objects.filter(form_id=form_id).first()
    if pressed is not None:
        return pressed
    purposes = set(purposes) & set(Consent.OF_OWN_WORDS) if of_own_words else purposes
    if not purposes:
        raise NothingAsked(participant)
    ask = ConsentAsk(
        program=participant.program, participant=participant, person=person, made_by=by, made_at=at, form_id=form_id,
        purposes=[one for one in PURPOSES if one in purposes], counts_until_on=counts_until_on,
        of_own_words=of_own_words,
    )  # fmt: skip
    if not may_answer(ask, day_in(at, participant.program.zone)):
        raise NotAGuardian(participant)
    place = reachable([person], program=participant.program, at=at)[person.pk]
    ask.by_letter = bool(by_letter and place)
    write_house_texts(participant.program, at=at)
    ask.save()
    record("consent.asked", about=ask, by=by, at=at, purposes=ask.purposes, by_letter=ask.by_letter)
    if ask.by_letter:
        key = f"consent-ask:{ask.ref}:letter"
        until = at + ask.program.limit("letter-waits")
        queue(LETTER, to=person, about=ask, program=ask.program, key=key, at=at, not_after=until)
    return ask


@transaction.atomic
def write_house_texts(program, *, at):
    """Keep Rapport's words, said as this program says them, as a version of its own: what was said yes to stays.

    Where they have changed since, or the program calls things by other names now, they are its next version. What the
    program wrote itself is left alone.
    """
    last = {}
    for row in ConsentText.objects.filter(program=program).order_by("version"):
        last[row.purpose, row.voice, row.language] = row
    new = []
    for language in languages_kept(program):
        for (voice, purpose), words in of_the_house(language).items():
            row = last.get((purpose, voice, language))
            said = {name: said_by(program, text, language) for name, text in words.items()}
            if row is None or (not row.is_own and any(getattr(row, name) != said[name] for name in said)):
                version = row.version + 1 if row else FIRST
                told = {"purpose": purpose, "voice": voice, "language": language, "version": version}
                new.append(ConsentText(program=program, **told, **said, written_at=at))
    ConsentText.objects.bulk_create(new, ignore_conflicts=True)


@transaction.atomic
def write_texts(program, rows, *, at):
    """Write the program's own texts that its file brings; they are its first versions."""
    texts = [ConsentText(program=program, version=FIRST, is_own=True, written_at=at, **row) for row in rows]
    ConsentText.objects.bulk_create(texts)


@transaction.atomic
def write_text(program, *, purpose, voice, language, title, words, who_sees, after, by, at) -> ConsentText:
    """Write a newer version of one text; older ones stay as they were said yes to.

    `after`: the version its writer had before them. Raises TextChangedMeanwhile.
    """
    Program.objects.select_for_update().get(pk=program.pk)
    same = {"program": program, "purpose": purpose, "voice": voice, "language": language}
    if not ConsentText.objects.filter(**same).exists():
        write_house_texts(program, at=at)
    last = ConsentText.objects.filter(**same).aggregate(last=Max("version"))["last"] or 0
    if last != after:
        raise TextChangedMeanwhile(program)
    text = ConsentText.objects.create(
        **same, version=last + 1, title=title, words=words, who_sees=who_sees, written_by=by, is_own=True, written_at=at
    )
    facts = {"purpose": purpose, "voice": voice, "language": language, "version": text.version}
    record("consent-text.written", about=text, by=by, at=at, **facts)
    return text


@transaction.atomic
def send_new_link(ask, *, at):
    """Send a new link to the address on file, once an hour at most. Raises NoLongerTheirs."""
    if ask.closed_at is not None or not may_answer(ask, day_in(at, ask.program.zone)):
        raise NoLongerTheirs(ask)
    hour = at.replace(minute=0, second=0, microsecond=0)
    queue(NEW_LINK, to=ask.person, about=ask, program=ask.program, key=f"consent-ask:{ask.ref}:{hour:%Y%m%d%H}", at=at)


@transaction.atomic
def not_them(ask, *, at):
    """Somebody else reads that address: this ask is shut, with every link that went there, and a person looks into it.
    A yes pressed there is to be confirmed (`doubting`); one being pressed just now comes before this, or too late."""
    list(Participant.objects.select_for_update().filter(pk=ask.participant_id).values("pk"))
    mine = ConsentAsk.objects.filter(pk=ask.pk)
    moved = mine.filter(closed_at=None).update(closed_at=at)
    if moved:
        record("consent.not-them", about=ask, by=None, at=at)
        call(ask, NOT_ME, at=at)
        somebody_else_reads(Link.objects.about_any(mine), at=at)
    return bool(moved)
