from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "rapport.people"

    def ready(self):
        from rapport.access.rights import Scope
        from rapport.core import joining as tables
        from rapport.people import joining, scopes
        from rapport.programs import doors

        doors.scope(Scope.PROGRAM, "participant", scopes.program)
        doors.scope(Scope.SITE, "participant", scopes.site)
        doors.scope(Scope.OWN_RECORD, "participant", scopes.own_record)
        doors.scope(Scope.OWN_CHILD, "participant", scopes.own_child)
        doors.too_close("participant", scopes.too_close)
        tables.decide(joining.TABLE)
        tables.object_when(joining.what_people_object)
