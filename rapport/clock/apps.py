from django.apps import AppConfig
from django.utils import timezone
from django.utils.translation import gettext as _


class ClockConfig(AppConfig):
    name = "rapport.clock"

    def ready(self):
        from rapport.core import banners

        banners.register(the_clock_stands_still)


def the_clock_stands_still(request):
    """A sentence for staff when nothing has been asked or sent for five minutes."""
    from rapport.core.models import Heartbeat

    if getattr(request, "program", None) is None or not Heartbeat.objects.stands_still(timezone.now()):
        return None
    return _("The clock stands still: nothing is asked, reminded or sent. Whoever runs this install must look at it.")
