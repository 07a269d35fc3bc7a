"""The sentence that says what was kept, with a way back."""

from django.contrib import messages

UNDO = "undo:"


def kept(request, sentence, *, undo=""):
    """Say on the next page that something was saved; `undo` is an address that takes a POST."""
    messages.success(request, sentence, extra_tags=f"{UNDO}{undo}" if undo else "")
