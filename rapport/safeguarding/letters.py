"""What the outbox asks about messages on safety. They say only: sign in (design.md §3, no name and no topic)."""

from django.conf import settings
from django.urls import reverse

from rapport.safeguarding.models import Concern, TriageItem


def unread_concerns(messages, at):
    """Wanted while nobody has read the concern."""
    return messages.filter(about_id__in=Concern.objects.filter(acknowledged_at=None, closed_at=None).values("pk"))


def unread_worries(messages, at):
    """Wanted while nobody has read the worry."""
    return messages.filter(about_id__in=TriageItem.objects.open().filter(read_at=None).values("pk"))


def where_to_go(messages, at):
    """The program, and its Today desk: an address that tells no topic."""
    return {
        message.pk: {
            "program": message.program.name,
            "address": settings.ADDRESS + reverse("care:today", args=[message.program.slug]),
        }
        for message in messages.select_related("program")
    }
