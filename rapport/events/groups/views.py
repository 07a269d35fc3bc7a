"""Pages of staff: groups, who is in one, when it meets, how it gets on, and who stayed away."""

from django.db.models import Exists, OuterRef, Q
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from rapport.access.rights import Right
from rapport.core.notices import kept
from rapport.core.pages import answer
from rapport.events import actions
from rapport.events.groups import forms
from rapport.events.groups.led import signs_in
from rapport.events.groups.questions import leads_for, members_seen, pairs_of_teams, people_for, standings_of
from rapport.events.hosting import choices_for, may_begin, people_seen
from rapport.events.models import Absence, Group, GroupMember, NamedLead, Presence
from rapport.events.picking import asked_for
from rapport.programs.doors import staff_page
from rapport.programs.models import Holder
from rapport.tasks.models import Task

PAGE = 60
RIGHT = Right.MEETING_EDIT


@staff_page(RIGHT)
def groups(request, program):
    at = timezone.now()
    rows = standings_of(seen(request, program).going_on().select_related("program", "site", "lead"), at)
    may = may_begin(request.user, program, at)
    return render(request, "events/groups/list.html", {"rows": rows, "may_begin": may})


@staff_page(RIGHT)
def new(request, program):
    at = timezone.now()
    form = group_form(request, program, at, initial={"host": request.user.pk})
    if request.method == "POST" and form.is_valid():
        group = actions.begin_group(program, **form.cleaned_data, by=request.user, at=at)
        kept(request, _("The group is kept. Say who is in it, and when it meets."))
        return redirect(group)
    return answer(request, "events/groups/new.html", {"form": form, "letters": asked_for(request)})


@staff_page(RIGHT)
def change(request, program, ref):
    one, at = the_group(request, program, ref), timezone.now()
    first = {"name": one.name, "purpose": one.purpose, "host": one.host_id, "room": one.room, **led_now(one, at)}
    form = group_form(request, program, at, initial=first, is_new=False)
    if request.method == "POST" and form.is_valid():
        let_in = actions.change_group(one, **form.cleaned_data, by=request.user, at=at)
        tell_who_came_in(request, let_in)
        kept(request, _("It is changed."))
        return redirect(one)
    return answer(request, "events/groups/change.html", {"group": one, "form": form, "letters": asked_for(request)})


def led_now(one, at):
    """Who leads it, as the form asks: by a named role that stands, or as themselves."""
    named = Holder.objects.live(at).filter(pk__in=NamedLead.objects.filter(person=one.lead).values("holder"))
    holder = named.filter(program=one.program).first()
    return {"named": holder.pk} if holder else {"lead": one.lead}


def group_form(request, program, at, **more):
    return forms.Group(
        request.POST or None, leads=leads_for(program, request.user, at), letters=asked_for(request),
        **choices_for(request.user, program, at), **more,
    )  # fmt: skip


@staff_page(RIGHT)
def group(request, program, ref):
    one, at = the_group(request, program, ref), timezone.now()
    members = members_seen(one, request.user, at)
    times = list(one.sessions.filter(starts_at__gt=at)[:PAGE])
    marked = Presence.objects.filter(session=OuterRef("pk"), was_there__isnull=False)
    past = one.sessions.filter(starts_at__lte=at).annotate(is_marked=Exists(marked))
    past = list(past.order_by("-starts_at", "-pk")[:PAGE])
    context = {
        "group": one, "standing": standings_of([one], at)[0], "ahead": times, "past": past,
        "inside": [row for row in members if row.in_at], "words": list(one.words.select_related("said_by")[:PAGE]),
        "waiting": [row for row in members if not row.in_at and row.answered_at],
        "offered": [row for row in members if not row.in_at and not row.answered_at],
        "lead_signs_in": signs_in(one.lead, program, at),
    }  # fmt: skip
    return render(request, "events/groups/group.html", context)


