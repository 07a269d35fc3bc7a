"""Doors that ask only who somebody is: public pages, and pages for whoever is signed in.

`programs.doors` adds the door of staff pages, which asks for a right in a program.
"""

from dataclasses import dataclass
from functools import wraps

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.shortcuts import render

from rapport.access.rights import Right
from rapport.core.refused import Refused


@dataclass(frozen=True)
class Door:
    """How a page is guarded; `tests/test_doors.py` asks every address for it."""

    kind: str  # "staff", "own", "public", "signed-in"
    right: Right | None = None


def signed_in_page(view):
    """A page for whoever is signed in, showing only their own things."""

    @wraps(view)
    def page(request, *args, **kwargs):
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        return answer(view, request, *args, **kwargs)

    page.door = Door("signed-in")
    return page


def public_page(view):
    """A page without signing in: reached by a link, or open to all."""

    @wraps(view)
    def page(request, *args, **kwargs):
        return answer(view, request, *args, **kwargs)

    page.door = Door("public")
    return page


def answer(view, request, *args, **kwargs):
    """Let the view answer; an action's refusal becomes a sentence on the same page, with 409."""
    try:
        return view(request, *args, **kwargs)
    except Refused as refusal:
        return refused(view, request, refusal, *args, **kwargs)


def refused(view, request, refusal, *args, **kwargs):
    """Show the page again as if it had been opened, so nothing acts twice; what was typed stays in `request.POST`.

    A form made of `request.POST or None` therefore keeps its words. The page comes whole, even where htmx asked for
    a part: nobody can tell which part still stands.
    """
    messages.error(request, str(refusal))
    request.method, request.htmx = "GET", None
    try:
        response = view(request, *args, **kwargs)
    except Refused:
        response = None
    if response is None or response.status_code not in (200, 422):
        context = {"sentence": str(refusal), "words": long_words(request.POST)}
        response = render(request, "core/refused.html", context)
    response.status_code = 409
    return response


def long_words(sent):
    """What somebody wrote by hand, to be copied where its own form cannot be shown again."""
    return [words for words in sent.values() if " " in words.strip()]
