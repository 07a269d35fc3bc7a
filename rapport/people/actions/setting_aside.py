"""A no that outlives its giver's say is settled by a named person; nothing settles it by itself."""

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from rapport.audit.actions import record
from rapport.core.months import day_in
from rapport.core.refused import Refused
from rapport.people.models import SetAside
from rapport.people.questions import may_speak_for

OF_STAFF = 2


class StillTheirs(Refused):
    """Whoever may still say it takes their no back themselves."""

    sentence = _("They may still say this themselves. Ask them: only their own word changes it.")


class NotTheirs(Refused):
    """Only somebody who may say it for this person decides now."""

    sentence = _("This person may not decide it. Choose a guardian who may consent, or whoever is 18 themselves.")


class SetAsideAlready(Refused):
    """Somebody did this a moment ago."""

    sentence = _("Somebody settled this already. Look at how it stands now.")


@transaction.atomic
def set_aside(consent, *, why, decides, by, at):
    """Let a no of somebody who decides no more count no more. It says yes to nothing: the words of `decides` count.

    Raises StillTheirs, NotTheirs, SetAsideAlready.
    """
    person, on = consent.person, day_in(at, consent.program.zone)
    if may_decide(consent.given_by, person, consent.program, on):
        raise StillTheirs(consent)
    is_own_child = decides.pk == person.pk and person.counts_as_child(consent.program, on)
    if is_own_child or not may_decide(decides, person, consent.program, on):
        raise NotTheirs(consent)
    facts = {"program": consent.program, "why": why, "decides": decides, "by": by, "at": at}
    row, is_new = SetAside.objects.get_or_create(consent=consent, back_at=None, defaults=facts)
    if not is_new:
        raise SetAsideAlready(consent)
    record("consent.set-aside", about=consent, by=by, at=at, level=OF_STAFF, decides=decides.pk, why=why)
    return row


@transaction.atomic
def count_again(consent, *, by, at):
    """The no counts again. Returns whether it did not."""
    moved = SetAside.objects.standing().filter(consent=consent).update(back_at=at, back_by=by)
    if moved:
        record("consent.counts-again", about=consent, by=by, at=at, level=OF_STAFF)
    return bool(moved)


def may_decide(somebody, person, program, on) -> bool:
    """Whether somebody may say it about this person on that day: for a child, or grown up for themselves."""
    if somebody.pk == person.pk:
        return True
    return person.counts_as_child(program, on) and may_speak_for(somebody, person, on)
