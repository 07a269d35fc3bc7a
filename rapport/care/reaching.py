"""What is tried when somebody cannot be reached, in which words it is told, and what is never proposed.

Nobody kept away from a child, or from whom we look for, is ever named as the way to them; and where anybody is kept
away around them, nothing is tried at home, at school or with the family before a lead on safety was asked. No address
and no number stands in any of these words.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import timedelta

from django.db.models import Q
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from rapport.care.models import ReachPlan, ReachStep
from rapport.core.months import day_in
from rapport.core.several import together
from rapport.people.models import ContactPoint, Guardianship, Participant, Restriction, kept_from
from rapport.tasks.models import Task

Code = ReachStep.Code
KIND = "care/cannot-be-reached"
OF_A_FAMILY = (Code.OTHER_GUARDIAN, Code.PICK_UP)  # where a child is in it
AROUND = (Code.OTHER_GUARDIAN, Code.SCHOOL, Code.LETTER, Code.PICK_UP)  # what others around them would notice


@dataclass
class Surroundings:
    """Who is around somebody we look for: their children here, other adults who are told, and whether to ask first."""

    children: list = field(default_factory=list)
    others: list = field(default_factory=list)
    ask_first: bool = False

    def offers(self, code) -> bool:
        """Whether this step is proposed now."""
        if code in OF_A_FAMILY and not self.children:
            return False
        if code == Code.OTHER_GUARDIAN and not self.others:
            return False
        return not (self.ask_first and code in AROUND)


@dataclass
class Shown:
    """A plan as staff read it: its steps, the next one, and the sentence that tells of it."""

    plan: ReachPlan
    steps: list
    sentence: str
    ask_first: bool


def cause_key(plan):
    return f"reach:{plan.ref}"


def limit_of(code):
    return f"reach-{code}"


def surroundings(people, program, at) -> dict:
    """{person id: Surroundings}, in four queries however many they are."""
    on, keys = day_in(at, program.zone), {person.pk for person in people}
    here = Participant.objects.active().filter(program=program).values("person")
    rows = Guardianship.objects.living(on).filter(Q(adult__in=keys) | Q(child__in=keys), child__in=here)
    found: defaultdict[int, Surroundings] = defaultdict(Surroundings)
    for row in rows.select_related("child").order_by("pk"):
        for pk in {row.adult_id, row.child_id} & keys:
            if row.child not in found[pk].children:
                found[pk].children.append(row.child)
    family = {child.pk for one in found.values() for child in one.children}
    told = Guardianship.objects.living(on).told().filter(child__in=family).select_related("adult").order_by("pk")
    live = Restriction.objects.live_at(at).filter(Q(subject__in=family | keys) | Q(kept_away__in=keys))
    apart = set(live.values_list("kept_away", "subject"))
    for pk in keys:
        settle(found[pk], pk, told, apart)
    return found


def settle(one, pk, told, apart):
    """Who else is told of these children, and whether somebody is kept away around them.

    Whoever reads it may know of one of the children alone: named is only who is told of each of them.
    """
    near = {pk, *(child.pk for child in one.children)}
    one.ask_first = any(pk == away or subject in near for away, subject in apart)
    hears = defaultdict(set)
    for row in told:
        hears[row.adult_id].add(row.child_id)
    for row in told:
        is_apart = any((row.adult_id, who) in apart or (who, row.adult_id) in apart for who in near)
        is_theirs = bool(one.children) and all(child.pk in hears[row.adult_id] for child in one.children)
        if is_theirs and row.adult_id != pk and not is_apart and row.adult not in one.others:
            one.others.append(row.adult)


def steps_for(plan):
    """The unsaved steps of a plan: what the program's limits name, each with its day. What fits is told when read."""
    today, limits = day_in(plan.opened_at, plan.program.zone), plan.program.limits_by_code
    named = [(code, limits[limit_of(code)].value) for code in Code if limit_of(code) in limits]
    return [
        ReachStep(program=plan.program, plan=plan, code=code, due_on=today + timedelta(days=days))
        for code, days in named
    ]


def plans_shown(people, program, at, *, user=None) -> dict:
    """{person id: Shown} of those of these people who cannot be reached, in a fixed number of queries. To a `user` who
    is kept away from an adult around them, that adult is no step.
    """
    plans = ReachPlan.objects.open().filter(program=program, person__in=[person.pk for person in people])
    plans = list(plans.select_related("person", "program").prefetch_related("steps__tried_by"))
    if not plans:
        return {}
    around, away = surroundings([plan.person for plan in plans], program, at), set(kept_from(user, at)) if user else ()
    for one in around.values():
        one.others = [adult for adult in one.others if adult.pk not in away]
    tasks = Task.objects.open().filter(cause_key__in=[cause_key(plan) for plan in plans]).select_related("owner")
    owners = {task.cause_key: task.owner.name for task in tasks}
    ways = working_ways([plan.person_id for plan in plans])
    return {plan.person_id: shown(plan, around[plan.person_id], owners.get(cause_key(plan)), ways) for plan in plans}


def working_ways(people):
    """{person id: the kinds of way that work, as words}; to who does not read none that is written."""
    said = defaultdict(list)
    points = ContactPoint.objects.working().filter(person__in=people).exclude(kind=ContactPoint.Kind.INTERPRETER)
    for point in points.exclude(person__reads_it=False, kind__in=ContactPoint.WRITTEN).in_order():
        said[point.person_id].append(str(point.get_kind_display()))
    return said


def shown(plan, around, owner, ways):
    in_order = sorted(plan.steps.all(), key=lambda step: (step.due_on, step.pk))
    reads = plan.person.reads_it
    steps = [step for step in in_order if around.offers(step.code) and (reads or step.code != Code.LETTER)]
    for step in steps:
        step.words = words_of(step, around, ways[plan.person_id])
    return Shown(plan, steps, sentence(plan, steps, owner), around.ask_first)


def words_of(step, around, ways):
    """What to try, in words for staff alone."""
    if step.code == Code.ANOTHER_WAY and ways:
        return _("try another way: %(ways)s") % {"ways": ", ".join(dict.fromkeys(ways))}
    if step.code == Code.OTHER_GUARDIAN:
        names = together(one.first_name for one in around.others)
        return _("ask %(names)s, who is told about the same child, too") % {"names": names}
    return str(step.get_code_display())


def sentence(plan, steps, owner):
    """Ben cannot be reached just now. Cora looks for a way: next, ask through the school, by 27 November."""
    said = {"name": plan.person.first_name, "who": owner}
    words = _("%(name)s cannot be reached just now.")
    coming = next((step for step in steps if step.tried_at is None), None)
    if coming is not None:
        said |= {"step": coming.words, "day": date_format(coming.due_on, "j F")}
        more = _("%(who)s looks for a way: next, %(step)s, by %(day)s.") if owner else _("Next: %(step)s, by %(day)s.")
    else:
        more = _("%(who)s looks for a way.") if owner else ""
    return f"{words} {more}".strip() % said
