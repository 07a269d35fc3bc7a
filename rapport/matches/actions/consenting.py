"""A yes or a no to taking part, heard: its gate moves, and whoever looks after an open match learns of a no at once."""

from django.db import transaction

from rapport.matches.actions.gates import call_about
from rapport.onboarding.actions import Told, answer_consent, call
from rapport.onboarding.actions.calling import TWO_WORDS


@transaction.atomic
def hear_consent(ask, *, said, by, at, **how) -> Told:
    """Keep what was said (`onboarding.actions.answer_consent`) and call whoever must know, in the same transaction.

    Nothing is paused and nothing ends by itself: people decide. Until they did, nobody is asked about this pair.
    """
    told = answer_consent(ask, said=said, by=by, at=at, **how)
    is_no = told.gate is not None and not told.gate.is_met
    called = call_about([told.gate], at=at) if is_no else []
    if told.call == TWO_WORDS or (told.call and not called):
        call(ask, told.call, cause=told.cause, at=at)
    return told
