"""Everything that happened to a match on one line, newest first.

A reader who may not read answers and talks finds none, and no gap. What was said about a worry stands on no line: it
goes to those who handle worries. A pause tells neither who made it nor why: a hold for safety looks like
any other.
"""

from dataclasses import dataclass
from datetime import datetime

from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from rapport.care.questions import TALKED_ABOUT
from rapport.checkins.models import Answer, Conversation
from rapport.core.months import day_in
from rapport.matches.actions.confirming import CONFIRMED
from rapport.matches.actions.taking_over import BEFORE
from rapport.matches.models import Closure, Match
from rapport.meetings.models import Meeting

PAGE = 10
QUOTED = 300  # letters of somebody's own words


@dataclass(frozen=True)
class Entry:
    """One thing that happened: when, which dot, what in bold, and the words after it."""

    at: datetime
    kind: str
    title: str
    words: str = ""
    meeting: Meeting | None = None


def story(match, level, at, before=None, away=frozenset()):
    """(entries, the moment from which to go on or None). A fixed number of queries.

    `away`: the people this reader is kept away from; what these said, and that they were talked with, is absent.
    """
    until = before or at
    parts = [changes, meetings]
    if level >= TALKED_ABOUT:
        parts += [answers, talks]
    entries = [entry for part in parts for entry in part(match, level, until, at, away)]
    entries.sort(key=lambda entry: entry.at, reverse=True)
    if len(entries) <= PAGE:
        return entries, None
    last = entries[PAGE - 1].at
    shown = [entry for entry in entries if entry.at >= last]
    return shown, last if len(shown) < len(entries) else None


def some(rows, moment, until):
    """One page and one more of a table, newest first; what shares a moment stays together."""
    return rows.filter(**{f"{moment}__lt": until}).order_by(f"-{moment}", "-pk")[: 2 * PAGE]


def changes(match, level, until, at, away):
    ending = Closure.objects.filter(match=match).first() if match.state == Match.State.CLOSED else None
    rows = some(match.changes.select_related("by"), "at", until)
    return [change_entry(row, match, ending, level) for row in rows]


def change_entry(row, match, ending, level):
    words = ""
    if row.words == BEFORE:
        words = what_was(match)
    if row.words == CONFIRMED and row.by:
        words = _("By %(name)s.") % {"name": row.by.first_name}
    if row.state == Match.State.CLOSED and ending and level >= TALKED_ABOUT:
        words = ". ".join(part for part in (str(ending.get_reason_display()).capitalize(), ending.note) if part)
    return Entry(row.at, "done", change_words(row), words)


def what_was(match):
    """What a list said of the time before Rapport."""
    said = [_("They had met since %(day)s.") % {"day": day_words(match.begun_on)}]
    if match.met_before:
        words = ngettext("They had met once by then.", "They had met %(n)d times by then.", match.met_before)
        said.append(words % {"n": match.met_before})
    if match.agreed_on:
        said.append(_("They agreed how on %(day)s.") % {"day": day_words(match.agreed_on)})
    return " ".join(said)


def day_words(day):
    return date_format(day, "j F Y")


def change_words(row):
    if row.words == BEFORE:
        return _("They came in from before Rapport.")
    if row.words == CONFIRMED:
        return _("The checks were confirmed.")
    if row.state == Match.State.ACTIVE:
        return _("They went on.") if row.state_before == Match.State.PAUSED else _("They began.")
    return {
        Match.State.PROPOSED: _("Proposed."),
        Match.State.NOT_BEGUN: _("Not begun."),
        Match.State.PAUSED: _("A pause began."),
        Match.State.CLOSED: _("They said goodbye."),
    }[row.state]


def meetings(match, level, until, at, away):
    rows = (
        Meeting.objects.filter(match=match, ends_at__lte=at).select_related("said_by").prefetch_related("logs__person")
    )
    zone = match.program.zone
    return [
        meeting_entry(row, level, away, was_before=match.is_before_rapport(day_in(row.starts_at, zone)))
        for row in some(rows, "starts_at", until)
    ]


