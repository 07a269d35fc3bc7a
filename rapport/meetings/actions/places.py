"""Where a pair means to meet, held against what the program says of such places."""

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from rapport.audit.actions import record
from rapport.core.about import type_of
from rapport.core.languages import OF_STAFF
from rapport.core.own_words import spoken_as
from rapport.matches.calling import owner_of
from rapport.matches.models import Match
from rapport.meetings.models import Plan
from rapport.meetings.refusals import CalendarMissing, NotThere
from rapport.programs import profiles
from rapport.programs.models import PlaceRule
from rapport.programs.places import calendar_is_set, says
from rapport.tasks.actions import NewTask, add_tasks, finish
from rapport.tasks.models import Task

KIND = "meetings/place"
SAYS = PlaceRule.Says


def to_be_looked_at(match, mode) -> bool:
    """Whether a person looks at such a place first. Raises NotThere where pairs do not meet at all."""
    said = says(match.program, mode) if mode else SAYS.YES
    if said == SAYS.NO:
        raise NotThere(match)
    return said == SAYS.REVIEW


def require_calendar(match, on):
    """Where the profile wants it, the site's calendar comes before the first plan. Raises CalendarMissing."""
    if profiles.calendar_first(match.program) and not calendar_is_set(match.program, match.site, on):
        raise CalendarMissing(match)


@override(OF_STAFF)
def ask_to_look(plan, *, at):
    """The coordinator looks at a place that nobody has said yes to yet; nothing is stopped meanwhile."""
    match = plan.match
    owner = owner_of(match, at)
    if owner is None:
        return
    with spoken_as(match.program):
        words = _("Look at where they mean to meet: %(place)s. Say on their page whether that is all right.")
        reason = words % {"place": plan.get_mode_display()}
    add_tasks(
        [
            NewTask(
                program=match.program, kind=KIND, owner=owner, person=None, about=match, reason=reason,
                due_at=at, late_at=None, cause_key=f"place:{plan.pk}",
            )
        ],
        by=None, at=at,
    )  # fmt: skip


@transaction.atomic
def agree_to_place(match, *, by, at):
    """Say that the place of the plan that runs is all right. Returns whether it still waited for that."""
    waiting = Plan.objects.filter(match=match, for_review=True)
    if not waiting.update(for_review=False):
        return False
    asked = Task.objects.open().filter(kind=KIND, about_type=type_of(Match), about_id=match.pk)
    finish(list(asked), by=by, at=at)
    record("place.agreed", about=match, by=by, at=at)
    return True
