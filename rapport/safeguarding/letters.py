"""What the outbox asks about messages on safety. They say only: sign in (design.md §3, no name and no topic)."""

from django.conf import settings
from django.urls import reverse

from rapport.access.rights import Right
from rapport.programs.models import Membership
from rapport.safeguarding.models import Concern, TriageItem


def unread_concerns(messages, at):
    """Wanted while nobody has read the concern."""
    return messages.about_still(Concern.objects.filter(acknowledged_at=None, closed_at=None))


def unread_worries(messages, at):
    """Wanted while nobody has read the worry."""
    return messages.about_still(TriageItem.objects.open().filter(read_at=None))


def where_to_go(messages, at):
    """The reader's desk, or the page of what waits for them: addresses that tell no topic."""
    messages = list(messages.select_related("program", "to"))
    desks = Membership.objects.live(at).filter(
        program__in={message.program_id for message in messages}, role__grants__right=Right.TASK_DO
    )
    have_desk = set(desks.values_list("user", "program"))
    return {message.pk: words(message, (message.to.user_id, message.program_id) in have_desk) for message in messages}


def words(message, has_desk):
    address = reverse("care:today" if has_desk else "waiting:mine", args=[message.program.slug])
    return {"address": settings.ADDRESS + address}
