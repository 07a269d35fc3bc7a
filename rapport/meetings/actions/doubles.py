"""Two meetings of one pair may be one that was written down twice: a person says so, and nothing is lost by it."""

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from rapport.audit.actions import record
from rapport.core.languages import OF_STAFF
from rapport.meetings.actions.differing import ask_where_words_differ
from rapport.meetings.actions.saying import follow
from rapport.meetings.models import Alike, Log, Mark, Meeting
from rapport.meetings.refusals import LookedAtMeanwhile


@transaction.atomic
def say_alike(meeting, other, *, is_one, by, at):
    """Two meetings are one, or they are two. Of one, `meeting` goes on; the other stays as it was told, and counts no
    more. Raises LookedAtMeanwhile.
    """
    first, second = sorted([meeting.pk, other.pk])
    rows = {one.pk: one for one in Meeting.objects.select_for_update(of=("self",)).filter(pk__in=[first, second])}
    if any(one.joined_to_id or one.excused_at for one in rows.values()):
        raise LookedAtMeanwhile(meeting)
    try:
        with transaction.atomic():
            said = Alike.objects.create(
                program=meeting.program, first_id=first, second_id=second, is_one=is_one, said_by=by, said_at=at
            )
    except IntegrityError:
        raise LookedAtMeanwhile(meeting) from None
    if is_one:
        join(rows[meeting.pk], rows[other.pk], at)
    record("meetings.alike", about=said, by=by, at=at, is_one=is_one)


def join(kept, other, at):
    """Views that only the other one has go over, as do its marks where the sheet says nothing of this one; of somebody
    who told of both, the other view stays where it is. What was joined to the other is now joined to this one."""
    told = Log.objects.filter(meeting=kept).values("person")
    moved = list(Log.objects.filter(meeting=other).exclude(person__in=told))
    Log.objects.filter(pk__in=[one.pk for one in moved]).update(meeting=kept)
    if not Mark.objects.filter(meeting=kept).exists():
        Mark.objects.filter(meeting=other).update(meeting=kept)
    Meeting.objects.filter(joined_to=other).update(joined_to=kept)
    with override(OF_STAFF):
        words = _("written down twice")
    Meeting.objects.filter(pk=other.pk).update(
        joined_to=kept, excused_at=at, excuse=words, kept_at=None, missed_at=None, minutes=None, cause="", said_by=None
    )
    if other.child_waited:
        kept.child_waited = True
    ask_where_words_differ(other, [], at=at)
    follow(kept, None, None, at)
