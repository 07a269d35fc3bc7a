"""The page of a pair's meetings, by a link."""

from rapport.meetings.own import public
from rapport.outbox.public import addresses

app_name = "our-meetings"
urlpatterns = addresses(public.page, "page")
