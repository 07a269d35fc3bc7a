"""A participant's page, shown to staff before or beside its person: to read, with nothing on it that works.

`looking` in its context tells the base of participants' pages: a banner says whose eyes these are, and a disabled
fieldset around the page takes the life out of each of its buttons.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from django.shortcuts import render

from rapport.core.languages import said_in


@dataclass(frozen=True)
class Look:
    """Whose eyes a page is seen with, in the words of staff; and where to go from it, as (address, words)."""

    words: str
    links: Sequence[tuple[str, str]]


def seen(request, template, tell, *, look, language):
    """The page in its person's language; `tell()` gives its context. It tells nothing of who looks on.

    Nobody keeps a copy of it.
    """
    nobody = {"looking": look, "messages": (), "account_url": "", "user_name": ""}
    response = said_in(language, lambda: render(request, template, {**tell(), **nobody}))
    response["Cache-Control"] = "no-store"
    return response
