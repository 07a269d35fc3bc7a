"""What a look ahead found, in sentences, as a table, and person by person."""

from collections import Counter
from datetime import date

from django.db.models import Count, Q
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from rapport.access.rights import Right
from rapport.checkins.steps import INVITATION, INVITATIONS, REMINDER
from rapport.outbox.models import called
from rapport.people.models import Participant, kept_from


def sentences(forecast, user, at):
    """What the change will send in those days, as sentences."""
    totals = totals_of(forecast.figures["sent"])
    was, now = totals.get(INVITATION, (0, 0))
    said = [*of_asks(forecast, user, at), difference(REMINDER, totals, of_reminders), of_calls(forecast)]
    said += [of_others(kind, *totals[kind]) for kind in totals if kind not in (INVITATION, REMINDER)]
    said = [one for one in said if one] or [_("Nothing that is sent in the next %(n)d days changes.") % days(forecast)]
    if was or now:
        said.append(_("All asks of these days: %(now)d, instead of %(was)d.") % {"now": now, "was": was})
    said.append(_("Counted as if nobody answered meanwhile; who does not answer twice is called instead."))
    if forecast.program.quiet_start and forecast.change["what"] != "quiet-end":
        said.append(_("They wait for release, as everything does while the program starts quietly."))
    return said


def days(forecast):
    return {"n": forecast.days}


def totals_of(rows):
    """{kind: (without the change, with it)}."""
    was: Counter = Counter()
    now: Counter = Counter()
    for _week, sent, before, after in rows:
        kind = INVITATION if sent in INVITATIONS else sent
        was[kind] += before
        now[kind] += after
    return {kind: (was[kind], now[kind]) for kind in sorted(was.keys() | now.keys())}


def of_asks(forecast, user, at):
    """More, fewer, and those that the same person gets on another day."""
    rows = forecast.rows.filter(kind__in=INVITATIONS)
    more, less, moved = more_less_moved(rows)
    told = {"first": the_first(rows, user, at) if more else "", "days": forecast.days}
    if more:
        words = ngettext(
            "%(n)d more ask in the next %(days)d days%(first)s.",
            "%(n)d more asks in the next %(days)d days%(first)s.",
            more,
        )
        yield words % {"n": more, **told}
    if less:
        words = ngettext("%(n)d planned one is withdrawn.", "%(n)d planned ones are withdrawn.", less)
        yield words % {"n": less}
    if moved:
        words = ngettext("%(n)d comes on another day.", "%(n)d come on another day.", moved)
        yield words % {"n": moved}


def more_less_moved(rows):
    counts: dict[int, dict[bool, int]] = {}
    for person, is_more, n in rows.order_by().values_list("person", "is_more").annotate(n=Count("pk")):
        counts.setdefault(person, {})[is_more] = n
    both = [(one.get(True, 0), one.get(False, 0)) for one in counts.values()]
    moved = sum(min(pair) for pair in both)
    return sum(more for more, _less in both) - moved, sum(less for _more, less in both) - moved, moved


def the_first(rows, user, at):
    """ ", the first on 3 December to Ama": named are those whom this reader may see."""
    first = rows.filter(is_more=True).earliest("on")
    seen = seen_by(user, rows.filter(is_more=True, on=first.on), first.forecast.program, at)
    one = seen.select_related("person").order_by("person__given_name", "pk").first()
    told = {"day": date_format(first.on, "j F"), "name": one.person.first_name if one else ""}
    return (_(", the first on %(day)s to %(name)s") if one else _(", the first on %(day)s")) % told


def seen_by(user, rows, program, at):
    """Of these rows those to people whom this reader may see: in the program, or standing for a child who is."""
    here = Participant.objects.visible_to(user, Right.PARTICIPANT_VIEW, at).filter(program=program)
    people = here.values("person")
    rows = rows.filter(Q(person__in=people) | Q(person__children__child__in=people))
    return rows.exclude(person__in=kept_from(user, at)).distinct()


def difference(kind, totals, words):
    was, now = totals.get(kind, (0, 0))
    return words(now - was) if now != was else ""


def of_reminders(n):
    if n > 0:
        return ngettext("%(n)d more reminder.", "%(n)d more reminders.", n) % {"n": n}
    return ngettext("%(n)d reminder fewer.", "%(n)d reminders fewer.", -n) % {"n": -n}


def of_others(kind, was, now):
    told = {"kind": called(kind), "now": now, "was": was}
    return _("%(kind)s: %(now)d, instead of %(was)d.") % told if was != now else ""


def of_calls(forecast):
    totals = totals_of(forecast.figures["calls"]).values()
    n = sum(now - was for was, now in totals)
    if not n:
        return ""
    if n > 0:
        told = ngettext("%(n)d more call on desks", "%(n)d more calls on desks", n) % {"n": n}
    else:
        told = ngettext("%(n)d call on desks fewer", "%(n)d calls on desks fewer", -n) % {"n": -n}
    return _("%(calls)s, if nobody answers.") % {"calls": told}


def weeks(forecast):
    """[(Monday, what, with the change, as it is now)], letters before calls."""
    return [
        (date.fromisoformat(week), called(kind), after, before)
        for rows in (forecast.figures["sent"], forecast.figures["calls"])
        for week, kind, before, after in rows
    ]
