"""A program's rules in words, and who changed which."""

from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import ngettext

from rapport.audit.models import Event
from rapport.core.several import together
from rapport.programs.models import Promise

SWITCHES = {"is_on": lazy("in use"), "is_hard": lazy("forbids")}
HISTORY = 500  # changes looked back at
CHANGED = (
    "limit.changed", "promise.changed", "gate-rule.changed", "criterion.changed", "policyrule.changed",
    "interviewrule.changed", "wordlist.changed",
)  # fmt: skip


def promised(promise):
    """What a promise says, as a sentence piece: "every 2 weeks, 60 minutes, 4 hours a month"."""
    parts = [every(promise)] if promise.every else []
    if promise.first_days:
        parts.append(_("at first on days %(days)s") % {"days": together(str(due) for due, _late in promise.first_days)})
    if promise.minutes:
        parts.append(_("%(n)d minutes each") % {"n": promise.minutes})
    if promise.hours_a_month is not None:
        parts.append(_("%(n)s hours a month") % {"n": number_format(promise.hours_a_month.normalize())})
    if promise.until_month:
        parts.append(_("until month %(n)d") % {"n": promise.until_month})
    return ", ".join(parts)


def every(promise):
    n = promise.every
    words = {
        Promise.Unit.DAYS: ngettext("every day", "every %(n)d days", n),
        Promise.Unit.WEEKS: ngettext("every week", "every %(n)d weeks", n),
        Promise.Unit.MONTHS: ngettext("every month", "every %(n)d months", n),
    }
    return words.get(promise.unit, "%(n)d") % {"n": n}


def last_changes(program):
    """The last change of each rule, as words by (model, pk): "changed from 10 by Cora on 25 November 2026"."""
    events = Event.objects.filter(program_id=program.pk, verb__in=CHANGED).order_by("-pk")[:HISTORY]
    said = {}
    for event in events:
        said.setdefault((event.about_type, event.about_id), event)
    return {key: changed(event, program) for key, event in said.items()}


def in_words(name, value):
    """What one field of a rule was."""
    if isinstance(value, bool):
        return f"{SWITCHES.get(name, name)}: {_('yes') if value else _('no')}"
    if name == "settings":  # of a criterion: what its form asks for
        return _("other details")
    return "–" if value is None else str(value)


def changed(event, program):
    was = ", ".join(in_words(name, value) for name, value in event.facts.get("was", {}).items())
    who = event.actor_label.partition(": ")[2] or event.actor_label
    day = date_format(event.at.astimezone(program.zone), "j F Y")
    said = _("changed from %(was)s by %(who)s on %(day)s") % {"was": was, "who": who, "day": day}
    return f"{said}: {event.facts['why']}" if event.facts.get("why") else said
