"""Which calls the facts of a match ask for: the child who waits or waited, the mentor whose logs are missing.

Each makes tasks with a key naming its cause, so looking twice makes none twice. Sources: requirements.md §6.4.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from rapport.care.days import DAY
from rapport.care.rules import day_words
from rapport.core.several import together
from rapport.meetings.models import Meeting
from rapport.people.models import Guardianship, Restriction
from rapport.programs import profiles
from rapport.programs.models import Party
from rapport.programs.words import every
from rapport.tasks.models import Task

WAITING, TELL, WAITED, NO_LOG = "care/waiting-child", "care/tell-guardian", "care/child-waited", "care/no-log"
TALK, SILENT = "care/promised-talk", "care/silent"


@dataclass(frozen=True)
class Call:
    """One call to make about one match (or, for missing logs, about several)."""

    kind: str
    person: object
    about: object
    owner: object
    program: object
    reason: str
    on: object
    cause_key: str
    pressing: int
    minutes: int


def limit_that_stays(facts, code):
    """A number that cannot be switched off where there are children: without its row, the profile's own counts."""
    value = facts.limit(code)
    if value is None and not facts.match.program.adults_only:
        rows = profiles.read(facts.match.program.profile)["limit"]
        value = next((row["value"] for row in rows if row["code"] == code), None)
    return value


def waiting_since(facts):
    """The first day since the last time together on which the mentor stayed away or silent, or the pause began."""
    days = [m.on for m in facts.since_held() if is_left_alone(m, facts)]
    if facts.pause is not None:
        days.append(facts.pause.starts_on)
    return min(days, default=None)


def is_left_alone(meeting, facts):
    """The mentor was away; or nobody says anything, and the mentor has given no sign since."""
    silent = meeting.unknown and (facts.last_sign_at is None or facts.last_sign_at < meeting.ends_at)
    return silent or meeting.cause == Meeting.Cause.MENTOR_AWAY


