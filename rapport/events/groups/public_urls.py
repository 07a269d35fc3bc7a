from rapport.events.groups import public
from rapport.outbox.public import addresses

app_name = "team-lead"
urlpatterns = addresses(public.page, "page")
