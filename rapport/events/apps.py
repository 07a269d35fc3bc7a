from django.apps import AppConfig


class EventsConfig(AppConfig):
    name = "rapport.events"

    def ready(self):
        from rapport.core import joining as tables
        from rapport.events import joining
        from rapport.events.circles import letters
        from rapport.events.days import calendar
        from rapport.events.days import letters as of_days
        from rapport.events.groups import calendar as of_groups
        from rapport.events.groups import letters as to_groups
        from rapport.events.groups import sheet
        from rapport.meetings.feeds import beside as calendars
        from rapport.meetings.sheet import beside

        letters.tell_outbox()
        beside.tell(sheet)
        of_days.tell_outbox()
        to_groups.tell_outbox()
        calendars.also(calendar.in_calendar)
        calendars.also(of_groups.in_calendar)
        tables.decide(joining.TABLE)
