"""The children a parent who is mentored tells of: written down as they say it, and taken off again."""

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from rapport.audit.actions import record
from rapport.core.refused import Refused
from rapport.people.models import Participant, ToldChild
from rapport.programs import profiles

MOST = 20  # children of one parent; no figure of the field: more is a slip


class NotAskedHere(Refused):
    """Only who is mentored as a parent tells of their children, while they take part."""

    sentence = _("Only a parent who is mentored here, and takes part now, tells of their children.")


class TooManyChildren(Refused):
    """More children than one parent tells of."""

    sentence = _("These are more children than one parent tells of. Take one off first.")


def tells_of_children(participant) -> bool:
    """Whether this is a parent who is mentored, in a program of such."""
    return participant.side == Participant.Side.MENTEE and profiles.mentees_are_parents(participant.program)


@transaction.atomic
def tell_of_child(parent, *, first_name, school_year="", school="", by, at) -> ToldChild:
    """Write down a child as the parent tells of it; the same words once more are the same child.

    Raises NotAskedHere, TooManyChildren. The trail keeps that it was done, and no name.
    """
    parent = Participant.objects.select_for_update(of=("self",)).select_related("program").get(pk=parent.pk)
    if parent.left_at is not None or not tells_of_children(parent):
        raise NotAskedHere(parent)
    words = {"first_name": first_name, "school_year": school_year, "school": school}
    known = ToldChild.objects.filter(parent=parent)
    if same := known.filter(**words).first():
        return same
    if known.count() >= MOST:
        raise TooManyChildren(parent)
    child = ToldChild.objects.create(program=parent.program, parent=parent, **words, told_by=by, told_at=at)
    record("participant.child-told", about=parent, by=by, at=at)
    return child


@transaction.atomic
def take_child_off(child, *, by, at) -> bool:
    """Nothing of this child is kept any longer. Whether this press did it."""
    gone, _each = ToldChild.objects.filter(pk=child.pk).delete()
    if gone:
        record("participant.child-taken-off", about=child.parent, by=by, at=at)
    return bool(gone)
