"""What the page of an ask shows: one card for each child or pair, and a mentor's meetings without a word."""

from dataclasses import dataclass, field
from functools import cached_property

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from rapport.checkins.models import CheckIn
from rapport.checkins.since import NOTHING_SINCE, Since, since_event, theme_of
from rapport.checkins.whom import Circle, is_young
from rapport.core.months import day_in
from rapport.core.several import together
from rapport.matches.goals import asked_of, longest_untold
from rapport.matches.models import Match, Seen, bring_people, heard_or_known
from rapport.meetings.questions import unlogged_by
from rapport.meetings.remembered import days_asked
from rapport.people.models import Consent
from rapport.people.questions import refused
from rapport.programs.models import Party
from rapport.safeguarding.questions import emergency_numbers, whole_duty

MOST_SENT = 20  # goals on one page; more are no page of ours


@dataclass
class Shown:
    """One card: whom it is about, and its questions."""

    check_in: CheckIn
    key: str
    name: str
    with_whom: str
    feeling: str
    worry: str
    round: str
    children: list = field(default_factory=list)
    goals: list = field(default_factory=list)
    since: Since = NOTHING_SINCE
    often: tuple = ()  # the first and last day of those in which they are asked how often they met
    must_say: bool = False  # how it goes with each goal; a child may always leave it out


@dataclass
class AskPage:
    """Everything on the page of one ask, for its person alone."""

    ask: object
    cards: list = field(default_factory=list)
    meetings: list = field(default_factory=list)
    has_ended: bool = False
    coordinator: str = ""
    was_answered: bool = False
    only_match: object = None

    @cached_property
    def duty(self):
        """Who reads worries, where this page asks for them; read only by a page that says it."""
        program = self.ask.program
        return whole_duty(program) if self.cards and not program.adults_only else None

    @property
    def asks_worry(self):
        return self.duty is not None

    @property
    def lead(self):
        return first_name(self.duty.lead) if self.duty else ""

    @property
    def read_by(self):
        return self.duty.read_by if self.duty else None

    @cached_property
    def emergency(self):
        return emergency_numbers(self.ask.program, self.only_match)


def page_of(ask, at, *, seen=None, sent=None, on_paper=False):
    """The page, in a fixed number of queries. No earlier answer is on it, and no pair they may not know of.

    `seen`: the matches that somebody who looks on may know of; the rest of the page is not there.
    `sent`: the refs of the goals that were on the page when it was sent back. `on_paper`: as others may find it.
    """
    asked = ask.check_ins.select_related("promise", "match__site", "match__coordinator")
    rows = list(asked.order_by("pk") if seen is None else asked.filter(match__in=seen).order_by("pk"))
    matches = {row.match_id: row.match for row in rows}
    bring_people(matches.values())
    circle = Circle(matches.values(), with_guardians=any(row.party == Party.GUARDIAN for row in rows))
    page = AskPage(ask=ask)
    for row in rows:
        row.match, row.program, row.ask, row.person = matches[row.match_id], ask.program, ask, ask.person
    heard, known = heard_or_known(matches.values(), ask.person, at, is_torn=circle.is_torn)
    there = {row: heard if row.party == Party.MENTEE else known for row in rows}
    mine = [row for row in rows if row.match_id in there[row] and circle.still_asked(row, at)]
    taken = [row for row in mine if row.match.is_open and row.state != CheckIn.State.LAPSED]
    unnamed = not_to_be_named(matches.values(), ask, at)
    page.cards = [shown(row, circle.own_children(row, at), unnamed, at) for row in taken]
    add_goals(page, known, unnamed, at, sent=sent, on_paper=on_paper, is_protected=circle.is_protected(ask.person_id))
    page.meetings = meetings_of(ask, at, seen)
    page.has_ended = bool(mine) and not any(row.match.is_open for row in mine)
    page.was_answered = any(row.state == CheckIn.State.ANSWERED for row in taken)
    coordinators = [row.match.coordinator for row in taken] + [one.match.coordinator for one in page.meetings]
    page.coordinator = first_name(next((one for one in coordinators if one), None))
    about = {one.match.pk: one.match for one in mine or page.meetings}
    page.only_match = next(iter(about.values())) if len(about) == 1 else None
    return page


