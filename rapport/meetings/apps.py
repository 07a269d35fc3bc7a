from django.apps import AppConfig


class MeetingsConfig(AppConfig):
    name = "rapport.meetings"

    def ready(self):
        from rapport.core import joining as tables
        from rapport.meetings import joining

        tables.decide(joining.TABLE)
