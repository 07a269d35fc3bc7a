"""The sheets of asks, for staff."""

from django.urls import path

from rapport.checkins import paper

app_name = "asks"
urlpatterns = [
    path("<str:ref>/sheet/", paper.sheet, name="sheet"),
    path("<str:ref>/", paper.write_down, name="write-down"),
]
