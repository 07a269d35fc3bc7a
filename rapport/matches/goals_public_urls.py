"""The page reached by a letter about goals."""

from rapport.matches import goals_public
from rapport.outbox.public import addresses

app_name = "our-goals"
urlpatterns = addresses(goals_public.page, "page")
