"""Server time and queries of pages of staff in a small and in a large network, and of the desk (design.md §5).

bin/bench pages [--small 100] [--large 100000] [--database sqlite|postgres] [--keep FOLDER] [--only WORD] [--json]

Every page of staff is asked, found by the resolver as in `tests/test_doors.py`: `OF` says which record stands in an
address, `LEFT_OUT` why a page is not asked; a page in neither ends the run, and `tests/test_doors.py`.

Lists, details and forms: the same number of queries at both sizes, and time within 2x. The Today desk and pages that
gather: 100 ms, 300 ms in the large network. Each size runs in a process of its own; each page is asked ROUNDS times,
and the middle counts.

A hundred matches hold two that are unknown, a hundred thousand a page of fifty. Where a question finds so much more in
the large network, its page is held against the same list without the question in the small one ("as full as").
"""

import json
import re
import subprocess
import sys
import time
from pathlib import Path

from bench import _place
from bench._table import middle, say, verdict

ROUNDS = 9
RATIO, DESK_MS, DESK_LARGE_MS = 2.0, 100, 300
EMPTIER = 1.25  # so many times longer a page holds more rows, not longer names
GATHERING = (
    "today", "overview", "home of a manager", "outbox:held", "imports:list", "meetings:sheet", "meetings:sheet-of",
    "meetings:holidays", "meetings:practice",
    "meetings:sheet-paper", "meetings:write-down", "portal:visit", "portal:visit-copy",
    "portal:time-together",
)  # fmt: skip
FIRST = (  # asked as a coordinator with a caseload; all others as somebody with every role of staff
    "care:today", "portal:program", "portal:matches", "portal:people", "onboarding:queue", "imports:list",
    "outbox:held", "outbox:sent", "safeguarding:raise", "care:find", "portal:match", "matches:close", "meetings:plan",
    "meetings:add", "portal:participant", "onboarding:gates", "care:talk", "meetings:log", "tasks:done", "tasks:snooze",
    "care:hand-over", "meetings:caseload",
)  # fmt: skip
OF = {  # what stands in an address beside the program: the pages of each record
    "match": (
        "portal:match", "portal:who-may-match", "matches:close", "matches:coordinator", "matches:pause",
        "matches:goals", "matches:goals-sheet", "matches:feedback", "matches:milestones", "meetings:plan",
        "meetings:add", "meetings:agenda", "meetings:own-sheet",
        "meetings:outings", "matches:agreement", "proposals:one",
    ),
    "match and mentor": ("portal:as",),
    "mentor and person": (
        "portal:reach", "portal:reach-add", "portal:reach-language", "portal:reach-interpreter", "portal:reach-lost",
    ),
    "way": ("portal:reach-way",),
    "two people": ("portal:one-person",),
    "mentor": (
        "portal:participant", "portal:born", "portal:sign-in", "portal:restriction-new", "people:change",
        "portal:decide",
        "matches:achievements", "portal:leave", "portal:who-may-person", "onboarding:gates", "onboarding:consents",
        "onboarding:interview",
        "meetings:calendars",
    ),
    "mentee": ("portal:guardian-add", "matches:away", "matching:conflicts", "matching:keep-waiting"),
    "guardianship": ("portal:guardian", "portal:guardian-end"),
    "gate": ("onboarding:gate", "matches:withdraw"),
    "person": ("care:talk", "portal:find-same", "portal:own-sheet", "portal:own-written"),
    "meeting": ("meetings:log",),
    "meeting to come": ("meetings:change",),
    "ask": ("asks:sheet", "asks:write-down"),
    "task": ("tasks:done", "tasks:snooze", "care:hand-over"),
    "membership": ("portal:staff-prepared", "portal:staff-end"),
    "limit": ("portal:limit",),
    "promise": ("portal:promise",),
    "gate rule": ("portal:gate",),
    "criterion": ("matching:criterion",),
    "kind of criterion": ("matching:new-criterion",),
    "site": (
        "programs:site", "meetings:sheet", "meetings:keepers", "meetings:poster", "portal:visit", "portal:visit-copy",
    ),
    "site and day": ("meetings:sheet-of", "meetings:sheet-paper", "meetings:write-down"),
    "named role": ("programs:named-role",),
    "circle": ("events:circle", "events:ask", "events:end"),
    "time of a circle": ("events:gathering", "events:call-off"),
    "group": (
        "groups:group", "groups:change", "groups:people", "groups:times", "groups:headway", "groups:end",
        "groups:link",
    ),
    "time of a group": ("groups:session",),
    "place in a group": ("groups:member",),
    "event day": (
        "event-days:day", "event-days:change", "event-days:people", "event-days:door", "event-days:pairs",
        "event-days:call-off",
    ),
    "invitation": ("event-days:invitation", "event-days:sheet"),
    "file": ("imports:show", "imports:bad-rows"),
    "message": ("outbox:message", "outbox:behind"),
}  # fmt: skip
LEFT_OUT = {
    "only takes a press": (
        "matching:pairs", "portal:apart", "outbox:release", "outbox:let-go", "outbox:hold", "tasks:reopen",
        "portal:come-back", "portal:ahead-opening", "portal:ahead-closing", "portal:ahead-quiet",
        "programs:open-days", "programs:named-drop", "care:answer", "portal:program-copy", "portal:staff-again",
        "meetings:place", "matches:goal-again", "matches:goals-page", "matches:step", "matches:milestone-back",
        "matches:feedback-passed", "matches:unit", "matches:achievement-back",
    ),
    "is a page of one's own, for whoever takes part": ("meetings:mine", "meetings:told", "meetings:ask-outing"),
    "is asked before a break alone": ("meetings:holiday",),
    "is about a pair that has not begun, or rests": (
        "matches:begin", "matches:set-aside", "matches:resume", "matches:points",
    ),
    "is asked in programs of parents alone": ("people:children",),
    "is sent in programs of grown-ups alone": ("proposals:suggestions",),
    "asks for the password first": ("portal:staff-let-in",),
    "asks the engine, in a process of its own: bin/bench matching": ("matching:candidates", "matching:moves"),
    "waits for what the engine is asked": ("matching:looking",),
    "shows one record that no network has by itself": (
        "portal:as-letter", "portal:as-permission", "portal:ahead", "portal:restriction",
        "meetings:outing", "meetings:outing-change", "meetings:outing-sheet",
        "portal:restriction-review", "portal:restriction-end", "portal:restriction-paper", "onboarding:sheet",
        "matches:sign-sheet", "matches:record-signature", "proposals:sheet", "proposals:write-down",
        "proposals:next", "proposals:write-wishes", "proposals:wishes-sheet",
        "groups:absence",
        "matches:goal", "onboarding:set-aside", "matches:record-consent", "matching:round",
        "matching:compare", "matching:by-hand", "matching:audit", "matching:why", "matching:recruit",
        "safeguarding:worry", "safeguarding:concern", "safeguarding:step", "imports:columns", "imports:undo",
    ),
    "is no page": ("portal:program-file",),
}  # fmt: skip
ASKED = {
    "portal:matches": (
        "q=%(name)s", "q=%(name).1s", "site=%(site)s", "coordinator=%(coordinator)s", "state=all", "state=closed",
        "how=help", "how=watch", "how=unknown", "how=fine",
        "time=help", "time=unknown",
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
    line.add_argument("--only", default="", help="only pages with this in their name")
    line.add_argument("--measure", type=int, help="measure one size and print it (used by this program itself)")
    told = line.parse_args()
    if told.measure:
        print(json.dumps(measure(told.measure, told.database[0], told.keep, told.only)))
        return
    for database in told.database or _place.DATABASES:
        small, large = (in_a_process(size, database, told.keep, told.only) for size in (told.small, told.large))
        say(f"pages on {database}: {told.small} and {told.large} matches", rows(small, large))


def in_a_process(size, database, keep, only):
    command = [sys.executable, "-m", "bench.pages", "--measure", str(size), "--database", database, "--keep", keep]
    command += ["--only", only]
    return json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout.splitlines()[-1])


def rows(small, large):
    return [
        {
            "page": name,
            "ms small": small[name]["ms"],
            "ms large": large[name]["ms"],
            "cpu": f"{small[name]['cpu']:.0f} / {large[name]['cpu']:.0f}",
            "as full as": other if other != name else "",
            "ratio": large[name]["ms"] / small[other]["ms"],
            "queries": f"{small[name]['queries']} / {large[name]['queries']}",
            "budget": judged(name, small[name], large[name], small[other]),
        }
        for name in small
        for other in [as_full(name, small, large[name])]
    ]


def as_full(name, small, large):
    """The page of the small network that this one of the large network is held against: its own, or where that is much
    emptier, the list it is of, if that is no fuller than the large one's."""
    own, whole = small[name], small.get(name.partition("?")[0], small[name])
    is_emptier = own["bytes"] * EMPTIER < large["bytes"]
    is_as_full = whole["bytes"] < large["bytes"] * EMPTIER and whole["ms"] > own["ms"]
    return name.partition("?")[0] if is_emptier and is_as_full else name


def judged(name, small, large, beside):
    """Whether the page keeps within what the house allows it."""
    if name in GATHERING:
        kept = small["ms"] <= DESK_MS and large["ms"] <= DESK_LARGE_MS
        return f"{DESK_MS} / {DESK_LARGE_MS} ms: {'reached' if kept else 'NOT reached'}"
    ratio = verdict(large["ms"] / beside["ms"], RATIO)
    return f"{RATIO:g}x: {ratio}" + ("" if small["queries"] == large["queries"] else ", queries differ")


def measure(size, database, keep, only=""):
    """Build a network, or take the one that was kept, and ask each page."""
    folder = Path(keep, f"{database}-{size}") if keep else None
    _place.stand(database, str(folder or ""))
    if not folder or not (folder / "built").exists():
        build(size)
        if folder:
            (folder / "built").touch()
    return {name: ask(browser, address) for name, browser, address in pages() if only in name}


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

    from bench._more import EVERYTHING, MANAGER
    from rapport.access.models import User
    from rapport.programs.models import Program

    program = Program.objects.order_by("pk").first()
    cora = User.objects.filter(caseload__program=program).order_by("pk").first()
    if left := forgotten():
        raise SystemExit(f"measured nowhere: {', '.join(left)}; say in OF what they are of, or in LEFT_OUT why not")
    browser, others = signed_in(cora), signed_in(User.objects.get(email=EVERYTHING))
    yield "home of a manager", signed_in(User.objects.get(email=MANAGER)), reverse("portal:home")
    for name, address in addresses(program, cora).items():
        is_first = name.partition("?")[0] in (*FIRST, "today", "overview", "last match")
        yield name, browser if is_first else others, address


def routes():
    """Name and arguments of every page of staff in a program."""
    from django.urls import URLPattern, get_resolver

    def walk(resolver, before="", space=""):
        for one in resolver.url_patterns:
            here = before + str(one.pattern)
            if not isinstance(one, URLPattern):
                yield from walk(one, here, space or one.namespace or "")
            elif here.startswith("p/<slug:program>/") and getattr(one.callback, "door", None):
                yield f"{space}:{one.name}", re.findall(r"<(?:\w+:)?(\w+)>", here)[1:]

    return dict(walk(get_resolver()))


def forgotten():
    """Pages that nobody said how to measure, and names that are no page (any more)."""
    said = [name for names in (*OF.values(), *LEFT_OUT.values()) for name in names]
    there = routes()
    return sorted({name for name, arguments in there.items() if arguments} - set(said)) + sorted(set(said) - set(there))


def signed_in(user):
    """A browser of somebody who has a second factor, as staff must, and is a person, as who was invited is."""
    from allauth.mfa.models import Authenticator
    from django.test import Client

    from rapport.people.models import Person
    from rapport.programs.actions import the_organization

    here = {"organization": the_organization("Bench"), "given_name": user.name, "added_at": user.joined_at}
    Person.objects.get_or_create(user=user, defaults=here)
    Authenticator.objects.get_or_create(user=user, type=Authenticator.Type.TOTP, defaults={"data": {}})
    browser = Client(SERVER_NAME="localhost")
    browser.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return browser


def records(program, cora):
    """What stands in an address, by what it is of: the arguments beside the program's."""
    from django.utils import timezone

    from rapport.checkins.models import Ask
    from rapport.core import places
    from rapport.core.months import day_in
    from rapport.events.models import Circle, EventDay, Gathering, Group
    from rapport.imports.models import Import
    from rapport.matches.models import Match
    from rapport.meetings.models import Meeting
    from rapport.outbox.models import Message
    from rapport.people.models import Guardianship, Participant
    from rapport.tasks.models import Task

    match = Match.objects.filter(program=program, coordinator=cora).order_by("pk").first()
    mentor = Participant.objects.filter(places__match=match, side="mentor").select_related("person").get()
    mentee = Participant.objects.filter(places__match=match, side="mentee").get()
    other = Participant.objects.filter(program=program, side="mentor").order_by("pk").last()
    rule = program.gate_rules.order_by("pk").first()
    found = {
        "match": [match.ref],
        "match and mentor": [match.ref, mentor.person.ref],
        "mentor and person": [mentor.ref, mentor.person.ref],
        "way": [mentor.ref, mentor.person.ref, mentor.person.contact_points.order_by("pk").first().pk],
        "two people": [mentor.person.ref, other.person.ref],
        "mentor": [mentor.ref],
        "mentee": [mentee.ref],
        "guardianship": [mentee.ref, Guardianship.objects.filter(child=mentee.person_id).first().pk],
        "gate": [mentor.ref, "clearance"],
        "person": [mentor.person.ref],
        "meeting": [Meeting.objects.filter(match=match).order_by("starts_at").first().ref],
        "meeting to come": [Meeting.objects.filter(match=match).order_by("starts_at").last().ref],
        "ask": [Ask.objects.waiting().filter(program=program).order_by("pk").first().ref],
        "task": [Task.objects.open().filter(program=program, owner=cora).order_by("pk").first().ref],
        "membership": [program.memberships.filter(user=cora).first().pk],
        "limit": [program.limits.order_by("pk").first().code],
        "promise": [program.promises.order_by("pk").first().code],
        "gate rule": [rule.side, rule.code],
        "criterion": [program.criteria.order_by("pk").first().code],
        "kind of criterion": ["same"],
        "site": [program.sites.order_by("pk").first().ref],
        "site and day": [program.sites.order_by("pk").first().ref, day_in(timezone.now(), program.zone)],
        "named role": [program.posts.order_by("pk").first().code],
        "circle": [Circle.objects.filter(program=program).order_by("pk").first().ref],
        "time of a circle": [Gathering.objects.filter(program=program).order_by("pk").first().ref],
        "group": [(group := Group.objects.filter(program=program).order_by("pk").first()).ref],
        "time of a group": [group.sessions.first().ref],
        "place in a group": [group.members.first().ref],
        "event day": [(day := EventDay.objects.filter(program=program).order_by("pk").first()).ref],
        "invitation": [day.invitations.first().ref],
        "file": [Import.objects.filter(program=program).order_by("pk").first().ref],
        "message": [places.hide(Message.objects.held().filter(program=program).order_by("pk").first().pk)],
    }
    return match, mentor, found


def addresses(program, cora):
    from django.urls import reverse

    from rapport.matches.models import Match

    match, mentor, found = records(program, cora)
    last = Match.objects.filter(program=program).order_by("pk").last()
    left_out = {name for names in LEFT_OUT.values() for name in names}
    plain = [name for name, arguments in routes().items() if not arguments and name not in left_out]
    here = {name: reverse(name, args=[program.slug]) for name in [*FIRST, *plain] if name in plain}
    here |= {name: reverse(name, args=[program.slug, *found[what]]) for what, names in OF.items() for name in names}
    here["last match"] = reverse("portal:match", args=[program.slug, last.ref])
    words = {"name": mentor.person.given_name[:3], "site": match.site_id, "coordinator": cora.pk}
    asked = {f"{page}?{query % words}": here[page] + "?" + query % words for page in ASKED for query in ASKED[page]}
    short = {"care:today": "today", "portal:program": "overview"}
    return {short.get(name, name): address for name, address in {**here, **asked}.items()}


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
    return {"ms": middle(times), "cpu": middle(worked), "queries": queries, "bytes": len(answer.content)}


if __name__ == "__main__":
    main()
