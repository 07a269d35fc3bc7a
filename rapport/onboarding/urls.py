from django.urls import path

from rapport.onboarding import views

app_name = "onboarding"
urlpatterns = [
    path("", views.queue, name="queue"),
    path("<str:ref>/", views.gates, name="gates"),
    path("<str:ref>/<slug:code>/", views.gate, name="gate"),
]
