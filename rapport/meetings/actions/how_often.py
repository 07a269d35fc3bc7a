"""What somebody remembers of how often they met lately. It changes no meeting and makes nobody's task."""

from django.db import transaction

from rapport.access.models import User
from rapport.audit.actions import record
from rapport.meetings.models import Remembered
from rapport.meetings.refusals import NotTheirMeeting


@transaction.atomic
def remember_how_often(
    match, person, *, times, minutes=None, since_on, until_on, source, form_id, by, at
) -> Remembered:
    """Keep how often (0 to 4, 5: more often) and how long, mostly, a mentee remembers that they met in these days.

    `match` comes with its people. The same press counts once. Raises NotTheirMeeting.
    """
    if person.pk not in {one.person_id for one in match.mentees}:
        raise NotTheirMeeting(match)
    facts = {
        "program_id": match.program_id, "match": match, "person": person, "times": times, "minutes": minutes,
        "since_on": since_on, "until_on": until_on, "source": source, "said_at": at,
        "written_by": by if isinstance(by, User) else None,
    }  # fmt: skip
    row, is_new = Remembered.objects.get_or_create(form_id=form_id, defaults=facts)
    if is_new:
        record("meetings.remembered", about=row, by=by, at=at, source=source)
    return row