def meeting_entry(row, level, away, was_before=False):
    if row.kept_at and was_before:
        return Entry(row.starts_at, "done", _("Met, before Rapport."), views_of(row, level, away), row)
    if row.kept_at:
        minutes = _("%(n)d min") % {"n": row.minutes} if row.minutes else ""
        return Entry(
            row.starts_at,
            "done",
            ", ".join(filter(None, [_("Met"), minutes, row.place])) + ".",
            views_of(row, level, away),
            row,
        )
    if row.missed_at:
        return Entry(row.starts_at, "no", _("Meeting did not happen."), cause_of(row, level, away), row)
    if row.excused_at:
        return Entry(row.starts_at, "done", _("No meeting was expected."), capfirst(row.excuse))
    return Entry(row.starts_at, "unknown", _("Meeting, unknown."), _("Nobody has told us yet."), row)


def cause_of(row, level, away):
    cause = str(row.get_cause_display()).capitalize() if row.cause else ""
    if row.said_by and row.said_by_id not in away and level >= TALKED_ABOUT:
        cause = _("%(cause)s, says %(name)s") % {"cause": cause, "name": row.said_by.first_name} if cause else ""
    waited = _("The young person was waiting.") if row.child_waited else ""
    return " ".join(part for part in (f"{cause}." if cause else "", waited) if part)


def views_of(row, level, away):
    """Each party's own words on a meeting, for those who may read them."""
    if level < TALKED_ABOUT:
        return ""
    said = [log for log in row.logs.all() if log.words and log.level <= level and log.person_id not in away]
    return " ".join(quoted(log.person.first_name, log.words) for log in said)


def quoted(name, words):
    words = words if len(words) <= QUOTED else words[:QUOTED].rstrip() + "…"
    return _("%(name)s: “%(words)s”") % {"name": name, "words": words}


def answers(match, level, until, at, away):
    rows = Answer.objects.filter(check_in__match=match, replaced_at=None, level__lte=TALKED_ABOUT)
    rows = rows.exclude(check_in__person__in=away)
    return [answer_entry(row) for row in some(rows.select_related("check_in__person"), "answered_at", until)]


def answer_entry(row):
    name = row.check_in.person.first_name
    title = _("%(name)s was asked how it goes:") % {"name": name}
    if row.feeling or not since(row):
        title += " " + (_("%(n)d of 5.") % {"n": row.feeling} if row.feeling else _("does not know."))
    is_plain = row.worry in ("", Answer.Worry.NO)
    said = [since(row), quoted(name, row.words) if row.words and is_plain else ""]
    words = " ".join(filter(None, [*said, quoted(name, row.news) if row.news else ""]))
    return Entry(row.answered_at, "talk", title, (_("Not confirmed yet.") + " " if row.is_suspect else "") + words)


def since(row):
    """What they said of the time since an event, where they were asked."""
    told = {"said": row.get_in_touch_display(), "now": row.get_now_display()}
    in_touch = _("In touch since: %(said)s.") % told if row.in_touch else ""
    return " ".join(filter(None, [_("Now: %(now)s.") % told if row.now else "", in_touch]))


def talks(match, level, until, at, away):
    rows = Conversation.objects.filter(match=match, level__lte=TALKED_ABOUT).exclude(person__in=away)
    rows = rows.select_related("person", "by")
    return [talk_entry(row) for row in some(rows, "at", until)]


def talk_entry(row):
    if row.how == Conversation.How.BEFORE:
        title = _("Talked with %(name)s, before Rapport.") % {"name": row.person.first_name}
        return Entry(row.at, "talk", title, row.words)
    told = {"by": row.by.first_name, "name": row.person.first_name, "how": str(row.get_how_display()).lower()}
    if not row.reached:
        return Entry(row.at, "talk", _("%(by)s tried to reach %(name)s.") % told, row.words)
    next_step = _("Next: %(step)s.") % {"step": row.next_step} if row.next_step else ""
    title = _("%(by)s talked with %(name)s, %(how)s.") % told
    return Entry(row.at, "talk", title, " ".join(part for part in (row.words, next_step) if part))
