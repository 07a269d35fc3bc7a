"""The pages reached by a letter: one that asks about a match, and one with suggestions."""

from rapport.matching.proposals import public
from rapport.matching.wishes import public as wish_public
from rapport.outbox.public import addresses

app_name = "proposal"
urlpatterns = [
    *addresses(wish_public.ask, "wishes", before="some/"),
    *addresses(public.ask, "ask"),
]
