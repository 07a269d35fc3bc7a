from django.apps import AppConfig


class ProgramsConfig(AppConfig):
    name = "rapport.programs"

    def ready(self):
        from rapport.access import drafts, shared, staff, staying
        from rapport.programs.limits import draft_time, idle_on_shared, stay_of
        from rapport.programs.models import works_here

        staff.tell(works_here)
        shared.tell(idle_on_shared)
        staying.tell(stay_of)
        drafts.tell(draft_time)
