"""The page reached by a letter with an agreement. What a mail program leaves behind the token is let go."""

from django.urls import path, re_path

from rapport.matches import agreement_public

app_name = "agreement"
urlpatterns = [
    path("<str:token>/", agreement_public.ask, name="ask"),
    re_path(r"^(?P<token>[^/]{1,300})/?[^/\w]{0,20}$", agreement_public.ask),
]
