"""Who is asked for permission, what for, and which gate their word opens."""

from dataclasses import dataclass
from datetime import UTC, time, timedelta

from django.db.models import Exists, F, OuterRef, Q

from rapport.core.months import day_in, moment
from rapport.onboarding.models import ConsentAsk, ConsentText, Gate
from rapport.onboarding.questions import consenting_guardians, told_guardians
from rapport.onboarding.wording import filled, newest
from rapport.people.models import Consent, Guardianship, Participant, Restriction
from rapport.people.questions import may_speak_for

Code = Gate.Code
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Shown:
    """One purpose as its reader sees it."""

    text: ConsentText
    title: str
    words: str
    who_sees: str

    @property
    def key(self):
        return self.text.purpose

    @property
    def language(self):
        return self.text.language


def texts_of(ask, language, until=None) -> list[Shown]:
    """What this ask asks, each purpose with its newest words."""
    texts = newest(ask.program, ask.voice, ask.purposes, language, until)
    return [shown(text, ask.subject, ask.program) for text in texts.values()]


def shown(text, subject, program) -> Shown:
    """One text as it reads about somebody."""
    said = {"name": subject.first_name, "program": program}
    return Shown(text, *(filled(words, **said) for words in (text.title, text.words, text.who_sees)))


def may_answer(ask, on) -> bool:
    """Whether this person may still say it: the participant themselves, or a guardian who may consent that day; of
    their own words, a guardian who hears of the child."""
    if ask.participant.left_at is not None:
        return False
    if ask.of_own_words:
        return told_guardians(ask.participant, on).filter(pk=ask.person_id).exists()
    return ask.is_own or may_speak_for(ask.person, ask.participant.person, on)


def gate_code(ask, on) -> str:
    """The gate that a yes to taking part meets."""
    if not ask.is_own:
        return Code.PERMISSION
    return Code.ASSENT if ask.participant.person.counts_as_child(ask.program, on) else Code.CONSENT


def still_to_ask(at):
    """Asks whose person may still answer, as a query: not closed, still taking part, still theirs to say."""
    child = OuterRef("participant__person")
    living = Guardianship.objects.living_in(OuterRef("participant__program__time_zone"), at)
    living = living.filter(child=child, adult=OuterRef("person"))
    theirs = Q(Exists(living.filter(consents=True)), of_own_words=False)
    own = Q(person=F("participant__person")) | Q(Exists(living.told()), of_own_words=True)
    return ConsentAsk.objects.open().filter(own | theirs, participant__left_at=None)


def whom_to_ask(participant, on):
    """The people who may be asked for this participant: the guardians of a child first, then themselves."""
    guardians = []
    if participant.person.counts_as_child(participant.program, on):
        guardians = list(consenting_guardians(participant, on))
    return [*guardians, participant.person]


def words_about(participant):
    """What was said on each purpose about this participant."""
    return Consent.objects.filter(program=participant.program_id, person=participant.person_id, as_guardian=False)


def last_words_on(participant, at):
    """The last word of each giver on each purpose about this participant."""
    return words_about(participant).last_words(at)


def on_joining(participant, at):
    """The last word of each giver on taking part that counts."""
    return words_about(participant).filter(purpose=Consent.Purpose.JOIN).last_counted(at)


def own_words_of(guardians, program, at):
    """What each of these guardians said last on how far what they tell us themselves may go."""
    return Consent.objects.filter(program=program, person__in=guardians, as_guardian=True).last_to_read(at)


def dated_words(programs, at, *, between=None, participants=None):
    """Each yes with a last day, of people who take part: (participant, its giver, purpose, last day).

    What was agreed on taking part stands in its gate. `between`: two days, the last day within them. `participants`:
    of these alone.
    """
    here = Participant.objects.active().filter(program__in=programs)
    here = here.filter(pk__in=participants) if participants is not None else here
    yield from dated_gates(here, programs, between)
    words = Consent.objects.counted().filter(program__in=programs, expires_at__isnull=False, is_given=True)
    words = words.exclude(purpose=Consent.Purpose.JOIN).last_words(at).select_related("given_by").order_by("pk")
    if between:
        words = words.filter(expires_at__range=[moment(day, time(0), UTC) + DAY * n for n, day in enumerate(between)])
    if participants is not None:
        words = words.filter(person__in=here.values("person"))
    words = list(words)
    rows = (
        here.filter(person__in={word.person_id for word in words}).select_related("person", "program").order_by("-pk")
    )
    found = {(one.program_id, one.person_id): one for one in rows}
    for word in words:
        if one := found.get((word.program_id, word.person_id)):
            word.program = one.program
            yield one, word.given_by, word.purpose, word.last_day


def dated_gates(here, programs, between):
    """The same of taking part: a guardian's permission, a child's own yes, or one's own agreement."""
    codes = [Code.PERMISSION, Code.ASSENT, Code.CONSENT]
    gates = Gate.objects.counted().filter(
        program__in=programs, code__in=codes, is_met=True, valid_until_on__isnull=False
    )
    gates = gates.filter(valid_until_on__range=between) if between else gates
    gates = gates.filter(participant__in=here).select_related("participant__person", "participant__program", "given_by")
    for gate in gates.order_by("pk"):
        one, last_day = gate.participant, gate.valid_until_on
        giver = gate.given_by if gate.code == Code.PERMISSION else one.person
        is_for_nothing = gate.code == Code.ASSENT and not one.person.counts_as_child(one.program, last_day)
        if giver is not None and not is_for_nothing:
            yield one, giver, Consent.Purpose.JOIN, last_day


def may_answer_for(pairs, at) -> set:
    """Those of these (participant, giver) of whom the giver may still say it, as ids, in two queries."""
    children = {participant.person_id for participant, _giver in pairs}
    living = Guardianship.objects.living_somewhere(at).filter(child__in=children, consents=True)
    living = {(one.adult_id, one.child_id): one for one in living.select_related("child")}
    away = Restriction.objects.live_at(at).filter(subject__in=children)
    for pair in away.values_list("kept_away", "subject"):
        living.pop(pair, None)
    return {
        (participant.pk, giver.pk)
        for participant, giver in pairs
        if giver.pk == participant.person_id
        or stands_for(participant, living.get((giver.pk, participant.person_id)), at)
    }


def stands_for(participant, guardianship, at) -> bool:
    """Whether this guardianship, or none, is in force on the day that it is where the program is."""
    return guardianship is not None and guardianship.is_living(day_in(at, participant.program.zone))


def noes_that_stand(participant, at):
    """Guardians' last word on taking part, where it is no and they may speak for the child: for who settles it. A yes
    after it that may be somebody else's settles nothing."""
    noes = on_joining(participant, at).filter(is_given=False)
    on = day_in(at, participant.program.zone)
    noes = noes.exclude(given_by=participant.person_id).select_related("given_by")
    return [no for no in noes if may_speak_for(no.given_by, participant.person, on)]


def noes_of_others(ask, at):
    """Other guardians who may speak for the child and whose last word on taking part is no, unless it was settled.

    It is settled where staff wrote down a permission after that no: then a person has decided.
    """
    gate = Gate.objects.counted().filter(participant=ask.participant_id, code=Code.PERMISSION, is_met=True).first()
    noes = [no for no in noes_that_stand(ask.participant, at) if no.given_by_id != ask.person_id]
    return [no for no in noes if gate is None or no.given_at >= gate.seen_at]
