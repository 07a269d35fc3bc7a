from django.apps import AppConfig


class OutboxConfig(AppConfig):
    name = "rapport.outbox"

    def ready(self):
        from rapport.core import joining as tables
        from rapport.outbox import joining

        tables.decide(joining.TABLE)
