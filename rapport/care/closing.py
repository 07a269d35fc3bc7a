"""Whom one may talk with, and what a talk with them may close."""

from dataclasses import dataclass, field

from django.db.models import Q
from django.utils.translation import gettext as _

from rapport.access.rights import Right
from rapport.care.desk import tasks_of
from rapport.care.questions import TALKED_ABOUT
from rapport.checkins.models import CheckIn, Conversation
from rapport.core.months import day_in
from rapport.matches.models import Match, Member
from rapport.meetings.models import Meeting
from rapport.people.models import Guardianship, Participant, Person, kept_from
from rapport.people.names import looked_up, so_called
from rapport.people.questions import are_or_stand_for
from rapport.people.scopes import close_to

MOST_MEETINGS = 6
MOST_PEOPLE = 20
LAST = 3  # talks shown beside the form


@dataclass
class Closing:
    """What stands open with one person, for one member of staff."""

    person: Person
    matches: list = field(default_factory=list)
    tasks: list = field(default_factory=list)
    check_ins: list = field(default_factory=list)
    meetings: list = field(default_factory=list)

    @property
    def choices(self):
        asked = _("Asking how it goes: %(pair)s")
        return [(f"task:{task.ref}", task.reason) for task in self.tasks] + [
            (f"ask:{one.pk}", asked % {"pair": one.match.title}) for one in self.check_ins
        ]


def people_to_talk_with(user, program, at, *, among=None):
    """Participants within this user's reach, and the living guardians of the mentees among them.

    Never the user, nor a child of theirs: a talk of the staff is not theirs to write down. `among`: the few asked of.
    """
    mine = Participant.objects.filter(program=program).visible_to(user, Right.TALK, at)
    near = Person.objects.filter(are_or_stand_for(mine, day_in(at, program.zone), among=among))
    return near.exclude(pk__in=kept_from(user, at)).exclude(pk__in=close_to(user))


def find(letters, user, program, at):
    """Those one may talk with whose given or family name begins with these letters."""
    words = "".join(sign for sign in letters if sign.isprintable()).split()[:3]
    if not words:
        return []
    found = [(word, *looked_up(word, Person.objects)) for word in words]
    rare = [few for _word, few, _before in found if few is not None]
    people = people_to_talk_with(user, program, at, among=set.intersection(*rare) if rare else None)
    people = people.filter(*(so_called(*one) for one in found if one[1] is None))
    return list(people.order_by("given_name", "family_name", "pk")[:MOST_PEOPLE])


def closing_for(person, user, program, at):
    """What a talk with this person may close, in a fixed number of queries."""
    seen = Match.objects.open().filter(program=program).visible_to(user, Right.TALK, at)
    children = (
        Guardianship.objects.living(day_in(at, program.zone)).filter(adult=person).values_list("child", flat=True)
    )
    near = Member.objects.filter(participant__person__in=[person.pk, *children])
    matches = list(seen.filter(pk__in=near.values("match")).with_people().order_by("pk"))
    by_pk = {match.pk: match for match in matches}
    own = [m for m in matches if any(person.pk == one.participant.person_id for one in m.members.all())]
    check_ins = list(CheckIn.objects.filter(match__in=by_pk, person=person, state="open", due_at__lte=at))
    since = at - program.limit("meetings-in-a-call")
    meetings = Meeting.objects.without_word(at).filter(match__in=own, plan__isnull=False, ends_at__gt=since)
    meetings = list(meetings.order_by("starts_at")[:MOST_MEETINGS])
    for row in [*check_ins, *meetings]:
        row.match, row.program = by_pk[row.match_id], program
    tasks = tasks_of(user, [program], at).counted().filter(person=person)
    return Closing(person, matches, list(tasks), check_ins, meetings)


def on_desk(user, program, at):
    """Those whom this user is to call today: the likeliest to have been talked with."""
    called = [task.person for task in tasks_of(user, [program], at).counted() if task.person_id]
    near = people_to_talk_with(user, program, at, among={person.pk for person in called})
    keys = set(near.values_list("pk", flat=True))
    return [person for person in dict.fromkeys(called) if person.pk in keys][:MOST_PEOPLE]


def last_talks(person, user, program, at):
    """The last talks with this person that the reader may see, newest first: those about their pairs, and their own.

    A talk about no pair in particular may be about a child out of the reader's reach, so only its writer sees it.
    """
    seen = Match.objects.filter(program=program).visible_to(user, Right.ANSWER_VIEW, at)
    seen = seen.exclude(members__participant__person__user=user)
    if not seen.exists():
        return []
    mine = Q(match__in=seen.values("pk")) | Q(match=None, by=user)
    talks = Conversation.objects.filter(mine, person=person, program=program, level__lte=TALKED_ABOUT, at__lte=at)
    return list(talks.select_related("by").order_by("-at", "-pk")[:LAST])
