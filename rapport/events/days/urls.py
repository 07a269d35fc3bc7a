from django.urls import path

from rapport.events.days import views

app_name = "event-days"
urlpatterns = [
    path("", views.days, name="list"),
    path("new/", views.new, name="new"),
    path("invitations/<slug:ref>/", views.invitation, name="invitation"),
    path("invitations/<slug:ref>/sheet/", views.sheet, name="sheet"),
    path("<slug:ref>/", views.day, name="day"),
    path("<slug:ref>/change/", views.change, name="change"),
    path("<slug:ref>/people/", views.people, name="people"),
    path("<slug:ref>/at-the-door/", views.door, name="door"),
    path("<slug:ref>/pairs/", views.pairs, name="pairs"),
    path("<slug:ref>/calling-off/", views.call_off, name="call-off"),
]
