"""A live talk counts as much as an answer, and takes the place of one."""

from django.db import IntegrityError, transaction

from rapport.audit.actions import record
from rapport.checkins.actions.handing import settle
from rapport.checkins.models import CheckIn, Conversation
from rapport.checkins.refusals import SomebodyElsesTalk


@transaction.atomic
def talked(person, *, program, match, check_ins, how, words, next_step, next_on, form_id, explained=False, by, at):
    """Keep a talk with one person; the check-ins given are talked about, and an ask with nothing left is not sent.

    `explained`: who reads this, and what cannot stay secret, was said first (S4-13). One press is one talk: returns
    (conversation, whether it is new). A try without an answer closes nothing. Raises SomebodyElsesTalk where the form
    belongs to another talk.
    """
    known = Conversation.objects.filter(form_id=form_id).first()
    if known is None:
        try:
            with transaction.atomic():
                told = at if explained and how in Conversation.LIVE else None
                conversation = Conversation.objects.create(
                    program=program, match=match, person=person, how=how, words=words, next_step=next_step,
                    next_on=next_on, explained_at=told, at=at, by=by, form_id=form_id,
                )  # fmt: skip
        except IntegrityError:
            known = Conversation.objects.filter(form_id=form_id).first()
    if known is not None:
        if (known.person_id, known.program_id, known.by_id) != (person.pk, program.pk, by.pk):
            raise SomebodyElsesTalk(known)
        return known, False
    record("conversation.noted", about=conversation, by=by, at=at, level=conversation.level, how=how)
    if conversation.reached:
        talk_about(check_ins, conversation, at)
    return conversation, True


def talk_about(check_ins, conversation, at):
    """These are kept by the talk, and so are the asks that held nothing else."""
    mine = CheckIn.objects.open().filter(program=conversation.program, person=conversation.person)
    mine = mine.filter(pk__in=[row.pk for row in check_ins])
    asks = {pk for pk in mine.values_list("ask", flat=True) if pk}
    mine.update(state=CheckIn.State.TALKED, kept_at=at)
    settle(asks, at)
