"""The one door: who may open which page, and which rows lie behind it.

Apps tell what lies within a scope by `scope(name, of, f)`, in `AppConfig.ready()`. `f(memberships, at)` returns a
condition (Q) on participants or on matches: those which the given memberships reach. The memberships handed over are
only the live ones whose role gives the asked right in that very scope, so a right in one program never opens another.

Blocks beat grants: apps tell by `too_close(of, f)` what a member of staff is a party to; `f(user)` returns a condition.
Rights that come with a job do not reach it. One's own pages have scopes of their own, and keep it. Of "word" is told of
which participants somebody never reads what was said yes or no to: those they are in a match with.
"""

from functools import wraps

from django.contrib.auth.views import redirect_to_login
from django.db.models import Q
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext_lazy as lazy

from rapport.access.doors import Door, answer, public_page, signed_in_page
from rapport.access.models import Grant
from rapport.access.rights import Scope
from rapport.core.languages import OF_STAFF, said_in
from rapport.core.refused import Refused
from rapport.programs.models import Membership, Program

__all__ = [  # one door
    "enter", "program_page", "public_page", "reach", "scope", "signed_in_page", "staff_page", "told",
    "too_close", "too_close_to", "when_archived",
]  # fmt: skip

SCOPES: dict = {}
TOO_CLOSE: dict = {}
TOLD = "_told"  # on a user, while a page that changes nothing is made: what was asked about them, and the rows
OF_A_JOB = {Scope.PROGRAM, Scope.SITE, Scope.CASELOAD}


def scope(name, of, f):
    """Tell what lies within a scope. `of` is "participant" or "match"."""
    SCOPES[Scope(name), of] = f


def too_close(of, f):
    """Tell what a member of staff is a party to. `of` is "participant", "match" or "word"."""
    TOO_CLOSE[of] = f


def too_close_to(of, user):
    """The condition on what this user is a party to."""
    return TOO_CLOSE[of](user)


def reach(of, user, right, at=None):
    """The condition on participants or matches that this user reaches with this right, live at that moment."""
    at = at or timezone.now()
    condition = Q(pk=None)
    if user is None or not user.is_authenticated:
        return condition
    for name, memberships in through(user, right, at).items():
        within = SCOPES.get((Scope(name), of))
        if within:
            reached = within(Membership.objects.filter(pk__in=memberships), at)
            condition |= reached & ~TOO_CLOSE[of](user) if name in OF_A_JOB and of in TOO_CLOSE else reached
    return condition


def through(user, right, at):
    """{scope: [memberships]}: how far this user has a right at that moment, and what gives it."""
    held = Membership.objects.live(at).filter(user=user).order_by("pk")
    scopes = {}
    for given, scope_of_it, membership in told(
        user, ("rights", at), held.values_list("role__grants__right", "role__grants__scope", "pk")
    ):
        if given == right:
            scopes.setdefault(scope_of_it, []).append(membership)
    return scopes


def told(user, what, rows):
    """These rows about a user: read once while a page that changes nothing is made for them, else asked each time."""
    kept = getattr(user, TOLD, None)
    if kept is None:
        return rows
    if what not in kept:
        kept[what] = list(rows)
    return kept[what]


def forget(user):
    """Ask anew from here on."""
    if hasattr(user, TOLD):
        delattr(user, TOLD)


def staff_page(right):
    """A page of staff inside one program. The view gets the program itself; without the right it does not exist.

    The right must come with a job: who holds it of their own match or record alone meets a 404 like a stranger.
    """
    return behind(Door("staff", right))


def program_page(right):
    """A page inside one program for whoever has this right there, staff or not."""
    return behind(Door("own", right))


def behind(door):
    def guard(view):
        @wraps(view)
        def page(request, program, *args, **kwargs):
            if not request.user.is_authenticated:
                return redirect_to_login(request.get_full_path())
            found = Program.objects.visible_to(request.user, door.right).filter(slug=program).first()
            if found is None:
                raise Http404
            enter(request, found)
            try:
                if door.kind == "staff" and door.right not in request.rights_of_staff:
                    raise Http404
                return said_in(OF_STAFF, answer, writes(view), request, found, *args, **kwargs)
            finally:
                forget(request.user)

        page.door = door
        return page

    return guard


class Archived(Refused):
    """Nothing is written in a program that is over."""

    sentence = lazy(
        "This program is archived: nothing is written here any more. If somebody may be in danger, call the emergency"
        " number; whoever manages the house can open the program again."
    )


def when_archived(view):
    """This page acts in an archived program, too."""
    view.when_archived = True
    return view


def writes(view):
    """The view, which in an archived program only shows. Raises Archived."""

    @wraps(view)
    def page(request, program, *args, **kwargs):
        acts = request.method not in ("GET", "HEAD")
        if acts and program.archived_at and not getattr(view, "when_archived", False):
            raise Archived(program)
        return view(request, program, *args, **kwargs)

    return page


def enter(request, program):
    """Remember on the request which program this is and what its user may do in it.

    A page that only shows asks once for each moment what its user may. One that acts asks each time, for the act may
    change it.
    """
    request.program = program
    held = Membership.objects.live(timezone.now()).filter(user=request.user, program=program)
    grants = set(Grant.objects.filter(role__memberships__in=held).values_list("right", "role__is_staff"))
    rights = {right for right, _ in grants}
    request.rights = rights
    request.rights_of_staff = {right for right, is_staff in grants if is_staff}
    request.has_right = lambda right: right in rights
    if request.method in ("GET", "HEAD"):
        setattr(request.user, TOLD, {})
