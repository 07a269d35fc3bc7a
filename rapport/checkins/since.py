"""What is asked of those who met at an event: whether they have been in touch since, and where they are now.

Which of the two a check-in asks is said by its promise. A child is asked for no words of news: what a child writes goes
to those who read worries, and to nobody else. Where there is a child, the program puts them in touch (S4-33 to S4-39).
"""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from rapport.checkins.models import CheckIn
from rapport.matches.questions import with_minors
from rapport.programs.models import Party, Promise
from rapport.programs.starters import starters_for, starters_of

Asks = Promise.Asks


@dataclass(frozen=True)
class Since:
    """The questions of one card about the time since the event; `asks` names the fields."""

    asks: tuple = ()
    in_touch: str = ""
    starters: tuple = ()
    through_us: bool = False  # there is a child: the program puts them in touch


NOTHING_SINCE = Since()


def theme_of(check_in):
    """Which question it asks beside how it goes; empty: none."""
    is_theirs = check_in.party in (Party.MENTOR, Party.MENTEE)
    return check_in.promise.asks if check_in.promise and is_theirs else Asks.HOW_IT_GOES


def since_event(check_in, others, today):
    """What a card asks about the time since the event, in the language of its reader."""
    theme, program = theme_of(check_in), check_in.program
    if theme == Asks.HOW_IT_GOES:
        return NOTHING_SINCE
    is_child = check_in.person.counts_as_child(program, today)
    people = [place.participant.person for place in check_in.match.members.all()]
    young = any(one.counts_as_child(program, today) for one in people)
    told = {"others": others}
    if theme == Asks.IN_TOUCH:
        words, asks = _("Have you been in touch with %(others)s since the event?"), ("in_touch",)
    else:
        words = _("Are you still in touch with %(others)s?")
        asks = ("now", "in_touch") if is_child else ("now", "in_touch", "news")
    return Since(asks, words % told, tuple(starters_for(check_in.party, program)), young)


def words(messages, at):
    """By message: the ways to begin again for its reader's side, and whether there is a child in a pair of theirs."""
    rows = {row.pk: row for row in messages.select_related("program")}
    cards = CheckIn.objects.filter(ask__in=[row.about_id for row in rows.values()]).select_related("match__program")
    by_ask: dict = {}
    for card in cards:
        by_ask.setdefault(card.ask_id, []).append(card)
    young = with_minors({card.match_id: card.match for card in cards}.values(), at)
    lines = {program.pk: starters_of(program) for program in {row.program for row in rows.values()}}
    return {
        pk: {
            "starters": [one.words for one in lines[row.program_id] if one.party == SIDE.get(row.kind)],
            "through_us": any(card.match_id in young for card in by_ask.get(row.about_id, ())),
        }
        for pk, row in rows.items()
    }


def letter_of(themes):
    """The kind of letter that asks this: `themes` are pairs of what is asked and of whom; empty: the usual one."""
    return next((LETTERS[theme] for theme in sorted(themes) if theme in LETTERS), "")


AFTER_MENTOR, AFTER_MENTEE, WHERE_NOW = (
    "checkins/after-event-mentor",
    "checkins/after-event-mentee",
    "checkins/where-now",
)
LETTERS = {
    (Asks.IN_TOUCH, Party.MENTOR): AFTER_MENTOR,
    (Asks.IN_TOUCH, Party.MENTEE): AFTER_MENTEE,
    (Asks.WHERE_NOW, Party.MENTOR): WHERE_NOW,
    (Asks.WHERE_NOW, Party.MENTEE): WHERE_NOW,
}
SIDE = {AFTER_MENTOR: Party.MENTOR, AFTER_MENTEE: Party.MENTEE}
