from datetime import timedelta

from django.apps import AppConfig

LINKS_LAST = timedelta(days=60)  # whoever comes later asks for a new link on the page


class MatchesConfig(AppConfig):
    name = "rapport.matches"

    def ready(self):
        from rapport.access.rights import Scope
        from rapport.core import joining as tables
        from rapport.matches import agreement_looking, goals_letters, joining, letters, scopes
        from rapport.matches.actions import agreeing, doubting, signing
        from rapport.outbox import kinds
        from rapport.programs import doors

        goals_letters.tell_outbox()
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

        paper = {"sheet": "matches:sign-sheet", "write_down": "matches:record-signature"}
        link = kinds.LinkPlan(
            "agreement", "agreement:ask", LINKS_LAST, **paper, shows=agreement_looking.behind_the_link
        )
        common = {"link": link, "speaks_of": letters.speaks_of}
        kinds.kind(agreeing.LETTER, purpose="messages", wanted=letters.still_asking, **common)
        kinds.kind(agreeing.NEW_LINK, purpose=kinds.ESSENTIAL, wanted=letters.still_theirs, **common)
        kinds.on_failure(signing.undelivered)
        kinds.on_stranger(doubting.doubt_consents)
        kinds.on_stranger(doubting.doubt_signatures)
