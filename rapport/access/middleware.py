"""Staff need a second factor: without one, every page of theirs is the page where they set it up.

And a shared computer forgets its reader.
"""

from django.contrib import messages
from django.http import HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from rapport.access import shared
from rapport.access.staff import lacks_factor

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


def shared_computers_forget(get_response):
    """On a shared computer, sign out whoever pressed nothing for a while, and clear the screen."""

    def answer(request):
        if shared.forget_if_idle(request):
            messages.info(request, _("Nobody pressed anything for a while, so this shared computer signed out."))
        is_put_away = shared.is_shared(request) and shared.AWAY in request.GET
        response = render(request, "access/away.html") if is_put_away else get_response(request)
        shared.leave_by_itself(request, response)
        return response

    return answer
