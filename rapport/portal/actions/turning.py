"""Somebody turns to the program from their own page: they want a talk, it isn't working, or something worries them.

Each is said to one named person who answers by a day that is said back at once. Nobody they meet learns of it.
"""

from datetime import timedelta

from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import override

from rapport.access.models import Grant
from rapport.access.rights import Right, Scope
from rapport.audit.actions import record
from rapport.checkins.models import Answer
from rapport.checkins.whom import is_young
from rapport.core.languages import OF_STAFF
from rapport.core.months import day_in, moment
from rapport.core.refused import Refused
from rapport.events.days.letters import PURPOSE as EVENT_DAY
from rapport.matches.goals_letters import PURPOSE as GOALS
from rapport.meetings.letters import PURPOSE as MEETINGS
from rapport.outbox.actions import issue_link
from rapport.people.models import Participant, kept_from
from rapport.people.scopes import close_to
from rapport.programs.models import Membership
from rapport.safeguarding.actions import add_triage, raise_concern
from rapport.safeguarding.actions.raising import next_workday
from rapport.tasks.actions import NewTask, add_tasks
from rapport.tasks.days import MIDNIGHT
from rapport.tasks.models import Task

TALK, NOT_WORKING, ANOTHER = "portal/would-like-to-talk", "portal/is-not-working", "portal/somebody-else"
WITHIN = "talk-within"  # working days
OPENS_FOR = timedelta(hours=1)  # the page of their ask, opened from their own page
DAY = timedelta(days=1)


class NobodyToTell(Refused):
    """Nobody of this program could answer."""

    sentence = lazy("Nobody can be told here just now. Please call, or write to, somebody of the program you know.")


class NotAskedNow(Refused):
    """What was asked of them has been answered, or is over."""

    sentence = lazy("There is nothing to answer just now.")


@transaction.atomic
def turn_to_us(person, kind, *, one, match=None, usual=None, by, at):
    """One promised answer on one desk: the task. `one`: their own participant, or their child's; `usual`: their person
    at the program. Pressed twice is one. Raises NobodyToTell.
    """
    mine = Task.objects.filter(program=one.program, kind=kind, person=person, cause_key__startswith=cause(one, match))
    standing = mine.open().select_related("owner").first()
    if standing:
        return standing
    owner = who_answers(person, kind, one=one, match=match, usual=usual, at=at)
    if owner is None:
        raise NobodyToTell(person)
    key = f"{cause(one, match)}{kind}:{person.ref}:{mine.count()}"
    add_tasks([promised_answer(person, kind, one, match, owner, key, at)], by=by, at=at)
    return Task.objects.select_related("owner").get(cause_key=key)


def cause(one, match):
    return f"turned:{one.ref}:{match.ref if match else '-'}:"


@override(OF_STAFF)
def promised_answer(person, kind, one, match, owner, key, at):
    """The task. Staff read it in their language, whatever the page spoke."""
    last = answered_by(one.program, at)
    reason = sentence(person, kind, one, match, date_format(last, "l j F"))
    return NewTask(
        program=one.program, kind=kind, owner=owner, person=person, about=None if kind == ANOTHER else match,
        reason=reason, due_at=at, late_at=moment(last + DAY, MIDNIGHT, one.program.zone), cause_key=key, pressing=2,
        ends_with_match=False,
    )  # fmt: skip


def answered_by(program, at):
    """The last day on which whoever asks for a talk hears. Working days, whatever the school's calendar says."""
    day = day_in(at, program.zone)
    for _n in range(program.limit(WITHIN)):
        day = next_workday(day)
    return day


def sentence(person, kind, one, match, day):
    told = {"name": person.first_name, "day": day, "pair": match.title if match else one.person.first_name}
    if kind == NOT_WORKING:
        words = _("%(name)s says that it isn't working (%(pair)s). Hear them alone first. Promised by %(day)s.")
    elif kind == ANOTHER:
        words = _("%(name)s would like to talk with somebody else than their usual person. Promised by %(day)s.")
    else:
        words = _("%(name)s would like to talk (%(pair)s). Promised by %(day)s.")
    return words % told


def who_answers(person, kind, *, one, match, usual, at):
    """Their coordinator, while at work here; else, or where they ask for another, somebody who may talk with anybody.

    Never one of the two families, nor anybody kept away from one of them.
    """
    usual = match.coordinator if match else usual
    others = [user for user in colleagues([one.program], at)[one.program_id] if user != usual]
    here = Membership.objects.live(at).filter(program=one.program, role__grants__right=Right.TASK_DO)
    at_work = usual is not None and here.filter(user=usual).exists()
    found = others if kind == ANOTHER or not at_work else [usual, *others]
    people = {person.pk, one.person_id}
    if match:
        people |= set(Participant.objects.filter(places__match=match).values_list("person", flat=True))
    return next((user for user in found if not people & {*close_to(user), *kept_from(user, at)}), None)


