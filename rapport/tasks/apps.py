from django.apps import AppConfig


class TasksConfig(AppConfig):
    name = "rapport.tasks"

    def ready(self):
        from rapport.core import joining as tables
        from rapport.tasks import joining

        tables.decide(joining.TABLE)
