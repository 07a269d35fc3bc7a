"""The mailbox of a demo. Anywhere else it does not exist."""

from django.conf import settings
from django.http import Http404
from django.shortcuts import render

from rapport.demo import mailbox as box
from rapport.programs.doors import public_page

PAGE = 50


@public_page
def mailbox(request):
    """What the demo would have sent, newest first; `?to=` shows one address only."""
    only_in_a_demo()
    to = request.GET.get("to", "").strip()[:200]
    found = [one for one in box.letters(settings.MAILBOX) if to.casefold() in one.to.casefold()]
    start = number(request.GET.get("from", ""))
    context = {"letters": found[start : start + PAGE], "to": to, "count": len(found)}
    context["older"] = start + PAGE if start + PAGE < len(found) else None
    context["newer"] = max(start - PAGE, 0) if start else None
    return render(request, "demo/mailbox.html", context)


@public_page
def letter(request, name):
    """One letter as plain text."""
    only_in_a_demo()
    found = box.read(settings.MAILBOX, name)
    if found is None:
        raise Http404
    return render(request, "demo/letter.html", {"letter": found[0], "text": box.with_links(found[1])})


def only_in_a_demo():
    if not settings.IS_DEMO:
        raise Http404


def number(text):
    return int(text) if text.isascii() and text.isdigit() and len(text) < 7 else 0
