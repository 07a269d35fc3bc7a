from django.urls import path

from rapport.programs import named, views

app_name = "programs"
urlpatterns = [
    path("settings/", views.settings, name="settings"),
    path("settings/program/", views.about, name="about"),
    path("settings/words/", views.own_words, name="own-words"),
    path("settings/starters/", views.starters, name="starters"),
    path("settings/sites/", views.new_site, name="new-site"),
    path("settings/sites/<str:ref>/", views.site, name="site"),
    path("settings/named-roles/", named.named_roles, name="named-roles"),
    path("settings/named-roles/<slug:code>/", named.named_role, name="named-role"),
    path("settings/named-roles/<int:pk>/drop/", named.drop, name="named-drop"),
    path("calendar/", views.calendar, name="calendar"),
    path("calendar/<int:pk>/opening/", views.reopen, name="open-days"),
]
