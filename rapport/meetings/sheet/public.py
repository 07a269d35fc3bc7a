"""The day sheet by a link of one day, without signing in. GET shows and changes nothing; POST acts.

Like the page of an ask it works without cookies: its proof is the token in the address. What it shows ends with the
day, with the link, and with the right of whoever gave it.
"""

from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from rapport.core.languages import said_in
from rapport.core.months import day_in
from rapport.meetings.actions.keeping import PURPOSE
from rapport.meetings.models import DayKeeper, Mark
from rapport.meetings.sheet import page
from rapport.meetings.sheet.whose import has_whole, pairs_of
from rapport.outbox import guests, links
from rapport.outbox.guests import context, kept_apart, language_of, token_of
from rapport.programs.doors import public_page

PRESSES = 1000  # within an hour; no figure of the field: no person meets it, a machine does


@csrf_exempt
@public_page
def sheet(request, token):
    at = timezone.now()
    link = links.find(token_of(token), PURPOSE)
    keeper = keeper_of(link, at) if link and link.is_open(at) else None
    if keeper is None:
        return kept_apart(nothing_here(request, busy=guests.guesses_too_often(request)))
    request.program = keeper.program
    return kept_apart(said_in(language_of(request, keeper.person), open_sheet, request, keeper, at))


def keeper_of(link, at):
    """Whoever this link is for, on their day alone, while the one who named them still answers for the site."""
    found = DayKeeper.objects.filter(pk=link.about_id, person=link.person_id, program=link.program_id, ended_at=None)
    keeper = found.select_related("program", "site", "person", "named_by").first()
    if keeper is None or keeper.on != day_in(at, keeper.program.zone):
        return None
    keeper.site.program = keeper.program
    return keeper if has_whole(keeper.named_by, keeper.site, at) else None


def open_sheet(request, keeper, at):
    if request.method != "POST" and request.GET.get("start") != "1":
        return render(request, "meetings/public/start.html", context(keeper))
    reader = page.Reader(
        pairs=pairs_of(keeper, at), site=keeper.site, on=keeper.on, at=at, source=Mark.Source.LINK, by=keeper.person,
        through=keeper.named_by,
        said_by=lambda: keeper.person, may_mark=True, may_close=True, more=context(keeper) | {"by_link": True},
    )  # fmt: skip
    if request.method == "POST" and is_machine(request, keeper):
        return page.show(request, reader, refusal=_("Nothing was kept. Press again in a moment."), status=429)
    return page.answer(request, reader)


def is_machine(request, keeper):
    """Whether this press is none of a person's: too many of them, or by a name that scanners of mail go by."""
    agent = request.headers.get("User-Agent", "")
    many = guests.counted(f"sheet-press:{keeper.ref}", guests.HOUR) > PRESSES
    return many or not agent or bool(guests.SCANNERS.search(agent))


def nothing_here(request, *, busy=False):
    """One page with one status for every token that opens nothing, whatever is wrong with it."""
    request.program = None
    return render(request, "meetings/public/nothing_here.html", status=429 if busy else 404)
