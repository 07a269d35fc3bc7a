from django.apps import AppConfig


class MatchingConfig(AppConfig):
    name = "rapport.matching"

    def ready(self):
        from django.utils.translation import gettext_lazy as _

        from rapport.access.rights import Right
        from rapport.core import joining as tables
        from rapport.core import nav
        from rapport.matching import joining, letters

        nav.register(_("Matching"), "matching:rounds", Right.MATCHING_RUN, order=40)
        tables.decide(joining.TABLE)
        tables.object_when(joining.what_matching_objects)
        letters.tell_outbox()
