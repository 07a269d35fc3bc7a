"""The page of a pair's meetings, by a link. What a mail program leaves behind the token is let go."""

from django.urls import path, re_path

from rapport.meetings.own import public

app_name = "our-meetings"
urlpatterns = [
    path("<str:token>/", public.page, name="page"),
    re_path(r"^(?P<token>[^/]{1,300})/?[^/\w]{0,20}$", public.page),
]
