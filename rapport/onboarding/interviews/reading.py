"""What interviews look at in a program, who reads what was found, and what of it brings a mentee before others.

Who reads a need: whoever may change mentees. Who reads what was found of a mentor: whoever records clearances. Nobody
reads of themselves, nor of whom they are in a match with.
"""

from django.db.models import Case, Exists, IntegerField, OuterRef, Q, Value, When

from rapport.access.rights import Right
from rapport.onboarding.models import Interview, InterviewRule
from rapport.people.models import Participant
from rapport.programs import profiles, sound
from rapport.programs.doors import too_close_to

Side = Participant.Side
RIGHT = {Side.MENTOR: Right.CLEARANCE_EDIT, Side.MENTEE: Right.PARTICIPANT_EDIT}
LEVEL = 3  # needs, and what was found of somebody (security.md §2.2)
MOST_STEPS = 60  # of one need; not a rule from practice
SHOWN = ("side", "code", "is_on", "steps")  # on the page that changes what interviews look at
BEST = 5  # of a mentor, each thing is told from 1 to so many


def rules_of(program):
    """What interviews look at here, by (side, code); what the program has no row of is as its profile says."""
    told = profiles.kept(program.profile).get("interview", []) if program.profile in profiles.slugs() else []
    found = {(row["side"], row["code"]): InterviewRule(program=program, **row) for row in told}
    return found | {(rule.side, rule.code): rule for rule in program.interview_rules.select_related("program")}


def wrong_steps(row):
    """What is wrong with how much a need of a program's file counts: (the field, in words)."""
    steps = row.get("steps", 1)
    if type(steps) is int and (wrong := sound.beyond(steps, 1, MOST_STEPS)):
        yield "steps", f"steps: {wrong}"


def looked_at(program, side):
    """The rules of one side that are in use."""
    return [rule for rule in rules_of(program).values() if rule.side == side and rule.is_on]


def readable(user, program, side, at=None):
    """Participants of this side of whom this user reads what was found."""
    people = Participant.objects.visible_to(user, RIGHT[side], at).filter(program=program, side=side)
    return people.exclude(too_close_to("word", user)).exclude(person__user=user)


def readable_both(user, program, at=None):
    """The same of both sides."""
    either = [Q(pk__in=readable(user, program, side, at).values("pk")) for side in RIGHT]
    return Participant.objects.filter(either[0] | either[1])


def last_of(participants):
    """The last interview of each of these, by participant: one query."""
    rows = Interview.objects.filter(is_last=True, participant__in=participants).select_related("said_by")
    return {row.participant_id: row for row in rows}


def found_of(program, mentors):
    """{mentor: what was found of them, in words}, of those of whom something was that interviews look at now."""
    rules = looked_at(program, Side.MENTOR)
    told = {
        pk: [f"{rule.label}: {row.found[rule.code]}/{BEST}" for rule in rules if row.found.get(rule.code)]
        for pk, row in last_of(mentors).items()
    }
    return {pk: words for pk, words in told.items() if words}


def needs_of(program, mentees):
    """{mentee: what they need, in words}, of those of whom something was found that interviews look at now."""
    labels = {rule.code: rule.label for rule in looked_at(program, Side.MENTEE)}
    told = {pk: [labels[code] for code in labels if row.found.get(code)] for pk, row in last_of(mentees).items()}
    return {pk: words for pk, words in told.items() if words}


def steps_of(program, mentees):
    """{mentee: by how many steps they come before others}: what each of their needs counts, together."""
    steps = {rule.code: rule.steps for rule in looked_at(program, Side.MENTEE)}
    found = {pk: sum(steps.get(code, 0) for code in row.found) for pk, row in last_of(mentees).items()}
    return {pk: n for pk, n in found.items() if n}


def need(program):
    """The same as an expression over mentees, to put them in order."""
    total = Value(0)
    for rule in looked_at(program, Side.MENTEE):
        has = Interview.objects.filter(participant=OuterRef("pk"), is_last=True, found__has_key=rule.code)
        total = total + Case(When(Exists(has), then=Value(rule.steps)), default=Value(0))
    return Case(When(pk__isnull=False, then=total), output_field=IntegerField())
