"""Day sheets for whoever signs in: the sites of today, one site's sheet, on paper, written down, and kept for a day."""

from datetime import date

from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from rapport.access.rights import Right
from rapport.core.codes import square
from rapport.core.months import day_in
from rapport.core.notices import kept
from rapport.core.refs import new_ref
from rapport.core.refused import Refused
from rapport.matches.models import Member
from rapport.meetings import actions
from rapport.meetings.models import DayKeeper, Mark
from rapport.meetings.questions import ASKED_BACK
from rapport.meetings.sheet import beside, page
from rapport.meetings.sheet.day import counts, sheet_of
from rapport.meetings.sheet.forms import Keeper, Paper, Press
from rapport.meetings.sheet.whose import RIGHT, has_whole, near_to, pairs_at, pairs_in, sites_of
from rapport.outbox import links
from rapport.people.models import Person
from rapport.programs.doors import staff_page
from rapport.programs.models import Membership


@staff_page(RIGHT)
def sites(request, program):
    """Every site whose sheet this reader may keep, with how many pairs meet there today."""
    at = timezone.now()
    on = day_in(at, program.zone)
    found = counts(pairs_in(program, request.user, at), program, on)
    rows = [(site, *found.get(site.pk, (0, 0))) for site in sites_of(request.user, program, at)]
    return render(request, "meetings/sites.html", {"rows": rows, "on": on, "may_visit": request.has_right(Right.TALK)})


@staff_page(RIGHT)
def sheet(request, program, ref, on=None):
    """The sheet of a site, today or on a day not long ago. A day to come is only shown."""
    return page.answer(request, reader_of(request, program, ref, on))


def reader_of(request, program, ref, on=None):
    at = timezone.now()
    today = day_in(at, program.zone)
    site, on = the_site(request, program, ref, at), day_of(on, today, program)
    whole = has_whole(request.user, site, at)
    return page.Reader(
        pairs=pairs_at(site, request.user, at), site=site, on=on, at=at, source=Mark.Source.PAGE, by=request.user,
        through=request.user,
        said_by=lambda: actions.somebody(request.user, program, by=request.user, at=at), may_mark=on <= today,
        may_close=whole and on <= today,
        more={"paper": reverse("meetings:sheet-paper", args=[program.slug, site.ref, on]),
              "keepers": reverse("meetings:keepers", args=[program.slug, site.ref]) if whole and on == today else ""},
    )  # fmt: skip


def the_site(request, program, ref, at):
    site = get_object_or_404(sites_of(request.user, program, at), ref=ref)
    site.program = program
    return site


def day_of(typed, today, program):
    """The day in an address: not longer ago than a form asks for, nor further ahead than meetings are laid out."""
    if typed is None:
        return today
    try:
        on = date.fromisoformat(typed)
    except ValueError:
        raise Http404 from None
    if not today - program.limit(ASKED_BACK) <= on <= today + program.limit("plan-ahead"):
        raise Http404
    return on


@staff_page(RIGHT)
def paper(request, program, ref, on):
    """The sheet to print, with the code that leads back to where it is written down."""
    reader = reader_of(request, program, ref, on)
    back = request.build_absolute_uri(reverse("meetings:write-down", args=[program.slug, ref, reader.on]))
    sheet = sheet_of(reader.pairs, reader.site, reader.on)
    context = {"sheet": sheet, "code": square(back), "ref": f"{ref} {reader.on}", "beside": beside.shown(reader)}
    return render(request, "meetings/public/day_paper.html", context)


@staff_page(RIGHT)
def poster(request, program, ref):
    """For the wall: a code that leads whoever scans it to their own page. It is the same for all and opens nothing."""
    site = the_site(request, program, ref, timezone.now())
    address = request.build_absolute_uri(reverse("meetings:told", args=[program.slug]))
    context = {"site": site, "code": square(address), "address": address}
    return render(request, "meetings/public/poster.html", context)


