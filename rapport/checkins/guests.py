"""What a request by link tells of who presses: a person, or a machine that looks into mail before its reader does."""

import re
from datetime import timedelta

from allauth.account.adapter import get_adapter
from django.core.cache import cache
from django.db.models import Count

from rapport.checkins.models import Answer

TOO_SOON = timedelta(seconds=5)  # after delivery: nobody reads a letter and answers so fast (security.md §3.3)
SCANNERS = re.compile(
    r"bot\b|crawl|spider|preview|scan|safelinks|barracuda|proofpoint|mimecast|symantec|slack|telegram|whatsapp|skype"
    r"|facebookexternalhit|headless|python|curl|wget|go-http|java/|okhttp|libwww",
    re.IGNORECASE,
)
# How often is too often: no figure of the field. High enough that no person meets it, low enough that a machine does.
WRONG_TOKENS, IN_SECONDS = 30, 600  # guesses from one address, then it is told to wait
PRESSES, NEW_LINKS = 30, 3  # of one ask, of one person within an hour
HOUR = 3600


def is_suspect(request, link, at) -> bool:
    """Whether a machine may have pressed: too soon after the letter left, or by a name that scanners go by."""
    sent_at = link.issued_at
    if link.message is not None and link.message.final_at:
        sent_at = max(sent_at, link.message.final_at)
    agent = request.headers.get("User-Agent", "")
    prefetch = request.headers.get("Sec-Purpose", "") + request.headers.get("Purpose", "")
    return at - sent_at < TOO_SOON or not agent or bool(SCANNERS.search(agent)) or "prefetch" in prefetch


def guesses_too_often(request) -> bool:
    """Count a wrong token against the address it came from; right ones are never counted."""
    return counted(f"ask-guess:{get_adapter().get_client_ip(request)}", IN_SECONDS) > WRONG_TOKENS


def presses_too_often(ask, at) -> bool:
    """Each press is kept with the answers it gave, one for each card, so they are counted where they lie."""
    lately = Answer.objects.filter(check_in__ask=ask, answered_at__gt=at - timedelta(seconds=HOUR))
    return lately.aggregate(presses=Count("form_id", distinct=True))["presses"] >= PRESSES


def wants_links_too_often(link) -> bool:
    return counted(f"ask-new:{link.program_id}:{link.person_id}", HOUR) > NEW_LINKS


def counted(key, seconds) -> int:
    """How often this was counted within these seconds, itself included."""
    cache.add(key, 0, seconds)
    try:
        return cache.incr(key)
    except ValueError:
        return 1
