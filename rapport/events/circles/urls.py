from django.urls import path

from rapport.events.circles import views

app_name = "events"
urlpatterns = [
    path("", views.circles, name="circles"),
    path("new/", views.new, name="new"),
    path("<slug:ref>/", views.circle, name="circle"),
    path("<slug:ref>/end/", views.end, name="end"),
    path("<slug:ref>/next/", views.ask, name="ask"),
    path("times/<slug:ref>/", views.gathering, name="gathering"),
    path("times/<slug:ref>/calling-off/", views.call_off, name="call-off"),
]
