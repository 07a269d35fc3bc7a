"""What each row of a list of pairs would do: a new match, something more about one known, nothing, or a bad row."""

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from rapport.checkins.actions import OldTalk
from rapport.checkins.actions.remembering import form_id
from rapport.checkins.models import Conversation
from rapport.core.months import day_in
from rapport.imports.pairs import People, folded, heading_of, read_pair
from rapport.imports.reading import BadCell
from rapport.imports.seen import Seen, Tally
from rapport.matches.models import Match, Member
from rapport.matches.taking_over import Judge, OldPair
from rapport.meetings.actions.remembering import days_known
from rapport.people.enrolling import Outcome
from rapport.people.models import Guardianship, Participant

MENTOR, MENTEE = Participant.Side.MENTOR, Participant.Side.MENTEE


@dataclass
class Planned:
    """One row: what it says, which pair it is, and what bringing it in would do."""

    number: int
    said: Any = None
    pair: OldPair | None = None
    match: Match | None = None
    talks: list = field(default_factory=list)  # (person, Talk)
    days: list = field(default_factory=list)  # on which they met
    more: dict = field(default_factory=dict)  # what a known match does not say yet
    outcome: str = Outcome.NEW
    column: str = ""
    reason: str = ""

    def bad(self, reason, column=""):
        self.outcome, self.reason, self.column = Outcome.BAD, reason, column

    @property
    def title(self):
        return " · ".join(one.person.full_name for one in self.pair.people) if self.pair else ""

    @property
    def keys(self):
        return [one.pk for one in self.pair.people]

    def old_talks(self, match):
        return [OldTalk(match, person, talk.on, talk.words) for person, talk in self.talks]


