"""Keeping one person away from everything about another: said, looked at again, ended; never deleted."""

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from rapport.audit.actions import record
from rapport.core.refused import Refused
from rapport.people.models import Restriction

SEALED = 4


class NotThemselves(Refused):
    """Nobody can be kept away from themselves."""

    sentence = _("Nobody can be kept away from themselves. Choose whom it protects, and from whom.")


class AlreadyEnded(Refused):
    """It has ended, and stays as it is."""

    sentence = _("This restriction has ended. If it holds again, record it anew.")


@transaction.atomic
def keep_away(
    *, program, kept_away, subject, reason, document, starts_on, review_on, reviewer=None, ends_on=None, paper=None,
    by, at,
):  # fmt: skip
    """Keep one person away from everything about another, from a day on. It bites with the next request.

    The day may lie back or ahead; several may run at once, and each holds for itself. `paper` is a pair (file name,
    bytes). Raises NotThemselves.
    """
    if kept_away.pk == subject.pk:
        raise NotThemselves(subject)
    restriction = Restriction.objects.create(
        program=program, kept_away=kept_away, subject=subject, reason=reason, document=document, starts_on=starts_on,
        review_on=review_on, reviewer=reviewer, ends_on=ends_on, recorded_by=by, recorded_at=at,
    )  # fmt: skip
    record("restriction.recorded", about=restriction, by=by, at=at, level=SEALED)
    if paper:
        change_paper(restriction, *paper, by=by, at=at)
    return restriction


@transaction.atomic
def change_paper(restriction, name, content, *, by, at):
    """Keep the paper itself, under a name that tells nothing."""
    restriction.paper.save("paper", ContentFile(content), save=False)
    facts = {"paper": restriction.paper.name, "paper_name": name[:120]}
    Restriction.objects.filter(pk=restriction.pk).update(**facts)
    restriction.paper_name = facts["paper_name"]
    record("restriction.paper", about=restriction, by=by, at=at, level=SEALED)


@transaction.atomic
def review_restriction(restriction, *, review_on, reviewer, by, at):
    """It was looked at and holds; somebody looks again on another day. Raises AlreadyEnded."""
    running = Restriction.objects.filter(pk=restriction.pk, ended_at=None)
    if not running.update(review_on=review_on, reviewer=reviewer):
        raise AlreadyEnded(restriction)
    record("restriction.reviewed", about=restriction, by=by, at=at, level=SEALED, review_on=str(review_on))


@transaction.atomic
def end_restriction(restriction, *, ends_on, why, by, at):
    """From this day on it holds no more, and why: run out, lifted, or the paper was of another child.

    Raises AlreadyEnded.
    """
    running = Restriction.objects.filter(pk=restriction.pk, ended_at=None)
    if not running.update(ends_on=ends_on, ended_why=why, ended_by=by, ended_at=at):
        raise AlreadyEnded(restriction)
    record("restriction.ended", about=restriction, by=by, at=at, level=SEALED, ends_on=str(ends_on))
