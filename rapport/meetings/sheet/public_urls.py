"""The day sheet by a link of one day. What a mail program leaves behind the token is let go."""

from django.urls import path, re_path

from rapport.meetings.sheet import public

app_name = "day-sheet"
urlpatterns = [
    path("<str:token>/", public.sheet, name="open"),
    re_path(r"^(?P<token>[^/]{1,300})/?[^/\w]{0,20}$", public.sheet),
]