class Plan:
    """The rows of a list of pairs, read and judged in order, batch by batch. Writes nothing."""

    def __init__(self, program, headings, fields, *, by, at):
        self.program, self.headings, self.fields = program, headings, fields
        self.by, self.at, self.today = by, at, day_in(at, program.zone)
        self.people, self.judge = People(program, by, at), Judge(program, at, Tally())
        self.seen = Seen()

    def anew(self):
        """The rows before these are in, and count as what stands."""
        self.judge, self.seen = Judge(self.program, self.at), Seen()

    def take_up(self, rows):
        """Go on after rows that were judged before: (number, outcome, keys of mentor and mentee)."""
        for number, outcome, keys in rows:
            if not self.seen.row_of([pair_key(*keys)]):
                self.seen.note([pair_key(*keys)], number)
            if outcome == Outcome.NEW:
                self.judge.taken.update(keys)

    def batch(self, numbered) -> list[Planned]:
        """What these rows (number, cells) would do; a fixed number of queries however many they are."""
        rows = [Planned(number) for number, _cells in numbered]
        named = self.each(zip(rows, numbered, strict=True), self.read)
        good = self.pair_up(named)
        self.find_known(good)
        self.find_talkers(good)
        self.refuse([row for row in good if row.outcome == Outcome.NEW])
        self.compare([row for row in good if row.match is not None and row.outcome != Outcome.BAD])
        return rows

    def pair_up(self, named):
        """The rows whose people are still there; a list may take long, and somebody leave meanwhile."""
        pks = {pk for _row, pks, _coordinator in named for pk in pks}
        found, good = Participant.objects.select_related("person", "program").in_bulk(pks), []
        for row, (mentor, mentee), coordinator in named:
            if mentor not in found or mentee not in found:
                row.bad(_("One of them is in the program no more. Bring the people in first."))
                continue
            said = row.said
            row.pair = OldPair(
                found[mentor], found[mentee], said.begun_on, coordinator, said.agreed_on, said.met_before
            )
            good.append(row)
        return good

    def each(self, pairs, do):
        """What `do` makes of each row; one that cannot be right says why and is left out."""
        done = []
        for row, more in pairs:
            try:
                done.append(do(row, more))
            except BadCell as bad:
                row.bad(bad.reason, bad.column)
        return done

    def read(self, row, numbered):
        """The row, whom it names, and who coordinates them. Raises BadCell."""
        said = row.said = read_pair(self.headings, numbered[1], self.fields)
        mentor = self.people.find(MENTOR, said.mentor, heading_of(self.fields, "mentor"))
        mentee = self.people.find(MENTEE, said.mentee, heading_of(self.fields, "mentee"))
        coordinator = self.people.coordinator(said.coordinator, self.by, heading_of(self.fields, "coordinator"))
        if first := self.seen.row_of([pair_key(mentor, mentee)]):
            raise BadCell("", _("This is the same pair as in row %(n)d.") % {"n": first})
        self.seen.note([pair_key(mentor, mentee)], row.number)
        return row, (mentor, mentee), coordinator

    def find_known(self, rows):
        """Pairs that are here already are known again; one that has ended here begins anew by no list."""
        people = {one.pk for row in rows for one in row.pair.people}
        states = [*Match.OPEN, Match.State.CLOSED]
        places = defaultdict(set)
        for match, one in Member.objects.filter(participant__in=people, match__state__in=states).values_list(
            "match", "participant"
        ):
            places[one].add(match)
        matches = Match.objects.filter(pk__in=set().union(*places.values())) if places else Match.objects.none()
        matches = {match.pk: match for match in matches.select_related("program", "coordinator").with_people()}
        for row in rows:
            both = [matches[pk] for pk in places[row.pair.mentor.pk] & places[row.pair.mentee.pk]]
            row.match = next((match for match in both if match.is_open), None)
            if row.match is not None:
                row.outcome = Outcome.UNCHANGED
            elif both:
                words = _("They ended here on %(day)s. If they meet again, propose them anew.")
                row.bad(words % {"day": day_words(max(match.ended_on for match in both))})

    def find_talkers(self, rows):
        """With whom the talks were: a side of the pair, a guardian, or one of them by name."""
        children = {row.pair.mentee.person_id for row in rows if row.said.talks}
        guardians = defaultdict(list)
        for one in Guardianship.objects.living(self.today).filter(child__in=children).select_related("adult"):
            guardians[one.child_id].append(one.adult)
        for row in rows:
            row.days = row.said.days_met
            try:
                around = self.around(row, guardians[row.pair.mentee.person_id])
                row.talks = [(whom(talk, around, heading_of(self.fields, "talks")), talk) for talk in row.said.talks]
                self.require_past(row)
            except BadCell as bad:
                row.bad(bad.reason, bad.column) if row.outcome != Outcome.BAD else None

    def around(self, row, guardians):
        """Everybody a talk may have been with, by what they may be called."""
        called = defaultdict(set)
        for side, people in (
            ("mentor", [row.pair.mentor.person]), ("mentee", [row.pair.mentee.person]), ("guardian", guardians),
        ):  # fmt: skip
            for person in people:
                for name in (side, person.first_name, person.full_name):
                    called[folded(name)].add(person)
        return called

    def require_past(self, row):
        """Earlier meetings and talks lie before the day on which the pair came in, or comes in. Raises BadCell."""
        match = row.match
        until = match.counts_from_on if match and match.counts_from_on else self.today
        words = _("%(day)s is not before the day on which they came in. Write it down on their page.")
        for days, wanted in ((row.days, ("met_on", "last_met_on")), ([t.on for t in row.said.talks], ("talks",))):
            late = next((day for day in days if day >= until), None)
            if late and (match is None or match.counts_from_on):
                raise BadCell(heading_of(self.fields, *wanted), words % {"day": day_words(late)})

    def refuse(self, rows):
        for row, words in zip(rows, self.judge.refusals([row.pair for row in rows]), strict=True):
            if words:
                row.bad(words)

    def compare(self, rows):
        """Of a known pair from before Rapport a list adds what is not there yet; nothing that is there is changed."""
        rows = [row for row in rows if row.match.counts_from_on]
        known = days_known([row.match for row in rows])
        keys = {form_id(talk) for row in rows for talk in row.old_talks(row.match)}
        there = set(Conversation.objects.filter(form_id__in=keys).values_list("form_id", flat=True))
        for row in rows:
            if row.match.begun_on != row.said.begun_on:
                words = _("They came in with %(day)s as the day they began. A list does not change that.")
                row.bad(words % {"day": day_words(row.match.begun_on)}, heading_of(self.fields, "begun_on"))
                continue
            row.days = [day for day in row.days if (row.match.pk, day) not in known]
            row.talks = [
                (person, talk)
                for person, talk in row.talks
                if form_id(OldTalk(row.match, person, talk.on)) not in there
            ]
            row.more = {
                name: value
                for name in ("agreed_on", "met_before")
                if getattr(row.match, name) is None and (value := getattr(row.said, name)) is not None
            }
            if row.days or row.talks or row.more:
                row.outcome = Outcome.CHANGED


def pair_key(mentor, mentee):
    return f"{mentor} {mentee}"


def whom(talk, around, column):
    """The one person a talk was with. Raises BadCell."""
    found = around.get(folded(talk.whom), set())
    if len(found) == 1:
        return next(iter(found))
    told = {"who": talk.whom}
    if found:
        raise BadCell(
            column, _("More than one person around this pair is called %(who)s. Write the whole name.") % told
        )
    raise BadCell(
        column, _("Nobody around this pair is called %(who)s. Write mentor, mentee, guardian or a name.") % told
    )


def day_words(day):
    return date_format(day, "j F Y")
