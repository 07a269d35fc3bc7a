"""Browsers somebody came in with before: what strangers try on an address is counted apart from them.

Whoever tries a coordinator's address five hundred times uses up the tries of strangers, and not hers. The mark opens
nothing: it holds a number of its own for each user, signed, and only says whose tries are counted together.
"""

import secrets

from django.conf import settings
from django.core import signing

NAME = "__Host-known" if settings.HTTPS else "known"
SALT = "rapport.access.browsers"
KEPT = 180 * 24 * 3600  # seconds
MOST = 6  # users of one browser; the oldest is forgotten


def known(request):
    """{user's key: the number of this browser} of everybody who came in with it."""
    try:
        marks = signing.loads(request.COOKIES.get(NAME, ""), salt=SALT, max_age=KEPT)
    except signing.BadSignature:
        return {}
    return marks if isinstance(marks, dict) else {}


def mark(request, response, user):
    """Know this browser the next time."""
    marks = known(request)
    number = marks.pop(str(user.pk), None) or secrets.token_urlsafe(12)
    kept = dict([*marks.items(), (str(user.pk), number)][-MOST:])
    response.set_cookie(
        NAME, signing.dumps(kept, salt=SALT), max_age=KEPT, secure=settings.HTTPS, httponly=True, samesite="Lax"
    )


def tries_of(request, user):
    """Under which key the tries of this browser for this user are counted; empty for a stranger."""
    number = known(request).get(str(user.pk)) if user else None
    return f"{user.pk}:{number}" if number else ""
