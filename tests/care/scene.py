"""A full desk like the one in the pictures: sixty pairs of one coordinator, twelve in calls, some unknown."""

from datetime import date

from rapport.care.actions import refresh_findings
from rapport.matches.models import Match, Pause
from rapport.people.models import ContactPoint
from tests.care.conftest import AWAY, HELD, SILENT, asked, meeting, pair, todo, weekly
from tests.cast import DAY, MONDAY

NAMES = ("Tomas Ife", "Hana Lily", "Yusuf Noor", "Priya Dara", "Joon Mila", "Kofi Sam", "Nadia Zoe", "Omid Rosa")


def full_desk(match, cora, ama, ben, grace):
    """Ben waits, Grace is told, Yusuf's logs are missing, and a few other calls; the others are well or unknown."""
    program = match.program
    ContactPoint.objects.create(person=ama, kind="phone", value="555 0101", rank=1, best_from="16:00")
    for on in (date(2026, 10, 20), date(2026, 10, 27)):
        meeting(match, on, HELD)
    for on in (date(2026, 11, 3), date(2026, 11, 10)):
        meeting(match, on, AWAY)
    pairs = [pair(program, *names.split(), coordinator=cora) for names in NAMES]
    pairs += [pair(program, f"Mentor{n}", f"Child{n}", coordinator=cora) for n in range(24)]
    hows = {0: [HELD] * 2 + [AWAY] * 2, 2: [HELD, HELD, SILENT, SILENT], 7: [HELD, AWAY, HELD, AWAY], 9: [HELD, SILENT]}
    for n, one in enumerate(pairs):
        if n in (12, 13):  # who began last month, without a plan yet
            Match.objects.filter(pk=one.pk).update(begun_on=date(2026, 10, 12))
        else:
            weekly(one, *hows.get(n, [HELD] * 4 if n % 3 else [HELD, HELD, AWAY, HELD]))
    for one in pairs[14:16]:
        Match.objects.filter(pk=one.pk).update(state="paused")
        back_on = date(2026, 12, 3) if one is pairs[14] else None
        Pause.objects.create(program=program, match=one, starts_on=date(2026, 11, 13), back_on=back_on)
    refresh_findings(at=MONDAY, limit=500)
    who = {m.participant.person.given_name: m.participant.person for one in pairs for m in one.members.all()}
    asked(match, ama, due_at=MONDAY - DAY)
    todo(cora, program, "Two meetings in a row did not happen. When can she be back?", somebody=ama, about=match)
    todo(cora, program, "Monthly talk we promised her.", somebody=ama, about=match, pressing=6)
    todo(cora, program, "She asked on Thursday who drives to the museum. No answer yet.", somebody=grace, about=match,
         due_at=MONDAY - 2 * DAY, pressing=4)  # fmt: skip
    todo(cora, program, "She pressed “I’d like to talk” on Sunday at 18:40.", somebody=who["Lily"], about=pairs[1],
         minutes=20)  # fmt: skip
    todo(cora, program, "Her clearance ends on 30 November. The form takes ten days.", somebody=who["Priya"],
         about=pairs[3], due_at=MONDAY - 3 * DAY, minutes=15)  # fmt: skip
    todo(cora, program, "Did the activity cards help?", somebody=who["Joon"], about=pairs[4], minutes=40)
    todo(cora, program, "Mail to three families comes back. Look at their addresses.", pressing=8)
    return pairs
