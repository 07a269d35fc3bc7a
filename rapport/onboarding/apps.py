from datetime import timedelta

from django.apps import AppConfig

LINKS_LAST = timedelta(days=60)  # whoever comes later asks for a new link on the page


class OnboardingConfig(AppConfig):
    name = "rapport.onboarding"

    def ready(self):
        from rapport.core import joining as tables
        from rapport.onboarding import joining, letters, looking
        from rapport.onboarding.actions import asking, undelivered
        from rapport.onboarding.actions.joining import a_no_takes_its_gate_back, whoever_is_here_has_not_left
        from rapport.outbox import kinds

        paper = {"sheet": "onboarding:sheet", "write_down": "matches:record-consent"}
        link = kinds.LinkPlan("consent", "consent:ask", LINKS_LAST, **paper, shows=looking.behind_the_link)
        common = {"link": link, "speaks_of": letters.speaks_of}
        kinds.kind(asking.LETTER, purpose="messages", wanted=letters.still_asking, **common)
        kinds.kind(asking.NEW_LINK, purpose=kinds.ESSENTIAL, wanted=letters.still_theirs, **common)
        kinds.kind(
            letters.THANKS, purpose="messages", wanted=letters.still_thanks, speaks_of=letters.thanks_speak_of,
            always_waits=True,
        )  # fmt: skip
        kinds.on_failure(undelivered)
        tables.decide(joining.TABLE)
        tables.afterwards(whoever_is_here_has_not_left)
        tables.afterwards(a_no_takes_its_gate_back)
