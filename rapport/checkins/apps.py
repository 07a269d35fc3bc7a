from datetime import timedelta

from django.apps import AppConfig

LINKS_LAST = timedelta(days=60)  # an ask mostly closes sooner; whoever comes later may ask for a new link


class CheckinsConfig(AppConfig):
    name = "rapport.checkins"

    def ready(self):
        from rapport.checkins import joining, letters, looking, since, steps
        from rapport.checkins.actions import hand_over_unreached
        from rapport.core import joining as tables
        from rapport.outbox import kinds

        paper = {"sheet": "asks:sheet", "write_down": "asks:write-down"}
        link = kinds.LinkPlan("ask", "checkins:ask", LINKS_LAST, **paper, shows=looking.behind_the_link)
        common = {"purpose": "messages", "link": link, "speaks_of": letters.speaks_of}
        kinds.kind(steps.INVITATION, wanted=letters.still_asking, once_a_day=True, **common)
        for name in steps.INVITATIONS[1:]:
            more = {"wanted": letters.still_asking, "once_a_day": True, "words": since.words}
            kinds.kind(name, **more, **common)
        kinds.kind(steps.REMINDER, wanted=letters.still_reminding, once_a_day=True, **common)
        kinds.kind(steps.NEW_LINK, wanted=letters.still_open, **(common | {"purpose": kinds.ESSENTIAL}))
        kinds.on_failure(hand_over_unreached)
        tables.decide(joining.TABLE)
