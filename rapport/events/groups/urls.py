from django.urls import path

from rapport.events.groups import giving, leading, views

app_name = "groups"
urlpatterns = [
    path("", views.groups, name="list"),
    path("new/", views.new, name="new"),
    path("leading/", leading.leading, name="leading"),
    path("times/<slug:ref>/", leading.session, name="session"),
    path("away/<slug:ref>/", views.absence, name="absence"),
    path("places/<slug:ref>/", views.member, name="member"),
    path("<slug:ref>/", views.group, name="group"),
    path("<slug:ref>/change/", views.change, name="change"),
    path("<slug:ref>/people/", views.people, name="people"),
    path("<slug:ref>/times/", views.times, name="times"),
    path("<slug:ref>/headway/", views.headway, name="headway"),
    path("<slug:ref>/link/", giving.link, name="link"),
    path("<slug:ref>/end/", views.end, name="end"),
]
