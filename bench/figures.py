"""Whether figures are right in a large network: time together of some matches beside a slow reading of the calendar.

bin/bench figures [--matches 100000] [--sample 200] [--seed 1] [--keep FOLDER] [--database sqlite|postgres] [--json]

The network is that of `bench pages` (`--keep` takes the same folder). Of each match of the sample its promise, closed
days and meetings are read as rows, and what was promised and what happened is counted day by day, by the judge of the
tests (`slowly`). That must be what its page says of all its time, and what the clock kept of its last open days; the
figures of a program by site and caseload must be the sums of what was kept. It ends with 1 where they are not.
"""

import random
import sys
from collections import Counter
from fractions import Fraction
from pathlib import Path

from bench import _place
from bench._table import say

LATELY = "together-open-days"


def main() -> None:
    line = _place.line("figures")
    line.add_argument("--matches", type=int, default=100_000)
    line.add_argument("--sample", type=int, default=200)
    line.add_argument("--seed", type=int, default=1)
    line.add_argument("--keep", default="", help="a folder for what is built, used again by the next run")
    told = line.parse_args()
    database = (told.database or ["sqlite"])[0]
    stand(told, database)
    from rapport.matches.models import Match

    everything = list(Match.objects.order_by("pk").values_list("pk", flat=True))
    chosen = random.Random(told.seed).sample(everything, min(told.sample, len(everything)))
    seen = [*compared(chosen), *sums()]
    wrong = [row for row in seen if row["said"] != row["counted"]]
    kinds = Counter(row["what"] for row in seen)
    rows = [
        {"figure": what, "looked at": n, "wrong": sum(row["what"] == what for row in wrong)}
        for what, n in kinds.items()
    ]
    say(f"figures on {database}: {len(chosen)} of {len(everything)} matches", rows)
    for row in wrong[:20]:
        print(row)
    sys.exit(bool(wrong))


def stand(told, database):
    from bench import pages

    folder = Path(told.keep, f"{database}-{told.matches}") if told.keep else None
    _place.stand(database, str(folder or ""))
    if not folder or not (folder / "built").exists():
        pages.build(told.matches)
        if folder:
            (folder / "built").touch()


def compared(chosen):
    """What is said of each of these matches beside what is counted."""
    from bench._fixture import MONDAY
    from rapport.care.models import TimeKept
    from rapport.matches.models import Match
    from rapport.meetings.together import time_of

    matches = list(Match.objects.filter(pk__in=chosen).select_related("program"))
    said, kept = time_of(matches, MONDAY), TimeKept.objects.in_bulk(chosen, field_name="match_id")
    for match in matches:
        by_hand = By(match, MONDAY)
        mine = said[match.pk].so_far
        yield row("all their time", match, of(mine), by_hand.between(by_hand.first, by_hand.today))
        first = by_hand.first_of(int(match.program.limits_by_code[LATELY].value)) or by_hand.first
        one = kept[match.pk]
        counted = by_hand.between(first, by_hand.today)
        said_of = (one.meetings, one.minutes, one.unknown, one.promised_minutes)
        yield row("what the clock kept", match, said_of, (*counted[:3], int(counted[4])))


def row(what, match, said, counted):
    return {"what": what, "match": match.pk, "said": said, "counted": counted}


def of(time):
    return time.meetings, time.minutes, time.unknown, time.promised.meetings, time.promised.minutes


class By:
    """One match read by hand: rows, a calendar on the wall, and fingers."""

    def __init__(self, match, at):
        from rapport.meetings.models import Meeting
        from rapport.programs.models import ClosedTime

        self.match, self.zone = match, match.program.zone
        self.today = at.astimezone(self.zone).date()
        self.first = max(match.begun_on, match.program.using_since_on)
        places = ClosedTime.objects.filter(program=match.program_id)
        self.closed = [(c.starts_on, c.ends_on) for c in places if c.site_id in (None, match.site_id)]
        self.closed += [(p.starts_on, p.ended_on) for p in match.pauses.all()]
        self.rows = list(Meeting.objects.filter(match=match, ends_at__lte=at))
        self.promises = list(match.program.promises.filter(kind="meeting", is_on=True).order_by("pk"))[:1]

    def between(self, first, last):
        """(met, minutes, unknown, meetings promised, minutes promised) from one day to the other."""
        from tests.meetings.test_dosage import slowly

        here = [one for one in self.rows if first <= one.starts_at.astimezone(self.zone).date() <= last]
        held = [one for one in here if one.kept_at]
        unknown = [one for one in here if not (one.kept_at or one.missed_at or one.excused_at)]
        minutes = sum(one.planned_minutes if one.minutes is None else one.minutes for one in held)
        owed = slowly([self.pledge(one) for one in self.promises], self.closed, self.match.begun_on, first, last)
        return len(held), minutes, len(unknown), *owed

    def pledge(self, promise):
        from rapport.meetings.dosage import Pledge

        hours = None if promise.hours_a_month is None else Fraction(promise.hours_a_month)
        return Pledge(self.match.begun_on, None, promise.every, promise.unit, promise.minutes, hours)

    def first_of(self, open_days):
        """The day so many open days ago; None: so many do not lie behind them."""
        from datetime import timedelta

        from tests.meetings.test_dosage import is_open

        left, day = open_days, self.today + timedelta(days=1)
        while left and day > self.first:
            day -= timedelta(days=1)
            left -= is_open(day, self.closed)
        return None if left else day


def sums():
    """Figures of the first program by site and caseload beside the sums of its rows."""
    from rapport.care.models import TimeKept
    from rapport.matches.models import Match
    from rapport.portal import time_figures
    from rapport.programs.models import Program

    program = Program.objects.order_by("pk").first()
    matches = Match.objects.filter(program=program).open()
    rows = [list(time_figures.rows_of(matches, by)) for by in (time_figures.SITE, time_figures.COORDINATOR)]
    whole, sites, caseloads = time_figures.tables(*rows, program, sees=True)
    kept = TimeKept.objects.filter(program=program).select_related("match__site", "match__coordinator")
    by_hand: dict = {name: Counter() for name in ("all", "site", "caseload")}
    for one in kept:
        told = one.match.site.name, one.match.coordinator.name
        for table, name in zip(by_hand.values(), ("", *told), strict=True):
            table[name, one.state] += 1
            table[name, "minutes"] += one.minutes
    for what, figures in (("all", [whole]), ("site", sites), ("caseload", caseloads)):
        for one in figures:
            name = "" if what == "all" else one.name
            counts = {state: n for state, n in one.counts.items() if n} | {"minutes": one.sums["minutes"]}
            counted = {key: n for (place, key), n in by_hand[what].items() if place == name}
            yield {"what": f"of a program: {what}", "match": name, "said": counts, "counted": counted}


if __name__ == "__main__":
    main()
