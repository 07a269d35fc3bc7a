"""Keeping what was found when somebody was met, and what interviews look at."""

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from rapport.audit.actions import record
from rapport.core.refs import code_of
from rapport.core.refused import Refused
from rapport.onboarding.interviews import reading
from rapport.onboarding.models import Interview, InterviewRule
from rapport.people.models import Participant
from rapport.programs.changing import change_all


class SameName(Refused):
    """Interviews look at something of this name already."""

    sentence = _("Interviews look at something of this name already.")


def write_interview_rules(program, words):
    """Write what a file says that interviews look at as rows of this program. Returns them."""
    rows = [InterviewRule(program=program, **row) for row in words.get("interview", [])]
    return InterviewRule.objects.bulk_create(rows)


@transaction.atomic
def keep_interview(participant, *, found, words="", held_on, by, at):
    """Keep what was found of somebody, `found` by code; earlier interviews stay and count no more. The same twice is
    one. Returns it."""
    list(Participant.objects.select_for_update(no_key=True).filter(pk=participant.pk).values("pk"))
    facts = {"found": found, "words": words, "held_on": held_on, "said_by": by}
    last = Interview.objects.filter(participant=participant, is_last=True).first()
    if last and all(getattr(last, name) == value for name, value in facts.items()):
        return last
    Interview.objects.filter(participant=participant, is_last=True).update(is_last=False)
    row = Interview.objects.create(program=participant.program, participant=participant, said_at=at, **facts)
    record("interview.kept", about=row, by=by, at=at, level=reading.LEVEL)
    return row


@transaction.atomic
def change_interview_rules(program, said, *, seen="", by, at):
    """Change what interviews look at: `said` is {(side, code): {field: value}}. Returns how many changed.

    What the program has no row of yet becomes one, with the profile's source. `seen` and what is raised:
    programs.changing.
    """
    new = [rule for rule in reading.rules_of(program).values() if rule.pk is None]
    InterviewRule.objects.bulk_create(new, ignore_conflicts=True)
    rows = program.interview_rules.select_related("program").order_by("pk")
    pairs = [(row, said[row.side, row.code]) for row in rows if (row.side, row.code) in said]
    return change_all(pairs, seen=seen, names=reading.SHOWN, by=by, at=at)


@transaction.atomic
def add_interview_rule(program, *, label, by, at, **row):
    """Let interviews look at one thing more, with where that comes from. Raises SameName."""
    code = code_of(label)
    if (row["side"], code) in reading.rules_of(program):
        raise SameName(program)
    try:
        with transaction.atomic():
            made = InterviewRule.objects.create(program=program, code=code, label=label, **row)
    except IntegrityError as clash:
        raise SameName(program) from clash
    record("interview-rule.added", about=made, by=by, at=at, side=made.side, code=code, label=label)
    return made


def settle_interview(stays, goes, at):
    """Of two records of one person, the interview that was held last counts."""
    earlier = min(stays, goes, key=lambda row: (row.held_on, row.pk))
    Interview.objects.filter(pk=earlier.pk).update(is_last=False)
