"""What mentees of the demo would like to reach, in their own words; all invented. One in eight has not said yet."""

from datetime import datetime, timedelta

from rapport.matches.actions import goals, milestones
from rapport.matches.actions.goals import Heard
from rapport.matches.models import Goal, Match, MilestoneRule, Seen, UnitRule

OF_THE_YOUNG = (
    "Read a whole book by myself", "Say something in class once a week", "Learn to ride a bike without hands",
    "Do my maths before dinner", "Try out for the football team", "Make one new friend",
    "Cook something for my family",
)  # fmt: skip
OF_GROWN_UPS = (
    "Lead a meeting without notes", "Apply for the next grade this year", "Say no to work that is not mine",
    "Give feedback the same day", "Find out what I want to do in five years", "Write shorter papers",
    "Know three people in other departments",
)  # fmt: skip
SILENT_EACH = 8
AFTER = timedelta(days=25)


def say(match, *, by, at: datetime) -> None:
    """The mentee tells staff a goal some weeks after the beginning, if they are still together."""
    if match.pk % SILENT_EACH == 0 or not Match.objects.open().filter(pk=match.pk).exists():
        return
    wishes = OF_GROWN_UPS if match.program.adults_only else OF_THE_YOUNG
    match = Match.objects.select_related("program").with_people().get(pk=match.pk)
    mentee = match.mentees[0]
    goals.add_goal(
        match, mentee=mentee, words=wishes[match.pk % len(wishes)], worded_by=Goal.WordedBy.MENTEE, level=Seen.ALL,
        heard=Heard(mentee.person, "told"), form_id=f"goal:{match.ref}", by=by, at=at,
    )  # fmt: skip


def work_at_it(match, event, *, on, by, at: datetime) -> None:
    """Steps, a word on how it goes, a day to remember and a unit, for the pair that the demo is shown with."""
    mentee = match.mentees[0]
    goal = goals.add_goal(
        match, mentee=mentee, words=event["words"], worded_by=Goal.WordedBy.MENTEE, level=Seen.ALL,
        heard=Heard(mentee.person, "paper"), form_id=f"own:{match.ref}", by=by, at=at,
    )  # fmt: skip
    for number, words in enumerate(event["steps"]):
        step = goals.add_step(goal, words=words, form_id=f"step:{goal.ref}:{number}", by=by, at=at)
        step.goal = goal
        if number == 0:
            goals.tick_step(step, is_done=True, by=by, at=at)
    heard = Heard(goal.person, "told")
    goals.say_headway(goal, value="partly", obstacle=event["obstacle"], heard=heard, form_id=goal.ref, by=by, at=at)
    rules = MilestoneRule.objects.filter(program=match.program)
    told = {"on": on, "form_id": f"day:{match.ref}", "by": by, "at": at}
    milestones.add_milestone(match, rule=rules.get(code="school"), words=event["day"], **told)
    unit = UnitRule.objects.filter(program=match.program).first()
    milestones.give_unit(match, rule=unit, on=on, by=by, at=at)
