from django.urls import path

from rapport.access import views

app_name = "access"
urlpatterns = [
    path("", views.account, name="account"),
    path("sessions/", views.sessions, name="sessions"),  # instead of allauth's own
    path("typed/", views.typed, name="typed"),
    # These stand before allauth's own and so take them out of use.
    path("signup/", views.nothing, name="no-sign-up"),
    path("email/", views.nothing, name="no-address"),
    path("confirm-email/", views.nothing, name="no-address-sent"),
    path("confirm-email/<str:key>/", views.nothing, name="no-address-confirmed"),
]
