"""What a guardian says to an outing, by a link."""

from rapport.meetings.outings import public
from rapport.outbox.public import addresses

app_name = "outings"
urlpatterns = addresses(public.ask, "ask")
