"""Pages of the house itself: what is shown when a form was not sent from here, and the pieces pages are made of."""

from datetime import timedelta

from django.conf import settings
from django.http import Http404
from django.shortcuts import render
from django.utils import timezone

from rapport.core import samples


def csrf_failure(request, reason=""):
    """Say kindly that the form must be sent again."""
    return render(request, "403_csrf.html", status=403)


def components(request):
    """Every piece that pages are made of, in the state that is easiest to get wrong; in a demo or in debug only."""
    if not (settings.DEBUG or getattr(settings, "IS_DEMO", False)):
        raise Http404
    today = timezone.localdate()
    form = samples.ClosureSample(samples.TYPED)
    ahead = {
        "late": today - timedelta(days=2),
        "today": today,
        "soon": today + timedelta(days=3),
    }
    context = {
        "form": form,
        "today": today,
        "due": ahead,
        "how": samples.HOW,
        "colours": samples.COLOURS,
    }
    return render(request, "core/components.html", context)
