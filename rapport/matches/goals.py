"""Who reads which goals. What a mentee keeps from their family, or from their mentor too, is on no page of theirs.

Nothing is kept from the program's staff: a secret of a child and one adult protects nobody. On a page behind a link a
child's own page shows only what everybody in it may read, for the phone may be the family's.
"""

from dataclasses import dataclass
from datetime import date

from django.db.models import Max, Q

from rapport.core.months import day_in
from rapport.matches.models import Goal, GoalTask, Growth, Headway, Match, Seen
from rapport.people.models import Guardianship, Person, Restriction

MENTEE, MENTOR, GUARDIAN = "mentee", "mentor", "guardian"


@dataclass(frozen=True)
class Reader:
    """Somebody of a match who may open its page of goals: in which role, and whose goals they may read."""

    person: Person
    role: str
    mentees: tuple
    is_child: bool

    @property
    def is_mentee(self):
        return self.role == MENTEE

    @property
    def is_guardian(self):
        return self.role == GUARDIAN


def reader_of(person, match, at) -> Reader | None:
    """This person as a reader of this match's goals; None where they may read none.

    A mentor reads while the match is open; mentee and guardian also look back.
    """
    begun = Match.objects.filter(state__in=[*Match.OPEN, Match.State.CLOSED])
    if not begun.known_to(person, at).filter(pk=match.pk).exists():
        return None
    on = day_in(at, match.program.zone)
    own = next((one for one in match.mentees if one.person_id == person.pk), None)
    if own:
        return Reader(person, MENTEE, (own,), person.counts_as_child(match.program, on))
    if any(one.person_id == person.pk for one in match.mentors):
        return Reader(person, MENTOR, tuple(match.mentees), False) if match.is_open else None
    children = set(Guardianship.objects.living(on).told().filter(adult=person).values_list("child", flat=True))
    theirs = tuple(one for one in match.mentees if one.person_id in children)
    return Reader(person, GUARDIAN, theirs, False) if theirs else None


def goals_for(reader, match, at):
    """The goals on this reader's page, as a query: never a trace of one that is kept from them."""
    goals = Goal.objects.filter(match=match, mentee__in=reader.mentees)
    if reader.role == MENTOR:
        return goals.filter(level__lte=Seen.NOT_FAMILY)
    if reader.is_guardian:
        own = ~Q(worded_by=Goal.WordedBy.GUARDIAN) | Q(person=reader.person)  # two guardians never read each other
        return goals.filter(own, level=Seen.ALL)
    return goals.filter(of_their_own(reader.person, reader.is_child), not_of_kept_away(reader.person, at))


def of_their_own(person, is_child) -> Q:
    """A mentee's goals as they read them: a child only those that everybody in it may read."""
    own = Q(mentee__person=person)
    return own & Q(level=Seen.ALL) if is_child else own


def not_of_kept_away(person, at) -> Q:
    """Goals that nobody said who is to be kept away from this person."""
    apart = Restriction.objects.live_at(at).filter(subject=person).values("kept_away")
    return Q(person=None) | ~Q(person__in=apart)


def asked_of(person, program, *, mentoring=(), mentored=(), is_protected=True, at):
    """Open goals of these matches of which this person may be asked how they go, as a query (S0-10).

    `mentoring`, `mentored`: the active matches known to them (`Match.objects.known_to`) in which they are a mentor, or
    a mentee. `is_protected`: whether anybody is kept away from them at any time; else that is not asked.
    """
    is_child = person.counts_as_child(program, day_in(at, program.zone))
    own = Q(match__in=mentored) & of_their_own(person, is_child)
    own = own & not_of_kept_away(person, at) if is_protected else own
    theirs = Q(match__in=mentoring, level__lte=Seen.NOT_FAMILY)
    read = own | theirs if mentored and mentoring else own if mentored else theirs
    return Goal.objects.open().filter(read)


def longest_untold(goals, person, program, at):
    """Of these, those of which this person themselves has not said for a while how they go, the longest ago first.

    Whether another has said it changes nothing: what is asked of one tells nothing of the others.
    """
    goals = list(goals)
    if not goals:
        return []
    since = day_in(at, program.zone) - program.limit("headway-within")
    own = Headway.objects.filter(goal__in=goals, person=person).values_list("goal").annotate(Max("said_on"))
    told_on = dict(own)
    untold = [goal for goal in goals if told_on.get(goal.pk, date.min) <= since]
    return sorted(untold, key=lambda goal: (told_on.get(goal.pk, date.min), goal.pk))[: program.limit("headway-asked")]


def goals_of(match, level, away=()):
    """The goals that staff who read up to this level may read, as a query. `away`: people they are kept away from, of
    whose words nothing stands there."""
    return Goal.objects.filter(match=match, level__lte=level).exclude(person__in=away)


def tasks_of(goals):
    """{goal id: its steps}, in one query."""
    found = {goal.pk: [] for goal in goals}
    for task in GoalTask.objects.filter(goal__in=list(found)):
        found[task.goal_id].append(task)
    return found


def courses(headway):
    """{who said it: [(day, what), …]} of rows on how it goes with one goal, oldest first: each one's own course."""
    found: dict = {}
    for row in sorted(headway, key=lambda row: (row.said_on, row.pk)):
        if row.value:
            found.setdefault(row.person, []).append((row.said_on, row.get_value_display()))
    return found


def change_of(growth):
    """(value at the first moment, at the last, how many more) of where somebody says they stand; None of one word."""
    order = {moment: n for n, moment in enumerate(Growth.Moment.values)}
    said = sorted(growth, key=lambda row: order[row.moment])
    return (said[0].value, said[-1].value, said[-1].value - said[0].value) if len(said) > 1 else None
