"""What staff keep of a mentee who waits."""

from django.db import transaction

from rapport.audit.actions import record
from rapport.matching.models import Waiting

FACTS = ("is_first", "words", "wants", "is_understood", "is_weighed", "has_time")


@transaction.atomic
def keep_waiting(mentee, *, by, at, **facts):
    """Keep what is known of a mentee who waits (`FACTS`), in place of what was. Returns whether it is new."""
    before = Waiting.objects.select_for_update().filter(mentee=mentee).first()
    was = {name: getattr(before, name) for name in FACTS} if before else {}
    changed = sorted(name for name, value in facts.items() if was.get(name, "") != value and (was or value))
    if not changed:
        return False
    row, _made = Waiting.objects.update_or_create(
        mentee=mentee, defaults={"program": mentee.program, **facts, "said_at": at, "said_by": by}
    )
    record("waiting.kept", about=row, by=by, at=at, changed=changed)
    return True


def settle_waiting(stays, goes, at):
    """Of two records of one mentee: whoever came first comes first, and the words of both stay."""
    words = " · ".join(filter(None, [stays.words, goes.words]))[:300]
    facts = {name: getattr(stays, name) or getattr(goes, name) for name in FACTS}
    Waiting.objects.filter(pk=stays.pk).update(**{**facts, "words": words})
