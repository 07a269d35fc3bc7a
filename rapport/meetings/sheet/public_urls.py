"""The day sheet by a link of one day."""

from rapport.meetings.sheet import public
from rapport.outbox.public import addresses

app_name = "day-sheet"
urlpatterns = addresses(public.sheet, "open")
