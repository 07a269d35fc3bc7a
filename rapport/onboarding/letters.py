"""What the outbox asks about letters that ask for permission: whether they are still wanted, and whom they speak of.

They carry no name but the reader's own: whose child it is stands on the page alone.
"""

from rapport.onboarding.consenting import still_to_ask
from rapport.onboarding.models import ConsentAsk, Decision

THANKS = "onboarding/thank-you"


def still_asking(messages, at):
    """Wanted until it was answered, while its reader may still say it."""
    return messages.about_still(still_to_ask(at).filter(answered_at=None))


def still_theirs(messages, at):
    """Wanted, as they asked for it themselves, while they may still say it."""
    return messages.about_still(still_to_ask(at))


def speaks_of(messages):
    """The participant: nobody is asked about somebody they are kept away from."""
    asked = dict(ConsentAsk.objects.filter(pk__in=messages.values("about_id")).values_list("pk", "participant__person"))
    rows = messages.values_list("pk", "about_id")
    return {pk: {asked[ask]} if ask in asked else set() for pk, ask in rows}


def still_thanks(messages, at):
    """Thanks to whoever cannot be offered a place: wanted while this is the last word on them."""
    last = Decision.objects.last().filter(says=Decision.Says.NOT_SUITABLE)
    return messages.about_still(last)


def thanks_speak_of(messages):
    """The participant, of whom it is."""
    of = dict(Decision.objects.filter(pk__in=messages.values("about_id")).values_list("pk", "participant__person"))
    return {pk: {of[about]} if about in of else set() for pk, about in messages.values_list("pk", "about_id")}
