from django.urls import path

from rapport.outbox import views

app_name = "outbox"
urlpatterns = [
    path("", views.held, name="held"),
    path("release/", views.release, name="release"),
    path("sent/", views.sent, name="sent"),
]
