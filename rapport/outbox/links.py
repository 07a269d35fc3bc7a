"""Finding what a link opens. The token is hashed at once; the database holds none that could be used."""

import hashlib
import re
import secrets

from django.conf import settings
from django.http import Http404
from django.urls import reverse

from rapport.outbox.models import Link

TOKEN = re.compile(r"[A-Za-z0-9_-]{22}")


class LinkShut(Http404):
    """Somebody shut it since its page was opened: that press meets what every token meets that opens nothing."""


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


def require_not_shut(link: Link | None) -> None:
    """No press slips past in the moment in which somebody says that they are not who this link (None: it was said
    another way) is for: asked once the record is held that is pressed about. Whoever doubts what was pressed holds it,
    too, so a press comes first and is to be confirmed, or too late. Raises LinkShut."""
    if link is not None and Link.objects.filter(pk=link.pk, closed_at__isnull=False).exists():
        raise LinkShut(link)


def address(route: str, token: str) -> str:
    """The full address of a link, as a message carries it."""
    return settings.ADDRESS + reverse(route, args=[token])
