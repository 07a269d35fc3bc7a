"""The one door: who may open which page, and which rows lie behind it.

Apps tell what lies within a scope by `scope(name, of, f)`, in `AppConfig.ready()`. `f(memberships, at)` returns a
condition (Q) on participants or on matches: those which the given memberships reach. The memberships handed over are
only the live ones whose role gives the asked right in that very scope, so a right in one program never opens another.
"""

from dataclasses import dataclass
from functools import wraps

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.db.models import Q
from django.http import Http404
from django.shortcuts import render
from django.utils import timezone

from rapport.access.models import Grant
from rapport.access.rights import Right, Scope
from rapport.core.refused import Refused
from rapport.programs.models import Membership, Program

SCOPES = {}


def scope(name, of, f):
    """Tell what lies within a scope. `of` is "participant" or "match"."""
    SCOPES[Scope(name), of] = f


def reach(of, user, right, at=None):
    """The condition on participants or matches that this user reaches with this right, live at that moment."""
    at = at or timezone.now()
    condition = Q(pk=None)
    if user is None or not user.is_authenticated:
        return condition
    scopes = Grant.objects.filter(
        right=right, role__memberships__in=Membership.objects.live(at).filter(user=user)
    ).values_list("scope", flat=True)
    for name in set(scopes):
        within = SCOPES.get((Scope(name), of))
        if within:
            held = Membership.objects.live(at).filter(user=user).giving(right, name)
            condition |= within(held, at)
    return condition


@dataclass(frozen=True)
class Door:
    """How a page is guarded; `tests/test_doors.py` asks every address for it."""

    kind: str  # "staff", "own", "public", "signed-in"
    right: Right | None = None


def staff_page(right):
    """A page of staff inside one program. The view gets the program itself; without the right it does not exist."""

    def guard(view):
        @wraps(view)
        def page(request, program, *args, **kwargs):
            if not request.user.is_authenticated:
                return redirect_to_login(request.get_full_path())
            found = Program.objects.visible_to(request.user, right).filter(slug=program).first()
            if found is None:
                raise Http404
            enter(request, found)
            return answer(view, request, found, *args, **kwargs)

        page.door = Door("staff", right)
        return page

    return guard


def signed_in_page(view):
    """A page for whoever is signed in, showing only their own things."""

    @wraps(view)
    def page(request, *args, **kwargs):
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        return answer(view, request, *args, **kwargs)

    page.door = Door("signed-in")
    return page


def public_page(view):
    """A page without signing in: reached by a link, or open to all."""

    @wraps(view)
    def page(request, *args, **kwargs):
        return answer(view, request, *args, **kwargs)

    page.door = Door("public")
    return page


def enter(request, program):
    """Remember on the request which program this is and what its user may do in it."""
    request.program = program
    held = Membership.objects.live(timezone.now()).filter(user=request.user, program=program)
    rights = set(Grant.objects.filter(role__memberships__in=held).values_list("right", flat=True))
    request.rights = rights
    request.has_right = lambda right: right in rights


def answer(view, request, *args, **kwargs):
    """Let the view answer; an action's refusal becomes a sentence on the same page, with 409."""
    try:
        return view(request, *args, **kwargs)
    except Refused as refusal:
        return refused(view, request, refusal, *args, **kwargs)


def refused(view, request, refusal, *args, **kwargs):
    messages.error(request, str(refusal))
    request.method, request.POST = "GET", type(request.POST)()
    try:
        response = view(request, *args, **kwargs)
    except Refused:
        response = None
    if response is None or response.status_code != 200:
        response = render(request, "core/refused.html", {"sentence": str(refusal)})
    response.status_code = 409
    return response
