"""What somebody had typed when their session ended: kept for them alone, sealed, for a day; never sent by itself."""

from django.db import transaction

from rapport.access.models import Draft
from rapport.audit.actions import record
from rapport.core.sealing import seal

SEALED = 4  # it may be the words of a worry


@transaction.atomic
def keep_draft(user, *, path, words, until_at, at):
    """Keep what was typed at this address; what was kept for it before is replaced. Raises KeysUnreadable.

    `words`: a form as the browser sends it.
    """
    draft = Draft(user=user, path=path, kept_at=at, until_at=until_at)
    draft.sealed = seal(words.encode(), draft.place)
    Draft.objects.bulk_create(
        [draft], update_conflicts=True, unique_fields=["user", "path"],
        update_fields=["ref", "sealed", "kept_at", "until_at"],
    )  # fmt: skip
    record("draft.kept", about=user, by=user, at=at, level=SEALED)
    return draft


@transaction.atomic
def throw_away(user, *, ref, by, at):
    """It was sent, or is not wanted. Returns whether there was one of this user's."""
    gone, _each = Draft.objects.filter(user=user, ref=ref).delete()
    if gone:
        record("draft.gone", about=user, by=by, at=at, level=SEALED)
    return bool(gone)


@transaction.atomic
def forget_drafts(*, at, limit):
    """What nobody came back for goes. Returns how many."""
    old = list(Draft.objects.filter(until_at__lte=at).values_list("pk", flat=True)[:limit])
    Draft.objects.filter(pk__in=old).delete()
    return len(old)
