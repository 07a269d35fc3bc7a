"""How a group gets on by the word of whoever leads it, at their own cadence, and each pair of the team in one go."""

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from rapport.access.models import User
from rapport.audit.actions import record
from rapport.core.languages import OF_STAFF
from rapport.core.months import day_in
from rapport.core.own_words import spoken_as
from rapport.events.models import Group, GroupWord, PairWord
from rapport.people.colleagues import Colleagues
from rapport.tasks.actions import NewTask, add_tasks, finish
from rapport.tasks.days import of_day
from rapport.tasks.models import Task

EVERY = "headway-every"
ASK, PAIR = "events/ask-lead", "events/pair-needs-a-word"
Says = PairWord.Says


@transaction.atomic
def say_headway(group, *, says, pairs, said_by, form_id, by, at):
    """Keep how a group gets on and how each pair of the team seems: {match: word}. The same press twice is one.

    A pair that needs a word becomes one task for whoever supports it. They hear who said so, and nothing else.
    `by`: whoever pressed, a user, or by a link the lead.
    """
    user = by if isinstance(by, User) else None
    word, is_new = GroupWord.objects.get_or_create(
        group=group, form_id=form_id,
        defaults={"program": group.program, "says": says, "said_by": said_by, "by": user, "said_at": at},
    )  # fmt: skip
    if not is_new:
        return word
    PairWord.objects.bulk_create(
        PairWord(program=group.program, match=match, word=word, says=said) for match, said in pairs.items()
    )
    Group.objects.filter(pk=group.pk).update(asked_next_at=at + group.program.limit(EVERY))
    finish(Task.objects.about(group).open().filter(kind=ASK), by=by, at=at)
    add_tasks(talks_wanted(group, pairs, said_by, at), by=by, at=at)
    record("group.headway", about=group, by=by, at=at, says=says)
    return word


@override(OF_STAFF)
def talks_wanted(group, pairs, said_by, at):
    zone = group.program.zone
    with spoken_as(group.program):
        words = _("%(who)s, who leads %(group)s, thinks that %(pair)s would like a word.")
    return [
        NewTask(
            program=group.program, kind=PAIR, owner=match.coordinator, person=None, about=match,
            reason=(words % {"who": said_by.first_name, "group": group.name, "pair": match.title})[:300],
            **of_day(day_in(at, zone), zone), cause_key=f"pair-word:{match.ref}:{day_in(at, zone)}",
        )
        for match, said in pairs.items()
        if said == Says.NEEDS_A_WORD and match.coordinator
    ]  # fmt: skip


@transaction.atomic
def ask_leads(*, at, limit) -> int:
    """Ask how each group gets on whose lead has said nothing for as long as the program allows: a task for its host.

    One for each time; the next comes as long after. Returns how many groups were looked at.
    """
    rows = Group.objects.going_on().filter(asked_next_at__lte=at, program__archived_at=None)
    groups = list(rows.select_related("program", "lead", "host").order_by("asked_next_at", "pk")[:limit])
    if not groups:
        return 0
    colleagues = Colleagues({one.host_id for one in groups}, {one.program_id for one in groups}, at)
    asked = [one for one in groups if colleagues.may(one.host_id, one.program_id, ())]
    add_tasks([task_of(one, at) for one in asked], by=None, at=at)
    for one in groups:
        one.asked_next_at = at + one.program.limit(EVERY)
    Group.objects.bulk_update(groups, ["asked_next_at"])
    return len(groups)


@override(OF_STAFF)
def task_of(group, at):
    with spoken_as(group.program):
        words = _("Ask %(lead)s how %(group)s gets on.")
    zone = group.program.zone
    return NewTask(
        program=group.program, kind=ASK, owner=group.host, person=None, about=group,
        reason=(words % {"lead": group.lead.first_name, "group": group.name})[:300], ends_with_match=False,
        **of_day(day_in(at, zone), zone), cause_key=f"ask-lead:{group.ref}:{group.asked_next_at:%Y-%m-%d}",
    )  # fmt: skip
