"""What a pair wants to talk about, and what they agreed to do: open until it is done, from one meeting to the next.

What an adult writes here, staff read, too: no words go from a grown-up to a child that nobody else may see. What a
mentee writes staff may read where the mentee says so; else they see only that there is something.
"""

from django.db import transaction

from rapport.audit.actions import record
from rapport.matches.models import Match, Member
from rapport.meetings.models import AgendaItem
from rapport.meetings.refusals import NotNow, NotTheirMeeting, TooMany
from rapport.people.models import Participant

LEVEL = 1
MOST = 30  # open ones of a pair; no figure of the field: nobody talks about more, a machine does


@transaction.atomic
def add_to_agenda(match, *, kind, words, person, for_staff_too=False, by, at) -> AgendaItem:
    """Keep what somebody of an active match wants to talk about, or agreed to do. Said twice it stands once.

    Raises NotTheirMeeting, NotNow (the pair rests), TooMany.
    """
    side = Member.objects.filter(match=match, participant__person=person).values_list("side", flat=True).first()
    if side is None:
        raise NotTheirMeeting(match)
    if not Match.objects.select_for_update().active().filter(pk=match.pk).values("pk").first():
        raise NotNow(match)
    there = AgendaItem.objects.filter(match=match, done_at=None)
    if same := there.filter(kind=kind, said_by=person, words=words).first():
        return same
    if there.count() >= MOST:
        raise TooMany(match)
    item = AgendaItem.objects.create(
        program=match.program, match=match, kind=kind, words=words, said_by=person, made_at=at,
        for_staff_too=for_staff_too or side == Participant.Side.MENTOR or kind == AgendaItem.Kind.AGREED,
    )  # fmt: skip
    record("agenda.added", about=item, by=by, at=at, level=LEVEL, kind=kind)
    return item


@transaction.atomic
def agenda_done(item, *, person, by, at) -> bool:
    """It was talked about, or done; either side may say so. Returns whether it was open. Raises NotTheirMeeting."""
    if not Member.objects.filter(match=item.match_id, participant__person=person).exists():
        raise NotTheirMeeting(item)
    if not AgendaItem.objects.filter(pk=item.pk, done_at=None).update(done_at=at, done_by=person):
        return False
    record("agenda.done", about=item, by=by, at=at, level=LEVEL)
    return True
