"""What follows when somebody is kept away from somebody: nobody is told to call them about it, and staff pass it on.

What they may read ends by itself with the next request (`people.models.kept_from`); this is about work that waits.
"""

from django.db import transaction
from django.utils.translation import gettext as _

from rapport.checkins.actions import look_anew, withdraw_from
from rapport.core.about import type_of
from rapport.matches.actions.coming_of_age import call_about_a_child
from rapport.matches.actions.restricting import call_about_restrictions, with_owners
from rapport.matches.actions.reviewing import call_to_ask_first, settle_reviews
from rapport.matches.models import Match, Member
from rapport.people import actions as people
from rapport.people.models import Guardianship, Person, Restriction
from rapport.tasks.actions import drop, pass_on
from rapport.tasks.models import Task

ALL_AT_ONCE = 500


@transaction.atomic
def keep_apart(*, by, at, **facts):
    """Record a restriction, and let everything follow that follows at once. Raises what `keep_away` raises."""
    restriction = people.keep_away(**facts, by=by, at=at)
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
    live = list(Restriction.objects.live_at(at).values_list("kept_away", "kept_away__user", "subject"))
    if not live:
        return 0
    subjects = {subject for _away, _user, subject in live}
    places = Member.objects.filter(participant__person__in=subjects).values_list("match", "participant__person")
    of_match = {}
    for match, person in places:
        of_match.setdefault(match, set()).add(person)
    calls = calls_to_them({(away, subject) for away, _user, subject in live}, of_match)[:limit]
    if calls:
        drop(calls, note=_("This call is no longer needed."), by=None, at=at)
    return len(calls) + give_on({(user, subject) for _away, user, subject in live if user}, of_match, at, limit)


def calls_to_them(apart, of_match):
    """Open calls to somebody about a match with whom they are kept away from."""
    tasks = Task.objects.open().counted().filter(about_type=type_of(Match), person__in={away for away, _s in apart})
    return [
        task
        for task in tasks.order_by("pk")
        if any((task.person_id, subject) in apart for subject in of_match.get(task.about_id, ()))
    ]


def give_on(apart, of_match, at, limit):
    """Open tasks of staff who are kept away from somebody they are about go to a colleague."""
    owned = Task.objects.open().counted().filter(owner__in={user for user, _subject in apart}).order_by("pk")
    torn = [task for task in owned if about(task, of_match) & {s for user, s in apart if user == task.owner_id}]
    pks = {task.about_id for task in torn if task.about_type_id == type_of(Match).pk}
    matches = Match.objects.filter(pk__in=pks).select_related("program", "coordinator").with_people()
    owners = {match.pk: owner for match, owner in with_owners(list(matches), at)}
    moving = {task: owners[task.about_id] for task in torn[:limit] if task.about_id in owners}
    return pass_on(moving, at=at) if moving else 0


def about(task, of_match):
    """Whom a task is about: its person, and those of its match."""
    return {task.person_id} | (of_match.get(task.about_id, set()) if task.about_type_id == type_of(Match).pk else set())


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
