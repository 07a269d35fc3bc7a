from django.urls import path

from rapport.care import adding, passing, views

app_name = "care"
urlpatterns = [
    path("", views.today, name="today"),
    path("handed/<str:ref>/answer/", views.answer, name="answer"),
    path("task/", adding.add, name="add"),
    path("task/<str:ref>/hand-over/", passing.hand_over, name="hand-over"),
    path("talk/", views.find_person, name="find"),
    path("talk/<str:ref>/", views.talk, name="talk"),
]
