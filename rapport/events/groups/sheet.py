"""Groups on the day sheet of a site: whoever keeps it marks who of a group is there, too."""

from django.utils.translation import gettext as _

from rapport.access.rights import Right
from rapport.core.refused import Refused
from rapport.events import actions
from rapport.events.groups.forms import Tap
from rapport.events.groups.questions import rows_of
from rapport.events.models import Group, GroupMember, Session
from rapport.events.readers import alike
from rapport.meetings.sheet.day import span
from rapport.meetings.sheet.whose import near_to
from rapport.people.models import Person, Restriction
from rapport.people.scopes import close_to

PAGE, PAPER = "events/groups/_on_sheet.html", "events/groups/_on_paper.html"


class PressAgain(Refused):
    """What was pressed makes no sense, or is no longer on the sheet."""

    def __str__(self):
        return _("Nothing was kept. Press again.")


def parts(reader):
    """Each session of that day at the site that its reader reaches, with its rows."""
    sessions = list(sessions_of(reader))
    without = set(close_to(reader.through)) | near_people(reader)
    rows = rows_of(sessions, reader.at, without=without)
    return [
        {"page": PAGE, "paper": PAPER, "time": one, "rows": rows[one.pk], "has_begun": one.starts_at <= reader.at}
        for one in sessions
    ]


def sessions_of(reader):
    first, after = span(reader.on, reader.site.program.zone)
    groups = Group.objects.visible_to(reader.through, Right.MEETING_EDIT, reader.at).filter(site=reader.site)
    if isinstance(reader.by, Person):
        away = Restriction.objects.live_at(reader.at).filter(kept_away__in=alike(reader.by)).values("subject")
        groups = groups.without(away)
    rows = Session.objects.filter(group__in=groups.values("pk"), starts_at__gte=first, starts_at__lt=after)
    rows = rows.filter(excused_at=None).select_related("program", "group__program")
    return rows.order_by("starts_at", "group__name", "pk")


def near_people(reader):
    """Of somebody who keeps the sheet by a link: themselves, their children, and whom they are kept away from."""
    if not isinstance(reader.by, Person):
        return set()
    near = GroupMember.objects.filter(near_to(reader.by, reader.at), program=reader.site.program)
    return set(near.values_list("participant__person", flat=True))


def press(request, reader):
    """Keep one tap, and say where. Raises PressAgain, and what marking refuses."""
    ref = request.POST.get("session")
    if ref is None:
        return None
    form = Tap(request.POST)
    found = {part["time"].ref: part for part in parts(reader)}
    part = found.get(ref)
    rows = {row.participant.ref: row.participant for row in part["rows"]} if part else {}
    if not reader.may_mark or not form.is_valid() or form.cleaned_data["who"] not in rows:
        raise PressAgain(reader)
    who = rows[form.cleaned_data["who"]]
    actions.mark_presence(part["time"], who, **form.said, said_by=reader.said_by(), by=reader.by, at=reader.at)
    return f"p-{ref}-{who.ref}"


def closed(site, *, on, by, at):
    """The site is closed on that day: what its groups were to do is off, and counts against nobody."""
    for one in of_that_day(site, on).untouched():
        actions.say_off(one, why="closed", by=by, at=at)


def opened(site, *, on, by, at):
    for one in of_that_day(site, on).filter(excuse="closed", group__ended_at=None):
        actions.say_on(one, by=by, at=at)


def of_that_day(site, on):
    first, after = span(on, site.program.zone)
    return Session.objects.filter(group__site=site, starts_at__gte=first, starts_at__lt=after)
