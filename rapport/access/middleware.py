"""Staff need a second factor: without one, every page of theirs is the page where they set it up.

And sessions end: on a shared computer soon, elsewhere after a while without a press, and in any case once a day.
"""

from django.contrib import messages
from django.contrib.auth import SESSION_KEY, logout
from django.http import HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django_htmx.http import HttpResponseClientRedirect

from rapport.access import drafts, shared, staying
from rapport.access.staff import lacks_factor
from rapport.core.refused import Refused

STILL_OPEN = {  # what somebody needs to set up the factor, or to leave
    "mfa_activate_totp",
    "mfa_add_webauthn",
    "account_reauthenticate",
    "account_login",
    "account_logout",
    "account_inactive",
    "account_reset_password",
    "account_reset_password_done",
    "account_reset_password_from_key",
    "account_reset_password_from_key_done",
}


def staff_need_a_second_factor(get_response):
    def answer(request):
        return get_response(request)

    answer.process_view = send_to_enrolment
    return answer


def send_to_enrolment(request, view, args, kwargs):
    """Lead staff without a second factor to where they get one. Public pages stay open to everybody."""
    door = getattr(view, "door", None)
    if not request.user.is_authenticated or (door and door.kind == "public"):
        return None
    if request.resolver_match.url_name in STILL_OPEN or not lacks_factor(request.user):
        return None
    return HttpResponseRedirect(reverse("mfa_activate_totp"))


def sessions_end(get_response):
    """Sign out whoever pressed nothing for a while, and clear the screen of a shared computer.

    Who pressed too late signs in again and finds what they typed (access.drafts).
    """

    def answer(request):
        request.left = sign_out_if_over(request)
        is_put_away = shared.is_shared(request) and shared.AWAY in request.GET
        response = render(request, "access/away.html") if is_put_away else get_response(request)
        shared.leave_by_itself(request, response)
        if getattr(request, "laid_out", False):
            response = drafts.whole(request, response)
        drafts.settle(request, response)
        return response

    answer.process_view = keep_or_lay_out
    return answer


def sign_out_if_over(request):
    """Sign out whose time is over. Returns who that was, or None."""
    user = request.user if request.session.has_key(SESSION_KEY) else None
    if shared.forget_if_idle(request):
        messages.info(request, _("Nobody pressed anything for a while, so this shared computer signed out."))
    elif user is not None and staying.is_over(request):
        logout(request)
        messages.info(request, _("You were signed out, because nobody pressed anything for a while. Sign in again."))
    else:
        return None
    return user


def keep_or_lay_out(request, view, args, kwargs):
    """Keep what was pressed too late, or lay out what was kept for this reader. Public pages need no session."""
    door = getattr(view, "door", None)
    if door is None or door.kind == "public":
        return None
    if request.left is not None and request.method == "POST":
        return to_signing_in(request, drafts.keep(request, request.left))
    draft = drafts.asked_for(request)
    if draft is None:
        return None
    try:
        drafts.lay_out(request, draft)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return None
    request.laid_out = True
    messages.info(
        request, _("You were signed out before this was sent. Here is what you typed: look, then press again.")
    )
    return None


def to_signing_in(request, draft):
    """The press did nothing; what it carried is there again after signing in."""
    if draft is not None:
        messages.info(request, _("What you typed was not sent. It is kept for you alone, and there when you are back."))
    address = drafts.sign_in_address(drafts.address(draft) if draft else request.get_full_path())
    return HttpResponseClientRedirect(address) if request.headers.get("HX-Request") else HttpResponseRedirect(address)
