"""Taking back what a list of meetings told, until somebody has added to it."""

from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import override

from rapport.audit.models import Event
from rapport.core.languages import OF_STAFF
from rapport.core.pointing import who_points_at
from rapport.imports.logs import told_in
from rapport.imports.models import Deed
from rapport.meetings.actions.differing import ask_where_words_differ
from rapport.meetings.actions.saying import voices_of
from rapport.meetings.models import FormerLog, Log, Meeting
from rapport.tasks.actions import drop
from rapport.tasks.models import Task

ANEW = lazy("It has been told anew since.")
OTHERS = lazy("Somebody else has told of this meeting since.")
SOMETHING = lazy("Something has been recorded about this meeting since.")


def key_in(deed, kind):
    """The key of the log, or of the meeting, that this row wrote about, and what it was and became."""
    name = next(one for one in deed.was if one.startswith(f"{kind}."))
    return int(name.partition(".")[2]), *deed.was[name]


def made_by(deeds, label):
    return {key for deed in deeds for key in deed.made.get(label, ())}


def hold_still(deeds):
    """Nobody tells of these meetings until the batch is done."""
    keys = {key_in(deed, "meeting")[0] for deed in deeds}
    list(Meeting.objects.select_for_update().filter(pk__in=keys).order_by("pk").values_list("pk"))


def why_they_stay(deeds):
    """{deed: reason} of those somebody has added to."""
    logs = Log.objects.in_bulk({key_in(deed, "log")[0] for deed in deeds})
    others = told_by_others(deeds)
    reasons = {}
    for deed in deeds:
        key, _was, became = key_in(deed, "log")
        meeting, *_rest = key_in(deed, "meeting")
        if key not in logs or told_in(logs[key]) != became or logs[key].source != Log.Source.LIST:
            reasons[deed.pk] = ANEW
        elif others.get(meeting, 0) > deed.seen_to:
            reasons[deed.pk] = OTHERS
    going = [deed for deed in deeds if deed.pk not in reasons]
    held = held_by_more(going)
    return reasons | {deed.pk: SOMETHING for deed in going if held & {key_in(deed, "log")[0], *meetings_of(deed)}}


def meetings_of(deed):
    return {f"meeting {key}" for key in deed.made.get("meetings.meeting", ())}


def held_by_more(going):
    """Keys of logs, and names of meetings that the list made, that something else leads to."""
    leaving = {
        Log: made_by(going, "meetings.log"), FormerLog: made_by(going, "meetings.formerlog"),
        Meeting: made_by(going, "meetings.meeting"),
    }  # fmt: skip
    logs = {key_in(deed, "log")[0] for deed in going}
    meetings = who_points_at(Meeting, leaving[Meeting], leaving)
    joined = Meeting.objects.filter(pk__in=leaving[Meeting]).exclude(joined_to=None).values_list("pk", flat=True)
    earlier = FormerLog.objects.filter(log__in=logs).exclude(log__in=leaving[Log]).values_list("pk", flat=True)
    held = who_points_at(Log, logs, leaving | {FormerLog: leaving[FormerLog] | set(earlier)})
    return {*held, *(f"meeting {key}" for key in (*meetings, *joined))}


def told_by_others(deeds):
    """{meeting: the last line of the trail about what others, not of this list, told of it}."""
    meetings = {key_in(deed, "meeting")[0] for deed in deeds}
    rows = Log.objects.filter(meeting__in=meetings).values_list("pk", "meeting")
    ours = set()
    for was in Deed.objects.filter(row__source=deeds[0].row.source_id).values_list("was", flat=True) if deeds else ():
        ours |= {int(name.partition(".")[2]) for name in was if name.startswith("log.")}
    theirs = {pk: meeting for pk, meeting in rows if pk not in ours}
    lines = Event.objects.filter(kind=Event.Kind.WRITE, about_type="meetings.log", about_id__in=theirs).order_by()
    found: dict[int, int] = {}
    for pk, last in lines.values_list("about_id").annotate(last=Max("pk")):
        found[theirs[pk]] = max(found.get(theirs[pk], 0), last)
    return found


def take_back(going, _deeds):
    """Forget what these rows told, and give each meeting and log what it was before; `going`: the last row first."""
    logs, meetings = {}, {}
    for deed in going:
        key, was, _became = key_in(deed, "log")
        logs[key] = was
        key, was, _became = key_in(deed, "meeting")
        meetings[key] = was
    put_back(Log, {key: was for key, was in logs.items() if was})
    FormerLog.objects.filter(pk__in=made_by(going, "meetings.formerlog")).delete()
    Log.objects.filter(pk__in=made_by(going, "meetings.log")).delete()
    put_back(Meeting, {key: was for key, was in meetings.items() if was})
    Meeting.objects.filter(pk__in=made_by(going, "meetings.meeting")).delete()
    drop_tasks(going, meetings)


def put_back(model, values):
    """Give these records every value they had before."""
    for key, was in values.items():
        model.objects.filter(pk=key).update(**was)


def drop_tasks(going, meetings):
    """What was to be looked at is not there any more; what two said differently may agree again."""
    at = timezone.now()
    with override(OF_STAFF):
        theirs = Task.objects.open().filter(pk__in=made_by(going, "tasks.task"), words=None)
        drop(list(theirs), note=_("The list that told it was taken back."), by=None, at=at)
    for meeting in Meeting.objects.filter(pk__in=meetings, logs__isnull=False).distinct().select_related("match"):
        ask_where_words_differ(meeting, voices_of(meeting), at=at)
