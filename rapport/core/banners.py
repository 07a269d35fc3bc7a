"""Sentences above every page, such as "the clock stands still". Apps say them in `AppConfig.ready()`."""

_sayers: list = []


def register(say):
    """Let `say(request)` put a sentence above every page; it returns None when there is nothing to say."""
    if say not in _sayers:
        _sayers.append(say)


def sentences(request):
    """What there is to say above this page now."""
    return [sentence for say in _sayers if (sentence := say(request))]
