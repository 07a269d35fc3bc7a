"""In which language a page is said: the reader's own where the house speaks it. Pages of staff speak English."""

from django.conf import settings
from django.utils.translation import override

OF_STAFF = "en"


def known(code):
    """Whether the house speaks it."""
    return code in dict(settings.LANGUAGES)


def theirs(person):
    """A person's own language where the house speaks it; else the house's."""
    return person.language if known(person.language) else settings.LANGUAGE_CODE


def said_in(language, view, *args, **kwargs):
    """The answer of a view, all of it in one language, whatever the browser asks for."""
    with override(language):
        response = view(*args, **kwargs)
        response.headers["Content-Language"] = language
        return response
