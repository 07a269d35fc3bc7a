"""Keeping one person away from everything about another: said, looked at again, ended; never deleted."""

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from rapport.audit.actions import record
from rapport.core.refused import Refused
from rapport.core.sealing import ring, seal, sealed_with, unseal, wrap_anew
from rapport.people.models import Restriction

SEALED = 4


class NotThemselves(Refused):
    """Nobody can be kept away from themselves."""

    sentence = _("Nobody can be kept away from themselves. Choose whom it protects, and from whom.")


class AlreadyEnded(Refused):
    """It has ended, and stays as it is."""

    sentence = _("This restriction has ended. If it holds again, record it anew.")


class NotWritten(Refused):
    """The folder of files takes nothing."""

    sentence = _("The paper cannot be kept just now: the disk may be full. Nothing was recorded; try again later.")


class PaperGone(Refused):
    """The row names a file that is not there."""

    sentence = _("The paper is not where it was kept. Whoever hosts Rapport may have it in a backup.")


@transaction.atomic
def keep_away(
    *, program, kept_away, subject, reason, document, starts_on, review_on, reviewer=None, ends_on=None, paper=None,
    form_id="", by, at,
):  # fmt: skip
    """Keep one person away from everything about another, from a day on. It bites with the next request.

    The day may lie back or ahead; several may run at once, and each holds for itself. `paper` is a pair (file name,
    bytes). The same press, made twice, is one restriction. Raises NotThemselves, KeysUnreadable,
    NotWritten.
    """
    if kept_away.pk == subject.pk:
        raise NotThemselves(subject)
    facts = {
        "kept_away": kept_away, "subject": subject, "reason": reason, "document": document, "starts_on": starts_on,
        "review_on": review_on, "reviewer": reviewer, "ends_on": ends_on, "recorded_by": by, "recorded_at": at,
    }  # fmt: skip
    restriction, is_new = recorded(program, form_id, facts)
    if not is_new:
        return restriction
    record("restriction.recorded", about=restriction, by=by, at=at, level=SEALED)
    if paper:
        change_paper(restriction, *paper, by=by, at=at)
    return restriction


def recorded(program, form_id, facts):
    """The restriction of this press, and whether it is new."""
    if not form_id:
        return Restriction.objects.create(program=program, **facts), True
    return Restriction.objects.get_or_create(program=program, form_id=form_id, defaults=facts)


@transaction.atomic
def change_paper(restriction, name, content, *, by, at):
    """Keep the paper itself, sealed, under a name that tells nothing. Raises KeysUnreadable, NotWritten."""
    put_down(restriction, seal(content, restriction.paper_place), paper_name=name[:120])
    record("restriction.paper", about=restriction, by=by, at=at, level=SEALED)


def read_paper(restriction) -> bytes:
    """The paper as it was given. Raises PaperGone, KeyMissing, Spoiled, KeysUnreadable."""
    try:
        with restriction.paper.open("rb") as file:
            content = file.read()
    except OSError as error:
        raise PaperGone(restriction) from error
    return unseal(content, restriction.paper_place) if restriction.paper_key else content


@transaction.atomic
def seal_papers(*, at, limit):
    """Papers of before sealing are sealed, and those under an older key get a new envelope. Returns how many.

    One whose key is not here, or whose file is gone, stays as it is, and keeps none of the others waiting: `rapport
    status` tells of it.
    """
    keys = list(ring())
    waiting = Restriction.objects.exclude(paper="").filter(paper_key__in=["", *keys[:-1]]).order_by("pk")
    done = 0
    for restriction in list(waiting):
        if done == limit:
            break
        try:
            seal_anew(restriction)
        except (Refused, OSError):
            continue
        record("restriction.sealed", about=restriction, by=None, at=at, level=SEALED)
        done += 1
    return done


def seal_anew(restriction):
    with restriction.paper.open("rb") as file:
        content = file.read()
    place = restriction.paper_place
    sealed = wrap_anew(content, place) if restriction.paper_key else seal(content, place)
    put_down(restriction, sealed, paper_name=restriction.paper_name)


def put_down(restriction, sealed, **facts):
    """A new file, the row that names it, and the one before gone once all of it stands. Raises NotWritten."""
    storage, before = restriction.paper.storage, restriction.paper.name
    try:
        restriction.paper.save("paper", ContentFile(sealed), save=False)
    except OSError as error:
        raise NotWritten(restriction) from error
    facts |= {"paper": restriction.paper.name, "paper_key": sealed_with(sealed)}
    Restriction.objects.filter(pk=restriction.pk).update(**facts)
    restriction.paper_name, restriction.paper_key = facts["paper_name"], facts["paper_key"]
    if before:
        transaction.on_commit(lambda: storage.delete(before))


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
