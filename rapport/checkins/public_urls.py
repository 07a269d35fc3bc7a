"""The page of an ask, by a link."""

from rapport.checkins import public
from rapport.outbox.public import addresses

app_name = "checkins"
urlpatterns = addresses(public.ask, "ask")
