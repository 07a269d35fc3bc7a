"""The own page by a link: asked for with an address, and opened without signing in. GET shows; POST acts.

Whether an address is known here, nobody learns.
"""

from allauth.account.adapter import get_adapter
from django import forms
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.csrf import csrf_exempt

from rapport.core.languages import known, said_in
from rapport.outbox import guests
from rapport.outbox.public import before_it_starts, link_page
from rapport.portal import actions
from rapport.portal.front.letters import PURPOSE
from rapport.portal.front.pages import front
from rapport.portal.mine import page_by_link
from rapport.programs.doors import public_page

REQUESTS = 10  # from one place within an hour; no figure of the field: no person meets it, a machine does


class Address(forms.Form):
    address = forms.EmailField(
        label=lazy("Your e-mail address"), max_length=254,
        error_messages={
            "invalid": lazy("This is no e-mail address. Look at it once more."),
            "required": lazy("Write your e-mail address."),
        },
    )  # fmt: skip


@csrf_exempt
@public_page
def ask_for_link(request):
    """Whatever is typed, the answer is the same."""
    return guests.kept_apart(said_in(spoken(request), asking, request))


def spoken(request):
    asked = request.GET.get("in", "")
    return asked if known(asked) else get_language()


def asking(request):
    form = Address(request.POST if request.method == "POST" else None)
    if request.method != "POST" or not form.is_valid():
        status = 422 if request.method == "POST" else 200
        return render(request, "portal/public/ask_for_link.html", {"form": form}, status=status)
    where = get_adapter().get_client_ip(request)
    is_busy = guests.counted(f"own-page-asked:{where}", guests.HOUR) > REQUESTS
    if not is_busy:
        actions.send_own_page(form.cleaned_data["address"], at=timezone.now())
    return render(request, "portal/public/ask_for_link.html", {"is_busy": is_busy, "is_sent": not is_busy},
                  status=429 if is_busy else 200)  # fmt: skip


@link_page(PURPOSE, nothing="portal/public/no_page.html")
def by_link(request, link, found, at):
    """First the name alone, for whoever holds the device may be somebody else; then the page."""
    here = f"{reverse('portal:by-link', args=[request.resolver_match.kwargs['token']])}?start=1&in={get_language()}"
    if request.method == "POST" and request.POST.get("tell") == "not-me":
        actions.shut_own_pages(link.person, program=link.program, pressed=link, at=at)
        return render(request, "portal/public/is_shut.html")
    if before_it_starts(request):
        return render(request, "portal/public/start.html", guests.context(link))
    return front(request, page_by_link(link.person, link.program, at), at, here=here, by_link=True)
