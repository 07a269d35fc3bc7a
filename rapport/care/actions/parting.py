"""What follows when somebody is kept away from somebody: nobody is told to call them about it, and staff pass it on.

What they may read ends by itself with the next request (`people.models.kept_from`); this is about work that waits.
"""

from collections import defaultdict

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from rapport.access.models import User
from rapport.access.rights import Right
from rapport.care.knowing import is_about, subjects_of, touched_by
from rapport.checkins.actions import look_anew, withdraw_from
from rapport.core.refused import Refused
from rapport.matches.actions.coming_of_age import call_about_a_child
from rapport.matches.actions.confirming import tell_anew
from rapport.matches.actions.restricting import call_about_restrictions
from rapport.matches.actions.reviewing import call_to_ask_first, settle_reviews
from rapport.matches.models import Match
from rapport.people import actions as people
from rapport.people.colleagues import Colleagues
from rapport.people.models import Guardianship, Participant, Person, Restriction
from rapport.programs.models import Membership
from rapport.tasks.actions import drop, pass_on
from rapport.tasks.models import Task

ALL_AT_ONCE = 500


class RecordedAlready(Refused):
    """The same press was made twice at the same moment. `about` is what the first of them recorded."""

    sentence = lazy("This was recorded already.")


@transaction.atomic
def keep_apart(*, program, kept_away, by, at, **facts):
    """Record a restriction, and let everything follow that follows at once.

    `kept_away` is a person, or the names and ways of somebody new. Raises RecordedAlready, and what `keep_away` raises.
    """
    if isinstance(kept_away, dict):
        kept_away = people.find_or_add_adult(program.organization, **kept_away, by=by, at=at)
    restriction = people.keep_away(program=program, kept_away=kept_away, **facts, by=by, at=at)
    if restriction.kept_away_id != kept_away.pk:
        raise RecordedAlready(restriction)
    if restriction.is_live(at.astimezone(restriction.program.zone).date()):
        withdraw_from([restriction.kept_away_id], at=at)
        part_work(at=at, limit=ALL_AT_ONCE)
        call_about_restrictions(at=at, limit=ALL_AT_ONCE)
        call_to_ask_first(at=at, limit=ALL_AT_ONCE)
    return restriction


@transaction.atomic
def look_again(restriction, *, review_on, reviewer, by, at):
    """It holds; somebody looks again on that day. Raises AlreadyEnded."""
    people.review_restriction(restriction, review_on=review_on, reviewer=reviewer, by=by, at=at)
    settle_reviews(restriction, note=_("It was looked at again."), by=by, at=at)


@transaction.atomic
def end_it(restriction, *, ends_on, why, by, at):
    """It ends on that day. Raises AlreadyEnded."""
    people.end_restriction(restriction, ends_on=ends_on, why=why, by=by, at=at)
    settle_reviews(restriction, note=_("It has ended."), by=by, at=at)


@transaction.atomic
def part_work(*, at, limit):
    """The clock does the same for what begins on a later day. Returns how many tasks moved."""
    live = Restriction.objects.live_at(at)
    apart = list(live.values_list("kept_away", "kept_away__user", "subject"))
    if not apart:
        return 0
    theirs = Q(person__in=live.values("kept_away")) | Q(owner__person__in=live.values("kept_away"))
    tasks = list(Task.objects.open().counted().filter(theirs).order_by("pk"))
    about, touched = subjects_of(tasks), touched_by(tasks)
    away = {(person, subject) for person, _user, subject in apart}
    calls = [task for task, persons in about.items() if any((task.person_id, one) in away for one in persons)][:limit]
    if calls:
        drop(calls, note=_("This call is no longer needed."), by=None, at=at)
    staff = {(user, subject) for _person, user, subject in apart if user}
    moved = give_on({task: some for task, some in touched.items() if task not in calls}, staff, at, limit)
    return len(calls) + moved + tell_anew({user for user, _subject in staff}, at=at)


def give_on(touched, staff, at, limit):
    """Tasks of staff who are kept away from somebody they touch go to a colleague who may know, and say so."""
    torn = {task: some for task, some in touched.items() if any((task.owner_id, one) in staff for one in some)}
    moving = dict(list(with_takers(torn, at))[:limit])
    return pass_on(moving, note=_("Rapport gave it to you: whoever had it cannot do it now."), at=at) if moving else 0


def with_takers(torn, at):
    """Each of these tasks with who takes it: its match's coordinator, the first who may do such things, or a lead.

    Those that nobody may take are left out.
    """
    matches = {task.about_id for task in torn if is_about(Match, task)}
    coordinators = dict(Match.objects.filter(pk__in=matches).values_list("pk", "coordinator"))
    programs, holders = {task.program_id for task in torn}, defaultdict(list)
    held = Membership.objects.live(at).filter(program__in=programs).order_by("pk")
    for right in (Right.CLEARANCE_EDIT, Right.MATCH_CLOSE, Right.CONCERN_LEAD):
        for program, user in held.filter(role__grants__right=right).values_list("program", "user"):
            holders[program, right].append(user)
    users = {*coordinators.values(), *(user for some in holders.values() for user in some)}
    users, colleagues = User.objects.in_bulk(users), Colleagues(users, programs, at)
    for task, persons in torn.items():
        first = [coordinators[task.about_id]] if is_about(Match, task) else []
        right = Right.CLEARANCE_EDIT if is_about(Participant, task) else Right.MATCH_CLOSE
        others = [*holders[task.program_id, right], *holders[task.program_id, Right.CONCERN_LEAD]]
        asked = [user for user in (*first, *others) if user != task.owner_id]
        yield from [(task, users[one]) for one in asked if colleagues.may(one, task.program_id, persons)][:1]


@transaction.atomic
def stand_for(*, by, at, **facts):
    """Let an adult stand for a child; what is asked of families is planned anew. Raises what people's own raises."""
    guardianship = people.stand_for(**facts, by=by, at=at)
    look_anew(matches_of(guardianship.child), at=at)
    return guardianship


@transaction.atomic
def change_guardianship(guardianship, *, by, at, **facts):
    """Change what an adult may for a child; what is not theirs any more is withdrawn at once."""
    people.change_guardianship(guardianship, **facts, by=by, at=at)
    withdraw_from([guardianship.adult_id], at=at)
    look_anew(matches_of(guardianship.child), at=at)


@transaction.atomic
def end_guardianship(guardianship, *, ends_on, by, at):
    """They stand for the child no more from this day on. Raises NotThatDay."""
    people.end_guardianship(guardianship, ends_on=ends_on, by=by, at=at)
    withdraw_from([guardianship.adult_id], at=at)


@transaction.atomic
def correct_birth_date(participant, *, born_on, by, at):
    """Put a birth date right, and plan anew: who is asked, what is needed, when they turn 18."""
    program = participant.program
    on = at.astimezone(program.zone).date()
    was_child = participant.person.counts_as_child(program, on)
    people.correct_birth_date(participant, born_on=born_on, by=by, at=at)
    person = Person.objects.get(pk=participant.person_id)
    withdraw_from(list(Guardianship.objects.filter(child=person).values_list("adult", flat=True)), at=at)
    look_anew(matches_of(person), at=at)
    if person.counts_as_child(program, on) and not was_child:
        call_about_a_child(participant, at=at)


def matches_of(person):
    return Match.objects.open().filter(members__participant__person=person)
