"""Pages of staff: the plan of a match, a meeting outside it, and whether one happened."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.dates import WEEKDAYS, WEEKDAYS_ABBR
from django.utils.translation import gettext as _

from rapport.access.rights import Right
from rapport.core.months import day_in
from rapport.core.notices import kept
from rapport.core.pages import answer
from rapport.matches.models import Match
from rapport.meetings import actions, forms, sides
from rapport.meetings.actions.doubles import say_alike
from rapport.meetings.free import free_times, shared
from rapport.meetings.models import Meeting
from rapport.meetings.refusals import LookedAtMeanwhile
from rapport.meetings.tell.forms import Detail
from rapport.people.models import Guardianship, Person, kept_from
from rapport.programs import profiles
from rapport.programs.doors import staff_page
from rapport.programs.models import Mode
from rapport.programs.places import calendar_is_set


@staff_page(Right.MEETING_EDIT)
def plan(request, program, ref):
    """When they meet; beside it, when each of them is free, and what all of them share."""
    at = timezone.now()
    match = the_match(request, program, ref=ref)
    last = match.plans.order_by("-from_on", "-pk").first()
    first = as_it_is(last, match, day_in(at, program.zone)) | chosen(request.GET)
    form = forms.Plan(request.POST or None, match=match, at=at, initial=first)
    if request.method == "POST" and form.is_valid():
        made = actions.make_plan(match, **form.plan(), by=request.user, at=at)
        if form.cleaned_data["tell"]:
            actions.tell_when(made, by=request.user, at=at)
        kept(request, _("The plan is kept. The meetings are laid out in a moment."))
        if made.for_review:
            messages.warning(request, _("Nobody has said yes to such a place yet: somebody looks at it first."))
        return redirect(match)
    times = free_times(match)
    people = [(one.person, spans_said(times[one.pk])) for one in [*match.mentors, *match.mentees]]
    both = shared(list(times.values()), int(program.limit("plan-minutes").total_seconds() // 60))
    context = {
        "match": match, "form": form, "here": profiles.on_site_only(program), "people": people, "both": both,
        "days": WEEKDAYS, "calendar_is_set": calendar_is_set(program, match.site, day_in(at, program.zone)),
        "calendar_first": profiles.calendar_first(program),
    }  # fmt: skip
    return answer(request, "meetings/plan.html", context)


def chosen(typed):
    """Free hours that were pressed, as the beginning of the form."""
    day, clock = typed.get("weekday", ""), typed.get("starts_at", "")
    return {"weekday": int(day), "starts_at": clock} if day in map(str, range(7)) and len(clock) == len("15:30") else {}


def spans_said(spans):
    return ", ".join(f"{WEEKDAYS_ABBR[day]} {first:%H:%M}–{last:%H:%M}" for day, first, last in spans)


@staff_page(Right.MEETING_EDIT)
def add(request, program, ref):
    match = the_match(request, program, ref=ref)
    form = forms.Added(request.POST or None, zone=program.zone)
    if request.method == "POST" and form.is_valid():
        at = timezone.now()
        meeting = actions.add_meeting(match, **form.cleaned_data, by=request.user, at=at)
        kept(request, _("The meeting is kept."))
        past = meeting.starts_at <= at
        return redirect("meetings:log", program.slug, meeting.ref) if past else redirect(match)
    return answer(request, "meetings/add.html", {"match": match, "form": form})


@staff_page(Right.MEETING_EDIT)
def log(request, program, ref):
    """One meeting: what each told, as far as this reader may know; and one more word that somebody told them."""
    meeting = get_object_or_404(Meeting.objects.filter(match__in=matches(request, program)), ref=ref)
    meeting.match, meeting.program = the_match(request, program, pk=meeting.match_id), program
    if request.method == "POST" and request.POST.get("alike"):
        return alike(request, program, meeting)
    typed = request.POST if request.method == "POST" else None
    form, detail = (
        forms.Told(typed, people=parties(meeting, request.user), meeting=meeting),
        Detail(typed, meeting=meeting),
    )
    del detail.fields["words"]
    if typed is not None and form.is_valid() and detail.is_valid():
        told = form.told()
        actions.log(meeting, **told, more=detail.more(), by=request.user, at=timezone.now())
        kept(request, _("Their word is kept."))
        return redirect(meeting.match)
    status = 422 if form.errors or detail.errors else 200
    context = {"match": meeting.match, "form": form, "detail": detail} | sides_of(request, meeting)
    return render(request, "meetings/log.html", context, status=status)


def sides_of(request, meeting):
    """What stands on the page above the form."""
    match = meeting.match
    may_read = Match.objects.visible_to(request.user, Right.ANSWER_VIEW).filter(pk=match.pk).exists()
    views = sides.views_of(meeting, may_read=may_read, away=kept_from(request.user, timezone.now()))
    apart = meeting.program.limit("minutes-apart")
    grade = sides.grade_of([view.log for view in views], sides.mentors_of(match))
    return {
        "meeting": meeting, "begins": meeting.starts_at.astimezone(meeting.program.zone), "views": views,
        "grade": sides.GRADES[grade] if grade else "", "twins": sides.twins_of(meeting),
        "differences": sides.differences(views, apart) if may_read else [],
    }  # fmt: skip


def alike(request, program, meeting):
    """Whether another meeting is the same one."""
    other = next((one for one in sides.twins_of(meeting) if one.ref == request.POST.get("other")), None)
    if other is None:
        raise LookedAtMeanwhile(meeting)
    is_one = request.POST["alike"] == "one"
    say_alike(meeting, other, is_one=is_one, by=request.user, at=timezone.now())
    kept(request, _("The two are one meeting now.") if is_one else _("They stay two meetings."))
    return redirect("meetings:log", program.slug, meeting.ref)


def matches(request, program):
    return Match.objects.visible_to(request.user, Right.MEETING_EDIT).filter(program=program)


def the_match(request, program, **which):
    match = get_object_or_404(matches(request, program).with_people(), **which)
    match.program = program
    return match


def parties(meeting, user):
    """Mentors, mentees, and the guardians of that day from whom this reader is not kept away."""
    match, on = meeting.match, day_in(meeting.starts_at, meeting.match.program.zone)
    children = [one.person_id for one in [*match.mentors, *match.mentees]]
    guardians = Guardianship.objects.living(on).filter(child__in=children).values("adult")
    own = [one.person for one in [*match.mentors, *match.mentees]]
    adults = Person.objects.filter(pk__in=guardians).exclude(pk__in=kept_from(user, timezone.now()))
    return list(dict.fromkeys([*own, *adults.order_by("given_name", "pk")]))


def as_it_is(plan, match, today):
    """The plan that runs, as the beginning of the next; of the first one, what the program says."""
    if plan is None:
        usual = int(match.program.limit("plan-minutes").total_seconds() // 60)
        return {"from_on": today, "minutes": usual, "mode": Mode.SCHOOL if match.site else None}
    names = ("weekday", "minutes", "place", "mode")
    return {name: getattr(plan, name) for name in names} | forms.often_of(plan) | {
        "from_on": max(today, plan.from_on), "starts_at": plan.starts_at.strftime("%H:%M"),
    }  # fmt: skip
