"""The page reached by a letter about goals. What a mail program leaves behind the token is let go."""

from django.urls import path, re_path

from rapport.matches import goals_public

app_name = "our-goals"
urlpatterns = [
    path("<str:token>/", goals_public.page, name="page"),
    re_path(r"^(?P<token>[^/]{1,300})/?[^/\w]{0,20}$", goals_public.page),
]
