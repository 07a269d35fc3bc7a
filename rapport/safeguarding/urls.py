from django.urls import path

from rapport.safeguarding import views

app_name = "safeguarding"
urlpatterns = [
    path("", views.desk, name="desk"),
    path("closed/", views.closed, name="closed"),
    path("duty/", views.duty, name="duty"),
    path("raise/", views.raise_one, name="raise"),
    path("raise/sent/", views.sent, name="sent"),
    path("worries/<str:ref>/", views.worry, name="worry"),
    path("concerns/<str:ref>/", views.concern, name="concern"),
    path("concerns/<str:ref>/<slug:step>/", views.step, name="step"),
]
