"""Making links, and shutting them."""

from django.db import transaction

from rapport.core.about import type_of
from rapport.outbox import links
from rapport.outbox.models import Link

BATCH = 500


@transaction.atomic
def issue_link(*, purpose, person, about, program, at, expires_at, message=None):
    """Make a link for one person and one purpose. Returns the token, which is kept nowhere."""
    token = links.new_token()
    new_link(token, purpose, person, about, program, at, expires_at, message).save()
    return token


def new_link(token, purpose, person, about, program, at, expires_at, message):
    """An unsaved link."""
    return Link(
        program=program,
        purpose=purpose,
        person=person,
        about_type=type_of(about),
        about_id=about.pk,
        message=message,
        token_hash=links.hashed(token),
        issued_at=at,
        expires_at=expires_at,
    )


@transaction.atomic
def close_links(records, *, at):
    """Shut every link about these records (a queryset)."""
    return Link.objects.about_any(records).filter(closed_at=None).update(closed_at=at)
