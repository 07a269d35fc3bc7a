from django.apps import AppConfig


class ProgramsConfig(AppConfig):
    name = "rapport.programs"

    def ready(self):
        from rapport.access import staff
        from rapport.programs.models import works_here

        staff.tell(works_here)
