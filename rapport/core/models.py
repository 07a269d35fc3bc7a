"""What the house itself must remember."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.utils import timezone

STANDS_STILL_AFTER = timedelta(minutes=5)
SILENT_AFTER = timedelta(minutes=1)  # so long, and nobody does the long work: who does beats four times in it


class HeartbeatQuerySet(models.QuerySet):
    def stands_still(self, at: datetime) -> bool:
        """Whether the clock has not ticked for five minutes, or never (machine's time)."""
        return not self.filter(name="clock", beat_at__gt=at - STANDS_STILL_AFTER).exists()

    def somebody_works(self) -> bool:
        """Whether a process for long work is alive now, whatever it is at."""
        return self.filter(name="work", beat_at__gt=timezone.now() - SILENT_AFTER).exists()


class Heartbeat(models.Model):
    """When a process last said that it lives."""

    name = models.CharField(max_length=40, primary_key=True)
    beat_at = models.DateTimeField()
    facts = models.JSONField(default=dict)

    objects = HeartbeatQuerySet.as_manager()


class CacheEntry(models.Model):
    """One entry of the shared cache (rate limits stand on it), made by migration like every other table."""

    cache_key = models.CharField(max_length=255, primary_key=True)
    value = models.TextField()
    expires = models.DateTimeField(db_index=True)

    class Meta:
        db_table = str(settings.CACHES["default"].get("LOCATION") or "core_cache")
