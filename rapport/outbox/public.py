"""The one door of pages reached by a link, without signing in. GET and HEAD show and change nothing; POST acts.

It is exempt from the check for forged forms, on purpose: that check needs a cookie, and these pages must work without
any. Their proof is the token in the address, 128 random bits that only the reader's own letter holds; whoever could
make a browser send a form would have to know the token, and could then send it anyway.

Every token that opens nothing meets the same page with the same status, whatever is wrong with it: none of ours, of
another purpose, run out, shut, or no longer theirs. Only its language is that of whoever the link was for. No copy of
any of it is kept (security.md §3.3).
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial, wraps

from django.http import Http404
from django.shortcuts import render
from django.urls import path, re_path
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt

from rapport.core.languages import said_in
from rapport.outbox import guests, links
from rapport.programs.doors import public_page

NOTHING_HERE = "outbox/public/nothing_here.html"


@dataclass(frozen=True)
class Behind:
    """What lies behind the links of one purpose; see `link_page`."""

    purpose: str
    found: Callable | None
    run_out: Callable | None
    presses: int | None
    slowly: Callable | None
    nothing: str

    def enter(self, view, request, token, **rest):
        """The page of a token, in its reader's language."""
        link = links.find(guests.token_of(token), self.purpose)
        if link is None:
            return nothing_here(request, self.nothing)
        language = guests.language_of(request, link.person)
        return said_in(language, self.tell, view, request, link, timezone.now(), **rest)

    def tell(self, view, request, link, at, **rest):
        try:
            return self.open(view, request, link, at, **rest)
        except Http404:
            return nothing_here(request, self.nothing)

    def open(self, view, request, link, at, **rest):
        opened = link if self.run_out or link.is_open(at) else None
        opened = self.found(link, at) if opened and self.found else opened
        if opened is None:
            raise Http404
        request.program = link.program
        if not link.is_open(at):
            return self.run_out(request, link, opened, at)
        if self.presses and request.method == "POST" and guests.presses(link) > self.presses:
            response = self.slowly(request, link, opened, at)
            response.status_code = 429
            return response
        return view(request, link, opened, at, **rest)


def link_page(purpose, found=None, *, run_out=None, presses=None, slowly=None, nothing=NOTHING_HERE):
    """The door of `view(request, link, found, at, **rest)`, which opens by a link of this purpose.

    found(link, at): what the link opens, or None where it is no longer theirs; without it, the link itself.
    run_out(request, link, found, at): what a link that is no longer open still offers. A view or `run_out` that has
    nothing to show raises Http404.
    presses: how many one person may make about one thing within an hour; slowly(request, link, found, at) answers more.
    nothing: the template of the page behind a token that opens nothing.
    """
    behind = Behind(purpose, found, run_out, presses, slowly, nothing)

    def door(view):
        inside = public_page(partial(behind.enter, view))

        @csrf_exempt
        @wraps(view)
        def page(request, *args, **kwargs):
            return guests.kept_apart(inside(request, *args, **kwargs))

        page.door, page.purpose = inside.door, purpose
        return page

    return door


def addresses(view, name, before=""):
    """Where such a page lies. What a mail program leaves behind the token (a full stop, a bracket) is let go."""
    return [
        path(f"{before}<str:token>/", view, name=name),
        re_path(rf"^{before}(?P<token>[^/]{{1,300}})/?[^/\w]{{0,20}}$", view),
    ]


def nothing_here(request, template=NOTHING_HERE):
    """What every token that opens nothing meets; after too many of them within a while, told to wait."""
    request.program = None
    return render(request, template, status=429 if guests.guesses_too_often(request) else 404)


def before_it_starts(request) -> bool:
    """Whether the first page is due: the reader's name alone, for whoever holds the device may be somebody else."""
    return request.method != "POST" and request.GET.get("start") != "1"


def must_press_again(request, link, at) -> bool:
    """Whether a machine may have pressed, and nobody has pressed once more: no machine looks and presses anew."""
    return guests.is_suspect(request, link, at) and request.POST.get("again") != "yes"


def renew(request, link, send):
    """The page of a link whose time ran out, on which a new one may be asked for; None: `send()` has just sent it.

    It goes to the address on file, and nobody learns which that is.
    """
    if request.method != "POST" or request.POST.get("instead") != "new-link":
        return render(request, NOTHING_HERE, {"may_renew": True}, status=404)
    if not guests.wants_links_too_often(link):
        send()
    return None
