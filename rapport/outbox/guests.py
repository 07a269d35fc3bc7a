"""What a request by link tells of who presses, a person or a machine that looks into mail before its reader does;
and what the pages behind it know."""

import re
from datetime import timedelta

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.core.cache import cache
from django.utils.translation import get_language

from rapport.core.languages import known

TOO_SOON = timedelta(seconds=5)  # after delivery: nobody reads a letter and answers so fast (security.md §3.3)
SCANNERS = re.compile(
    r"bot\b|crawl|spider|preview|scan|safelinks|barracuda|proofpoint|mimecast|symantec|slack|telegram|whatsapp|skype"
    r"|facebookexternalhit|headless|python|curl|wget|go-http|java/|okhttp|libwww",
    re.IGNORECASE,
)
# How often is too often: no figure of the field. High enough that no person meets it, low enough that a machine does.
WRONG_TOKENS, IN_SECONDS = 30, 600  # guesses from one address, then it is told to wait
NEW_LINKS = 3  # to one person within an hour
HOUR = 3600
AFTER_IT = re.compile(r"[^A-Za-z0-9_-]+$")  # what a mail program leaves behind the token: a full stop, a bracket


def token_of(typed) -> str:
    """The token of an address, without what a mail program left behind it."""
    return AFTER_IT.sub("", typed)[:60]


def is_suspect(request, link, at) -> bool:
    """Whether a machine may have pressed: too soon after the letter left, or by a name that scanners go by."""
    sent_at = link.issued_at
    if link.message is not None and link.message.final_at:
        sent_at = max(sent_at, link.message.final_at)
    agent = request.headers.get("User-Agent", "")
    prefetch = request.headers.get("Sec-Purpose", "") + request.headers.get("Purpose", "")
    return at - sent_at < TOO_SOON or not agent or bool(SCANNERS.search(agent)) or "prefetch" in prefetch


def guesses_too_often(request) -> bool:
    """Count a token that opens nothing against the address it came from; one that opens is never counted."""
    return counted(f"ask-guess:{get_adapter().get_client_ip(request)}", IN_SECONDS) > WRONG_TOKENS


def presses(link) -> int:
    """How often this person pressed about this thing within an hour, by whichever of their links, just now included."""
    return counted(f"press:{link.purpose}:{link.person_id}:{link.about_id}", HOUR)


def wants_links_too_often(link) -> bool:
    return counted(f"new-link:{link.purpose}:{link.program_id}:{link.person_id}", HOUR) > NEW_LINKS


def counted(key, seconds) -> int:
    """How often this was counted within these seconds, itself included."""
    cache.add(key, 0, seconds)
    try:
        return cache.incr(key)
    except ValueError:
        return 1


def kept_apart(response):
    """No copy of it is kept, no search machine lists it, and no other site learns the address."""
    response["Cache-Control"] = "no-store"
    response["X-Robots-Tag"] = "noindex, nofollow"
    response["Referrer-Policy"] = "same-origin"
    return response


def context(found):
    """What each page behind a link knows: whom it asks, the language it speaks, and the program's other ones."""
    names, now = dict(settings.LANGUAGES), get_language()
    others = [(code, names[code]) for code in found.program.languages if known(code) and code != now]
    return {"ask": found, "person": found.person, "language": now, "languages": others}


def language_of(request, person):
    """The reader's own language, where the house speaks it, or the one they choose on the page."""
    asked = (request.POST.get("in", ""), request.GET.get("in", ""), person.language)
    return next((code for code in asked if known(code)), settings.LANGUAGE_CODE)
