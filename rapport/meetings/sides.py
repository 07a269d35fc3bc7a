"""What staff see of one meeting: each party's view, as far as they may read it, and where two of them differ.

Where views differ is for staff alone (requirements S1-06); neither side ever learns that there is another view.
"""

from dataclasses import dataclass, field

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from rapport.core.several import together
from rapport.meetings.models import Alike, Log, Meeting
from rapport.people.models import Participant
from rapport.programs.activities import activities

OPEN_TO_ALL_STAFF = 1  # the level of a mentor's facts; words and other people's views want the right to read answers
Source = Log.Source
GRADES = {
    "both": lazy("both sides told us"),
    "one": lazy("one side told us"),
    "number": lazy("a number in reply to a message"),
    "staff": lazy("told to staff, or seen by them"),
    "list": lazy("from a list"),
    "before": lazy("before Rapport"),
}
ALONE = {
    Source.NUMBER: "number",
    Source.STAFF: "staff",
    Source.SHEET: "staff",
    Source.LIST: "list",
    Source.BEFORE: "before",
}


@dataclass(frozen=True)
class View:
    """One party's view, in words."""

    log: Log
    facts: list = field(default_factory=list)  # (name, value)
    words: list = field(default_factory=list)  # (name, value): for who may read answers
    former: list = field(default_factory=list)


def views_of(meeting, *, may_read, away=()):
    """Each view that this reader may know of, oldest first. `away`: people they are kept away from."""
    logs = (
        meeting.logs.exclude(person__in=away)
        .select_related("person")
        .prefetch_related("former")
        .order_by("logged_at", "pk")
    )
    logs = logs if may_read else logs.filter(level__lte=OPEN_TO_ALL_STAFF)
    rules = activities(meeting.program)
    return [view_of(one, rules, may_read, meeting.program.zone) for one in logs]


def view_of(one, rules, may_read, zone):
    former = list(one.former.all()) if may_read else []
    return View(one, facts_of(one, rules, zone), words_of(one) if may_read else [], former)


def facts_of(one, rules, zone):
    activity = rules[one.activity].label if one.activity in rules else one.activity
    found = [
        (_("Minutes"), one.minutes),
        (_("Began"), f"{one.began_at.astimezone(zone):%H:%M}" if one.began_at else ""),
        (_("Why not"), one.get_cause_display() if one.cause else ""),
        (_("Where"), ", ".join(filter(None, [one.get_mode_display() if one.mode else "", one.place]))),
        (_("Who else"), ", ".join(company_of(one))),
        (_("What they did"), ", ".join(filter(None, [activity, one.activity_words]))),
        (_("Tags"), ", ".join(tags_of(one))),
    ]
    return [(name, value) for name, value in found if value]


def company_of(one):
    kinds = [str(Log.Company(kind).label) for kind in one.company if kind in Log.Company.values]
    return [*kinds, one.company_words] if one.company_words else kinds


def tags_of(one):
    if one.is_school_activity:
        yield _("school activity")
    if one.is_new_experience:
        yield _("new experience")
    if one.technique:
        yield str(one.get_technique_display())
    if one.is_good_practice:
        yield _("good practice")


def words_of(one):
    prepared = {True: _("yes"), False: _("no"), None: ""}[one.was_prepared]
    found = [
        (_("How it felt"), _("%(n)d of 5") % {"n": one.feeling} if one.feeling else ""),
        (_("Came prepared"), prepared), (_("May be passed on"), one.shared), (_("For staff"), one.words),
        (_("What they think"), one.opinion),
    ]  # fmt: skip
    return [(name, value) for name, value in found if value]


def grade_of(logs, mentors):
    """How well it is known what became of a meeting (`GRADES`), from confirmed words; None: nobody told."""
    logs = [one for one in logs if not one.is_suspect]
    own = [one for one in logs if one.source in (Source.PAGE, Source.LINK)]
    sides = {one.person_id in mentors for one in own}
    if len(sides) == 2:
        return "both"
    if own:
        return "one"
    grades = [ALONE[one.source] for one in logs]
    return next((name for name in GRADES if name in grades), None)


def differences(views, apart):
    """Where views differ, in sentences. `apart`: how far minutes may lie apart (a timedelta)."""
    logs = [view.log for view in views if not view.log.is_suspect]
    found = []
    yes, no = [one for one in logs if one.happened], [one for one in logs if not one.happened]
    if yes and no:
        told = {"yes": names(yes), "no": names(no)}
        found.append(_("%(yes)s: they met. %(no)s: they did not.") % told)
    timed = sorted((one for one in yes if one.minutes), key=lambda one: one.minutes)
    if timed and (timed[-1].minutes - timed[0].minutes) * 60 > apart.total_seconds():
        told = {"few": names(timed[:1]), "n": timed[0].minutes, "many": names(timed[-1:]), "m": timed[-1].minutes}
        found.append(_("%(few)s: %(n)d minutes. %(many)s: %(m)d minutes.") % told)
    places = {one.mode: one for one in yes if one.mode}
    if len(places) > 1:
        found.append(" ".join(place_of(one) for one in places.values()))
    return found


def place_of(one):
    return _("%(name)s: %(place)s.") % {"name": names([one]), "place": one.get_mode_display()}


def names(logs):
    return together(one.person.first_name for one in logs)


def mentors_of(match):
    return {one.participant.person_id for one in match.members.all() if one.side == Participant.Side.MENTOR}


def twins_of(meeting):
    """Other meetings of this pair so near in time that they may be the same, of which nobody has said yet."""
    near = meeting.program.limit("meetings-alike")
    others = Meeting.objects.filter(
        match=meeting.match_id, joined_to=None, excused_at=None, starts_at__gte=meeting.starts_at - near,
        starts_at__lte=meeting.starts_at + near,
    ).exclude(pk=meeting.pk)  # fmt: skip
    known = Alike.objects.filter(first=meeting).values("second"), Alike.objects.filter(second=meeting).values("first")
    if meeting.joined_to_id or meeting.excused_at:
        return []
    return list(others.exclude(pk__in=known[0]).exclude(pk__in=known[1]).order_by("starts_at"))
