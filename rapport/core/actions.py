"""What the house itself does."""

from rapport.core.models import Heartbeat


def beat(name, *, at, **facts):
    """Say that this process lives, at this moment of the machine's time."""
    Heartbeat.objects.update_or_create(name=name, defaults={"beat_at": at, "facts": facts})
