from django.urls import path

from rapport.people import views

app_name = "people"
urlpatterns = [
    path("<str:ref>/change/", views.change, name="change"),
    path("<str:ref>/children/", views.children, name="children"),
]