@staff_page(RIGHT)
def write_down(request, program, ref, on):
    """What stands on a sheet of paper, kept with the same standing as a tap."""
    reader = reader_of(request, program, ref, on)
    if not reader.may_mark:
        raise Http404
    sent = request.POST if request.method == "POST" else None
    form = Paper(sent, writers=writers(reader.site, request.user, reader.at), initial={"form_id": new_ref()})
    sheet = sheet_of(reader.pairs, reader.site, reader.on)
    if sent is not None and form.is_valid():
        taps = taps_on(sheet, sent, form)
        if not form.errors and keep_paper(form, taps, reader):
            words = ngettext("%(n)s pair is written down.", "%(n)s pairs are written down.", len(taps))
            kept(request, words % {"n": len(taps)})
            return redirect("meetings:sheet-of", program.slug, ref, reader.on)
    context = {"sheet": sheet, "form": form, "ref": f"{ref} {reader.on}", "beside": beside.shown(reader)}
    return render(request, "meetings/write_down.html", context, status=422 if form.errors else 200)


def keep_paper(form, taps, reader):
    """Whether all of it could be kept; a refusal goes beside the form, and nothing is. Nobody marks who is near."""
    who = form.cleaned_data["who"]
    if who:
        near = Member.objects.filter(near_to(who, reader.at), match__in=reader.pairs)
        theirs = set(near.values_list("match", flat=True))
        taps[:] = [tap for tap in taps if tap.meeting.match_id not in theirs]
    try:
        actions.mark(
            taps, said_by=who or reader.said_by(), source=Mark.Source.PAPER, form_id=form.cleaned_data["form_id"],
            by=reader.by, at=reader.at,
        )  # fmt: skip
    except Refused as refusal:
        form.add_error(None, str(refusal))
    return not form.errors


def taps_on(sheet, sent, paper):
    """What was ticked on the page, pair by pair; a time that is none is said on the form of the paper."""
    taps = []
    for row in sheet.rows:
        ref = row.meeting.ref
        typed = {name: sent.get(f"{name}-{ref}", "") for name in ("seen", "outcome", "waited", "again_at", "open")}
        when = "then" if typed["again_at"].strip() else "open" if typed["open"] else ""
        press = Press(typed | {"meeting": ref, "form_id": "paper", "when": when}, zone=sheet.site.program.zone)
        row.typed = typed
        if press.is_valid():
            taps.append(press.tap({ref: row}, sent.getlist(f"absent-{ref}")))
        elif press.about_the_time:
            paper.add_error(None, f"{row.children}, {row.mentors}: {press.about_the_time}")
    return taps


def writers(site, user, at):
    """Who may have filled a sheet in: those who work at this site, and those who kept its sheet before."""
    here = Membership.objects.live(at).staff().filter(program=site.program, site=site).values("user")
    kept_it = DayKeeper.objects.filter(site=site).values("person")
    people = Person.objects.filter(user__in=here) | Person.objects.filter(pk__in=kept_it)
    return people.exclude(user=user).order_by("given_name", "family_name", "pk").distinct()


@staff_page(RIGHT)
def keepers(request, program, ref):
    """Who may keep this site's sheet today by a link. The link is shown once, to be scanned or copied."""
    at = timezone.now()
    site = the_site(request, program, ref, at)
    if not has_whole(request.user, site, at):
        raise Http404
    here = DayKeeper.objects.filter(site=site, on=day_in(at, program.zone)).select_related("person", "named_by")
    if request.method == "POST" and "end" in request.POST:
        keeper = next((one for one in here if one.ref == request.POST["end"]), None)
        if keeper is None:
            raise Http404
        actions.end_keeper(keeper, by=request.user, at=at)
        kept(request, _("This link opens nothing any more. What was marked with it stays."))
        return redirect("meetings:keepers", program.slug, ref)
    form = Keeper(request.POST or None)
    context = {"site": site, "form": form, "rows": here.filter(ended_at=None).order_by("pk")}
    if request.method == "POST" and form.is_valid():
        keeper, token = actions.name_keeper(site, **form.cleaned_data, by=request.user, at=at)
        address = links.address("day-sheet:open", token)
        context |= {"form": Keeper(), "keeper": keeper, "address": address, "code": square(address)}
    return render(request, "meetings/keepers.html", context, status=422 if form.errors else 200)
