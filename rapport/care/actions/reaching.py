"""Somebody cannot be reached: one plan, one task, and an end by itself as soon as a way works again."""

from datetime import time, timedelta

from django.db import IntegrityError, transaction
from django.db.models import Exists, Max, OuterRef
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from rapport.audit.actions import record, record_many
from rapport.care.models import ReachPlan, ReachStep
from rapport.care.reaching import KIND, cause_key, plans_shown, steps_for
from rapport.checkins.models import Answer, Conversation
from rapport.core.months import moment
from rapport.core.refused import Refused
from rapport.matches.calling import with_owners
from rapport.matches.models import Match
from rapport.outbox.models import Delivery
from rapport.people.models import ContactPoint, Guardianship, Person, Restriction
from rapport.programs.models import Program
from rapport.tasks.actions import NewTask, add_tasks, drop, reword
from rapport.tasks.models import Task

End, Why = ReachPlan.End, ReachPlan.Why
PRESSING, MINUTES = 3, 15


class LookingAlready(Refused):
    """There is one plan for each person."""

    sentence = gettext_lazy("Somebody looks for a way to them already. The steps stand on this page.")


class FoundAlready(Refused):
    """The plan has ended meanwhile."""

    sentence = gettext_lazy("A way was found meanwhile. Look at the page as it is now.")


@transaction.atomic
def say_unreachable(person, *, program, words="", by, at):
    """A colleague says that somebody cannot be reached: a plan opens. Raises LookingAlready."""
    match, owner = whose([person], program, at).get(person.pk, (None, by))
    try:
        with transaction.atomic():
            plan = open_plan(person, program, match, owner, why=Why.SAID, words=words, by=by, at=at)
    except IntegrityError:
        raise LookingAlready(person) from None
    return plan


def open_plan(person, program, match, owner, *, why, words="", by, at):
    plan = ReachPlan.objects.create(
        program=program, person=person, why=why, words=words, opened_at=at, opened_by=by
    )  # fmt: skip
    ReachStep.objects.bulk_create(steps_for(plan))
    record("reach.opened", about=plan, by=by, at=at, why=why)
    add_tasks([task_of(plan, match, owner, at)], by=by, at=at)
    return plan


def task_of(plan, match, owner, at):
    """One call with the next step in it. It tells neither address nor number."""
    last = max((step.due_on for step in plan.steps.all()), default=at.astimezone(plan.program.zone).date())
    return NewTask(
        program=plan.program, kind=KIND, owner=owner, person=plan.person, about=match,
        reason=reason_of(plan, owner, at),
        due_at=at, late_at=moment(last + timedelta(days=1), time(0), plan.program.zone), cause_key=cause_key(plan),
        pressing=PRESSING, minutes=MINUTES, ends_with_match=match is not None,
    )  # fmt: skip


def reason_of(plan, owner, at):
    """What the task says to whoever has it: no adult is named from whom they are kept away."""
    seen = plans_shown([plan.person], plan.program, at, user=owner)[plan.person_id]
    coming = next((step for step in seen.steps if step.tried_at is None), None)
    said = {"name": plan.person.first_name, "step": coming.words if coming else ""}
    if seen.ask_first:
        return _("%(name)s cannot be reached. Before you look around them, ask whoever leads on safety.") % said
    if coming is None:
        return _("%(name)s cannot be reached. All the steps were tried: talk it over with a colleague.") % said
    return _("%(name)s cannot be reached. Next: %(step)s. All steps stand on their page.") % said


@transaction.atomic
def note_tried(step, *, by, at):
    """This step was tried; the task says the next. Returns whether nobody had said so. Raises FoundAlready."""
    plan = ReachPlan.objects.open().select_for_update().filter(pk=step.plan_id).first()
    if plan is None:
        raise FoundAlready(step)
    moved = ReachStep.objects.filter(pk=step.pk, tried_at=None).update(tried_at=at, tried_by=by)
    if moved:
        record("reach.tried", about=plan, by=by, at=at, step=step.code)
        task = Task.objects.open().filter(cause_key=cause_key(plan)).first()
        if task:
            reword({task: reason_of(plan, task.owner, at)}, by=by, at=at)
    return bool(moved)


@transaction.atomic
def say_found(plan, *, by, at):
    """A colleague says that they can be reached again. Raises FoundAlready."""
    if not close_plans([plan], End.SAID, by=by, at=at):
        raise FoundAlready(plan)


def close_plans(plans, end, *, by, at):
    """End these plans, and take their tasks off the desks. Returns how many were open."""
    rows = ReachPlan.objects.open().filter(pk__in=[plan.pk for plan in plans])
    ending = list(rows.select_for_update())
    rows.update(closed_at=at, closed_by=by, end=end)
    record_many("reach.closed", about=ending, by=by, at=at, end=end)
    tasks = list(Task.objects.open().filter(cause_key__in=[cause_key(plan) for plan in ending])) if ending else []
    if tasks:
        drop(tasks, note=_("They can be reached again."), by=by, at=at)
    return len(ending)


