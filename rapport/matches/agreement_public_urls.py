"""The page reached by a letter with an agreement."""

from rapport.matches import agreement_public
from rapport.outbox.public import addresses

app_name = "agreement"
urlpatterns = addresses(agreement_public.ask, "ask")