def add_goals(page, known, unnamed, at, *, sent, on_paper, is_protected):
    """On each card of a mentor or mentee the goals of which they are asked how they go, by two queries at most."""
    person, program = page.ask.person, page.ask.program
    asked = [card.check_in for card in page.cards if card.check_in.party != Party.GUARDIAN]
    active = {row.match_id for row in asked if row.match.state == Match.State.ACTIVE} & known
    cards = {card.check_in.match_id: card for card in page.cards if card.check_in.match_id in active}
    if not cards or sent == []:
        return
    mentored = [pk for pk, card in cards.items() if card.check_in.party == Party.MENTEE]
    mentoring = [pk for pk, card in cards.items() if card.check_in.party == Party.MENTOR]
    goals = asked_of(person, program, mentoring=mentoring, mentored=mentored, is_protected=is_protected, at=at)
    if on_paper:
        goals = goals.filter(level=Seen.ALL)
    is_child = person.counts_as_child(program, day_in(at, program.zone))
    untold = longest_untold(goals, person, program, at) if sent is None else goals.filter(ref__in=sent[:MOST_SENT])
    for goal in untold:
        card = cards[goal.match_id]
        goal.question = asking(goal, card.check_in.match, unnamed)
        card.goals.append(goal)
        card.must_say = not is_child and not on_paper


def asking(goal, match, unnamed):
    """The question about one goal; where several are mentored, whose it is."""
    if len(match.mentees) > 1:
        whose = [one for one in match.mentees if one.pk == goal.mentee_id] or [goal.mentee]
        return _("%(name)s: how does it go with “%(goal)s”?") % {"goal": goal.words, "name": named(whose, unnamed)}
    return _("How does it go with “%(goal)s”?") % {"goal": goal.words}


def meetings_of(ask, at, seen=None):
    """A mentor's meetings without a word, each with its day as people say it."""
    found = unlogged_by(ask.person, ask.program, at)
    if seen is not None:
        known = set(seen.filter(pk__in={row.match_id for row in found}).values_list("pk", flat=True))
        found = [row for row in found if row.match_id in known]
    if not found:
        return []
    rows = Match.objects.filter(pk__in={row.match_id for row in found}).select_related("site", "coordinator")
    matches = {match.pk: match for match in rows.with_people()}
    circle, today = Circle(matches.values(), with_guardians=False), day_in(at, ask.program.zone)
    rows = [row for row in found if not circle.is_kept_away(ask.person_id, matches[row.match_id], today)]
    unnamed = not_to_be_named(matches.values(), ask, at)
    for row in rows:
        row.match = matches[row.match_id]
        names = named(row.match.mentees, unnamed)
        day = date_format(day_in(row.starts_at, ask.program.zone), _("l j F"))
        row.legend = _("%(day)s, with %(names)s") % {"day": day, "names": names}
    return rows


def not_to_be_named(matches, ask, at):
    """Mentees whose name may no longer go to this mentor: ids of persons."""
    mentees = [one.person_id for match in matches for one in match.mentees if one.person_id != ask.person_id]
    return refused(Consent.Purpose.SHARE_BASICS, mentees, program=ask.program, at=at) if mentees else set()


def named(participants, unnamed=(), instead=""):
    """Their first names; of somebody not to be named, who they are to the reader (a mentor, unless told otherwise)."""
    instead = instead or _("your mentee")
    names = [instead if one.person_id in unnamed else one.person.first_name for one in participants]
    return together(names)


def other_side(match, children):
    """Those whom a guardian's own children meet."""
    return match.mentees if any(one in match.mentors for one in children) else match.mentors


def worry_of(check_in, today):
    """The question for trouble. A mentor who is known to be a child is asked about themselves, too."""
    if check_in.party == Party.MENTEE:
        return _("Does anything worry you?")
    if is_young(check_in.person, today):
        return _("Does anything worry you, about yourself or about %(name)s?")
    return _("Does anything worry you about %(name)s?")


def shown(check_in, children, unnamed, at):
    """The words of one card, by who reads it."""
    match, party, today = check_in.match, check_in.party, day_in(at, check_in.program.zone)
    if party == Party.GUARDIAN:
        name, others = named(children), named(other_side(match, children), unnamed, _("the other young person"))
        feeling = _("How does %(name)s feel about the time with %(others)s?")
        worry = _("Does anything worry you about %(name)s?")
    else:
        name = others = named(children, unnamed) if party == Party.MENTOR else named(match.mentors)
        feeling = _("How do you feel about the time with %(others)s?")
        worry = worry_of(check_in, today)
    told = {"name": name, "others": others}
    with_whom = others if party == Party.GUARDIAN else ""
    said = feeling % told, worry % told
    more = {"since": since_event(check_in, others, today), "often": days_to_remember(check_in, at)}
    return Shown(check_in, f"c{check_in.pk}", name, with_whom, *said, name[:1], list(children), **more)


def days_to_remember(check_in, at):
    """The days in which a mentee of a pair that meets is asked how often they met; a mentor tells each time anyway."""
    match = check_in.match
    if check_in.party != Party.MENTEE or match.state != Match.State.ACTIVE or theme_of(check_in):
        return ()
    match.program = check_in.program
    first, last = days_asked(match, at)
    return (first, last) if first < last else ()


def first_name(user):
    return str(user.name).split()[0] if user and user.name else ""
