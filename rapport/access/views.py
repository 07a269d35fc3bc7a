"""The reader's own page, and addresses of allauth that this house does not use."""

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from rapport.access import actions, drafts, shared
from rapport.access.doors import public_page, signed_in_page
from rapport.access.sessions import places
from rapport.access.staff import works_here

LONGEST_KEY = 12  # digits


@signed_in_page
def account(request):
    """Name, sign-out, password, second factor, open sessions. A press says that this computer is shared."""
    if request.method == "POST":
        shared.begin(request)
        return redirect("access:account")
    kinds = set(Authenticator.objects.filter(user=request.user).values_list("type", flat=True))
    context = {
        "has_app": Authenticator.Type.TOTP in kinds,
        "has_passkey": Authenticator.Type.WEBAUTHN in kinds,
        "has_recovery": Authenticator.Type.RECOVERY_CODES in kinds,
        "is_staff": works_here(request.user),
        "sessions": max(1, UserSession.objects.filter(user=request.user).count()),
        "typed": request.user.drafts.open(timezone.now()).count(),
        "minutes": shared.minutes(request) if shared.is_shared(request) else 0,
    }
    return render(request, "access/account.html", context)


@signed_in_page
def sessions(request):
    """Where the reader is signed in; a press ends one place, or all others."""
    if request.method == "POST":
        ended = actions.end_sessions(
            request.user, only=chosen(request), but=request.session.session_key, by=request.user, at=timezone.now()
        )
        said = ngettext("Signed out in one place.", "Signed out in %(n)d places.", ended) % {"n": ended}
        messages.success(request, said if ended else _("You are signed in nowhere else."))
        return redirect("access:sessions")
    return render(request, "access/sessions.html", {"places": places(request)})


@signed_in_page
def typed(request):
    """What the reader had typed when a session of theirs ended; a press throws it away."""
    at = timezone.now()
    if request.method == "POST":
        gone = actions.throw_away(request.user, ref=drafts.named(request.POST), by=request.user, at=at)
        messages.success(request, _("Thrown away.") if gone else _("It was gone already."))
        return redirect("access:account")
    rows = [(row, drafts.address(row)) for row in request.user.drafts.open(at).order_by("-kept_at")]
    return render(request, "access/drafts.html", {"drafts": rows})


def chosen(request):
    """The one place that was pressed on; None for all others."""
    key = request.POST.get("only", "")
    if key and not (key.isascii() and key.isdigit() and len(key) <= LONGEST_KEY):
        raise Http404
    return int(key) if key else None


@public_page
def nothing(request, **kwargs):
    """Nobody signs up alone or adds an address of their own: staff know the address they invite."""
    raise Http404
