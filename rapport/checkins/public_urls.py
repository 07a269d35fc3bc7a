"""The page reached by a link. What a mail program leaves behind the token (a full stop, a bracket) is let go."""

from django.urls import path, re_path

from rapport.checkins import public

app_name = "checkins"
urlpatterns = [
    path("<str:token>/", public.ask, name="ask"),
    re_path(r"^(?P<token>[^/]{1,300})/?[^/\w]{0,20}$", public.ask),
]
