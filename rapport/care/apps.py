from django.apps import AppConfig


class CareConfig(AppConfig):
    name = "rapport.care"

    def ready(self):
        from django.utils.translation import gettext_lazy as _

        from rapport.access.rights import Right
        from rapport.care import joining
        from rapport.care.actions.one_person import follow_one_person
        from rapport.core import joining as tables
        from rapport.core import nav

        nav.register(_("Today"), "care:today", Right.TASK_DO, order=10)
        nav.register(_("Talked with …"), "care:find", Right.TALK, order=10, as_button=True)
        tables.decide(joining.TABLE)
        tables.afterwards(follow_one_person)
