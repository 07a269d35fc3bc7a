"""The reader's own page, and addresses of allauth that this house does not use."""

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.http import Http404
from django.shortcuts import render

from rapport.access.doors import public_page, signed_in_page
from rapport.access.staff import works_here


@signed_in_page
def account(request):
    """Name, sign-out, password, second factor, open sessions."""
    kinds = set(Authenticator.objects.filter(user=request.user).values_list("type", flat=True))
    context = {
        "has_factor": Authenticator.Type.TOTP in kinds,
        "has_recovery": Authenticator.Type.RECOVERY_CODES in kinds,
        "is_staff": works_here(request.user),
        "sessions": max(1, UserSession.objects.filter(user=request.user).count()),
    }
    return render(request, "access/account.html", context)


@public_page
def nothing(request, **kwargs):
    """Nobody signs up alone or adds an address of their own: staff know the address they invite."""
    raise Http404
