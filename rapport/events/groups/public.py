"""What a team lead has in hand, by a link and without signing in. GET shows and changes nothing; POST acts.

It is the page of `leading` with first names and taps alone: no plan, which is words of others, and nothing that sends
letters. What it shows ends with its time, with the link, and with the right of whoever gave it.
"""

from django.http import HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _

from rapport.core.refused import Refused
from rapport.events import actions
from rapport.events.actions.leads import PURPOSE
from rapport.events.groups.forms import Headway, Tap
from rapport.events.groups.led import led_by_link, standings_for, unseen_by_link
from rapport.events.groups.questions import rows_of
from rapport.events.models import LeadLink
from rapport.meetings.sheet.public import is_machine
from rapport.outbox import guests
from rapport.outbox.public import before_it_starts, link_page

PRESSES = 1000  # within an hour; no figure of the field: no person meets it, a machine does


def found_by(link, at):
    """Whose link it is, while they lead a group that the one who gave it still reaches."""
    rows = LeadLink.objects.filter(pk=link.about_id, person=link.person_id, program=link.program_id, ended_at=None)
    one = rows.select_related("program", "person", "given_by").first()
    return one if one and led_by_link(one, at).exists() else None


def over(request, link, found, at):
    """Its time is over: whom to ask for another."""
    return render(request, "events/groups/over.html", guests.context(found), status=404)


def not_kept(request, link, found, at):
    return show(request, found, at, refusal=_("Nothing was kept. Press again in a moment."), status=429)


@link_page(
    PURPOSE, found_by, run_out=over, presses=PRESSES, slowly=not_kept, nothing="events/groups/nothing_here.html"
)  # fmt: skip
def page(request, link, found, at):
    if before_it_starts(request):
        return render(request, "events/groups/start.html", guests.context(found))
    if request.method != "POST":
        return show(request, found, at)
    if is_machine(request):
        return not_kept(request, link, found, at)
    rows = rows_of_link(found, at, sent=request.POST)
    try:
        return tap(request, found, rows, at) if "session" in request.POST else say(request, found, rows, at)
    except Refused as refusal:
        return show(request, found, at, refusal=refusal, status=409)


def rows_of_link(found, at, *, sent=None):
    """Each group of theirs as it stands, with a form for its headway and, of the last time, a row for each name."""
    groups = led_by_link(found, at).select_related("program", "site", "lead")
    unseen = unseen_by_link(found, at)
    rows = standings_for(groups, at, unseen)
    for row in rows:
        mine = sent if sent and sent.get("group") == row.group.ref else None
        row.form = Headway(mine, pairs=row.pairs, auto_id=f"{row.group.ref}-%s")
        if row.to_mark:
            row.to_mark.program = row.group.program
    taps = rows_of([row.to_mark for row in rows if row.to_mark], at, without=unseen)
    for row in rows:
        row.taps = taps[row.to_mark.pk] if row.to_mark else []
    return rows


def tap(request, found, rows, at):
    """One press beside one name, kept as the lead's word; the same once more is one."""
    form = Tap(request.POST)
    row = next((row for row in rows if row.to_mark and row.to_mark.ref == request.POST["session"]), None)
    people = {one.participant.ref: one.participant for one in row.taps} if row else {}
    if not form.is_valid() or form.cleaned_data["who"] not in people:
        return show(request, found, at, refusal=_("Nothing was kept. Press again."), status=422)
    who = people[form.cleaned_data["who"]]
    actions.mark_presence(row.to_mark, who, **form.said, said_by=found.person, by=found.person, at=at)
    return HttpResponseRedirect(f"{request.get_full_path()}#p-{row.to_mark.ref}-{who.ref}")


def say(request, found, rows, at):
    """How one group gets on, and how its pairs seem."""
    row = next((row for row in rows if row.form.is_bound), None)
    if row is None:
        return show(request, found, at, refusal=_("Nothing was kept. Press again."), status=422)
    if not row.form.is_valid():
        return show(request, found, at, rows=rows, status=422)
    actions.say_headway(row.group, **row.form.said(), said_by=found.person, by=found.person, at=at)
    return show(request, found, at, told=row.group)


def show(request, found, at, *, rows=None, status=200, **more):
    rows = rows or rows_of_link(found, at)
    numbers = dict.fromkeys(row.group.site.emergency_numbers for row in rows if row.group.site)
    context = guests.context(found) | {"rows": rows, "at": at, "by_link": True, "link": found}
    context["emergency"] = "; ".join(filter(None, numbers))
    return render(request, "events/groups/public.html", context | more, status=status)
