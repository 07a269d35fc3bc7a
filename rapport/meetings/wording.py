"""A plan in words: how often, when, for how long, and what the program asks for beside it."""

from dataclasses import dataclass

from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import ngettext

from rapport.meetings.models import Plan
from rapport.programs.models import Promise

NTH = {1: lazy("first"), 2: lazy("second"), 3: lazy("third"), 4: lazy("fourth"), Plan.LAST: lazy("last")}


@dataclass(frozen=True)
class PlanSaid:
    """The plan that runs, as a reader of the match sees it."""

    words: str = ""
    is_short: str = ""
    for_review: bool = False
    place: str = ""


def plan_said(match, on) -> PlanSaid:
    """The plan of that day or the next one to come. Two queries at most."""
    plans = [one for one in match.plans.order_by("from_on", "pk") if one.until_on is None or one.until_on >= on]
    if not plans:
        return PlanSaid()
    plan = plans[0]
    return PlanSaid(words(plan), shorter(plan), plan.for_review, plan.get_mode_display())


def words(plan) -> str:
    """Every second Tuesday of the month at 15:30, for 60 minutes."""
    said = {"when": rhythm(plan), "clock": f"{plan.starts_at:%H:%M}", "n": plan.minutes}
    return _("%(when)s at %(clock)s, for %(n)d minutes.") % said


def rhythm(plan) -> str:
    day = WEEKDAYS[plan.weekday]
    if plan.every_months is None:
        said = ngettext("Every %(day)s", "Every %(n)d weeks on %(day)s", plan.every_weeks)
        return said % {"day": day, "n": plan.every_weeks}
    said = ngettext("Every month", "Every %(n)d months", plan.every_months) % {"n": plan.every_months}
    if plan.month_day:
        return _("%(often)s on day %(day)d") % {"often": said, "day": plan.month_day}
    return _("%(often)s on the %(nth)s %(day)s") % {"often": said, "nth": NTH[plan.nth], "day": day}


def shorter(plan) -> str:
    """That the program promises longer meetings, where it does."""
    promise = Promise.objects.filter(program=plan.program_id, kind=Promise.Kind.MEETING, is_on=True).order_by("pk")
    least = promise.values_list("minutes", flat=True).first()
    if least is None or plan.minutes >= least:
        return ""
    return _("That is shorter than the %(n)d minutes promised.") % {"n": least}
