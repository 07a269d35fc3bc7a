"""Somebody's own meetings, on a page and in their own calendar. A guardian sees each child's (requirements S3-12).

Reached by signing in, or by a link that opens for an hour from their own page. The address of the calendar is shown
once, when it is made: we keep none that could be read.
"""

from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone

from rapport.access.rights import Right
from rapport.meetings.actions import feeds as actions
from rapport.meetings.feeds.seen import GUARDIAN, STAFF, seen_by
from rapport.meetings.library.staff import SHOWN, good_practice_for
from rapport.meetings.models import Feed
from rapport.meetings.outings.own import pairs_that_may_ask
from rapport.outbox import guests
from rapport.outbox.public import link_page
from rapport.people.models import Person
from rapport.programs.doors import program_page, staff_page

WEEK = timedelta(days=7)
PRESSES = 20  # within an hour; no figure of the field: no person makes so many addresses, a machine does


@dataclass(frozen=True)
class Group:
    """The coming meetings of one child, or one's own."""

    name: str
    number: int
    rows: list


@program_page(Right.OWN_PAGES)
def mine(request, program):
    """For whoever takes part, or stands for a child who does, and signs in."""
    person = get_object_or_404(Person, user=request.user)
    return answer(request, person, program, here=request.path)


@staff_page(Right.MATCH_VIEW)
def caseload(request, program):
    """For staff: the meetings of the matches they look after."""
    person = get_object_or_404(Person, user=request.user)
    return answer(request, person, program, here=request.path, template="meetings/caseload.html")


@link_page(actions.OWN_PURPOSE)
def by_link(request, link, found, at):
    return answer(request, link.person, link.program, here=request.path, by_link=True)


def answer(request, person, program, *, here, by_link=False, template="meetings/public/mine.html"):
    """The page, or what was pressed on it."""
    at, told, status = timezone.now(), {}, 200
    if request.method == "POST":
        told, status = press(request.POST.get("what"), person, program, by_link=by_link, by=request.user, at=at)
    rows = seen_by(person, program, at, since=at, places_too=True)
    context = {
        "person": person, "program": program, "here": here, "by_link": by_link, "groups": groups_of(rows),
        "near": [row for row in rows if row.meeting.starts_at < at + WEEK],
        "outing_pairs": pairs_that_may_ask(person, program, at),
        "practices": good_practice_for(person, program)[:SHOWN],
        "feed": Feed.objects.read(at).filter(person=person, program=program).first(), **told,
    }  # fmt: skip
    response = render(request, template, context, status=status)
    response["Cache-Control"] = "no-store"
    return response


def press(what, person, program, *, by_link, by, at):
    """What came of one press, for the page, and its status."""
    if guests.counted(f"calendar-press:{person.pk}", guests.HOUR) > PRESSES:
        return {"slowly": True}, 429
    user = by if getattr(by, "is_authenticated", False) else None
    if what == "new":
        return addresses_of(actions.make_feed(person, program=program, by_link=by_link, by=user, at=at)), 200
    if what == "stop":
        return {"stopped": actions.stop_feed(person, program=program, by=user, at=at)}, 200
    return {}, 422


def addresses_of(token):
    """The address as a calendar program takes it, typed or pressed."""
    address = settings.ADDRESS + reverse("feeds:feed", args=[token])
    return {"address": address, "subscribe": "webcal" + address[address.index(":") :]}


def groups_of(rows) -> list[Group]:
    """One's own first, then each child's; those one looks after, together."""
    found: dict = {}
    for row in rows:
        name = row.child.first_name if row.side == GUARDIAN else ""
        key = (name, row.number if row.side != STAFF else 0)
        found.setdefault(key, []).append(row)
    return [Group(name, number, group) for (name, number), group in sorted(found.items(), key=lambda one: one[0])]
