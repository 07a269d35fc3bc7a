from django.urls import path

from rapport.matching import views

app_name = "matching"
urlpatterns = [
    path("", views.rounds, name="rounds"),
    path("<slug:ref>/", views.show, name="round"),
]
