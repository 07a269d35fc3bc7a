"""Server time and queries of pages of staff in a small and in a large network, and of the desk (design.md §5).

bin/bench pages [--small 100] [--large 100000] [--database sqlite|postgres] [--keep FOLDER] [--json]

Lists, details and forms: the same number of queries at both sizes, and time within 2x. The Today desk and pages that
gather: 100 ms, 300 ms in the large network. Each size runs in a process of its own; each page is asked ROUNDS times,
and the middle counts.
"""

import json
import subprocess
import sys
import time
from pathlib import Path

from bench import _place
from bench._table import middle, say, verdict

ROUNDS = 9
RATIO, DESK_MS, DESK_LARGE_MS = 2.0, 100, 300
GATHERING = ("today", "overview", "home of a manager", "outbox:held", "imports:list")
PLAIN = (
    "care:today", "portal:program", "portal:matches", "portal:people", "onboarding:queue", "imports:list",
    "outbox:held", "outbox:sent", "safeguarding:raise", "care:find",
)  # fmt: skip
OF_A_MATCH = ("portal:match", "matches:close", "meetings:plan", "meetings:add")
OF_SOMEBODY = ("portal:participant", "onboarding:gates")
ASKED = {
    "portal:matches": (
        "q=%(name)s", "q=%(name).1s", "site=%(site)s", "coordinator=%(coordinator)s", "state=all", "state=closed",
        "how=help", "how=watch", "how=unknown", "how=fine",
    ),
    "portal:people": (
        "q=%(name)s", "q=%(name).1s", "site=%(site)s", "side=mentee", "ready=ready", "ready=lacking", "placed=yes",
        "placed=no",
    ),
    "care:find": ("q=%(name)s", "q=%(name).1s"),
    "onboarding:queue": ("side=mentee",),
}  # fmt: skip


def main() -> None:
    line = _place.line("pages")
    line.add_argument("--small", type=int, default=100)
    line.add_argument("--large", type=int, default=100_000)
    line.add_argument("--keep", default="", help="a folder for what is built, used again by the next run")
    line.add_argument("--measure", type=int, help="measure one size and print it (used by this program itself)")
    told = line.parse_args()
    if told.measure:
        print(json.dumps(measure(told.measure, told.database[0], told.keep)))
        return
    for database in told.database or _place.DATABASES:
        small, large = (in_a_process(size, database, told.keep) for size in (told.small, told.large))
        say(f"pages on {database}: {told.small} and {told.large} matches", rows(small, large))


def in_a_process(size, database, keep):
    command = [sys.executable, "-m", "bench.pages", "--measure", str(size), "--database", database, "--keep", keep]
    return json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout.splitlines()[-1])


def rows(small, large):
    return [
        {
            "page": name,
            "ms small": small[name]["ms"],
            "ms large": large[name]["ms"],
            "cpu": f"{small[name]['cpu']:.0f} / {large[name]['cpu']:.0f}",
            "ratio": large[name]["ms"] / small[name]["ms"],
            "queries": f"{small[name]['queries']} / {large[name]['queries']}",
            "budget": judged(name, small[name], large[name]),
        }
        for name in small
    ]


def judged(name, small, large):
    """Whether the page keeps within what the house allows it."""
    if name in GATHERING:
        kept = small["ms"] <= DESK_MS and large["ms"] <= DESK_LARGE_MS
        return f"{DESK_MS} / {DESK_LARGE_MS} ms: {'reached' if kept else 'NOT reached'}"
    ratio = verdict(large["ms"] / small["ms"], RATIO)
    return f"{RATIO:g}x: {ratio}" + ("" if small["queries"] == large["queries"] else ", queries differ")


def measure(size, database, keep):
    """Build a network, or take the one that was kept, and ask each page."""
    folder = Path(keep, f"{database}-{size}") if keep else None
    _place.stand(database, str(folder or ""))
    if not folder or not (folder / "built").exists():
        build(size)
        if folder:
            (folder / "built").touch()
    return {name: ask(browser, address) for name, browser, address in pages()}


def build(size):
    """A network on a Monday, after one look of the clock, with what else its pages show; whole programs are copied."""
    from bench import _copies, _fixture, _more
    from rapport.clock.actions import tick

    network = _fixture.build(min(size, _fixture.A_PROGRAM))
    tick(at=_fixture.MONDAY)
    _more.furnish(network)
    _copies.copy(size // _fixture.A_PROGRAM - 1)
    vacuum()


def vacuum():
    """Let the database know its tables, as it would after a night."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def pages():
    """(name, signed-in browser, address) of every page that is measured."""
    from django.urls import reverse

    from bench._more import MANAGER
    from rapport.access.models import User
    from rapport.programs.models import Program

    program = Program.objects.order_by("pk").first()
    cora = User.objects.filter(caseload__program=program).order_by("pk").first()
    browser = signed_in(cora)
    yield "home of a manager", signed_in(User.objects.get(email=MANAGER)), reverse("portal:home")
    for name, address in addresses(program, cora).items():
        yield name, browser, address


def signed_in(user):
    """A browser of somebody who has a second factor, as staff must."""
    from allauth.mfa.models import Authenticator
    from django.test import Client

    Authenticator.objects.get_or_create(user=user, type=Authenticator.Type.TOTP, defaults={"data": {}})
    browser = Client(SERVER_NAME="localhost")
    browser.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return browser


def addresses(program, cora):
    from django.urls import reverse

    from rapport.matches.models import Match
    from rapport.meetings.models import Meeting
    from rapport.people.models import Participant

    match = Match.objects.filter(program=program, coordinator=cora).order_by("pk").first()
    mentor = Participant.objects.filter(places__match=match, side="mentor").select_related("person").get()
    last = Match.objects.filter(program=program).order_by("pk").last()
    meeting = Meeting.objects.filter(match=match).order_by("starts_at").first()
    here = {name: reverse(name, args=[program.slug]) for name in PLAIN}
    here |= {name: reverse(name, args=[program.slug, match.ref]) for name in OF_A_MATCH}
    here |= {name: reverse(name, args=[program.slug, mentor.ref]) for name in OF_SOMEBODY}
    here["care:talk"] = reverse("care:talk", args=[program.slug, mentor.person.ref])
    here["meetings:log"] = reverse("meetings:log", args=[program.slug, meeting.ref])
    here["last match"] = reverse("portal:match", args=[program.slug, last.ref])
    words = {"name": mentor.person.given_name[:3], "site": match.site_id, "coordinator": cora.pk}
    found = {f"{page}?{query % words}": here[page] + "?" + query % words for page in ASKED for query in ASKED[page]}
    short = {"care:today": "today", "portal:program": "overview"}
    return {short.get(name, name): address for name, address in {**here, **found}.items()}


def ask(browser, address):
    """Milliseconds of the wall and of the processor (the middle of ROUNDS), and queries; the first asking warms up."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as caught:
        answer = browser.get(address)
    queries = len(caught)  # now: the next request empties the list
    if answer.status_code != 200:
        raise SystemExit(f"{address} answered {answer.status_code}")
    times, worked = [], []
    for _ in range(ROUNDS):
        start, spent = time.perf_counter(), time.process_time()
        browser.get(address)
        times.append(1000 * (time.perf_counter() - start))
        worked.append(1000 * (time.process_time() - spent))
    return {"ms": middle(times), "cpu": middle(worked), "queries": queries}


if __name__ == "__main__":
    main()
