"""One address that tells no topic, for messages to those who have no Today desk."""

from django.urls import path

from rapport.safeguarding import views

app_name = "waiting"
urlpatterns = [path("", views.waiting, name="mine")]
