"""Finding what a link opens. The token is hashed at once; the database holds none that could be used."""

import hashlib
import re
import secrets

from django.conf import settings
from django.urls import reverse

from rapport.outbox.models import Link

TOKEN = re.compile(r"[A-Za-z0-9_-]{22}")


def new_token() -> str:
    """128 random bits in 22 signs (security.md §3.3)."""
    return secrets.token_urlsafe(16)


def hashed(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def find(token: str, purpose: str) -> Link | None:
    """The link of this token and purpose, even one that has run out; None for any other, whatever is wrong with it.

    A link of an archived program opens nothing, and asks for no new one.
    """
    wanted = Link.objects.filter(token_hash=hashed(token if TOKEN.fullmatch(token) else ""), purpose=purpose)
    return next(iter(wanted.filter(program__archived_at=None).select_related("person", "program")), None)


def address(route: str, token: str) -> str:
    """The full address of a link, as a message carries it."""
    return settings.ADDRESS + reverse(route, args=[token])
