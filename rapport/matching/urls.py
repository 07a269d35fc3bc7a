from django.urls import path

from rapport.matching import criteria_pages, views

app_name = "matching"
urlpatterns = [
    path("", views.rounds, name="rounds"),
    path("criteria/", criteria_pages.criteria, name="criteria"),
    path("criteria/new/<slug:kind>/", criteria_pages.new, name="new-criterion"),
    path("criteria/<slug:code>/", criteria_pages.criterion, name="criterion"),
    path("<slug:ref>/", views.show, name="round"),
]
