from django.urls import path

from rapport.clock import views

app_name = "clock"
urlpatterns = [path("healthz", views.healthz, name="healthz")]
