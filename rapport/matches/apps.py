from django.apps import AppConfig


class MatchesConfig(AppConfig):
    name = "rapport.matches"

    def ready(self):
        from rapport.access.rights import Scope
        from rapport.core import joining as tables
        from rapport.matches import goals_letters, joining, letters, scopes
        from rapport.programs import doors

        doors.scope(Scope.PROGRAM, "match", scopes.program)
        doors.scope(Scope.SITE, "match", scopes.site)
        doors.scope(Scope.CASELOAD, "match", scopes.caseload)
        doors.scope(Scope.OWN_MATCH, "match", scopes.own_active_match)
        doors.scope(Scope.CASELOAD, "participant", scopes.caseload_participants)
        doors.scope(Scope.OWN_MATCH, "participant", scopes.partners)
        doors.too_close("match", scopes.too_close)
        doors.too_close("word", scopes.matched_with)
        tables.decide(joining.TABLE)
        tables.object_when(joining.what_matches_object)
        letters.tell_outbox()
        goals_letters.tell_outbox()
