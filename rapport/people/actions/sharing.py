"""Who reads what goes to an address or a number: worked out, and put right by a named person with a reason."""

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from rapport.audit.actions import record
from rapport.core.refused import Refused
from rapport.people.models import ContactPoint
from rapport.people.sharing import shared_points, who_else_has

UNSAID = {"asked_by": None, "asked_at": None, "asked_why": ""}


class NeedsAReason(Refused):
    """Nobody says that a way is private without saying why."""

    sentence = _("Say how you know that nobody else reads it.")


class NotTheSameTwice(Refused):
    """Two have to look."""

    sentence = _("Somebody else has to look at this: the one who said it cannot be the second, too.")


class NothingToLookAt(Refused):
    """Nobody asked for it any more, or somebody looked already."""

    sentence = _("Nobody waits for a second look here. Look at the page as it is now.")


class NeverPrivate(Refused):
    """What goes through others is never private."""

    sentence = _("What goes through the school, by letter, at pick-up or by an interpreter is never read by one alone.")


def now_shared(people):
    """Mark the ways to reach these people that others have, too. Returns those that were private until now.

    What a named person said with the same others in view stays; with anybody new it holds no longer, and is looked at.
    """
    points = shared_points(people)
    told = list(points.exclude(said_at=None).exclude(known_then=[]))
    others = who_else_has(told) if told else {}
    standing = {point.pk for point in told if others.get(point, set()) <= set(point.known_then)}
    keys = [pk for pk in points.values_list("pk", flat=True) if pk not in standing]
    ContactPoint.objects.filter(pk__in=keys, said_at__isnull=False).update(changed_since=True)
    ContactPoint.objects.filter(pk__in=keys).update(is_private=False)
    return keys


@transaction.atomic
def say_shared(point, *, about, why="", by, at):
    """Somebody else reads it, too: at once, and whatever was said before. Returns whether it was private."""
    facts = {"said_by": by, "said_at": at, "said_why": why, "known_then": [], "changed_since": False, **UNSAID}
    moved = ContactPoint.objects.filter(pk=point.pk).exclude(is_private=False, changed_since=False, asked_at=None)
    moved = moved.update(is_private=False, **facts)
    if moved:
        record("contact.shared", about=about, by=by, at=at, kind=point.kind)
    return bool(moved)


@transaction.atomic
def say_private(point, *, about, why, is_child, by, at):
    """Nobody else reads it, says a named person, and why. Of a young person a second has to say so as well.

    Returns whether it holds now. Raises NeedsAReason, NeverPrivate.
    """
    if not why:
        raise NeedsAReason(point)
    if point.kind in ContactPoint.BY_OTHERS:
        raise NeverPrivate(point)
    shared = ContactPoint.objects.filter(pk=point.pk, is_private=False)
    if is_child:
        moved = shared.exclude(asked_by=by).update(asked_by=by, asked_at=at, asked_why=why)  # a double press asks once
        verb = "contact.private-asked"
    else:
        moved = hold_private(shared, point, by=by, why=why, at=at)
        verb = "contact.private"
    if moved:
        record(verb, about=about, by=by, at=at, kind=point.kind, others=len(who_else_has([point]).get(point, ())))
    return ContactPoint.objects.filter(pk=point.pk, is_private=True).exists()


@transaction.atomic
def look_again_at_private(point, *, about, is_so, by, at):
    """The second look at a young person's way: it holds, or it stays shared.

    Raises NotTheSameTwice, NothingToLookAt.
    """
    now = ContactPoint.objects.select_for_update(of=("self",)).get(pk=point.pk)
    if now.asked_at is None:
        raise NothingToLookAt(point)
    if not is_so:
        ContactPoint.objects.filter(pk=point.pk).update(**UNSAID)
    elif now.asked_by_id == by.pk:
        raise NotTheSameTwice(point)
    else:
        hold_private(ContactPoint.objects.filter(pk=point.pk), now, by=by, why=now.asked_why, at=at)
    verb = "contact.private" if is_so else "contact.private-refused"
    record(verb, about=about, by=by, at=at, kind=point.kind, asked_by=now.asked_by_id)


def hold_private(rows, point, *, by, why, at):
    """It is private now, with those in view who are known to have it."""
    known = sorted(who_else_has([point]).get(point, ()))
    return rows.update(
        is_private=True, said_by=by, said_at=at, said_why=why, known_then=known, changed_since=False, **UNSAID
    )
