"""What every page knows without being told: the program, the bar, the banners, the reader.

All of it is worked out only when a template asks, so an error page never touches the database.
"""

from django.utils.functional import SimpleLazyObject

from rapport.core import banners, nav


def house(request):
    """The context processor of the house; `request.program` and `request.has_right` are set by the door."""
    return {
        "program": getattr(request, "program", None),
        "nav": SimpleLazyObject(lambda: nav.items(request)),
        "nav_buttons": SimpleLazyObject(lambda: nav.items(request, as_button=True)),
        "account_url": SimpleLazyObject(nav.account_address),
        "banners": SimpleLazyObject(lambda: banners.sentences(request)),
        "public_banners": SimpleLazyObject(lambda: banners.sentences(request, for_staff=False)),
        "user_name": SimpleLazyObject(lambda: name_of(request.user)),
    }


def name_of(user):
    """How the reader is called in the bar."""
    return getattr(user, "first_name", "") or getattr(user, "name", "") or str(user)
