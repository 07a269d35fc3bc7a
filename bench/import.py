"""A hundred thousand people from a list, beside parsing the same file and inserting the same rows (design.md §5).

bin/bench import [--small 10000] [--large 100000] [--rounds 3] [--kills 10] [--database sqlite|postgres] [--json]

10x or less, and flat memory. Each run is a process of its own on an empty install; the bare one and the import take
turns. The bare one parses the file and inserts people, participants, their addresses and numbers and the ids of the
list by batches of 500 in one transaction; nothing is judged, kept to be looked at, known again or written in the trail.
Then a list is brought in by `rapport serve --only work`, killed so many times on the way, and what stands in the
tables at the end is compared with what an import that nobody killed left.
"""

import csv
import hashlib
import json
import os
import random
import resource
import signal
import subprocess
import sys
import time
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from bench import _place
from bench._table import middle, say, verdict

RATIO, FLAT, LARGE, BATCH = 10, 1.3, 100_000, 500
AT = datetime(2026, 11, 23, 9, tzinfo=UTC)
SYLLABLES = [consonant + vowel for consonant in "bdfgklmnprstvz" for vowel in "aeiou"]
HEADINGS = ["id", "first name", "last name", "email", "phone", "birth date", "language", "interests", "biography"]


def main() -> None:
    line = _place.line("import")
    line.add_argument("--small", type=int, default=10_000)
    line.add_argument("--large", type=int, default=LARGE)
    line.add_argument("--rounds", type=int, default=3)
    line.add_argument("--kills", type=int, default=10)
    line.add_argument("--run", choices=["bare", "whole", "killed"], help="one run (used by this program)")
    line.add_argument("--size", type=int, help="of that run")
    told = line.parse_args()
    if told.run:
        print(json.dumps(run(told.run, told.size, told.database[0], told.kills)))
        return
    for database in told.database or _place.DATABASES:
        small, _left = side_by_side(told.small, told.rounds, database)
        large, left = side_by_side(told.large, told.rounds, database)
        say(f"bringing in a list on {database}", [small, large])
        flat = large["megabytes"] / small["megabytes"]
        seen = {"ratio": (large["ratio"], RATIO), "memory, large against small": (flat, FLAT)}
        verdicts = [{"what": k, "seen": v, "budget": most, "is": verdict(v, most)} for k, (v, most) in seen.items()]
        say(f"budget on {database} at {told.large} people", verdicts)
        if told.kills:
            say(f"killed on {database}", [killed(told.large, told.kills, database, left)])


def side_by_side(size, rounds, database):
    """The middle of several rounds, in which the bare one and the import follow each other, and what is left."""
    pairs = [[in_a_process(name, size, database) for name in ("bare", "whole")] for _ in range(rounds)]
    ratio = middle([whole["seconds"] / bare["seconds"] for bare, whole in pairs])
    bare, whole = ({k: middle([pair[n][k] for pair in pairs]) for k in ("seconds", "megabytes")} for n in (0, 1))
    line = {
        "people": size,
        "bare, s": bare["seconds"],
        "import, s": whole["seconds"],
        "ratio": ratio,
        "bare, MB": bare["megabytes"],
        "megabytes": whole["megabytes"],
    }
    return line, pairs[-1][1]["tables"]


def killed(size, kills, database, tables):
    """An import killed so many times, compared with what one that nobody killed left."""
    broken = in_a_process("killed", size, database, kills)
    same = {name: broken["tables"][name] == left for name, left in tables.items()}
    return {"list": size, "kills": broken["kills"], "came in": broken["rows"]} | {
        name: "the same" if is_same else "DIFFERENT" for name, is_same in same.items()
    }


def in_a_process(name, size, database, kills=0):
    how = ["--run", name, "--size", str(size), "--database", database, "--kills", str(kills)]
    command = [sys.executable, "-m", "bench.import", *how]
    return json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout.splitlines()[-1])


def run(name, size, database, kills):
    """One run on an install of its own."""
    _place.stand(database)
    program = a_program()
    file = Path(os.environ["RAPPORT_DIR"]) / "people.csv"
    write(file, size)
    start = time.perf_counter()
    done = {"bare": bare, "whole": whole, "killed": kill_and_resume}[name](file, program, size, kills)
    seconds = time.perf_counter() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    tables = {} if name == "bare" else digests()
    return {"seconds": seconds, "megabytes": peak, "rows": rows_left(), "tables": tables} | done


def a_program():
    from rapport.programs.actions import make_program, the_organization

    told = {"organization": the_organization(), "using_since_on": date(2026, 1, 1), "by": None, "at": AT}
    return make_program(slug="large", name="A large program", profile="professional", **told)


def write(file, size):
    """A list of people: each with an address, nine of ten with a number, all with something to say about themselves.

    One of a hundred stands on it a second time, with another address.
    """
    with file.open("w", newline="") as stream:
        lines = csv.writer(stream)
        lines.writerow(HEADINGS)
        for n in range(size):
            phone = f"+4420{70_000_000 + n}" if n % 10 else ""
            who = n - 950 if n % 100 == 99 and n > 950 else n
            born = date(1960, 1, 1) + timedelta(days=who * 7919 % 16_436)
            name, family = a_name(who * 31 % 977), a_name(who * 17 % 4001)
            address = f"person{n}@example.org"
            lines.writerow(
                [f"s{n}", name, family, address, phone, born, "en", "football; chess", "Likes being outside."]
            )


