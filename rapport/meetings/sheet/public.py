"""The day sheet by a link of one day, without signing in. GET shows and changes nothing; POST acts.

What it shows ends with the day, with the link, and with the right of whoever gave it.
"""

from django.shortcuts import render
from django.utils.translation import gettext as _

from rapport.core.months import day_in
from rapport.meetings.actions.keeping import PURPOSE
from rapport.meetings.models import DayKeeper, Mark
from rapport.meetings.sheet import page
from rapport.meetings.sheet.whose import has_whole, pairs_of
from rapport.outbox import guests
from rapport.outbox.guests import context
from rapport.outbox.public import before_it_starts, link_page

PRESSES = 1000  # within an hour; no figure of the field: no person meets it, a machine does


def keeper_of(link, at):
    """Whoever this link is for, on their day alone, while the one who named them still answers for the site."""
    found = DayKeeper.objects.filter(pk=link.about_id, person=link.person_id, program=link.program_id, ended_at=None)
    keeper = found.select_related("program", "site", "person", "named_by").first()
    if keeper is None or keeper.on != day_in(at, keeper.program.zone):
        return None
    keeper.site.program = keeper.program
    return keeper if has_whole(keeper.named_by, keeper.site, at) else None


def reader_of(keeper, at):
    return page.Reader(
        pairs=pairs_of(keeper, at), site=keeper.site, on=keeper.on, at=at, source=Mark.Source.LINK, by=keeper.person,
        through=keeper.named_by,
        said_by=lambda: keeper.person, may_mark=True, may_close=True, more=context(keeper) | {"by_link": True},
    )  # fmt: skip


def not_kept(request, link, keeper, at):
    refusal = _("Nothing was kept. Press again in a moment.")
    return page.show(request, reader_of(keeper, at), refusal=refusal, status=429)


@link_page(PURPOSE, keeper_of, presses=PRESSES, slowly=not_kept, nothing="meetings/public/nothing_here.html")
def sheet(request, link, keeper, at):
    if before_it_starts(request):
        return render(request, "meetings/public/start.html", context(keeper))
    if request.method == "POST" and is_machine(request):
        return not_kept(request, link, keeper, at)
    return page.answer(request, reader_of(keeper, at))


def is_machine(request):
    """Whether this press is none of a person's, by a name that scanners of mail go by."""
    agent = request.headers.get("User-Agent", "")
    return not agent or bool(guests.SCANNERS.search(agent))
