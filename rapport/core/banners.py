"""Sentences above every page, such as "the clock stands still". Apps say them in `AppConfig.ready()`."""

_sayers: dict = {}


def register(say, *, everywhere=False):
    """Let `say(request)` put a sentence above every page; it returns None when there is nothing to say.

    Pages of staff show it. `everywhere` shows it to participants and on the sign-in page, too.
    """
    _sayers[say] = everywhere


def sentences(request, *, for_staff=True):
    """What there is to say above this page now."""
    asked = [say for say, everywhere in _sayers.items() if for_staff or everywhere]
    return [sentence for say in asked if (sentence := say(request))]
