from django.apps import AppConfig


class ProgramsConfig(AppConfig):
    name = "rapport.programs"

    def ready(self):
        from rapport.access import shared, staff
        from rapport.programs.limits import idle_on_shared
        from rapport.programs.models import works_here

        staff.tell(works_here)
        shared.tell(idle_on_shared)
