from django.urls import path

from rapport.programs import views

app_name = "programs"
urlpatterns = [
    path("settings/", views.settings, name="settings"),
    path("settings/program/", views.about, name="about"),
    path("settings/words/", views.own_words, name="own-words"),
    path("settings/sites/", views.new_site, name="new-site"),
    path("settings/sites/<str:ref>/", views.site, name="site"),
    path("calendar/", views.calendar, name="calendar"),
    path("calendar/<int:pk>/opening/", views.reopen, name="open-days"),
]
