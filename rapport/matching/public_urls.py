"""The page reached by a letter that asks about a match."""

from rapport.matching import public
from rapport.outbox.public import addresses

app_name = "proposal"
urlpatterns = addresses(public.ask, "ask")
