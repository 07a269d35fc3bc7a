"""What a young person writes on a page of their own is read by somebody of the program the same day."""

from django.utils.translation import gettext as _
from django.utils.translation import override

from rapport.access.rights import Right
from rapport.core.languages import OF_STAFF
from rapport.core.months import day_in
from rapport.core.own_words import spoken_as
from rapport.matches.calling import owner_of
from rapport.tasks.actions import NewTask, add_tasks
from rapport.tasks.days import of_day

KIND = "matches/read-words"
LEVEL, PRESSING, MINUTES = 2, 5, 5  # who reads answers reads it


@override(OF_STAFF)
def have_read(match, person, *words, by, at):
    """Call whoever looks after a match to read what one of it wrote, for it may hold a worry: one call a day for each.

    Of young people alone, and not of what staff wrote down themselves: they have read it. Returns what was added.
    """
    on = day_in(at, match.program.zone)
    theirs = person is not None and by == person
    if not theirs or not any(words) or match.program.adults_only or not person.counts_as_child(match.program, on):
        return []
    owner = owner_of(match, at, others=Right.ANSWER_VIEW)
    if owner is None:
        return []
    with spoken_as(match.program):
        reason = _("%(name)s wrote something on a page of theirs. Read it today.") % {"name": person.first_name}
    task = NewTask(
        program=match.program, kind=KIND, owner=owner, person=person, about=match, reason=reason, level=LEVEL,
        cause_key=f"words:{match.ref}:{person.ref}:{on}", pressing=PRESSING, minutes=MINUTES,
        **of_day(on, match.program.zone),
    )  # fmt: skip
    return add_tasks([task], by=None, at=at)
