"""What a guardian says to one outing, by a link, without signing in. GET shows and changes nothing; POST acts.

What was said before is never shown: a family may share the link, and the phone.
"""

import re
from dataclasses import dataclass
from typing import Any

from django.shortcuts import render

from rapport.core.refused import Refused
from rapport.meetings.actions import outings as actions
from rapport.meetings.models import Outing
from rapport.meetings.outings.letters import PURPOSE
from rapport.meetings.outings.looking import names_of
from rapport.meetings.outings.standing import standing_of
from rapport.outbox import guests
from rapport.outbox.public import before_it_starts, link_page, must_press_again

PRESSES = 30  # within an hour; no figure of the field: no person meets it, a machine does
VERSION = re.compile(r"[0-9]{1,5}")
YES_NO = {"yes": True, "no": False}


@dataclass
class Found:
    """What a link opens: one outing, one guardian, and the children they may speak for."""

    outing: Outing
    person: Any
    program: Any
    children: list


def found_by(link, at):
    """None where it is over, called off, or no longer theirs to say: all that is alike for a stranger."""
    outing = (
        Outing.objects.asked(at).filter(pk=link.about_id, program=link.program_id).select_related("program").first()
    )
    if outing is None:
        return None
    standing = standing_of(outing, at)
    children = [one.child for one in standing.says if one.guardian.pk == link.person_id]
    return Found(outing, link.person, link.program, children) if children and standing.is_open else None


def slowly(request, link, found, at):
    return told(request, found, "slowly")


@link_page(PURPOSE, found_by, presses=PRESSES, slowly=slowly)
def ask(request, link, found, at):
    if before_it_starts(request):
        return page(request, found, "meetings/outings/start.html")
    if request.method != "POST":
        return show(request, found, at)
    if request.POST.get("instead") == "not-me":
        actions.not_them(found.outing, link, at=at)
        return told(request, found, "not-me")
    return keep(request, link, found, at)


def keep(request, link, found, at):
    said = {one: YES_NO.get(request.POST.get(f"say-{one.ref}", "")) for one in found.children}
    said = {child: word for child, word in said.items() if word is not None}
    if not said:
        return show(request, found, at, is_empty=True, status=422)
    if must_press_again(request, link, at):
        return show(request, found, at, said=said, press_again=True, status=409)
    version = request.POST.get("version", "")
    try:
        for child, is_yes in said.items():
            actions.say_to_outing(
                found.outing, child=child, person=found.person, is_yes=is_yes,
                version=int(version) if VERSION.fullmatch(version) else 0, link=link, by=found.person, at=at,
            )  # fmt: skip
    except Refused as refusal:
        found.outing.refresh_from_db()
        return show(request, found, at, said=said, refusal=refusal, status=409)
    return told(request, found, "thanks")


def show(request, found, at, *, said=None, status=200, **more):
    chosen = {child.ref: "yes" if word else "no" for child, word in (said or {}).items()}
    rows = [(child, chosen.get(child.ref, "")) for child in found.children]
    context = {"rows": rows, "may_say_yes": at <= actions.answer_by(found.outing), "names": names_of(found.outing)}
    return page(request, found, "meetings/outings/ask.html", status=status, **context, **more)


def told(request, found, what):
    return page(request, found, "meetings/outings/told.html", what=what)


def page(request, found, template, *, status=200, **more):
    context = guests.context(found) | {"outing": found.outing, "until": actions.answer_by(found.outing)} | more
    return render(request, template, context, status=status)