@staff_page(RIGHT)
def people(request, program, ref):
    one, at = the_group(request, program, ref), timezone.now()
    letters, here = asked_for(request), people_for(one, request.user, at)
    form = forms.People(request.POST or None, people=here, letters=letters, initial={"how": "in"})
    if request.method == "POST" and form.is_valid():
        chosen = list(form.cleaned_data["people"])
        if form.cleaned_data["how"] == "offer":
            actions.offer_places(one, chosen, by=request.user, at=at)
            kept(request, _("The place is offered. They, or their family, see it on their own page."))
        else:
            rows = actions.take_in(one, chosen, by=request.user, at=at)
            waiting = [row for row in rows if not row.in_at]
            words = _("They are in it.") if not waiting else _("It is full: %(n)d wait for a place.")
            kept(request, words % {"n": len(waiting)})
        return redirect(one)
    return answer(request, "events/groups/people.html", {"group": one, "form": form, "letters": letters})


@staff_page(RIGHT)
def member(request, program, ref):
    """One place: a yes or a no that came by phone or on paper, or leaving."""
    at = timezone.now()
    rows = GroupMember.objects.filter(group__in=seen(request, program))
    one = get_object_or_404(rows.select_related("group__program", "group__lead", "participant__person"), ref=ref)
    if one.pk not in {row.pk for row in members_seen(one.group, request.user, at)}:
        raise Http404
    if request.method == "POST":
        if request.POST.get("says") == "yes":
            actions.answer_offer(one, is_yes=True, said_by=None, by=request.user, at=at)
            kept(request, _("The yes is written down."))
        else:
            actions.leave_group(one, by=request.user, at=at)
            kept(request, _("They take part no more. Whoever waited longest has the place: tell them."))
        return redirect(one.group)
    return render(request, "events/groups/member.html", {"member": one, "group": one.group})


@staff_page(RIGHT)
def times(request, program, ref):
    one, at = the_group(request, program, ref), timezone.now()
    last = one.sessions.order_by("-starts_at").first()
    first = {"every_weeks": "1", "place": last.place if last else ""}
    form = forms.Times(request.POST or None, zone=program.zone, initial=first)
    if request.method == "POST" and form.is_valid():
        rows = actions.set_times(one, **form.cleaned_data, by=request.user, at=at)
        kept(request, _("%(n)d times are set; closed days are left out.") % {"n": len(rows)})
        return redirect(one)
    return answer(request, "events/groups/times.html", {"group": one, "form": form})


@staff_page(RIGHT)
def headway(request, program, ref):
    """What the lead says by phone or in person, written down as their word."""
    one, at = the_group(request, program, ref), timezone.now()
    pairs = pairs_of_teams([one.pk])[one.pk]
    form = forms.Headway(request.POST or None, pairs=pairs)
    if request.method == "POST" and form.is_valid():
        actions.say_headway(one, **form.said(), said_by=one.lead, by=request.user, at=at)
        kept(request, _("Written down, as the word of %(name)s.") % {"name": one.lead.first_name})
        return redirect(one)
    return answer(request, "events/groups/headway.html", {"group": one, "form": form})


@staff_page(RIGHT)
def absence(request, program, ref):
    """Who stayed away: what to say, and what came of it."""
    at = timezone.now()
    reached = people_seen(program, request.user, at)
    rows = Absence.objects.filter(program=program, participant__in=reached.values("pk"))
    mine = Task.objects.about_any(rows).visible_to(request.user, at).values("about_id")
    rows = rows.filter(Q(group__in=seen(request, program)) | Q(pk__in=mine))
    one = get_object_or_404(rows.select_related("group__program", "participant__person", "ended_by"), ref=ref)
    form = forms.Outcome(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.say_outcome(one, **form.cleaned_data, by=request.user, at=at)
        kept(request, _("It is written down."))
        return redirect(one)
    return answer(request, "events/groups/absence.html", {"absence": one, "group": one.group, "form": form})


@staff_page(RIGHT)
def end(request, program, ref):
    one = the_group(request, program, ref)
    if request.method == "POST":
        actions.end_group(one, by=request.user, at=timezone.now())
        kept(request, _("The group has ended."))
        return redirect("groups:list", program.slug)
    return render(request, "events/groups/end.html", {"group": one})


def tell_who_came_in(request, rows):
    if rows:
        names = ", ".join(row.participant.person.first_name for row in rows)
        kept(request, _("A place was free for %(names)s: tell them.") % {"names": names})


def seen(request, program):
    return Group.objects.visible_to(request.user, RIGHT).filter(program=program)


def the_group(request, program, ref):
    rows = seen(request, program).select_related("program", "site", "host", "lead")
    return get_object_or_404(rows, ref=ref)
