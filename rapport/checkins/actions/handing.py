"""Where a message does not do, somebody talks: one task for each person, on the desk of their match's coordinator."""

from dataclasses import dataclass
from datetime import time, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, Subquery
from django.utils.translation import gettext as _
from django.utils.translation import override

from rapport.audit.actions import record_many
from rapport.checkins.models import Ask, CheckIn, Rest
from rapport.checkins.steps import TALK_INSTEAD
from rapport.checkins.whom import Circle
from rapport.core.languages import OF_STAFF
from rapport.core.months import day_in, moment
from rapport.matches.models import Match, Member
from rapport.tasks.actions import NewTask, add_tasks, drop
from rapport.tasks.models import Task

State = Ask.State
CHOOSE_ANOTHER_WAY = "checkins/another-way"
CALL_ME, NOT_ME, UNREACHED = "checkins/call-me", "checkins/not-me", "checkins/cannot-write"
SPOKEN = "checkins/does-not-read"  # words alone: the call is one like any other for whom we cannot write to
TALKS = (TALK_INSTEAD, CHOOSE_ANOTHER_WAY, CALL_ME, NOT_ME, UNREACHED)


@transaction.atomic
def hand_over_unreached(messages, *, at):
    """The outbox could not deliver these messages: the asks they carry are handed over at once."""
    about = {message.about_id for message in messages if message.kind.startswith("checkins/")}
    asks = list(
        Ask.objects.waiting().filter(pk__in=about).select_for_update(of=("self",)).select_related("program", "person")
    )
    hand_over(asks, kind=UNREACHED, at=at)


def hand_over(asks, *, kind, at):
    """Move waiting asks to "somebody talks instead". An ask for meetings alone makes no task: its calls are care's."""
    moved = Ask.objects.waiting().filter(pk__in=[ask.pk for ask in asks])
    moved.update(state=State.HANDED_OVER, next_at=None)
    record_many("ask.handed-over", about=asks, by=None, at=at)
    stopped = stop_after_two(asks, at) if kind == TALK_INSTEAD else set()
    drop_older_calls([ask for ask in asks if ask.pk in stopped], at)
    call = [(ask, CHOOSE_ANOTHER_WAY if ask.pk in stopped else kind) for ask in asks]
    put_on_desks(call, at)


def drop_older_calls(asks, at):
    """The call to choose another way takes the place of the one before it: one call for each person."""
    people = {(ask.program_id, ask.person_id) for ask in asks}
    older = Task.objects.open().filter(kind=TALK_INSTEAD, person__in={person for _program, person in people})
    older = [task for task in older if (task.program_id, task.person_id) in people]
    if older:
        drop(older, note=_("One call takes the place of both."), by=None, at=at)


def stop_after_two(asks, at):
    """Where the ask before this one was handed over, too, that way of asking stops. Returns the ids of those asks."""
    asked = Exists(CheckIn.objects.filter(ask=OuterRef("pk")))
    earlier = Ask.objects.reached().filter(asked, program=OuterRef("program"), person=OuterRef("person"))
    last = earlier.filter(made_at__lt=OuterRef("made_at")).order_by("-made_at", "-pk").values("state")[:1]
    mine = Ask.objects.filter(pk__in=[ask.pk for ask in asks]).annotate(last=Subquery(last))
    stopped = set(mine.filter(last=State.HANDED_OVER).values_list("pk", flat=True))
    Rest.objects.bulk_create(
        [
            Rest(program=a.program, person=a.person, why=Rest.Why.UNANSWERED, since_at=at)
            for a in asks
            if a.pk in stopped
        ],
        ignore_conflicts=True,
    )
    return stopped


def put_on_desks(calls, at, *, asked_for=False):
    """One open task for each person is enough, whatever made it; what they asked for themselves comes all the same."""
    people = {ask.person_id for ask, _kind in calls}
    standing = Task.objects.open().filter(kind__in=TALKS, person__in=people)
    known = set(standing.values_list("program_id", "person_id"))
    matches = matches_of([ask for ask, _kind in calls], at)
    fresh = [(ask, kind) for ask, kind in calls if asked_for or kind == CHOOSE_ANOTHER_WAY or owed(ask) not in known]
    fresh = [(ask, kind) for ask, kind in fresh if matches.get(ask.pk)]
    add_tasks([task(ask, kind, matches[ask.pk], at) for ask, kind in fresh], by=None, at=at)


def matches_of(asks, at):
    """The matches that each ask asks about: {ask id: [matches]}. Those still open first; else those it asked about.

    None in which somebody is whom they are kept away from: nobody is told to talk with them about that.
    """
    rows = CheckIn.objects.filter(ask__in=[ask.pk for ask in asks]).order_by("due_at", "pk")
    open_ = list(rows.open().of_open_matches().values_list("ask", "match"))
    seen = {ask for ask, _match in open_}
    pairs = open_ + [(ask, match) for ask, match in rows.values_list("ask", "match") if ask not in seen]
    seen |= {ask for ask, _match in pairs}
    pairs += own_matches([ask for ask in asks if ask.pk not in seen])
    found = Match.objects.filter(pk__in={match for _ask, match in pairs}, coordinator__isnull=False)
    matches = {match.pk: match for match in found.select_related("coordinator", "program").with_people()}
    circle, readers = Circle(matches.values()), {ask.pk: ask.person_id for ask in asks}
    by_ask = {}
    for ask, match in dict.fromkeys(pairs):
        if match in matches and not circle.is_kept_away(
            readers[ask], matches[match], day_in(at, matches[match].program.zone)
        ):
            by_ask.setdefault(ask, []).append(matches[match])
    return by_ask


