"""What is asked of event days: who is asked and came, who belongs to whom, and what came of it since."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import timedelta

from rapport.access.rights import Right
from rapport.checkins.models import Answer, Ask, CheckIn
from rapport.core.months import day_in
from rapport.events.hosting import by_name, people_around, people_seen
from rapport.events.models import EventDay, Invitation
from rapport.events.readers import families_of, kept_away
from rapport.matches.models import Match
from rapport.people.models import Participant
from rapport.programs.models import Party, Promise

MENTOR, MENTEE = Participant.Side.MENTOR, Participant.Side.MENTEE
SMALLEST = "small-cell"


def readers_of(invitations, at) -> dict:
    """{invitation (key): persons (keys) who may read it and say}: the one asked, and who is told about a child.

    Nobody who is kept away from anybody asked to that day. A fixed number of queries for each program.
    """
    readers = {row.pk: {row.participant.person_id} for row in invitations}
    for program in {row.day.program for row in invitations}:
        here = [row for row in invitations if row.day.program_id == program.pk]
        families = families_of([row.participant.person for row in here], program, at)
        for row in here:
            readers[row.pk] |= {adult.pk for adult in families.get(row.participant.person_id, ())}
    days = {row.day_id for row in invitations}
    apart = kept_away(Invitation.objects.filter(day__in=days).values_list("day", "participant__person"), at)
    return {row.pk: readers[row.pk] - apart[row.day_id] for row in invitations}


def may_say(invitation, person, at):
    """Whether this person says whether they come."""
    return person.pk in readers_of([invitation], at)[invitation.pk]


def invitations_seen(day, user, at):
    """Invitations of participants this reader sees: mentors first, by name."""
    seen = people_seen(day.program, user, at)
    rows = day.invitations.filter(participant__in=seen.values("pk")).select_related("participant__person")
    return sorted(rows, key=by_name)


def people_for(day, user, at):
    """Mentors and mentees whom this reader may ask to it: those who were not asked yet."""
    return people_around(day, user, at).exclude(pk__in=day.invitations.values("participant"))


def mine_of(participants, reader, at):
    """{participant (key): their invitations still ahead}, as their own page shows them, in one query.

    A day to which somebody is asked from whom the reader is kept away is not there.
    """
    found = defaultdict(list)
    days = EventDay.objects.ahead(at).open_to(reader, at) if reader else EventDay.objects.none()
    rows = Invitation.objects.filter(participant__in=participants, participant__left_at=None, day__in=days.values("pk"))
    for row in rows.select_related("day__program", "day__site", "participant__person").order_by("day__starts_at", "pk"):
        found[row.participant_id].append(row)
    return found


def is_asked_since(program):
    """Whether this program asks each side of a pair what came of the event."""
    return program.promises.exclude(asks="").exists()


@dataclass(frozen=True)
class Followed:
    """What one side was asked after an event, and said. None where too few are in it to say it to this reader."""

    asks: str
    party: str
    due: int
    sent: int | None
    late: int  # asked after their last day, or not yet: ours
    answered: int | None
    yes: int | None
    not_yet: int | None

    @property
    def unknown(self):
        return None if self.answered is None else self.sent - self.yes - self.not_yet

    @property
    def share(self):
        """Of those who said yes or not yet, a hundred of them being all."""
        said = None if self.answered is None else self.yes + self.not_yet
        return round(100 * self.yes / said) if said else None

    @property
    def rate(self):
        return round(100 * self.answered / self.sent) if self.answered is not None and self.sent else None


def followed(day, user, at):
    """What came of the questions after an event, by question and side, in three queries. Only what is due by now.

    Whoever may read the answers of every pair of it reads each figure; anybody else none of fewer than `small-cell`.
    """
    begun_on = day_in(day.starts_at, day.program.zone)
    pairs = Match.objects.filter(pk__in=day.pairs.values("match"), begun_on=begun_on)
    may_read = pairs.visible_to(user, Right.ANSWER_VIEW, at).count() == pairs.count()
    smallest = 1 if may_read else day.program.limit(SMALLEST)
    rows = CheckIn.objects.filter(match__in=pairs, due_at__lte=at, excused_at=None).exclude(promise__asks="")
    rows = rows.filter(promise__isnull=False, party__in=[Party.MENTOR, Party.MENTEE])
    said = dict(
        Answer.objects.filter(check_in__in=rows, replaced_at=None, is_suspect=False).values_list("check_in", "in_touch")
    )
    cards = defaultdict(list)
    for row in rows.select_related("promise", "ask").order_by("promise__asks", "party", "pk"):
        cards[row.promise.asks, row.party].append(row)
    return [figures(*key, found, said, smallest, at) for key, found in cards.items()]


def figures(asks, party, cards, said, smallest, at):
    sent = [card for card in cards if is_asked(card)]
    answers = [said[card.pk] for card in sent if card.pk in said]
    told = {"sent": len(sent), "answered": len(answers), "yes": answers.count(Answer.InTouch.YES)}
    told["not_yet"] = answers.count(Answer.InTouch.NOT_YET)
    if len(answers) < smallest and len(sent) >= 1 and smallest > 1:
        told = dict.fromkeys(told)
    late = sum(is_late(card, at) for card in cards)
    return Followed(Promise.Asks(asks).label, Party(party).label, len(cards), late=late, **told)


def asked_at(card):
    """When the letter went out, or somebody was to talk instead; None: not yet."""
    if card.ask is None:
        return None
    handed = card.ask.state == Ask.State.HANDED_OVER
    return card.ask.sent_at or (card.ask.made_at if handed else None)


def is_asked(card):
    return card.state in (CheckIn.State.ANSWERED, CheckIn.State.TALKED) or asked_at(card) is not None


def is_late(card, at):
    """Whether we asked after the last day that was promised, or have not asked by then."""
    when = asked_at(card)
    if when is None and card.state != CheckIn.State.OPEN:
        return card.state == CheckIn.State.LAPSED
    return bool(card.late_at and card.late_at < (when or at))


def without_a_pair(day, rows):
    """Those of these invitations who came, and of whom nobody noted whom they talked with."""
    alone = set(day.invitations.alone().values_list("pk", flat=True))
    return [row for row in rows if row.pk in alone]


def written_to_after(day, side):
    """(from when, until when) who came to it on this side is written to after it; None where the program asks nothing.

    The days are those of the promise that asks the pairs of it (S4-33, S4-34).
    """
    asking = day.program.promises.filter(asks=Promise.Asks.IN_TOUCH, party=side).exclude(first_days=[]).first()
    if asking is None:
        return None
    due, late = asking.first_days[0]
    return tuple(day.starts_at + timedelta(days=days) for days in (due, late + asking.grace_days))
