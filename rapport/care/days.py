"""Open days of many programs and sites at once: the closed times are read in one query for a whole batch."""

from datetime import timedelta

from rapport.meetings.dosage import Shut
from rapport.programs.models import ClosedTime

DAY = timedelta(days=1)
WEEKEND = (5, 6)
LONGEST = 1000  # days looked through before giving up: a place closed for years has no next open day


class OpenDays:
    """Which days are open in these programs: Monday to Friday, less what is closed for the program or the site."""

    def __init__(self, programs, since):
        self.closed, self.shut_at = {}, {}
        rows = ClosedTime.objects.filter(program__in=programs, ends_on__gte=since)
        for program, site, first, last in rows.values_list("program", "site", "starts_on", "ends_on"):
            self.closed.setdefault((program, site), []).append((first, last))

    def spans_of(self, match):
        place = match.program_id, match.site_id
        return self.closed.get((match.program_id, None), []) + (self.closed.get(place, []) if match.site_id else [])

    def shut(self, match, rests=()):
        """The closed days of a match and those on which it rested, as time together is reckoned; one for each place."""
        if rests:
            return Shut([*self.spans_of(match), *rests])
        place = match.program_id, match.site_id
        if place not in self.shut_at:
            self.shut_at[place] = Shut(self.spans_of(match))
        return self.shut_at[place]

    def is_open(self, match, day):
        spans = self.spans_of(match)
        return day.weekday() not in WEEKEND and not any(first <= day <= last for first, last in spans)

    def count(self, match, first, last):
        """How many open days from the first to the last, both counted."""
        return sum(self.is_open(match, first + n * DAY) for n in range((last - first).days + 1))

    def nth(self, match, first, n):
        """The n-th open day from this day on, itself counted; None where there is none in sight."""
        for step in range(LONGEST):
            n -= self.is_open(match, first + step * DAY)
            if n == 0:
                return first + step * DAY
        return None