def a_name(number):
    """A name of three syllables: people of a list are called unlike, and some of them the same."""
    first, rest = divmod(number, len(SYLLABLES))
    return (SYLLABLES[rest] + SYLLABLES[first * 7 % len(SYLLABLES)] + SYLLABLES[(first + rest) % 11]).title()


def bare(file, program, _size, _kills):
    """Parse, and insert the same rows."""
    from django.db import transaction

    from rapport.people.models import ContactPoint, ExternalId, Participant, Person

    with file.open(newline="") as stream, transaction.atomic():
        lines = csv.DictReader(stream)
        while batch := [line for _, line in zip(range(BATCH), lines, strict=False)]:
            people = [
                Person(
                    organization=program.organization, given_name=one["first name"], family_name=one["last name"],
                    born_on=date.fromisoformat(one["birth date"]), language=one["language"], added_at=AT,
                )
                for one in batch
            ]  # fmt: skip
            Person.objects.bulk_create(people)
            pairs = list(zip(people, batch, strict=True))
            Participant.objects.bulk_create(
                Participant(
                    program=program, person=person, side="mentor", joined_at=AT,
                    traits={"interests": one["interests"].split("; "), "biography": one["biography"]},
                )
                for person, one in pairs
            )  # fmt: skip
            ContactPoint.objects.bulk_create(
                ContactPoint(person=person, kind=kind, value=one[kind])
                for person, one in pairs
                for kind in ("email", "phone")
                if one[kind]
            )
            ExternalId.objects.bulk_create(
                ExternalId(person=person, organization=program.organization, source="list:large", value=one["id"])
                for person, one in pairs
            )
    return {}


def whole(file, program, size, _kills):
    """Look at the list and bring it in, as the command does."""
    from rapport.imports.bringing import bring_in

    report = bring_in([file], what="mentors", program=program, at=AT)
    assert (report["created"], report["bad"]) == (size, [])
    return {}


def kill_and_resume(file, program, size, kills):
    """The same by worker processes, each killed where chance says; the last one is let live."""
    from django.core.files import File

    from rapport.imports import actions

    with file.open("rb") as stream:
        staged = actions.hold(File(stream, "people.csv"), what="mentors", program=program, by=None, at=AT)
    actions.settle(staged, chosen={}, by=None, at=AT)
    chance = random.Random(7)
    ends = sorted(chance.uniform(0.02, 1.98) * size for _ in range(kills))
    done = 0
    for end in [*ends, None]:
        worker = subprocess.Popen([sys.executable, "-m", "rapport", "serve", "--only", "work"])
        alive = wait(staged, end)
        worker.send_signal(signal.SIGKILL)
        worker.wait()
        done += alive and end is not None
    return {"kills": done}


def wait(staged, end):
    """Until so many rows have been read or brought in, or all is in. As soon as it may come in, somebody presses."""
    from rapport.imports import actions

    while True:
        staged.refresh_from_db()
        if staged.state == "staged":
            actions.ask_to_apply(staged, by=None, at=AT)
        if staged.state == "applied":
            return False
        assert staged.state in ("reading", "staged", "applying"), (staged.state, staged.trouble)
        if end is not None and staged.rows_read + staged.rows_applied >= end:
            time.sleep(random.random() / 5)
            return True
        time.sleep(0.02)


def rows_left():
    from rapport.people.models import Person

    return Person.objects.count()


def digests():
    """What stands in each table, without the keys and random names that differ from run to run."""
    from rapport.audit.models import Event
    from rapport.imports.models import Row
    from rapport.people.models import ContactPoint, ExternalId, Likeness, Participant, Person

    by_id = "person__external_ids__value"
    asked = {
        "people": Person.objects.order_by("external_ids__value").values_list(
            "external_ids__value", "given_name", "family_name", "born_on", "language", "added_at"
        ),
        "participants": Participant.objects.order_by(by_id).values_list(
            by_id, "side", "capacity", "would_be_both", "traits", "joined_at"
        ),
        "contact points": ContactPoint.objects.order_by(by_id, "kind").values_list(
            by_id, "kind", "value", "is_private"
        ),
        "ids": ExternalId.objects.order_by("value").values_list("source", "value", "person__given_name"),
        "rows": Row.objects.order_by("number").values_list("number", "cells", "outcome", "column", "reason"),
        "who may be one": Likeness.objects.order_by(
            "first__external_ids__value", "second__external_ids__value"
        ).values_list("first__external_ids__value", "second__external_ids__value", "why"),
        "trail": Event.objects.filter(verb__startswith="participant").order_by("verb").values_list("verb", "at"),
    }
    return {name: digest(rows) for name, rows in asked.items()}


def digest(rows):
    total = hashlib.sha256()
    for row in rows.iterator(chunk_size=2000):
        total.update(json.dumps(row, sort_keys=True, default=str).encode())
    return total.hexdigest()


if __name__ == "__main__":
    main()
