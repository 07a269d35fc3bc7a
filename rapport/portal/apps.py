from django.apps import AppConfig


class PortalConfig(AppConfig):
    name = "rapport.portal"

    def ready(self):
        from django.utils.translation import gettext_lazy as _

        from rapport.access.rights import Right
        from rapport.core import banners, nav
        from rapport.core import joining as tables
        from rapport.portal import joining
        from rapport.portal.archiving import banner
        from rapport.portal.front import letters

        banners.register(banner)
        nav.register(_("Matches"), "portal:matches", Right.MATCH_VIEW, order=20)
        nav.register(_("People"), "portal:people", Right.PARTICIPANT_VIEW, order=30)
        nav.register(_("Program"), "portal:program", Right.PROGRAM_VIEW, order=60)
        tables.decide(joining.TABLE)
        letters.tell_outbox()
