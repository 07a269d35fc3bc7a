"""What a log tells that a person should look at (requirements S1-27). Nobody is accused, nothing is stopped, and
neither side learns of it: the log is kept as it was told.

What the program says no to, and a meeting while a lead holds the pair apart, goes to who looks after safety; what
staff mean to look at is a task of the coordinator's, once for each pair and kind.
"""

from itertools import takewhile

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import override

from rapport.core.languages import OF_STAFF
from rapport.core.months import day_in
from rapport.matches.models import Pause
from rapport.meetings.models import Log, Meeting, Outing, OutingWord
from rapport.programs.activities import activities
from rapport.programs.models import ActivityRule, Mode, PlaceRule
from rapport.programs.places import says as says_of_place
from rapport.safeguarding.actions import add_triage
from rapport.tasks.actions import NewTask, add_tasks

LOOK, PREPARED, STAYED_AWAY = KINDS = "meetings/look", "meetings/prepared", "meetings/stayed-away"
AWAY = {
    Meeting.Cause.MENTEE_AWAY: lazy("The mentee was not there %(n)d times in a row. Ask kindly what would help."),
    Meeting.Cause.MENTOR_AWAY: lazy("The mentor was not there %(n)d times in a row. Ask kindly what would help."),
}
RUN = 20  # meetings looked back; a longer run is the same run
OTHER = "other"  # of activities: each time it is something else


def look_at(said, meeting, *, at):
    """Put on a desk what somebody should look at. What a machine may have pressed waits until it is confirmed."""
    if said.is_suspect:
        return
    if not said.happened:
        stayed_away(meeting, at)
        return
    with override(OF_STAFF):
        serious, others = held_apart(meeting), {}
        for key, words, is_no in [*activity_of(said, meeting), *place_of_it(said, meeting)]:
            (serious if is_no else others)[key] = words
        for key, words in serious.items():
            add_triage(
                program=meeting.program, person=said.person, match=meeting.match, about=said, what=words[:200],
                cause_key=f"log:{meeting.ref}:{key}", at=at,
            )  # fmt: skip
        if meeting.match.coordinator is not None:
            tasks = [task(key, words, meeting, at) for key, words in others.items()]
            add_tasks([*tasks, *unprepared(said, meeting, at)], by=None, at=at)


def stayed_away(meeting, at):
    """Some times in a row the same side was not there, unannounced: one talk, for the whole run (S2-31).

    It goes by what each meeting reads as, never by one person's word alone; one that nobody tells of ends the run.
    """
    if meeting.match.coordinator is None:
        return
    rows = Meeting.objects.filter(match=meeting.match_id, excused_at=None, starts_at__lte=meeting.starts_at)
    rows = list(rows.order_by("-starts_at").only("ref", "missed_at", "cause", "cancelled_at")[:RUN])
    cause = rows[0].cause if rows else ""
    run = list(takewhile(lambda one: one.missed_at and one.cause == cause and not one.cancelled_at, rows))
    if cause not in AWAY or len(run) < meeting.program.limit("no-shows-in-a-row"):
        return
    with override(OF_STAFF):
        words = str(AWAY[cause]) % {"n": len(run)}
        key = f"away:{cause}:{run[-1].ref}"
        add_tasks([task(key, words, meeting, at, kind=STAYED_AWAY, minutes=15)], by=None, at=at)


def unprepared(said, meeting, at):
    """Some times in a row somebody told that the other side came unprepared: one talk, for the whole run."""
    if said.was_prepared is not False:
        return []
    most = meeting.program.limit("unprepared-in-a-row")
    logs = Log.objects.filter(meeting__match=meeting.match_id, person=said.person_id, happened=True)
    logs = logs.filter(meeting__starts_at__lte=meeting.starts_at).select_related("meeting")
    run = list(takewhile(lambda one: one.was_prepared is False, logs.order_by("-meeting__starts_at")[:RUN]))
    if len(run) < most:
        return []
    words = _("%(name)s told us %(n)d times in a row that the other side came unprepared. Ask what would help.")
    words %= {"name": said.person.first_name, "n": len(run)}
    first = run[-1].meeting.ref
    return [task(f"prepared:{said.person.ref}:{first}", words, meeting, at, kind=PREPARED, minutes=15)]


def held_apart(meeting):
    """They met while a lead held the pair; any other pause is nobody's worry."""
    day = day_in(meeting.starts_at, meeting.program.zone)
    if Pause.objects.running(day).filter(match=meeting.match_id, is_hold=True).exists():
        return {"held": _("They met while contact is paused. Look at what was told.")}
    return {}


def activity_of(said, meeting):
    if not said.activity:
        return []
    rule = activities(meeting.program)[said.activity]
    if rule.says == ActivityRule.Says.YES:
        return []
    words = _("What they did is not on the program's list: %(what)s. Look at it.") % {"what": rule.label}
    again = f":{meeting.ref}" if said.activity == OTHER else ""
    return [(f"activity:{said.activity}{again}", words, rule.says == ActivityRule.Says.NO)]


def place_of_it(said, meeting):
    """Where they met, unless it is where they were to meet, or a guardian said yes to an outing that day."""
    rule = says_of_place(meeting.program, said.mode) if said.mode else PlaceRule.Says.YES
    planned = meeting.plan and not meeting.plan.for_review and meeting.mode == said.mode
    if rule == PlaceRule.Says.YES or (planned and rule == PlaceRule.Says.REVIEW) or was_permitted(meeting):
        return []
    place = Mode(said.mode).label
    words = _("Where they met is for staff to look at: %(place)s. Look at it.") % {"place": place}
    return [(f"place:{said.mode}", words, rule == PlaceRule.Says.NO)]


def was_permitted(meeting):
    """Whether an outing of that day has a yes to what it is now, and no no."""
    outings = Outing.objects.filter(
        match=meeting.match_id, called_off_at=None, starts_at__lt=meeting.ends_at, ends_at__gt=meeting.starts_at
    )
    for outing in outings:
        words = OutingWord.objects.counted().filter(outing=outing, version=outing.version)
        latest = {word.said_by_id: word for word in words}
        if latest and all(word.is_yes for word in latest.values()):
            return True
    return False


def task(key, words, meeting, at, *, kind=LOOK, minutes=5):
    return NewTask(
        program=meeting.program, kind=kind, owner=meeting.match.coordinator, person=None, about=meeting.match,
        reason=words[:300], due_at=at, late_at=None, cause_key=f"look:{meeting.match.ref}:{key}", minutes=minutes,
    )  # fmt: skip
