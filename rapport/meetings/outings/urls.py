"""What a guardian says to an outing, by a link. What a mail program leaves behind the token is let go."""

from django.urls import path, re_path

from rapport.meetings.outings import public

app_name = "outings"
urlpatterns = [
    path("<str:token>/", public.ask, name="ask"),
    re_path(r"^(?P<token>[^/]{1,300})/?[^/\w]{0,20}$", public.ask),
]
