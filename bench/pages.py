"""Server time and queries of pages of staff in a small and in a large network, and of the desk (design.md §5).

bin/bench pages [--small 100] [--large 100000] [--database sqlite|postgres] [--json]

Lists, details and forms: the same number of queries at both sizes, and time within 2x. The Today desk and pages that
gather: 100 ms, 300 ms in the large network. Each size runs in a process of its own; each page is asked ROUNDS times,
and the middle counts.
"""

import argparse
import json
import subprocess
import sys
import time

from bench import _place
from bench._table import middle, say, verdict

ROUNDS = 9
RATIO, DESK_MS, DESK_LARGE_MS = 2.0, 100, 300
GATHERING = ("today", "overview")


def main() -> None:
    line = argparse.ArgumentParser(prog="bin/bench pages")
    line.add_argument("--small", type=int, default=100)
    line.add_argument("--large", type=int, default=100_000)
    line.add_argument("--database", choices=_place.DATABASES, action="append")
    line.add_argument("--json", action="store_true")
    line.add_argument("--measure", type=int, help="measure one size and print it (used by this program itself)")
    told = line.parse_args()
    if told.measure:
        print(json.dumps(measure(told.measure, told.database[0])))
        return
    for database in told.database or _place.DATABASES:
        small, large = (in_a_process(size, database) for size in (told.small, told.large))
        say(f"pages on {database}: {told.small} and {told.large} matches", rows(small, large))


def in_a_process(size, database):
    command = [sys.executable, "-m", "bench.pages", "--measure", str(size), "--database", database]
    return json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout.splitlines()[-1])


def rows(small, large):
    return [
        {
            "page": name,
            "ms small": small[name]["ms"],
            "ms large": large[name]["ms"],
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


def measure(size, database):
    """Build a network, let the clock look at it once, and ask each page."""
    _place.stand(database)
    from bench import _fixture
    from rapport.clock.actions import tick

    network = _fixture.build(size)
    tick(at=_fixture.MONDAY)
    vacuum()
    return {name: ask(browser, address) for name, browser, address in pages(network)}


def vacuum():
    """Let the database know its tables, as it would after a night."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def pages(network):
    """(name, signed-in browser, address) of every page that is measured."""
    from django.test import Client

    program, cora = network.programs[0], network.coordinators[0]
    browser = Client(SERVER_NAME="localhost")
    browser.force_login(cora, backend="allauth.account.auth_backends.AuthenticationBackend")
    return [(name, browser, address) for name, address in addresses(program, cora).items()]


def addresses(program, cora):
    from django.urls import reverse

    from rapport.matches.models import Match
    from rapport.people.models import Participant

    match = Match.objects.filter(program=program, coordinator=cora).order_by("pk").first()
    mentor = Participant.objects.filter(places__match=match, side="mentor").select_related("person").get()
    last = Match.objects.filter(program=program).order_by("pk").last()
    here = {
        name: [program.slug]
        for name in ("care:today", "portal:program", "portal:matches", "portal:people", "outbox:held")
    }
    here |= {name: [program.slug, match.ref] for name in ("portal:match", "matches:close", "meetings:plan")}
    here |= {"portal:participant": [program.slug, mentor.ref], "onboarding:gates": [program.slug, mentor.ref]}
    here |= {"care:talk": [program.slug, mentor.person.ref]}
    short = {"care:today": "today", "portal:program": "overview"}
    found = {short.get(name, name): reverse(name, args=args) for name, args in here.items()}
    return found | {"last match": reverse("portal:match", args=[program.slug, last.ref])}


def ask(browser, address):
    """Milliseconds (the middle of ROUNDS) and queries of one page. The first asking warms up and is not counted."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as caught:
        answer = browser.get(address)
    if answer.status_code != 200:
        raise SystemExit(f"{address} answered {answer.status_code}")
    times = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        browser.get(address)
        times.append(1000 * (time.perf_counter() - start))
    return {"ms": middle(times), "queries": len(caught)}


if __name__ == "__main__":
    main()
