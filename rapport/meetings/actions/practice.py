"""Putting on the page for mentors what one of them found good, without a name; and taking it off again."""

import re

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from rapport.audit.actions import record
from rapport.core.refused import Refused
from rapport.meetings.models import GoodPractice
from rapport.people.models import Guardianship, Person

MOST = 1000
WORD = re.compile(r"[^\W_]+")


class NamesSomebody(Refused):
    """The words name somebody of the pair, or around it."""


class PutAlready(Refused):
    """Somebody put it on the page meanwhile."""

    sentence = lazy("Somebody has put this on the page already.")


@transaction.atomic
def put_good_practice(log, *, words, by, at):
    """Let the mentors of the program read these words. Raises NamesSomebody, PutAlready."""
    if name := name_in(words, log.meeting.match):
        sentence = _("“%(name)s” stands in it. Leave names out: say “the mentee”, “the family”.")
        raise NamesSomebody(log, sentence % {"name": name})
    try:
        with transaction.atomic():
            put = GoodPractice.objects.create(
                program=log.program, log=log, words=words, technique=log.technique, put_by=by, put_at=at
            )
    except IntegrityError:
        raise PutAlready(log) from None
    record("good-practice.put", about=put, by=by, at=at)
    return put


def name_in(words, match):
    """A first or family name of the pair, or of a guardian of it, that stands in these words; else ""."""
    said = {word.casefold() for word in WORD.findall(words)}
    pair = Person.objects.filter(participations__places__match=match)
    around = Guardianship.objects.filter(child__in=pair).values("adult")
    people = (pair | Person.objects.filter(pk__in=around)).distinct()
    for names in people.values_list("given_name", "family_name"):
        for part in (word for name in names if name for word in WORD.findall(name)):
            if len(part) > 1 and part.casefold() in said:
                return part
    return ""


@transaction.atomic
def end_good_practice(put, *, by, at):
    """Take it off the page. Returns whether it was there."""
    ended = GoodPractice.objects.filter(pk=put.pk, ended_at=None).update(ended_at=at)
    if ended:
        record("good-practice.ended", about=put, by=by, at=at)
    return bool(ended)