def waiting_child(facts, guardians):
    """A named adult talks with the child by the limit's open day, then again and again; the guardian is told once."""
    since, by_day = waiting_since(facts), limit_that_stays(facts, "waiting-child")
    first = facts.days.nth(facts.match, since, by_day) if since and by_day else None
    again = limit_that_stays(facts, "waiting-child-again")
    if first is None or first > facts.today + Task.AHEAD or not again:
        return []
    round_ = max(0, (facts.today + Task.AHEAD - first).days // again)
    due_on, key = first + timedelta(days=again * round_), f"{facts.match.ref}:{since}"
    calls = [talk_with(child, facts, since, due_on, f"waiting:{key}:{round_}") for child in facts.mentees]
    for child in facts.mentees:
        calls += [
            tell(adult, child, facts, since, first, f"tell:{key}")
            for adult in guardians.get((child.person_id, facts.today), [])
        ]
    return calls


def talk_with(child, facts, since, due_on, key):
    mentors = names(facts.mentors)
    words = _("%(child)s is waiting. %(mentor)s has been away or silent since %(day)s. Say: it is not about you.")
    words %= {"child": child.person.first_name, "mentor": mentors, "day": day_words(since)}
    return call(facts, WAITING, child.person, words, due_on, f"{key}:{child.ref}", pressing=1, minutes=15)


def tell(adult, child, facts, since, due_on, key):
    words = _("Say that %(mentor)s has been away since %(day)s, and who talks with %(child)s about it.")
    words %= {"child": child.person.first_name, "mentor": names(facts.mentors), "day": day_words(since)}
    return call(facts, TELL, adult, words, due_on, f"{key}:{child.ref}:{adult.ref}", pressing=3)


def child_waited(facts, guardians):
    """The child waited: a talk the same day, whoever says so, and whatever anybody else says of that meeting."""
    told_for = facts.match.program.limit("waited-told")
    waited = [m for m in facts.meetings if m.child_waited and facts.at - m.ends_at < told_for]
    return [
        call(
            facts, WAITED, child.person, waited_words(child, m, facts), facts.today, f"waited:{m.pk}:{child.ref}",
            pressing=1, minutes=15,
        )
        for m in waited
        for child in facts.mentees
    ]  # fmt: skip


def waited_words(child, meeting, facts):
    if meeting.held:  # nobody learns here who said which
        words = _("%(child)s may have waited on %(day)s, though they met by another word. Talk with %(child)s today.")
    else:
        words = _("%(child)s waited on %(day)s, and %(mentor)s did not come. Talk with %(child)s today.")
    return words % {"child": child.person.first_name, "day": day_words(meeting.on), "mentor": names(facts.mentors)}


def promised_talks(facts, guardians):
    """The talks that the program promised and nobody had; while a pair rests none is called for."""
    return [] if facts.pause else [promised_talk(one, facts) for one in facts.talks]


def promised_talk(owed, facts):
    others = facts.mentees if owed.promise.party == Party.MENTOR else facts.mentors
    words = _("Talk with %(name)s about the time with %(others)s: what went well, what was hard. Promised %(often)s.")
    words %= {"name": owed.person.first_name, "others": names(others), "often": every(owed.promise)}
    key = f"talk:{facts.match.ref}:{owed.person.ref}:{owed.promise.code}:{owed.due_on}"
    return call(facts, TALK, owed.person, words, owed.due_on, key, pressing=5, minutes=15)


def nothing_heard(facts, guardians):
    """Nobody of a pair was heard of for so long: one call to its mentor. Later where they meet as they need.

    Where meetings without a word already make a call, or a child waits, there is no second one.
    """
    since = facts.silent_since()
    if facts.pause or not facts.mentors or not is_silent(facts, since) or unlogged_run(facts) or waiting_since(facts):
        return []
    words = _("Nothing was heard of %(names)s since %(day)s. Ask how they are, and whether they meet.")
    words %= {"names": names([*facts.mentors, *facts.mentees]), "day": day_words(since)}
    mentor = facts.mentors[0].person
    return [call(facts, SILENT, mentor, words[:300], facts.today, f"silent:{facts.match.ref}:{since}", pressing=5)]


def is_silent(facts, since):
    if facts.is_as_needed() and (days := facts.limit("silent-as-needed")):
        return (facts.today - since).days > days
    days = facts.limit("silent")
    return bool(days) and (facts.today - since).days > days and facts.open_days_since(since + DAY) > days


MATCH_CALLS = (waiting_child, child_waited, promised_talks, nothing_heard)


def call(facts, kind, person, words, on, key, *, pressing, minutes=10):
    match = facts.match
    return Call(kind, person, match, match.coordinator, match.program, words, on, key, pressing, minutes)


def unlogged_run(facts):
    """The latest expected meetings of which nobody has said anything, oldest first; empty below the limit."""
    limit, run = facts.limit("no-log-in-a-row"), []
    for meeting in facts.meetings:
        if not meeting.unknown:
            break
        run.append(meeting)
    return run[::-1] if limit and len(run) >= limit else []


def missing_logs(mentor, silent):
    """One call for one mentor that lists every match without logs. `silent`: [(facts, run)] of this mentor."""
    facts = silent[0][0]
    tips = [run[len(run) // f.limit("no-log-in-a-row") * f.limit("no-log-in-a-row") - 1].on for f, run in silent]
    with_whom = together(names(f.mentees) for f, _run in silent)
    days = together(day_words(day) for day in sorted({m.on for _f, run in silent for m in run}))
    words = _("No word yet on meetings with %(names)s: %(days)s. Unknown, not missed: ask once.")
    return Call(
        NO_LOG, mentor.person, facts.match if len(silent) == 1 else None, facts.match.coordinator, facts.match.program,
        (words % {"names": with_whom, "days": days})[:300], facts.today,
        f"no-log:{facts.match.program.slug}:{mentor.person.ref}:{max(tips)}", 5, 10,
    )  # fmt: skip


def guardians_of(children, at, days):
    """Who is told about these children on each of the days that it is where their programs are: {(child id, day):
    [adults]}; nobody who is kept away from the child."""
    found = defaultdict(list)
    apart = Restriction.objects.live_at(at).filter(kept_away=OuterRef("adult"), subject=OuterRef("child"))
    living = Guardianship.objects.living_somewhere(at).told().filter(~Exists(apart), child__in=children)
    for row in living.select_related("adult", "child").order_by("pk"):
        for on in days:
            if row.is_living(on):
                found[row.child_id, on].append(row.adult)
    return found


def names(participants):
    return together(p.person.first_name for p in participants)
