from django.apps import AppConfig


class EventsConfig(AppConfig):
    name = "rapport.events"

    def ready(self):
        from rapport.core import joining as tables
        from rapport.events import joining
        from rapport.events.circles import letters

        letters.tell_outbox()
        tables.decide(joining.TABLE)
