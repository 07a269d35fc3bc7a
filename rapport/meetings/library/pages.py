"""The page of all cards: open to everybody, the same for everybody, and about nobody. It asks and keeps nothing."""

from django.conf import settings
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from rapport.core.languages import known, said_in
from rapport.meetings.library.cards import cards
from rapport.programs.doors import public_page


@require_safe
@public_page
def ways(request):
    """All cards in the reader's language, or the one they choose on the page."""
    asked = request.GET.get("in", "")
    language = asked if known(asked) else get_language()
    return said_in(language, shown, request, language)


def shown(request, language):
    request.program = None
    others = [(code, name) for code, name in settings.LANGUAGES if code != language]
    return render(request, "meetings/public/ways.html", {"cards": cards(language), "others": others})
