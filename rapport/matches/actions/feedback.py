"""What helps between two, and what could be different: said, read by staff, passed on where its giver wants it.

Nobody is asked twice or reminded. Nothing goes from one to the other by itself.
"""

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import override

from rapport.access.rights import Right
from rapport.audit.actions import record
from rapport.core.languages import OF_STAFF
from rapport.core.months import day_in
from rapport.core.own_words import spoken_as
from rapport.core.refused import Refused
from rapport.matches.actions.goals import NotWritable, facts_of, hold_open
from rapport.matches.calling import owner_of
from rapport.matches.models import Feedback, Match
from rapport.tasks.actions import NewTask, add_tasks
from rapport.tasks.days import of_day

KIND = "matches/feedback"
LEVEL, PRESSING, MINUTES = 2, 5, 10  # who reads answers reads it


class NotToBePassedOn(Refused):
    """Its giver keeps it with staff, or it was passed on already."""

    sentence = lazy("They would rather not have this passed on, or it was passed on already. Look at it again.")


class NotOfThisPair(Refused):
    """Whom it is about is not on the other side of this match."""

    sentence = lazy("Choose somebody of this pair.")


@transaction.atomic
def say_feedback(match, *, to, helps="", change="", may_pass=False, heard, form_id, by, at) -> Feedback:
    """Keep what one of a pair (`heard.person`) says about the time with another, for staff alone.

    Somebody of the program reads it the same day, for it may hold a worry. The same press counts once. Raises
    NotWritable, NotOfThisPair.
    """
    hold_open(match)
    if to.pk not in {one.pk for one in others_of(match, heard.person)}:
        raise NotOfThisPair(match)
    facts = facts_of(heard, match, by, at) | {"to": to, "helps": helps, "change": change, "may_pass": may_pass}
    row, is_new = Feedback.objects.get_or_create(form_id=form_id, defaults={"match": match, **facts})
    if is_new:
        record("feedback.said", about=row, by=by, at=at, way=str(heard.way), may_pass=may_pass)
        add_tasks(read_it(row, match, at), by=None, at=at)
    return row


def others_of(match, person):
    """Those on the other side of this match; nobody, where this person is not in it."""
    mentors, mentees = ([one.person for one in side] for side in (match.mentors, match.mentees))
    if person in mentors:
        return mentees
    return mentors if person in mentees else []


@override(OF_STAFF)
def read_it(row, match, at):
    """One call to read it, on the desk of whoever looks after them; none where nobody may be called."""
    owner = owner_of(match, at, others=Right.ANSWER_VIEW)
    if owner is None:
        return []
    with spoken_as(match.program):
        words = _("%(name)s told us what helps and what could be different between them. Read it today.")
        reason = words % {"name": row.person.first_name}
    days = of_day(day_in(at, match.program.zone), match.program.zone)
    task = NewTask(
        program=match.program, kind=KIND, owner=owner, person=row.person, about=match, reason=reason,
        cause_key=f"feedback:{row.ref}", pressing=PRESSING, minutes=MINUTES, level=LEVEL, **days,
    )  # fmt: skip
    return [task]


@transaction.atomic
def pass_on(feedback, *, by, at):
    """A person passes it on, as its giver wants: a grown-up reads it on their page, a child is told in a talk.

    Raises NotWritable (the pair is not together, or somebody in it is kept from another), NotToBePassedOn.
    """
    if not Match.objects.open().unhindered(at).filter(pk=feedback.match_id).exists():
        raise NotWritable(feedback.match)
    waiting = Feedback.objects.filter(pk=feedback.pk, may_pass=True, passed_at=None)
    if not waiting.update(passed_at=at, passed_by=by):
        raise NotToBePassedOn(feedback)
    record("feedback.passed-on", about=feedback, by=by, at=at, to=feedback.to_id)


@transaction.atomic
def keep_back(feedback, *, by, at):
    """Its giver would rather not have it passed on after all. Raises NotToBePassedOn once it was."""
    waiting = Feedback.objects.filter(pk=feedback.pk, may_pass=True, passed_at=None)
    if not waiting.update(may_pass=False):
        raise NotToBePassedOn(feedback)
    record("feedback.kept-back", about=feedback, by=by, at=at)
