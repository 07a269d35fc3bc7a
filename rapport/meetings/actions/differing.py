"""One says that they met and another that they did not: a person asks, and neither side learns that the other spoke.

The meeting reads by its own rule all the same (`saying.reading`). Words that agree again take the task away.
"""

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import override

from rapport.core.languages import OF_STAFF
from rapport.tasks.actions import NewTask, add_tasks, drop
from rapport.tasks.models import Task

DIFFER = "meetings/differ"
MINUTES = 5


def ask_where_words_differ(meeting, voices, *, at):
    """One quiet task of the coordinator's for each such meeting; `voices`: the confirmed words about it."""
    key = f"differ:{meeting.ref}"
    if len({voice.happened for voice in voices}) < 2:
        with override(OF_STAFF):
            drop(
                list(Task.objects.open().filter(kind=DIFFER, cause_key=key)), note=_("They agree now."), by=None, at=at
            )
        return
    match = meeting.match
    if match.coordinator is None:
        return
    with override(OF_STAFF):
        day = date_format(meeting.starts_at.astimezone(meeting.program.zone), "j F")
        words = _("About the meeting of %(day)s one says that they met, another that they did not. Read both.")
        reason = words % {"day": day}
    task = NewTask(
        program=meeting.program, kind=DIFFER, owner=match.coordinator, person=None, about=match, reason=reason,
        due_at=at, late_at=None, cause_key=key, minutes=MINUTES,
    )  # fmt: skip
    add_tasks([task], by=None, at=at)
