"""Old addresses lead on: a page that finds nothing, where what it names was put together with another record.

Whoever wrote about the record that went, in the very moment it went, is told so: nothing of theirs was kept.
"""

from datetime import timedelta

from django.core.exceptions import ObjectDoesNotExist
from django.db import IntegrityError
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as lazy

from rapport.access.doors import long_words, refused
from rapport.core.pointing import points_at_nothing
from rapport.core.refs import LENGTH
from rapport.core.refused import Refused
from rapport.people.models import OldRef

A_MOMENT = timedelta(minutes=1)  # longer than any request takes


class PutTogether(Refused):
    """What was written about is no record of its own any more."""

    sentence = lazy(
        "Somebody put two records of one person together in this very moment, so nothing of this was kept. Look at the"
        " page as it is now, and press again."
    )


def old_addresses_lead_on(get_response):
    def answer(request):
        return get_response(request)

    answer.process_exception = lead_on
    return answer


def lead_on(request, exception):
    match = getattr(request, "resolver_match", None)
    if match is None:
        return None
    if isinstance(exception, Http404) and request.method in ("GET", "HEAD"):
        return as_it_is_called_now(request, match)
    if isinstance(exception, (IntegrityError, ObjectDoesNotExist)) and went_a_moment_ago(exception):
        return nothing_was_kept(request, match)
    return None


def as_it_is_called_now(request, match):
    """The page as it is called now, for whoever may open it; to others there is nothing here, as before."""
    named = as_called_now(match.kwargs)
    if named == match.kwargs:
        return None
    try:
        match.func(request, **named)
    except Http404:
        return None
    query = f"?{request.GET.urlencode()}" if request.GET else ""
    return redirect(reverse(match.view_name, kwargs=named) + query)


def went_a_moment_ago(exception):
    """Whether a record went just now, and this may come of it: all else is a mistake of ours, and stays one."""
    is_lost = isinstance(exception, ObjectDoesNotExist) or points_at_nothing(exception)
    return is_lost and OldRef.objects.filter(left_at__gte=timezone.now() - A_MOMENT).exists()


def nothing_was_kept(request, match):
    refusal = PutTogether()
    try:
        return refused(match.func, request, refusal, **as_called_now(match.kwargs))
    except (Http404, ObjectDoesNotExist):
        context = {"sentence": str(refusal), "words": long_words(request.POST)}
        return render(request, "core/refused.html", context, status=409)


def as_called_now(kwargs):
    """The parts of an address, each old one as it is now."""
    asked = {value for value in kwargs.values() if isinstance(value, str) and len(value) == LENGTH}
    old = OldRef.objects.filter(ref__in=asked).prefetch_related("about") if asked else ()
    now = {one.ref: one.about.ref for one in old if one.about is not None}
    return {name: now.get(value, value) if isinstance(value, str) else value for name, value in kwargs.items()}
