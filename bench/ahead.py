"""A look at what a change of a setting will send: processor time, memory, and how long others wait meanwhile.

bin/bench ahead [--size 100 --size 1000] [--days 30] [--database sqlite|postgres] [--json]

The days are played once without and once with a change, as the long work does. Meanwhile somebody else writes all the
time; the longest wait of theirs is told. There is no budget: nobody waits for it but who asked.
"""

import json
import resource
import subprocess
import sys
import threading
import time

from bench import _place
from bench._table import say


def main() -> None:
    line = _place.line("ahead")
    line.add_argument("--size", type=int, action="append")
    line.add_argument("--days", type=int, default=30)
    line.add_argument("--play", type=int, help="play a network of this size (used by this program)")
    told = line.parse_args()
    if told.play:
        print(json.dumps(played(told.play, told.days, told.database[0])))
        return
    for database in told.database or _place.DATABASES:
        rows = [in_a_process(size, told.days, database) for size in told.size or (100, 1000)]
        say(f"{told.days} days looked ahead on {database}", rows)


def in_a_process(size, days, database):
    how = ["--play", str(size), "--days", str(days), "--database", database]
    out = subprocess.run([sys.executable, "-m", "bench.ahead", *how], capture_output=True, text=True, check=True)
    return json.loads(out.stdout.splitlines()[-1])


def played(size, days, database):
    _place.stand(database)
    from bench import _fixture
    from rapport.portal.actions import foretell_next, look_ahead
    from rapport.portal.ahead import playing
    from rapport.portal.ahead.changes import Change
    from rapport.programs.models import Membership, Program

    _fixture.build(size)
    _fixture.look_on_friday()
    program = Program.objects.order_by("pk").first()
    was, playing.DAYS = program.limits.get(code="remind-after").value, days
    change = Change("limit", "remind-after", {"value": was}, {"value": was + 2})
    by = Membership.objects.filter(program=program).first().user
    look = look_ahead(change, program=program, by=by, at=_fixture.MONDAY)
    waits, over = [0.0], threading.Event()
    other = threading.Thread(target=write_all_the_time, args=(program.pk, waits, over))
    other.start()
    wall, busy = time.perf_counter(), time.thread_time()
    foretell_next()
    wall, busy = time.perf_counter() - wall, time.thread_time() - busy
    over.set()
    other.join()
    look.refresh_from_db()
    sent = sum(row[3] for row in look.figures["sent"])
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    return {
        "open matches": program.matches.open().count(), "state": look.state, "seconds busy": round(busy, 1),
        "seconds": round(wall, 1), "megabytes": memory, "letters": sent, "longest wait of a write, ms": max(waits),
    }  # fmt: skip


def write_all_the_time(program, waits, over):
    """Somebody else's writes, one every twentieth of a second, by a connection of their own."""
    from django.db import connection, transaction

    from rapport.programs.models import Program

    while not over.wait(0.05):
        begun = time.perf_counter()
        with transaction.atomic():
            Program.objects.filter(pk=program).update(contact_line=str(begun))
        waits.append(round((time.perf_counter() - begun) * 1000, 1))
    connection.close()


if __name__ == "__main__":
    main()
