"""What the outbox asks about asks: whether they are still wanted, and whom they speak of. They carry no name but the
reader's own (design.md §3)."""

from django.db.models import Exists, OuterRef, Q

from rapport.checkins.models import Ask, CheckIn
from rapport.matches.models import Member
from rapport.meetings.questions import unlogged_of_mentors


def still_asking(messages, at):
    """Wanted while the ask waits for its person, and something is left in it of a pair that meets now."""
    return messages.about_still(with_something_left(Ask.objects.waiting(), at))


def still_reminding(messages, at):
    """Wanted while a check-in is left; meetings alone are never reminded of."""
    left = CheckIn.objects.asking(at).filter(ask=OuterRef("pk"))
    return messages.about_still(Ask.objects.waiting().filter(Exists(left)))


def still_open(messages, at):
    """Wanted, as they asked for it, while answers are taken."""
    return messages.about_still(Ask.objects.taking_answers(at))


def with_something_left(asks, at):
    check_in = CheckIn.objects.asking(at).filter(ask=OuterRef("pk"))
    meeting = unlogged_of_mentors(at).filter(program=OuterRef("program"), mentor=OuterRef("person"))
    return asks.filter(Q(Exists(check_in)) | Q(Exists(meeting)))


def speaks_of(messages):
    """Everybody in the matches an ask is about: nobody is asked about somebody they are kept away from."""
    by_ask = {}
    asks = messages.values("about_id")
    rows = Member.objects.filter(match__check_ins__ask__in=asks).values_list(
        "match__check_ins__ask", "participant__person"
    )
    for ask, person in rows.distinct():
        by_ask.setdefault(ask, set()).add(person)
    return {pk: by_ask.get(ask, set()) for pk, ask in messages.values_list("pk", "about_id")}