def reached_by_talk(person, program, *, by, at):
    """Somebody talked with them: whatever looked for a way to them is over."""
    plans = list(ReachPlan.objects.open().filter(person=person, program=program))
    return close_plans(plans, End.TALKED, by=by, at=at) if plans else 0


@transaction.atomic
def watch_who_is_reached(*, at, limit):
    """End the plans of those who are reached again; open one for whom every way went silent. Returns how many."""
    ended = end_plans(at=at, limit=limit) if ReachPlan.objects.open().exists() else 0
    return ended + open_for_the_silent(at=at, limit=limit)


def end_plans(*, at, limit):
    return sum(
        close_plans(list(plans[:limit]), end, by=None, at=at)
        for plans, end in ((talked_with(), End.TALKED), (arrived(), End.ARRIVED), (settled_by_hand(), End.SAID))
    )


def talked_with():
    """Open plans of those somebody talked with since, or who answered themselves."""
    since = {"person": OuterRef("person"), "program": OuterRef("program"), "at__gt": OuterRef("opened_at")}
    talk = Conversation.objects.filter(**since).exclude(how=Conversation.How.NO_ANSWER)
    answer = Answer.objects.filter(
        check_in__person=OuterRef("person"), program=OuterRef("program"), answered_at__gt=OuterRef("opened_at"),
        is_suspect=False,
    )  # fmt: skip
    return ReachPlan.objects.open().filter(Exists(talk) | Exists(answer)).order_by("pk")


def arrived():
    """Open plans for whom a message was taken since. Where a colleague said so, a carrier's word proves nothing."""
    theirs = {"message__to": OuterRef("person"), "message__program": OuterRef("program")}
    taken = Delivery.objects.filter(**theirs, at__gt=OuterRef("opened_at"), outcome=Delivery.Outcome.ACCEPTED)
    return ReachPlan.objects.open().filter(Exists(taken), why=Why.SILENT).order_by("pk")


def settled_by_hand():
    """Open plans whose task somebody said is done, or no longer needed."""
    over = Task.objects.filter(kind=KIND, person=OuterRef("person"), program=OuterRef("program"))
    over = over.filter(made_at__gte=OuterRef("opened_at")).exclude(kept_at=None, excused_at=None)
    return ReachPlan.objects.open().filter(Exists(over)).order_by("pk")


def open_for_the_silent(*, at, limit):
    """A plan for each person around an open match for whom nothing arrives on any way we know."""
    silent = {row["person"]: row["since"] for row in silent_people()}
    count = 0
    programs = Program.objects.open().filter(matches__state__in=Match.OPEN).distinct().with_limits()
    for program in programs.order_by("pk") if silent else ():
        known = plans_of(silent, program)
        new = [pk for pk, since in silent.items() if pk not in known or (known[pk] is not None and known[pk] < since)]
        people = list(Person.objects.filter(pk__in=new).order_by("pk"))
        for pk, (match, owner) in list(whose(people, program, at).items())[: limit - count]:
            person = next(one for one in people if one.pk == pk)
            open_plan(person, program, match, owner, why=Why.SILENT, by=None, at=at)
            count += 1
    return count


def silent_people():
    """Those with ways to reach them of which none works: their ids, and since when."""
    ways = ContactPoint.objects.exclude(kind=ContactPoint.Kind.INTERPRETER)
    broken = ways.exclude(broken_at=None).filter(~Exists(ways.working().filter(person=OuterRef("person"))))
    return broken.order_by().values("person").annotate(since=Max("broken_at"))


def plans_of(people, program):
    """{person id: when their last plan here ended; None while it is open}."""
    rows = ReachPlan.objects.filter(program=program, person__in=people).order_by("opened_at", "pk")
    return dict(rows.values_list("person", "closed_at"))


def whose(people, program, at):
    """{person id: (their match or None, who looks for them)} of those around open matches of this program.

    A guardian kept away from the child is nobody one looks for here.
    """
    keys = [person.pk for person in people]
    on = at.astimezone(program.zone).date()
    apart = set(Restriction.objects.live_at(at).filter(kept_away__in=keys).values_list("kept_away", "subject"))
    rows = Guardianship.objects.living(on).told().filter(adult__in=keys).values_list("adult", "child")
    near = {(child, adult) for adult, child in rows if (adult, child) not in apart} | {(pk, pk) for pk in keys}
    found = Match.objects.open().filter(program=program, members__participant__person__in={pk for pk, _who in near})
    matches = list(found.distinct().select_related("program", "coordinator").with_people().order_by("pk"))
    owned: dict = {}
    for match, owner in with_owners(matches, at):
        members = {place.participant.person_id for place in match.members.all()}
        for pk, who in sorted(near):
            if pk in members:
                owned.setdefault(who, []).append((match, owner))
    return {who: (rows[0][0] if len(rows) == 1 else None, rows[0][1]) for who, rows in owned.items()}
