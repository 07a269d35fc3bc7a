from django.urls import path

from rapport.demo import views

app_name = "demo"
urlpatterns = [
    path("mailbox/", views.mailbox, name="mailbox"),
    path("mailbox/<slug:name>/", views.letter, name="letter"),
]
