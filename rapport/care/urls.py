from django.urls import path

from rapport.care import views

app_name = "care"
urlpatterns = [
    path("", views.today, name="today"),
    path("talk/", views.find_person, name="find"),
    path("talk/<str:ref>/", views.talk, name="talk"),
]
