"""Old addresses lead on: a page that finds nothing, where what it names was put together with another record."""

from django.http import Http404
from django.shortcuts import redirect
from django.urls import reverse

from rapport.core.refs import LENGTH
from rapport.people.models import OldRef


def old_addresses_lead_on(get_response):
    def answer(request):
        return get_response(request)

    answer.process_exception = lead_on
    return answer


def lead_on(request, exception):
    """The page as it is called now, for whoever may open it; to others there is nothing here, as before."""
    match = getattr(request, "resolver_match", None)
    if not isinstance(exception, Http404) or match is None or request.method not in ("GET", "HEAD"):
        return None
    named = as_called_now(match.kwargs)
    if named == match.kwargs:
        return None
    try:
        match.func(request, **named)
    except Http404:
        return None
    query = f"?{request.GET.urlencode()}" if request.GET else ""
    return redirect(reverse(match.view_name, kwargs=named) + query)


def as_called_now(kwargs):
    """The parts of an address, each old one as it is now."""
    asked = {value for value in kwargs.values() if isinstance(value, str) and len(value) == LENGTH}
    old = OldRef.objects.filter(ref__in=asked).prefetch_related("about") if asked else ()
    now = {one.ref: one.about.ref for one in old if one.about is not None}
    return {name: now.get(value, value) if isinstance(value, str) else value for name, value in kwargs.items()}
