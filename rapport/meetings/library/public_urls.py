from django.urls import path

from rapport.meetings.library import pages

app_name = "ways"
urlpatterns = [path("", pages.ways, name="all")]
