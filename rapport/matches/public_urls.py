"""The page reached by a letter that asks for permission."""

from rapport.matches import public
from rapport.outbox.public import addresses

app_name = "consent"
urlpatterns = addresses(public.ask, "ask")
