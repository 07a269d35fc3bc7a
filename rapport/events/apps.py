from django.apps import AppConfig


class EventsConfig(AppConfig):
    name = "rapport.events"

    def ready(self):
        from rapport.core import joining as tables
        from rapport.events import joining
        from rapport.events.circles import letters
        from rapport.events.groups import sheet
        from rapport.meetings.sheet import beside

        letters.tell_outbox()
        beside.tell(sheet)
        tables.decide(joining.TABLE)
