from django.urls import path

from rapport.meetings import views

app_name = "meetings"
urlpatterns = [
    path("of/<slug:ref>/plan/", views.plan, name="plan"),
    path("of/<slug:ref>/meeting/", views.add, name="add"),
    path("<slug:ref>/", views.log, name="log"),
]
