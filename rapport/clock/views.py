"""Whether the house is well, for a machine that asks."""

from django.db import DatabaseError
from django.http import JsonResponse
from django.utils import timezone

from rapport.core.models import Heartbeat
from rapport.programs.doors import public_page


@public_page
def healthz(request):
    """200 when the database answers and the clock ticked within five minutes; 503 otherwise. It tells nothing else."""
    try:
        well = not Heartbeat.objects.stands_still(timezone.now())
    except DatabaseError:
        well = False
    return JsonResponse({"well": well}, status=200 if well else 503)