def owed(ask):
    return ask.program_id, ask.person_id


def own_matches(asks):
    """Of asks without a check-in, for a mentor's meetings: the pairs (ask, match) of their open matches."""
    by_person = {(ask.program_id, ask.person_id): ask.pk for ask in asks}
    places = Member.objects.filter(participant__person__in=[ask.person_id for ask in asks], match__state__in=Match.OPEN)
    rows = places.order_by("pk").values_list("program", "participant__person", "match")
    return [(by_person[program, person], match) for program, person, match in rows if (program, person) in by_person]


@override(OF_STAFF)
def task(ask, kind, matches, at):
    """The call to make, in one sentence. It tells no answer: level 1."""
    name, pairs = ask.person.first_name, "; ".join(match.title for match in matches)
    said = SPOKEN if kind == UNREACHED and not ask.person.reads_it else kind
    words = sentences()[said] % {"name": name, "pairs": pairs}
    day = day_in(at, ask.program.zone)
    return NewTask(
        program=ask.program, kind=kind, owner=matches[0].coordinator, person=ask.person,
        about=matches[0] if len(matches) == 1 else None, reason=words[:300], due_at=at,
        late_at=moment(day + timedelta(days=1), time(0), ask.program.zone), cause_key=cause_key(ask, kind),
        pressing=2 if kind == CALL_ME else 4, minutes=10, level=1, ends_with_match=kind != CALL_ME,
    )  # fmt: skip


def sentences():
    return {
        TALK_INSTEAD: _("Talk with %(name)s: no word yet on how it goes (%(pairs)s). Talking counts as well."),
        UNREACHED: _("Talk with %(name)s about how it goes (%(pairs)s): there is no way to write to them."),
        SPOKEN: _(
            "Talk with %(name)s about how it goes (%(pairs)s): they do not read what we write. Take an interpreter if"
            " need be, never a child."
        ),
        CHOOSE_ANOTHER_WAY: _(
            "Talk with %(name)s (%(pairs)s). Two links stayed unanswered: choose another way to ask."
        ),
        CALL_ME: _("%(name)s would rather talk than write: call them (%(pairs)s)."),
        NOT_ME: _("The address of %(name)s reaches somebody else. Find the right one, and talk with them (%(pairs)s)."),
    }


def cause_key(ask, kind):
    return f"{kind}:{ask.ref}"


def settle(ask_ids, at):
    """An ask all of whose questions are answered or talked about is done; its call is no longer needed.

    What was to be sent and was only talked about is not sent; what was sent is over.
    """
    done = asks_done(ask_ids)
    told, talked = [ask.pk for ask in done if ask.is_answered], [ask.pk for ask in done if not ask.is_answered]
    if not talked and all(ask.is_waiting for ask in done):
        moved = Ask.objects.waiting().filter(pk__in=told)
        if moved.update(state=State.ANSWERED, answered_at=at, next_at=None) == len(told):
            return  # a call comes with the handing over, so there is none
    for asks, before, state in (
        (told, [*Ask.WAITING, State.HANDED_OVER], {"state": State.ANSWERED, "answered_at": at}),
        (talked, [State.SCHEDULED], {"state": State.WITHDRAWN}),
        (talked, [State.SENT, State.REMINDED], {"state": State.CLOSED}),
    ):
        if asks:
            Ask.objects.filter(pk__in=asks, state__in=before).update(**state, next_at=None)
    keys = [cause_key(ask, kind) for ask in done for kind in (TALK_INSTEAD, UNREACHED)]
    calls = list(Task.objects.open().filter(cause_key__in=keys)) if keys else []
    if calls:
        drop(calls, note=_("There is a word now."), by=None, at=at)


@dataclass
class Done:
    """An ask of which nothing is left to ask."""

    pk: int
    ref: str
    is_waiting: bool
    is_answered: bool = False


def asks_done(ask_ids) -> list[Done]:
    """Of these asks those without an open check-in of a pair that has not ended, in one query."""
    told = ("pk", "ref", "state", "check_ins__state", "check_ins__match__state")
    found: dict[int, Done] = {}
    left = set()
    for pk, ref, state, asked, match in Ask.objects.filter(pk__in=ask_ids).values_list(*told):
        one = found.setdefault(pk, Done(pk, ref, state in Ask.WAITING))
        one.is_answered |= asked == CheckIn.State.ANSWERED
        if asked == CheckIn.State.OPEN and match in Match.OPEN:
            left.add(pk)
    return [one for pk, one in found.items() if pk not in left]
