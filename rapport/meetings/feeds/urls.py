"""Addresses reached without signing in: what a calendar program reads, and somebody's own meetings by a link."""

from django.urls import path, re_path

from rapport.meetings.feeds import pages, public
from rapport.meetings.outings import own as outings
from rapport.meetings.tell import pages as tell

app_name = "feeds"
urlpatterns = [
    path("feed/<str:token>.ics", public.feed, name="feed"),
    path("k/<str:token>/", pages.by_link, name="own"),
    path("k/<str:token>/outing/<slug:ref>/", outings.by_link, name="own-outing"),
    path("k/<str:token>/told/", tell.by_link, name="told"),
    re_path(r"^k/(?P<token>[^/]{1,300})/?[^/\w]{0,20}$", pages.by_link),  # what a mail program leaves behind is let go
]
