"""Several names or days in one sentence."""

from django.utils.translation import gettext as _


def together(words) -> str:
    """Ama; Ama and Ben; Ama, Ben and Zoe."""
    *some, last = [str(word) for word in words] or [""]
    return _(" and ").join([_(", ").join(some), last]) if some else last
