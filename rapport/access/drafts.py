"""A session that ends over a half-filled form: what was typed comes back to whoever typed it, and to nobody else.

The press that came too late leads to signing in. Only the same person, at the same address, then meets the form with
their words in it, and presses again; whoever else signs in there meets an empty one. Files are chosen anew.
"""

from django.http import QueryDict
from django.shortcuts import render, resolve_url
from django.utils import timezone
from django.utils.html import escape
from django.utils.http import urlencode

from rapport.access import actions
from rapport.access.doors import long_words
from rapport.access.models import Draft
from rapport.core.refused import Refused
from rapport.core.sealing import unseal

ASKED, OPEN = "draft", "draft"  # in the address; in the session, while it lies before its person
MOST = 200_000  # signs that are kept
LONGEST_PATH = 500
OF_THE_FORM = {"csrfmiddlewaretoken"}
_told: list = []


def tell(lasts):
    """Let `lasts()` say how long a draft is kept. Saying it twice is once."""
    if lasts not in _told:
        _told.append(lasts)


def keep(request, user):
    """Keep what was pressed too late; None where there is nothing that can be kept."""
    typed = request.POST.copy()
    for name in OF_THE_FORM:
        typed.pop(name, None)
    words, path, at = typed.urlencode(), request.path, timezone.now()
    if not words or len(words) > MOST or len(request.get_full_path()) > LONGEST_PATH:
        return None
    try:
        until = at + min(lasts() for lasts in _told)
        return actions.keep_draft(user, path=with_query(request, path), words=words, until_at=until, at=at)
    except Refused:  # without keys nothing is kept; signing in goes on
        return None


def with_query(request, path):
    """The address of the form, without an earlier draft in it."""
    asked = request.GET.copy()
    asked.pop(ASKED, None)
    return f"{path}?{asked.urlencode()}" if asked else path


def address(draft):
    """Where its person meets the form again."""
    return f"{draft.path}{'&' if '?' in draft.path else '?'}{urlencode({ASKED: draft.ref})}"


def sign_in_address(next_page):
    return f"{resolve_url('account_login')}?{urlencode({'next': next_page})}"


def asked_for(request):
    """The draft that this page was opened with, if it is this reader's and of this page."""
    ref = named(request.GET)
    if not ref or request.method != "GET" or not request.user.is_authenticated:
        return None
    mine = Draft.objects.open(timezone.now()).filter(user=request.user, path=with_query(request, request.path))
    return mine.filter(ref=ref).first()


def named(said):
    """The draft that an address or a press names; no draft has the sign that PostgreSQL takes none of."""
    return said.get(ASKED, "").replace("\0", "")[:40]


def lay_out(request, draft):
    """Let the page find in its form what was typed. Raises what `unseal` raises."""
    request.POST = QueryDict(unseal(bytes(draft.sealed), draft.place).decode(), encoding="utf-8")
    request.session[OPEN] = draft.ref


def whole(request, response):
    """The page; or, where it does not show all that was typed, what was typed, to be copied.

    A page that is not there tells no words: the right to it may be gone meanwhile.
    """
    words = [] if response.status_code == 404 else long_words(request.POST)
    is_page = response.status_code in (200, 422) and not response.streaming
    seen = plain(response.content.decode()) if is_page else ""
    if is_page and all(plain(escape(one)) in seen for one in words):
        return response
    status = 404 if response.status_code == 404 else 200
    return render(request, "access/typed.html", {"words": words}, status=status)


def plain(text):
    return text.replace("\r\n", "\n")


def settle(request, response):
    """What was laid out and then sent is kept no longer."""
    if request.method != "POST" or not request.user.is_authenticated or OPEN not in request.session:
        return
    ref, at = request.session[OPEN], timezone.now()
    draft = Draft.objects.filter(user=request.user, ref=ref).first()
    if draft is None or (draft.path.partition("?")[0] == request.path and response.status_code < 400):
        request.session.pop(OPEN)
        actions.throw_away(request.user, ref=ref, by=request.user, at=at)
