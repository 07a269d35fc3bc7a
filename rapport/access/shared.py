"""A computer that others use, too: the session ends with the browser, and soon after the last press.

How soon is a limit of the programs; they tell it in `AppConfig.ready()`. What is on the screen goes with it: each page
asks the browser to leave for the sign-in page when the time is over.
"""

from datetime import timedelta

from django.contrib.auth import logout
from django.urls import reverse
from django.utils import timezone

SHARED, SEEN, ASKED = "shared", "shared_seen", "shared_asked"  # in the session: seconds; the last press; a wish
SPREAD = 30  # seconds: presses that follow each other so quickly are one, and written once
AFTER = 5  # seconds: the browser leaves a little later than the time is over here
AWAY, PROGRESS = "away", "progress"  # what no press brings: a word in the address; the line of an import
_told: list = []


def tell(idle):
    """Let `idle()` say how long a shared computer stays signed in without a press. Saying it twice is once."""
    if idle not in _told:
        _told.append(idle)


def idle_time() -> timedelta:
    return min(idle() for idle in _told)


def ask(request, wanted):
    """Remember through all steps of signing in what was ticked at the first of them."""
    if wanted:
        request.session[ASKED] = True
    else:
        request.session.pop(ASKED, None)


def begin_if_asked(request):
    if request.session.pop(ASKED, False):
        begin(request)


def begin(request):
    """From now on this browser is a shared computer, until somebody signs out."""
    request.session[SHARED] = int(idle_time().total_seconds())
    request.session[SEEN] = int(timezone.now().timestamp())
    request.session.set_expiry(0)


def is_shared(request) -> bool:
    return SHARED in request.session


def minutes(request) -> int:
    return request.session[SHARED] // 60


def came_by_itself(request) -> bool:
    """Whether nobody pressed: a page that left by its own clock, or a line of progress that asks again."""
    return AWAY in request.GET or request.headers.get("HX-Trigger") == PROGRESS


def idle_for(request) -> int:
    """Seconds since the last press."""
    return int(timezone.now().timestamp()) - request.session.get(SEEN, 0)


def forget_if_idle(request):
    """Sign out where the last press is too long ago. Returns whether that was so; else this press is remembered."""
    if not is_shared(request):
        return False
    if idle_for(request) > request.session[SHARED]:
        logout(request)
        return True
    if idle_for(request) > SPREAD and not came_by_itself(request):
        request.session[SEEN] = int(timezone.now().timestamp())
    return False


def leave_by_itself(request, response):
    """Let the browser leave the page when the time is over: nobody reads on what the last reader left open."""
    if is_shared(request) and response.get("Content-Type", "").startswith("text/html"):
        left = request.session[SHARED] - (idle_for(request) if came_by_itself(request) else 0)
        response.headers["Refresh"] = f"{left + AFTER}; url={reverse('account_login')}?{AWAY}=1"
