from django.urls import path

from rapport.outbox import views

app_name = "outbox"
urlpatterns = [
    path("", views.held, name="held"),
    path("release/", views.release, name="release"),
    path("kind/release/", views.let_go, name="let-go"),
    path("kind/hold/", views.hold, name="hold"),
    path("quiet/", views.quiet, name="quiet"),
    path("sent/", views.sent, name="sent"),
    path("<str:place>/", views.message, name="message"),
    path("<str:place>/page/", views.behind, name="behind"),
]
