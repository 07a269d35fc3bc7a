from django.apps import AppConfig


class MeetingsConfig(AppConfig):
    name = "rapport.meetings"

    def ready(self):
        from django.utils.translation import gettext_lazy as _

        from rapport.access.rights import Right
        from rapport.core import joining as tables
        from rapport.core import nav
        from rapport.matching.criteria import known
        from rapport.meetings import free, invitations, joining
        from rapport.meetings import letters as own_letters
        from rapport.meetings.outings import letters as outing_letters
        from rapport.meetings.sheet import letters
        from rapport.outbox import kinds

        common = {"purpose": "messages", "speaks_of": letters.speaks_of}
        kinds.kind(letters.CLOSED, wanted=letters.still_closed, words=letters.closed_words, **common)
        kinds.kind(letters.OPEN_AGAIN, wanted=letters.still_open, words=letters.open_words, **common)
        nav.register(_("Sites"), "meetings:sites", Right.MEETING_EDIT, order=25)
        own_letters.tell_outbox()
        invitations.tell_outbox()
        outing_letters.tell_outbox()
        tables.decide(joining.TABLE)
        known.tell("free_times", _("When they are free, in half hours"), free.half_hours, free.in_spans)
