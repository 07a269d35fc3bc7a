from django.urls import path

from rapport.imports import choosing, views

app_name = "imports"
urlpatterns = [
    path("", views.imports, name="list"),
    path("new/", views.new, name="new"),
    path("<str:ref>/", views.show, name="show"),
    path("<str:ref>/columns/", choosing.columns, name="columns"),
    path("<str:ref>/undo/", views.undo, name="undo"),
    path("<str:ref>/to-put-right/", views.bad_rows, name="bad-rows"),
]
