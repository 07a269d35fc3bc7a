from django.urls import path

from rapport.onboarding import permission, set_aside, views
from rapport.onboarding.interviews import pages as interviews

app_name = "onboarding"
urlpatterns = [
    path("", views.queue, name="queue"),
    path("texts/", permission.texts, name="texts"),
    path("interviews/", interviews.rules, name="interview-rules"),
    path("<str:ref>/", views.gates, name="gates"),
    path("<str:ref>/consents/", permission.consents, name="consents"),
    path("<str:ref>/no/<int:pk>/", set_aside.settle, name="set-aside"),
    path("<str:ref>/interviews/", interviews.interview, name="interview"),
    path("<str:ref>/sheet/", permission.sheet, name="sheet"),
    path("<str:ref>/<slug:code>/", views.gate, name="gate"),
]
