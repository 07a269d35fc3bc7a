"""Who works here, and so needs a second factor. Who that is, the apps above tell in `AppConfig.ready()`."""

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

DEMO = _("In this demo, staff sign in without a second factor. A real install asks for one.")
FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
_told: list = []


def tell(works_here):
    """Let `works_here(user, at)` say whether somebody is staff at that moment. Saying it twice is once."""
    if works_here not in _told:
        _told.append(works_here)


def works_here(user, at=None):
    """Whether this user holds a role of staff, live, anywhere in the house."""
    at = at or timezone.now()
    return any(says(user, at) for says in _told)


def has_factor(user, before=None):
    """Whether this user has tied an app or a passkey to their sign-in, and had done so before that moment."""
    tied = Authenticator.objects.filter(user=user, type__in=FACTORS)
    return (tied.filter(created_at__lt=before) if before else tied).exists()


def with_factor(users):
    """Which of these users have tied an app or a passkey to their sign-in."""
    return set(Authenticator.objects.filter(user__in=users, type__in=FACTORS).values_list("user", flat=True))


def lacks_factor(user, at=None):
    """Staff without a second factor, in a house that asks for one; a demo does not."""
    return not settings.IS_DEMO and not has_factor(user) and works_here(user, at)  # the cheaper question first


def demo_banner(request):
    """What a demo says above pages of staff, for there nobody is asked for a second factor."""
    return DEMO if settings.IS_DEMO else None
