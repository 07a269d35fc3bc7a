"""Paper is a page that stays: of a pair whose people may know nothing of it just now, none is printed for them."""

from django.utils.translation import gettext_lazy as _

from rapport.core.refused import Refused
from rapport.matches.models import Match


class NothingPrinted(Refused):
    """Somebody in it is kept away from another, a yes is taken back, or its checks wait. It says no more than that."""

    sentence = _("Nothing is printed for this pair just now. What you keep of it here stays as it is.")


def require_printable(match, at):
    """Raises NothingPrinted."""
    if not Match.objects.unhindered(at).filter(pk=match.pk).exists():
        raise NothingPrinted(match)
