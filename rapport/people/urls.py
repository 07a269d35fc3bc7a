from django.urls import path

from rapport.people import views

app_name = "people"
urlpatterns = [
    path("<str:ref>/change/", views.change, name="change"),
    path("<str:ref>/ways/", views.add_way, name="add-way"),
    path("<str:ref>/ways/<int:pk>/drop/", views.drop_way, name="drop-way"),
]
