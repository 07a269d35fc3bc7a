"""Addresses reached without signing in: what a calendar program reads, and somebody's own meetings by a link."""

from django.urls import path

from rapport.meetings.feeds import pages, public
from rapport.meetings.outings import own as outings
from rapport.meetings.tell import pages as tell
from rapport.outbox.public import addresses

app_name = "feeds"
urlpatterns = [
    path("feed/<str:token>.ics", public.feed, name="feed"),
    path("k/<str:token>/outing/<slug:ref>/", outings.by_link, name="own-outing"),
    path("k/<str:token>/told/", tell.by_link, name="told"),
    *addresses(pages.by_link, "own", before="k/"),
]
