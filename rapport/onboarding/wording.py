"""The words that people say yes or no to: a program's own, newest version first, else Rapport's plain ones."""

import tomllib
from functools import cache
from pathlib import Path

from django.conf import settings

from rapport.core.languages import known
from rapport.onboarding.models import ConsentText
from rapport.people.models import Consent

FOLDER = Path(__file__).with_name("texts")
LONGEST_TEXT = 3000  # signs of what is said yes to
FIRST = 1  # the version of Rapport's own words
PURPOSES = [str(one) for one in Consent.Purpose.values]


@cache
def of_the_house(language) -> dict:
    """The words we bring in a language: {(voice, purpose): {"title", "words", "who_sees"}}; {} where there are none."""
    file = FOLDER / f"{language}.toml"
    if not known(language) or not file.exists():
        return {}
    told = tomllib.loads(file.read_text(encoding="utf-8"))
    return {(voice, purpose): row for voice, rows in told.items() for purpose, row in rows.items()}


def languages_of(program) -> list[str]:
    """The languages a program asks in; the house's own comes last, for whoever reads none of the others."""
    return list(dict.fromkeys([*filter(known, program.languages), settings.LANGUAGE_CODE]))


def language_for(person, program, wanted=""):
    """The language of somebody's sheet: the one that was asked for, else their own, else the program's first."""
    return next(code for code in (wanted, person.language, *languages_of(program)) if known(code))


def languages_kept(program) -> list[str]:
    """These, and the others we bring words in: a guardian may read one that the program does not list."""
    return list(dict.fromkeys([*languages_of(program), *dict(settings.LANGUAGES)]))


def newest(program, voice, purposes, language, until=None) -> dict[str, ConsentText]:
    """By purpose, the newest text in this language, else in the program's first that has one. One query.

    `until`: as it stood at that moment, for a sheet that was printed then. Where a program wrote words of its own, ours
    do not stand in for them in a language that it does not list: nobody says yes to something else than the others.
    """
    order = list(dict.fromkeys([language, *languages_of(program)]))
    texts = ConsentText.objects.filter(program=program, voice=voice, purpose__in=purposes, language__in=order)
    found: dict[str, ConsentText] = {}
    rows = sorted(texts, key=lambda row: (order.index(row.language), -row.version))
    own = {row.purpose for row in rows if row.is_own}
    spoken = languages_of(program)
    rows = [row for row in rows if row.language in spoken or row.is_own or row.purpose not in own]
    for row in rows:
        if until is None or row.written_at <= until or row.version == FIRST:
            found.setdefault(row.purpose, row)
    return {purpose: found[purpose] for purpose in purposes if purpose in found}


def voice_of(word):
    """In which voice it was asked what this consent says yes or no to."""
    if word.as_guardian:
        return ConsentText.Voice.ADULT
    return ConsentText.Voice.SELF if word.given_by_id == word.person_id else ConsentText.Voice.CHILD


def texts_said_to(words, program) -> dict:
    """{key of a consent: (the text it was said to, whether there is a newer one)}, in one query.

    A text never changes, so its purpose, voice, language and version, which each consent keeps, name it for good.
    """
    rows = ConsentText.objects.filter(
        program=program, purpose__in={word.purpose for word in words}, language__in={word.language for word in words}
    )
    texts, last = {}, {}
    for row in rows.order_by("version"):
        what = row.purpose, row.voice, row.language
        texts[*what, str(row.version)] = last[what] = row
    found = {}
    for word in words:
        what = word.purpose, voice_of(word), word.language
        if text := texts.get((*what, word.text_version)):
            found[word.pk] = text, last[what] != text
    return found


def asked_in(voice, purpose) -> bool:
    """Whether anybody is asked this in this voice: of a guardian's own words, how far they go."""
    return voice != ConsentText.Voice.ADULT or purpose in Consent.OF_OWN_WORDS


def filled(words, *, name, program):
    """The words with the name and the program in their places; whatever else stands in braces stays as it is."""
    return words.replace("{name}", name).replace("{program}", program.name)
