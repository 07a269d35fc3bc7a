"""Noting a talk: it counts, it closes what it answered, and the next step comes to the desk on its day."""

from django.db import transaction
from django.utils.translation import gettext as _

from rapport.care.actions.reaching import reached_by_talk
from rapport.checkins.actions import talked
from rapport.meetings.actions import log
from rapport.tasks.actions import NewTask, add_tasks, finish
from rapport.tasks.days import of_day


@transaction.atomic
def note_talk(
    person, *, program, match=None, how, words="", next_step="", next_on=None, tasks=(), check_ins=(), met=None,
    form_id, explained=False, by, at,
):  # fmt: skip
    """Keep a talk with one person, and close what it answered. One press is one talk: the second returns the first.

    `met` is {meeting: (whether it happened, the cause if not)}. Nothing is closed by a try without an answer.
    """
    conversation, is_new = talked(
        person, program=program, match=match, check_ins=list(check_ins), how=how, words=words, next_step=next_step,
        next_on=next_on, form_id=form_id, explained=explained, by=by, at=at,
    )  # fmt: skip
    if not is_new:
        return conversation
    if conversation.reached:
        finish(list(tasks), note=_("Talked, %(how)s") % {"how": conversation.get_how_display()}, by=by, at=at)
        for meeting, (happened, cause) in (met or {}).items():
            log(meeting, person, happened, cause=cause, source="staff", by=by, at=at)
        reached_by_talk(person, program, by=by, at=at)
    if next_on:
        add_tasks([next_task(conversation, program, next_step, next_on)], by=by, at=at)
    return conversation


def next_task(conversation, program, next_step, next_on):
    return NewTask(
        program=program, kind="care/next-step", owner=conversation.by, person=conversation.person,
        about=conversation.match, reason=next_step, cause_key=f"talk:{conversation.ref}:next", pressing=4,
        **of_day(next_on, program.zone),
    )  # fmt: skip
