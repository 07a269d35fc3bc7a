"""Whether somebody comes, by a link."""

from rapport.events.days import public
from rapport.outbox.public import addresses

app_name = "event-day"
urlpatterns = addresses(public.page, "page")
