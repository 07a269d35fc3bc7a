from django.apps import AppConfig


class SafeguardingConfig(AppConfig):
    name = "rapport.safeguarding"

    def ready(self):
        from django.utils.translation import gettext_lazy as _

        from rapport.access.rights import Right
        from rapport.core import banners, nav
        from rapport.core import joining as tables
        from rapport.outbox import kinds
        from rapport.safeguarding import joining, letters
        from rapport.safeguarding.actions import climb_early
        from rapport.safeguarding.banner import question_is_off

        essential = {"purpose": kinds.ESSENTIAL, "urgent": True, "words": letters.where_to_go}
        kinds.kind("safeguarding/concern", wanted=letters.unread_concerns, **essential)
        kinds.kind("safeguarding/worry", wanted=letters.unread_worries, **essential)
        kinds.on_failure(climb_early)
        nav.register(_("Safety"), "safeguarding:desk", Right.CONCERN_LEAD, order=50)
        nav.register(_("Raise a concern"), "safeguarding:raise", Right.CONCERN_RAISE, order=90, as_button=True)
        banners.register(question_is_off)
        tables.decide(joining.TABLE)
        tables.object_when(joining.what_safeguarding_objects)
