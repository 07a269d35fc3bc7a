"""Addresses of tasks, with the page that adds one by hand: it asks about pairs, of which `tasks` knows nothing."""

from django.urls import path

from rapport.care import adding
from rapport.tasks import urls

app_name = "tasks"
urlpatterns = [path("add/", adding.add, name="add"), *urls.urlpatterns]
