from django.urls import path

from rapport.tasks import views

app_name = "tasks"
urlpatterns = [
    path("left/", views.left_behind, name="left-behind"),
    path("<str:ref>/done/", views.done, name="done"),
    path("<str:ref>/later/", views.snooze, name="snooze"),
    path("<str:ref>/undo/", views.reopen, name="reopen"),
]