def colleagues(programs, at):
    """{program id: [users]} who have a desk and may talk with anybody there: those who run matches first. One query."""
    leads = Grant.objects.filter(right=Right.MATCH_EDIT, scope=Scope.PROGRAM).values("role")
    desks = Grant.objects.filter(right=Right.TASK_DO).values("role")
    rows = Membership.objects.live(at).filter(
        program__in=programs, role__in=desks, role__grants__right=Right.TALK, role__grants__scope=Scope.PROGRAM
    )
    rows = list(rows.select_related("user").order_by("pk"))
    leading = set(leads.values_list("role", flat=True))
    found = {program.pk: [] for program in programs}
    for row in sorted(rows, key=lambda row: row.role_id not in leading):
        if row.user not in found[row.program_id]:
            found[row.program_id].append(row.user)
    return found


@transaction.atomic
def say_worry(person, worry, words, *, one, match=None, form_id, at):
    """Something worries them: a concern, or where they are not sure something a lead reads the same working day.

    Whom it is about is the young person of the page, as far as there is only one. One press is one.
    """
    key = f"own-page:{person.ref}:{form_id}"
    subject = whom(person, one, match, day_in(at, one.program.zone))
    if worry == Answer.Worry.YES:
        words = words or _("“Yes”, something worries them. They wrote no words.")
        return raise_concern(
            program=one.program, words=words, match=match, raised_by=person, subject=subject, cause_key=key, at=at
        )
    return add_triage(
        program=one.program, person=person, match=match, words=words, cause_key=key, by=person, at=at,
        what=_("Is not sure whether something worries them"),
    )  # fmt: skip


@transaction.atomic
def write_down(
    person, kinds, *, one, match=None, usual=None, worry=None, words="", form_id, how, said_on, witness="", by, at
):
    """What stood on their sheet, or was said aloud: all of it, or nothing. `worry`: None, yes, or else not sure.

    Raises NobodyToTell.
    """
    for kind in kinds:
        turn_to_us(person, kind, one=one, match=match, usual=usual, by=by, at=at)
    if worry is not None:
        say_worry(person, worry, words, one=one, match=match, form_id=form_id, at=at)
    facts = {"person": person.pk, "how": how, "said_on": said_on.isoformat(), "witness": witness}
    record("own-page.written-down", about=one, by=by, at=at, **facts)


def whom(person, one, match, on):
    """The young person it may be about: the child of the page, else of the pair, as far as there is only one."""
    if one.person_id != person.pk or one.side == Participant.Side.MENTEE:
        return one.person
    pair = [*match.mentees, *(mentor for mentor in match.mentors if is_young(mentor.person, on))] if match else []
    return pair[0].person if len(pair) == 1 else None


@transaction.atomic
def open_our_meetings(person, match, *, at):
    """A short-lived link to the page of a pair's meetings, for one of theirs on their own page. Returns the token."""
    return issue_link(
        purpose=MEETINGS, person=person, about=match, program=match.program, at=at, expires_at=at + OPENS_FOR
    )


@transaction.atomic
def open_our_goals(person, match, *, at):
    """The same to the page of a pair's goals. Returns the token."""
    return issue_link(
        purpose=GOALS, person=person, about=match, program=match.program, at=at, expires_at=at + OPENS_FOR
    )


@transaction.atomic
def open_own_invitation(invitation, *, person, at):
    """The same to an event day that they, or a child of theirs, are asked to. Returns the token."""
    return issue_link(
        purpose=EVENT_DAY, person=person, about=invitation, program=invitation.day.program, at=at,
        expires_at=at + OPENS_FOR,
    )  # fmt: skip


@transaction.atomic
def open_own_ask(ask, *, by, at):
    """A short-lived link to what they are asked, for whoever is on their own page. Returns the token. Raises
    NotAskedNow."""
    if not ask.takes_answers(at):
        raise NotAskedNow(ask)
    token = issue_link(
        purpose="ask", person=ask.person, about=ask, program=ask.program, at=at, expires_at=at + OPENS_FOR
    )
    record("ask.opened-from-own-page", about=ask, by=by, at=at)
    return token
