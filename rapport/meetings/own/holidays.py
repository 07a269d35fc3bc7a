"""Breaks to come: what each young pair does meanwhile, on one list, agreed one by one."""

from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from rapport.access.rights import Right
from rapport.core.months import day_in
from rapport.core.notices import kept
from rapport.core.pages import answer
from rapport.meetings import actions
from rapport.meetings.models import HolidayPlan
from rapport.meetings.own.forms import AgreedHoliday
from rapport.meetings.views import matches
from rapport.programs.doors import staff_page

MOST = 200  # on one page; what is not agreed comes first


@staff_page(Right.MEETING_EDIT)
def holidays(request, program):
    """Every pair this reader looks after that a break to come parts; those without an agreed plan first."""
    rows = list(plans(request, program).order_by("starts_on", "-agreed_at", "pk")[:MOST])
    waiting = [one for one in rows if one.agreed_at is None]
    agreed = [one for one in rows if one.agreed_at is not None]
    return render(request, "meetings/holidays.html", {"waiting": waiting, "agreed": agreed})


def plans(request, program):
    today = day_in(timezone.now(), program.zone)
    seen = matches(request, program).open()
    rows = HolidayPlan.objects.filter(match__in=seen, ends_on__gte=today, welcomed_at=None)
    return rows.select_related("match__site", "said_by", "agreed_by").prefetch_related(
        "match__members__participant__person"
    )


@staff_page(Right.MEETING_EDIT)
def holiday(request, program, ref):
    """One pair's break: what the mentor said, and what is agreed."""
    plan = get_object_or_404(plans(request, program), ref=ref)
    plan.match.program = program
    first = {"worries_to": plan.worries_to or program.contact_line}
    form = AgreedHoliday(request.POST or None, plan=plan, initial=first)
    if request.method == "POST" and form.is_valid():
        actions.agree_holiday(plan, **form.cleaned_data, by=request.user, at=timezone.now())
        kept(request, _("Agreed."))
        return redirect("meetings:holidays", program.slug)
    return answer(request, "meetings/holiday.html", {"match": plan.match, "plan": plan, "form": form})
