"""Who hears that a site is closed today, or open after all: whom the letters go to, and whether they are still wanted.

Each person gets one letter, however many pairs of theirs were to meet. Mentors are told, and the guardians of children;
mentees who are no children, and children where the program asks them how it goes. No letter names anybody else.
"""

from collections import defaultdict

from django.db.models import Exists, OuterRef, Q

from rapport.core.days import DayIn
from rapport.core.months import day_in
from rapport.matches.models import Member
from rapport.outbox.questions import addresses, kept_away, refusing
from rapport.people.models import Guardianship, Participant
from rapport.programs.models import ClosedTime, Party, Promise, Site

CLOSED, OPEN_AGAIN = "meetings/closed-today", "meetings/open-after-all"
MENTOR = Participant.Side.MENTOR


def whom_to_tell(matches, program, on):
    """{person: [ids of those it tells of]} for these pairs (ids), each person once."""
    circle, found = Circle(matches, program, on), defaultdict(set)
    for told in circle.told.values():
        for pk, about in told.items():
            found[pk] |= about
    return {circle.people[pk]: sorted(about) for pk, about in found.items()}


def around_each(matches, program, on, at):
    """{pair (id): {person: [ids of those it tells of]}}, without those kept away from somebody in that pair."""
    circle = Circle(matches, program, on)
    near = {(pk, one) for told in circle.told.values() for pk, about in told.items() for one in about}
    barred = kept_away(near, at)
    return {
        match: {
            circle.people[pk]: sorted(about)
            for pk, about in circle.told[match].items()
            if not any((pk, one) in barred for one in about)
        }
        for match in matches
    }


class Circle:
    """Everybody around these pairs, in three queries: `told` says for each pair whom it tells of whom."""

    def __init__(self, matches, program, on):
        self.people, self.told = {}, defaultdict(lambda: defaultdict(set))
        members = Member.objects.filter(match__in=matches).select_related("participant__person")
        sides = defaultdict(list)
        for one in members:
            sides[one.match_id].append(one)
        wanted = Promise.objects.filter(program=program, kind=Promise.Kind.CHECK_IN, party=Party.MENTEE, is_on=True)
        children_too = wanted.exists()
        young = defaultdict(set)
        for one in members:
            person = one.participant.person
            others = {o.participant.person_id for o in sides[one.match_id] if o.side != one.side}
            is_young = person.counts_as_child(program, on)
            if is_young:
                young[person.pk].add(one.match_id)
            if one.side == MENTOR or not is_young or children_too:
                self.tell(one.match_id, person, others)
        for row in Guardianship.objects.told().living(on).filter(child__in=young).select_related("adult"):
            for match in young[row.child_id]:
                self.tell(match, row.adult, {row.child_id})

    def tell(self, match, person, about):
        self.people.setdefault(person.pk, person)
        self.told[match][person.pk] |= about


def apart(told, at):
    """The same without those who are kept away from somebody it tells of."""
    barred = {
        person for person, _subject in kept_away({(to.pk, one) for to, about in told.items() for one in about}, at)
    }
    return {to: about for to, about in told.items() if to.pk not in barred}


def unreached(told, program, at):
    """Those of these grown-ups whom no letter reaches: somebody calls them."""
    people = [one for one in told if not one.counts_as_child(program, day_in(at, program.zone))]
    places, refused = addresses(people, program=program, at=at), refusing(people, program, at)
    return [one for one in people if one.pk in refused or not one.reads_it or not places[one.pk].value]


def still_closed(messages, at):
    return messages.filter(about_id__in=ClosedTime.objects.values("pk"))


def still_open(messages, at):
    """Wanted unless it closed once more."""
    closed = ClosedTime.objects.filter(Q(site=OuterRef("pk")) | Q(site=None, program=OuterRef("program")))
    today = DayIn(at, "program__time_zone")
    closed = closed.filter(starts_on__lte=today, ends_on__gte=today)
    return messages.filter(about_id__in=Site.objects.filter(~Exists(closed)).values("pk"))


def speaks_of(messages):
    return {pk: set(facts.get("about", ())) for pk, facts in messages.values_list("pk", "facts")}


def closed_words(messages, at):
    names = dict(ClosedTime.objects.filter(pk__in=messages.values("about_id")).values_list("pk", "site__name"))
    return {pk: {"site": names.get(about, "")} for pk, about in messages.values_list("pk", "about_id")}


def open_words(messages, at):
    names = dict(Site.objects.filter(pk__in=messages.values("about_id")).values_list("pk", "name"))
    return {pk: {"site": names.get(about, "")} for pk, about in messages.values_list("pk", "about_id")}
