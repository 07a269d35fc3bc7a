"""The page reached by a letter that asks for permission. What a mail program leaves behind the token is let go."""

from django.urls import path, re_path

from rapport.matches import public

app_name = "consent"
urlpatterns = [
    path("<str:token>/", public.ask, name="ask"),
    re_path(r"^(?P<token>[^/]{1,300})/?[^/\w]{0,20}$", public.ask),
]
