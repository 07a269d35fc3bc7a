"""A dated yes is about to end: somebody is told in time, and finds the question for it ready to be asked anew.

From its end on it counts as a no (`ConsentQuerySet.refused`, `GateQuerySet.met`, `taken_back`); nothing waits for this
call. The program's limit says how long before the call comes.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.utils.formats import date_format
from django.utils.text import get_text_list
from django.utils.translation import gettext as _

from rapport.access.rights import Right
from rapport.core.due import LOOK_BACK
from rapport.core.months import day_in
from rapport.matches.models import Match, Member
from rapport.matches.scopes import matched_with
from rapport.onboarding.consenting import dated_words, may_answer_for
from rapport.people.colleagues import Colleagues
from rapport.people.models import Consent, Participant
from rapport.programs.models import Membership, Program
from rapport.tasks.actions import NewTask, add_tasks, drop, reword
from rapport.tasks.days import of_day
from rapport.tasks.models import Task

KIND = "matches/consent-ends"
LIMIT = "consent-ends"
PRESSING = 3


@dataclass
class Ending:
    """What one person said yes to about one participant until one day."""

    participant: Participant
    giver: Any
    last_day: date
    purposes: set = field(default_factory=set)

    @property
    def key(self):
        return f"ends:{self.participant.ref}:{self.giver.ref}:{self.last_day}"

    def sentence(self, on):
        """What ends when, and what to do, in words for a tired coordinator."""
        what = get_text_list([str(Consent.Purpose(one).label) for one in sorted(self.purposes)], _("and"))
        told = {"who": self.giver.first_name, "name": self.participant.person.first_name, "what": what}
        told["day"] = date_format(self.last_day, "j F Y")
        is_own = self.giver == self.participant.person
        whose = _("%(name)s's own yes (%(what)s)") if is_own else _("%(who)s's yes for %(name)s (%(what)s)")
        if self.last_day < on:
            words = _("%(yes)s ran out on %(day)s and counts as a no. Ask again, or leave it at that.")
        else:
            words = _("%(yes)s counts until %(day)s, then as a no. Ask again in time.")
        told["yes"] = whose % told
        return (words % told)[:300]


@transaction.atomic
def call_to_ask_again(*, at, limit):
    """One task for each yes that is soon over, and its end where it was said anew or no longer matters.

    Returns how many tasks were made, reworded or dropped.
    """
    programs = {one.pk: one for one in Program.objects.open().with_limits()}
    moved = settle_standing(programs, at)
    before = max((one.limit(LIMIT) for one in programs.values()), default=timedelta(0))
    first, last = (at - LOOK_BACK).date(), (at + before).date() + timedelta(days=1)
    found = [one for one in endings(programs, at, between=(first, last)) if is_near(one, at)]
    if not found:
        return moved
    called = Task.objects.filter(kind=KIND, made_at__gte=at - before - 2 * LOOK_BACK)
    known = set(called.values_list("cause_key", flat=True))
    new = [one for one in found if one.key not in known]
    return moved + len(add_tasks(tasks_of(new, at)[:limit], by=None, at=at))


def is_near(ending, at):
    program = ending.participant.program
    return ending.last_day - program.limit(LIMIT) <= day_in(at, program.zone)


def settle_standing(programs, at):
    """Open calls whose word was said anew, taken back or is nobody's to say any more go; the others say how it is."""
    standing = list(Task.objects.open().filter(kind=KIND, program__in=programs))
    if not standing:
        return 0
    about = {task.about_id for task in standing}
    wanted = {one.key: one for one in endings(programs, at, participants=about)}
    over = [task for task in standing if task.cause_key not in wanted]
    if over:
        drop(over, note=_("It was said anew, or is no longer to be asked."), by=None, at=at)
    said = {task: wanted[task.cause_key] for task in standing if task.cause_key in wanted}
    words = {task: one.sentence(day_in(at, programs[task.program_id].zone)) for task, one in said.items()}
    words = {task: sentence for task, sentence in words.items() if task.reason != sentence}
    if words:
        reword(words, by=None, at=at)
    return len(over) + len(words)


def endings(programs, at, *, between=None, participants=None):
    """Dated yeses that are the last word of their giver, whose giver may still say it: [Ending]."""
    found: dict[str, Ending] = {}
    for participant, giver, purpose, last_day in dated_words(programs, at, between=between, participants=participants):
        one = Ending(participant, giver, last_day)
        found.setdefault(one.key, one).purposes.add(purpose)
    if not found:
        return []
    theirs = may_answer_for([(one.participant, one.giver) for one in found.values()], at)
    return [one for one in found.values() if (one.participant.pk, one.giver.pk) in theirs]


def tasks_of(found, at):
    """A call for each, on the desk of whoever looks after the participant's open match, or records permissions."""
    owners = owners_of(found, at) if found else {}
    return [task_of(one, owners[one.key], at) for one in found if one.key in owners]


def owners_of(found, at):
    """Who is called about each: {key: user}. Nobody who stands near to either of the two, is kept away, or is in a
    match with the participant."""
    programs = {one.participant.program_id for one in found}
    coordinators, others = defaultdict(list), defaultdict(list)
    places = Member.objects.filter(participant__in={one.participant.pk for one in found}, match__state__in=Match.OPEN)
    for place in places.select_related("match__coordinator").order_by("pk"):
        coordinators[place.participant_id].append(place.match.coordinator)
    may = Membership.objects.live(at).filter(program__in=programs, role__grants__right=Right.CLEARANCE_EDIT)
    for held in may.select_related("user").order_by("pk"):
        others[held.program_id].append(held.user)
    asked = {one.key: [*coordinators[one.participant.pk], *others[one.participant.program_id]] for one in found}
    users = {user for users in asked.values() for user in users if user}
    colleagues = Colleagues({user.pk for user in users}, programs, at)
    here = Participant.objects.filter(pk__in={one.participant.pk for one in found})
    partners = {(user.pk, pk) for user in users for pk in here.filter(matched_with(user)).values_list("pk", flat=True)}

    def first(one):
        persons, program = [one.participant.person_id, one.giver.pk], one.participant.program_id
        free = (user for user in asked[one.key] if user and (user.pk, one.participant.pk) not in partners)
        return next((user for user in free if colleagues.may(user.pk, program, persons)), None)

    owners = {one.key: first(one) for one in found}
    return {key: owner for key, owner in owners.items() if owner}


def task_of(one, owner, at):
    program = one.participant.program
    today = day_in(at, program.zone)
    return NewTask(
        program=program, kind=KIND, owner=owner, person=one.giver, about=one.participant, reason=one.sentence(today),
        cause_key=one.key, pressing=PRESSING, **of_day(max(one.last_day, today), program.zone) | {"due_at": at},
    )  # fmt: skip
