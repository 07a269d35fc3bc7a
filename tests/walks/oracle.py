"""What a program's file promises, worked out anew: who is asked on which day, who is reminded, when somebody calls.

It reads the profile's file and imports nothing of the house; it goes through the days of each person's promise,
where the house looks at rows that are due.
"""

import calendar
import tomllib
from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

ASKED, REMINDED, TALK, ANOTHER_WAY = "asked", "reminded", "somebody talks", "another way is chosen"


@dataclass(frozen=True)
class Owed:
    """Somebody of one match, to whom the program promised to ask how it goes."""

    person: int
    party: str
    begun_on: date
    is_child: bool = False
    answers: bool = False


class Promised:
    """A profile's file, read for what it says of asking."""

    def __init__(self, file):
        told = tomllib.loads(file.read_text(encoding="utf-8"))
        self.asks = {one["party"]: one for one in told["promise"] if one["kind"] == "check-in"}
        self.limits = {one["code"]: one["value"] for one in told["limit"]}

    def days(self, party, begun_on):
        """The days on which this party is to be asked: those of the first month, then each so many months."""
        promise = self.asks[party]
        days = [begun_on + timedelta(days=first) for first, _late in promise.get("first_days", [])]
        days += [months_after(begun_on, promise["every"] * n) for n in range(1, 40)]
        assert promise["unit"] == "months"
        return days

    def most(self, party):
        """How many asks within thirty days are enough."""
        return self.limits["asks-in-30-days-mentor" if party == "mentor" else "asks-in-30-days"]

    def events(self, owed, ticks, zone):
        """Counter of (person, what, day): all that is to happen to one person when the clock ticks then."""
        found, asked, silent = Counter(), [], 0
        for day in self.days(owed.party, owed.begun_on):
            due = datetime.combine(day, time(self.limits["ask-hour"]), zone)
            at = first(ticks, lambda t, due=due: t >= due and self.may_ask(owed, asked, t))
            if at is None or silent == 2:
                break
            asked.append(at)
            found[owed.person, ASKED, at.date()] += 1
            if owed.answers:
                continue
            silent += 1
            waits = ["hand-over-after-sending"] if owed.is_child else ["remind-after", "hand-over-after-reminder"]
            whats = [ASKED, ANOTHER_WAY if silent == 2 else TALK]
            whats = whats[1:] if owed.is_child else [REMINDED, whats[1]]
            for wait, what in zip(waits, whats, strict=True):
                at = first(ticks, lambda t, at=at, wait=wait: t >= at + timedelta(days=self.limits[wait]))
                if at is None:
                    return found
                found[owed.person, what, at.date()] += 1
        return found

    def may_ask(self, owed, asked, at):
        lately = [one for one in asked if one > at - timedelta(days=30)]
        return len(lately) < self.most(owed.party)


def first(ticks, fits):
    return next((tick for tick in ticks if fits(tick)), None)


def months_after(day, months):
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def compared(seen, expected):
    """What is missing, what came though nothing was owed (too early, or to somebody else), and what came twice."""
    twice = Counter({event: n for event, n in seen.items() if n > 1})
    return {"missing": expected - seen, "early": Counter(set(seen)) - expected, "twice": twice}


EXACT = {"missing": Counter(), "early": Counter(), "twice": Counter()}
