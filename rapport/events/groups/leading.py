"""What a team lead has in hand: their groups, and one time with a tap for each name. First names, no answers, no words.

Whoever answers for a group opens the page of one time, too. It needs no script and no sign of who else is in the house.
"""

from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from rapport.access.rights import Right
from rapport.core.notices import kept
from rapport.core.refused import Refused
from rapport.events import actions
from rapport.events.groups import forms
from rapport.events.groups.led import RIGHT, standings_for, with_own_words
from rapport.events.groups.questions import rows_of
from rapport.events.models import Group, Session
from rapport.meetings.actions import somebody
from rapport.people.models import Person, kept_from
from rapport.people.scopes import close_to
from rapport.programs.doors import program_page


@program_page(RIGHT)
def leading(request, program):
    """The groups of their own, how each stands, and what they are asked of it."""
    at = timezone.now()
    person = Person.objects.filter(user=request.user).first()
    mine = Group.objects.led_by(person, at).filter(program=program).select_related("program", "site", "lead")
    rows = with_own_words(standings_for(mine, at, set(kept_from(request.user, at))), person)
    for row in rows:
        sent = request.POST if request.POST.get("group") == row.group.ref else None
        row.form = forms.Headway(sent, pairs=row.pairs, auto_id=f"{row.group.ref}-%s")
        if sent and row.form.is_valid():
            actions.say_headway(row.group, **row.form.said(), said_by=person, by=request.user, at=at)
            kept(request, _("Thank you. Whoever supports the pairs hears which would like a word, and nothing else."))
            return redirect("groups:leading", program.slug)
    wrong = any(row.form.errors for row in rows)
    return render(request, "events/groups/leading.html", {"rows": rows, "at": at}, status=422 if wrong else 200)


@program_page(RIGHT)
def session(request, program, ref):
    """One time of a group: who is there, what is planned, whether it is off."""
    at = timezone.now()
    one, is_lead = the_session(request, program, ref, at)
    page = {"session": one, "group": one.group, "is_lead": is_lead, "at": at, "has_begun": one.starts_at <= at}
    if request.method != "POST":
        return shown(request, page)
    try:
        return act(request, page)
    except Refused as refusal:
        return shown(request, page, refusal=refusal, status=409)


def the_session(request, program, ref, at):
    """(the session, whether they lead it): of a group they lead, or that they answer for."""
    rows = Session.objects.filter(program=program).select_related("program", "group__program", "group__site")
    person = Person.objects.filter(user=request.user).first()
    led = Group.objects.led_by(person, at).values("pk") if person else Group.objects.none()
    mine = rows.filter(group__in=led, ref=ref).first()
    if mine:
        return mine, True
    seen = Group.objects.visible_to(request.user, Right.MEETING_EDIT, at)
    return get_object_or_404(rows.filter(group__in=seen.values("pk")), ref=ref), False


def rows_for(request, page):
    """Nobody reads at work of their own child; whoever leads the group knows who is in it. Who left it and is kept
    away from them is not there."""
    without = {*kept_from(request.user, page["at"]), *(() if page["is_lead"] else close_to(request.user))}
    return rows_of([page["session"]], page["at"], without=without)[page["session"].pk]


def shown(request, page, *, refusal=None, status=200, form=None):
    form = form or forms.Plan(initial={"plan": page["session"].plan})
    context = {**page, "rows": rows_for(request, page), "refusal": refusal, "form": form}
    return render(request, "events/groups/session.html", context, status=status)


def act(request, page):
    """One press. What it is about is looked up anew."""
    one, told = page["session"], {"by": request.user, "at": page["at"]}
    press = request.POST.get("press", "")
    if press == "plan":
        form = forms.Plan(request.POST)
        if not form.is_valid():
            return shown(request, page, status=422, form=form)
        actions.write_plan(one, plan=form.cleaned_data["plan"], **told)
    elif press in ("off", "closed"):
        actions.say_off(one, why=press, **told)
    elif press == "on":
        actions.say_on(one, **told)
    else:
        return tap(request, page)
    return redirect(one)


def tap(request, page):
    form = forms.Tap(request.POST)
    rows = {row.participant.ref: row for row in rows_for(request, page)}
    if not form.is_valid() or form.cleaned_data["who"] not in rows:
        return shown(request, page, refusal=_("Nothing was kept. Press again."), status=422)
    who = rows[form.cleaned_data["who"]].participant
    told = {"by": request.user, "at": page["at"]}
    said_by = somebody(request.user, page["session"].program, **told)
    actions.mark_presence(page["session"], who, **form.said, said_by=said_by, **told)
    return redirect(f"{page['session'].get_absolute_url()}#p-{who.ref}")
