"""One day sheet as a page, however it was opened: what is pressed on it, and where the reader lands."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _

from rapport.core.months import day_in
from rapport.core.refused import Refused
from rapport.meetings import actions
from rapport.meetings.actions.closing import closure_of
from rapport.meetings.sheet import beside
from rapport.meetings.sheet.day import sheet_of
from rapport.meetings.sheet.forms import Press

TEMPLATE = "meetings/public/day_sheet.html"


@dataclass(frozen=True)
class Reader:
    """Who has the sheet in hand: as whom their marks are kept, by which way, and what they may press."""

    pairs: Any
    site: Any
    on: Any
    at: Any
    source: str
    by: Any
    through: Any  # the user whose reach it has: whoever signs in, or named who keeps it
    said_by: Any  # a function: the person is looked up, or made, when something is pressed
    may_mark: bool
    may_close: bool
    more: dict

    @property
    def is_today(self):
        return self.on == day_in(self.at, self.site.program.zone)


def answer(request, reader):
    """The sheet, or what a press on it leads to."""
    if request.method == "POST":
        return act(request, reader)
    return show(request, reader)


def show(request, reader, *, refusal=None, status=200):
    sheet = sheet_of(reader.pairs, reader.site, reader.on)
    context = {"sheet": sheet, "reader": reader, "refusal": refusal, "closed": closure_of(reader.site, reader.on)}
    context["beside"] = beside.shown(reader)
    return render(request, TEMPLATE, context | reader.more, status=status)


def act(request, reader):
    instead = request.POST.get("instead", "")
    if instead in CLOSING and reader.may_close:
        CLOSING[instead](reader.site, on=reader.on, by=reader.by, at=reader.at)
        return back(request)
    try:
        place = beside.pressed(request, reader)
    except Refused as refused:
        return show(request, reader, refusal=refused, status=409)
    if place is not None:
        return HttpResponseRedirect(f"{request.get_full_path()}#{place}")
    form = Press(request.POST, zone=reader.site.program.zone)
    if not reader.may_mark or not form.is_valid():
        refusal = (reader.may_mark and form.about_the_time) or _("Nothing was kept. Press again.")
        return show(request, reader, refusal=refusal, status=422)
    sheet = sheet_of(reader.pairs, reader.site, reader.on)
    tap = form.tap({row.meeting.ref: row for row in sheet.rows}, request.POST.getlist("absent"))
    if tap is None:
        return show(request, reader, refusal=_("This pair is no longer on the sheet."), status=409)
    try:
        actions.mark(
            [tap], said_by=reader.said_by(), source=reader.source, form_id=form.cleaned_data["form_id"], by=reader.by,
            at=reader.at,
        )  # fmt: skip
    except Refused as refusal:
        return show(request, reader, refusal=refusal, status=409)
    return back(request, tap.meeting)


CLOSING = {"closed": actions.close_today, "open": actions.open_after_all}


def back(request, meeting=None):
    """The same page, at the pair that was pressed: going back or loading anew sends nothing again."""
    return HttpResponseRedirect(f"{request.get_full_path()}{f'#m-{meeting.ref}' if meeting else ''}")
