"""What keeps two people from being matched is written down, and taken back; nothing is deleted."""

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from rapport.audit.actions import record
from rapport.core.refused import Refused
from rapport.people.models import Conflict, Participant


class WrittenAlready(Refused):
    """The same stands there already."""

    sentence = _("This was written down already. To change its last day, take it back and write it anew.")


class NotTwo(Refused):
    """Nobody is in conflict with themselves."""

    sentence = _("Choose another person: nobody is kept from being matched with themselves.")


class TakenBackAlready(Refused):
    """Somebody took it back before."""

    sentence = _("This was taken back already.")


@transaction.atomic
def declare_conflict(program, *, person, other, kind, words="", until_on=None, by, at):
    """Write down that these two (persons) of a program are not to be matched, until a day or for good (S2-22).

    No round, no suggestion, no list and no hand pairs them from now on, and what is proposed does not begin; a match
    that has begun goes on, for people decide about it. Both are locked first, as every beginning locks them: of the two
    one comes first, and the other sees it. Raises NotTwo, WrittenAlready.
    """
    if person.pk == other.pk:
        raise NotTwo(person)
    keep_still(program, [person.pk, other.pk])
    facts = {"words": words, "until_on": until_on, "said_at": at, "said_by": by}
    try:
        with transaction.atomic():
            made = Conflict.objects.create(program=program, person=person, other=other, kind=kind, **facts)
    except IntegrityError as twice:
        raise WrittenAlready(program) from twice
    record("conflict.declared", about=made, by=by, at=at, kind=kind)
    return made


def keep_still(program, persons):
    """Keep these people of a program to this transaction, in one order."""
    here = Participant.objects.select_for_update().filter(program=program, person__in=persons)
    list(here.order_by("pk").values("pk"))


@transaction.atomic
def take_conflict_back(conflict, *, by, at):
    """It holds no more: they may be matched again. What was written down stays. Raises TakenBackAlready."""
    moved = Conflict.objects.filter(pk=conflict.pk, taken_back_at=None).update(taken_back_at=at, taken_back_by=by)
    if not moved:
        raise TakenBackAlready(conflict)
    record("conflict.taken-back", about=conflict, by=by, at=at)


def settle_conflicts(stays, goes, at):
    """Of two that say the same, the one that holds longer stays: one that nobody took back, without a last day."""
    if stays.taken_back_at is None and goes.taken_back_at is None:
        days = [stays.until_on, goes.until_on]
        until_on = None if None in days else max(days)
        Conflict.objects.filter(pk=stays.pk).update(until_on=until_on, words=stays.words or goes.words)
