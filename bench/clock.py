"""One pass of the clock over a network on one Monday morning (design.md §5).

bin/bench clock [--small 1000] [--large 100000] [--rounds 1] [--clocks 1] [--database sqlite|postgres] [--json]

60 s and 500 MB or less at 100 000 active matches on two cores; time per item within 1.3x between the sizes. Each pass
runs in a process of its own on a network built by another, so that building counts neither as time nor as memory;
starting up is taken apart. The clock has looked at every match on Friday, and looks at every match again. Beyond one
program the network is copies of the first. --clocks 2 lets two clocks share the
pass, as a network on PostgreSQL would: the time is the slower one's, the memory both together.
"""

import json
import os
import resource
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor

from bench import _place
from bench._table import middle, say, verdict

SECONDS, MEGABYTES, SLOPE, LARGE = 60, 500, 1.3, 100_000


def main() -> None:
    line = _place.line("clock")
    line.add_argument("--small", type=int, default=1000)
    line.add_argument("--large", type=int, default=LARGE)
    line.add_argument("--rounds", type=int, default=1)
    line.add_argument("--clocks", type=int, default=1)
    line.add_argument("--build", type=int, help="build one network and let another process tick (used by this program)")
    line.add_argument("--tick", action="store_true", help="tick once and print the figures (used by this program)")
    told = line.parse_args()
    if told.tick:
        print(json.dumps(tick_once()))
    elif told.build:
        print(json.dumps(build_and_tick(told.build, told.database[0], told.clocks)))
    else:
        for database in told.database or _place.DATABASES:
            small, large = (measured(size, told, database) for size in (told.small, told.large))
            say(f"one pass of {told.clocks} clock(s) on {database}", [row(told.small, small), row(told.large, large)])
            slope = per_item(large) / per_item(small)
            budget = told.large if told.large == LARGE else f"{told.large}, the budget is for {LARGE}"
            seen = {
                "seconds": (large["seconds"], SECONDS),
                "megabytes": (large["megabytes"], MEGABYTES),
                "slope per item": (slope, SLOPE),
            }
            verdicts = [{"what": k, "seen": v, "budget": most, "is": verdict(v, most)} for k, (v, most) in seen.items()]
            say(f"budget on {database} at {budget} matches", verdicts)


def measured(size, told, database):
    """The middle of several passes, each over a network of its own."""
    how = ("--build", str(size), "--database", database, "--clocks", str(told.clocks))
    passes = [in_a_process(*how) for _ in range(told.rounds)]
    chosen = sorted(passes, key=lambda one: one["seconds"])[len(passes) // 2]
    return chosen | {"megabytes": middle([one["megabytes"] for one in passes])}


def row(size, one):
    shown = {"matches": size, "items": items(one), "seconds": one["seconds"], "megabytes": one["megabytes"]}
    return (
        shown
        | {"ms an item": 1000 * per_item(one)}
        | {name: f"{n} in {s:.1f} s" for name, (n, s) in one["parts"].items()}
    )


def items(one):
    return sum(n for n, _seconds in one["parts"].values())


def per_item(one):
    return one["seconds"] / items(one)


def in_a_process(*arguments):
    command = [sys.executable, "-m", "bench.clock", *arguments]
    return json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout.splitlines()[-1])


def build_and_tick(size, database, clocks):
    _place.stand(database)
    from django.db import connection

    from bench import _copies, _fixture

    _fixture.build(min(size, _fixture.A_PROGRAM))
    _fixture.look_on_friday()
    _copies.copy(size // _fixture.A_PROGRAM - 1)
    _fixture.nothing_is_news()
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    connection.close()
    with ThreadPoolExecutor(clocks) as together:
        passes = list(together.map(in_a_process, ["--tick"] * clocks))
    return shared(passes)


def shared(passes):
    """What several clocks did together."""
    parts = {name: [sum(one["parts"][name][n] for one in passes) for n in (0, 1)] for name in passes[0]["parts"]}
    seconds, megabytes = max(one["seconds"] for one in passes), sum(one["megabytes"] for one in passes)
    return {"seconds": seconds, "megabytes": megabytes, "parts": parts}


def tick_once():
    """Every entry of the timetable until nothing is left, with its count and its time."""
    _place.set_up()
    from bench._fixture import MONDAY
    from rapport.clock.actions import BATCH, until_nothing_is_left
    from rapport.clock.loop import collect_rarely
    from rapport.clock.timetable import TIMETABLE

    collect_rarely()
    parts, start = {}, time.perf_counter()
    for entry in TIMETABLE:
        begun, cpu = time.perf_counter(), time.process_time()
        done = until_nothing_is_left(entry.do, at=MONDAY, limit=BATCH)
        parts[entry.name] = (done, time.perf_counter() - begun)
        if os.environ.get("RAPPORT_BENCH_ALOUD"):
            busy = time.process_time() - cpu
            print(f"{entry.name}: {done} in {parts[entry.name][1]:.2f} s, {busy:.2f} s of it busy", file=sys.stderr)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"seconds": time.perf_counter() - start, "megabytes": peak, "parts": parts}


if __name__ == "__main__":
    main()
