"""What a calendar program reads by itself, without signing in, cookies or scripts. It changes nothing.

A stopped address, one that never was, and one of an archived program answer alike. Whoever lost their rights while
they have the address reads an empty calendar: nobody learns from it why.
"""

import hashlib
from datetime import timedelta

from django.http import HttpResponse
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag
from django.utils.translation import override
from django.views.decorators.http import require_safe

from rapport.core.languages import known
from rapport.meetings.feeds.beside import beside
from rapport.meetings.feeds.seen import seen_by
from rapport.meetings.models import Feed
from rapport.outbox import guests, links
from rapport.programs.doors import public_page

LOOK_BACK = timedelta(days=31)  # what was a month ago stays in the calendar; what is older, the program may forget
READS = 60  # within an hour; no figure of the field: a calendar program looks a few times a day


@require_safe
@public_page
def feed(request, token):
    at = timezone.now()
    found = feed_of(token)
    if found is None:
        return plain("", 429 if guests.guesses_too_often(request) else 404)
    if guests.counted(f"calendar:{found.pk}", guests.HOUR) > READS:
        return plain("", 429)
    return conditional(request, calendar_of(found, at))


def feed_of(token):
    """The live address of this token, of a program that is not archived and of somebody not turned away."""
    mine = Feed.objects.read(timezone.now()).filter(program__archived_at=None)
    mine = mine.select_related("person__user", "program", "made_by")
    found = mine.filter(token_hash=links.hashed(token if links.TOKEN.fullmatch(token) else "")).first()
    user = found and found.person.user
    return None if user is not None and not user.is_active else found


def calendar_of(found, at) -> bytes:
    from rapport.meetings.feeds import writing  # what writes calendars is loaded where one is read

    how = {"since": at - LOOK_BACK, "known_since": found.made_at, "given_by": found.made_by}
    rows = seen_by(found.person, found.program, at, **how)
    with override(found.person.language if known(found.person.language) else "en"):
        return writing.feed_of(rows, beside(found.person, found.program, at, **how))


def conditional(request, body):
    """The calendar, or that it is still the one they have."""
    response = HttpResponse(body, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = 'inline; filename="meetings.ics"'
    etag = quote_etag(hashlib.sha256(body).hexdigest()[:32])
    response["ETag"] = etag
    return shut(get_conditional_response(request, etag=etag, response=response))


def plain(words, status):
    response = HttpResponse(words, status=status, content_type="text/plain; charset=utf-8")
    if status == 429:
        response["Retry-After"] = str(guests.HOUR)
    return shut(response)


def shut(response):
    """Asked for anew each time, kept by nobody in between, listed nowhere."""
    guests.kept_apart(response)
    response["Cache-Control"] = "private, no-cache"
    return response
