"""A program's own words: where the house says "match", its pages and letters say "buddy".

What the house itself says goes through gettext, and is reworded there, before anybody's name or words are put into it;
what people wrote is never touched. Which words hold is told by the request's program, or by `spoken_as`.
"""

import re
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache

from django.utils.translation.trans_real import DjangoTranslation, translation

WORD = re.compile(
    r"[^\W_](?:[^\W_]|[ ’-])*"
)  # goes into sentences and attributes as it is: no sign that means anything
NEVER = r"(?<!n't )(?<!n’t )(?<!not )(?<!%\()"  # "do not match" is no noun, and %(match)s no word
SPOKEN: ContextVar = ContextVar("own_words", default=None)  # tells the words that hold: {noun: word, language: {…}}
WIDE = 4096


def install():
    """Let gettext speak the words that hold. Django has no place of its own for this; done once, when it starts."""
    if hasattr(DjangoTranslation, "plain_gettext"):
        return
    DjangoTranslation.plain_gettext = DjangoTranslation.gettext
    DjangoTranslation.plain_ngettext = DjangoTranslation.ngettext
    DjangoTranslation.gettext = lambda self, message: reworded(self.plain_gettext(message), self)
    DjangoTranslation.ngettext = lambda self, one, many, n: reworded(self.plain_ngettext(one, many, n), self)


def middleware(get_response):
    """The words of the program that a page turns out to be about."""

    def answer(request):
        before = SPOKEN.set(lambda: getattr(getattr(request, "program", None), "words", None))
        try:
            return get_response(request)
        finally:
            SPOKEN.reset(before)

    return answer


@contextmanager
def spoken_as(program):
    """Inside, the house speaks this program's words; of none, its own."""
    before = SPOKEN.set(lambda: getattr(program, "words", None))
    try:
        yield
    finally:
        SPOKEN.reset(before)


def reworded(said, translation):
    """A sentence of the house in the words that hold now."""
    tell = SPOKEN.get()
    words = tell() if tell else None
    if not words:
        return said
    language = translation.to_language()
    own = {noun: word for noun, word in words.items() if isinstance(word, str)} | dict(words.get(language) or {})
    pairs = [(translation.plain_gettext(noun), word) for noun, word in sorted(own.items()) if WORD.fullmatch(word)]
    return with_words(said, tuple(pairs), language) if pairs else said


def said_by(program, words, language):
    """Words of the house that no catalogue holds, in one language, as this program would say them."""
    with spoken_as(program):
        return reworded(words, translation(language))


@lru_cache(WIDE)
def with_words(said, pairs, language):
    words = dict(pairs)
    nouns = "|".join(re.escape(noun) for noun in sorted(words, key=len, reverse=True))
    article = r"(?:\b(?P<article>[Aa]n?) )?" if language.startswith("en") else "(?P<article>)"
    found = re.compile(rf"{article}{NEVER}\b(?P<noun>{nouns})\b", re.IGNORECASE)
    return found.sub(lambda one: put(one, words), said)


def put(one, words):
    """The own word, begun as the house's was, and with the article that it wants."""
    word = words.get(one["noun"].lower()) or words.get(one["noun"]) or one["noun"]
    word = word[:1].upper() + word[1:] if one["noun"][:1].isupper() else word
    if not one["article"]:
        return word
    article = "an" if word[:1].lower() in "aeiou" else "a"
    return f"{article.capitalize() if one['article'][0].isupper() else article} {word}"
