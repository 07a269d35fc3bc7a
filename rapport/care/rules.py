"""How a pair is: each rule looks at the facts of one match and says what it finds, with its reason.

The table says which rules there are, at which level their facts stand and on which numbers of the program they rest; a
program without such a number has the rule switched off. Sources: requirements.md §6.4. No data is never green and never
red: an unlogged meeting is unknown.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

from django.utils.formats import date_format
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from rapport.care.models import Finding
from rapport.programs.models import Party

Says = Finding.Says
MONTHLY = 28  # days between planned meetings from which a plan counts as monthly


@dataclass(frozen=True)
class Found:
    """What a rule says about one match."""

    says: str
    sentence: str
    facts: dict = field(default_factory=dict)
    level: int = 1


@dataclass(frozen=True)
class Rule:
    """One rule of the strip "how they are"."""

    name: str
    level: int
    limits: tuple[str, ...]
    look: Callable


def meets(facts):
    """Whether the last expected meetings happened."""
    how_many, enough = facts.limit("meetings-looked-at"), facts.limit("missed-to-watch")
    last = facts.last(how_many)
    missed, unknown = [m for m in last if m.missed], [m for m in last if m.unknown]
    if not last:
        return Found(Says.UNKNOWN, _("No meeting was expected yet."))
    told = {"expected": len(last), "missed": [m.on.isoformat() for m in missed], "unknown": len(unknown)}
    if len(missed) >= enough:
        words = _("%(missed)d of the last %(all)d expected meetings did not happen: %(days)s.")
        return Found(Says.WATCH, words % {"missed": len(missed), "all": len(last), "days": said(missed)}, told)
    if last[0].unknown and len(unknown) * 2 >= len(last):
        words = ngettext("Of %(days)s we do not know yet.", "Of %(days)s we do not know yet.", len(unknown))
        return Found(Says.UNKNOWN, words % {"days": said(unknown)}, told)
    if len(last) == how_many and not missed and not unknown:
        return Found(Says.THRIVING, _("The last %(all)d expected meetings were held.") % {"all": len(last)}, told)
    held = len(last) - len(missed) - len(unknown)
    if not held:
        return Found(Says.UNKNOWN, _("None of the expected meetings is known to have been held yet."), told)
    words = ngettext("%(held)d of the last %(all)d expected meetings was held.",
                     "%(held)d of the last %(all)d expected meetings were held.", held)  # fmt: skip
    return Found(Says.STEADY, words % {"held": held, "all": len(last)}, told)


def apart(facts):
    """No time together for twice the planned interval and a stretch of open days, and the last known word is "no"."""
    known = [m for m in facts.meetings if not m.unknown]
    if facts.interval is None or not known or not known[0].missed:
        return None
    since = max(facts.last_held_on or facts.match.begun_on, facts.counted_from)
    needed = facts.limit("apart-open-days-monthly" if facts.interval >= MONTHLY else "apart-open-days")
    open_days = facts.open_days_since(since)
    if (facts.today - since).days < facts.interval * facts.limit("apart-intervals") or open_days < needed:
        return None
    planned = len(facts.since_held())
    words = _("No meeting since %(day)s: %(open)d open days, %(planned)d planned meetings.")
    told = {"since": since.isoformat(), "open_days": open_days, "planned": planned}
    return Found(Says.HELP, words % {"day": day_words(since), "open": open_days, "planned": planned}, told)


def less_than_promised(facts):
    """Surely less time together than promised over the last open weeks. What nobody knows counts as held."""
    days, enough = facts.limit("together-open-days"), facts.limit("together-to-watch")
    time = facts.time_lately(days, enough)
    if time is None or not time.is_below(enough):
        return None
    says = Says.HELP if time.is_below(facts.limit("together-to-help")) else Says.WATCH
    told = {
        "open_days": days,
        "held": time.meetings,
        "unknown": time.unknown,
        "promised": round(time.promised.meetings),
    }
    if time.promised.minutes:
        told |= {"held": round(time.minutes / 60), "promised": round(time.promised.minutes / 60)}
        words = _(
            "In the last %(open_days)d open days they had about %(held)d of %(promised)d hours that were promised."
        )
    else:
        words = _("In the last %(open_days)d open days they met %(held)d of %(promised)d times that were promised.")
    return Found(says, words % told, told)


def low_feeling(facts):
    """A mentee's latest answer is low. Open only to those who may read answers."""
    latest = {voice.person_id: voice for voice in reversed(facts.voices) if voice.party == Party.MENTEE}
    low = [voice for voice in latest.values() if voice.feeling <= facts.limit("low-feeling")]
    if not low:
        return None
    names = {p.person_id: p.person.first_name for p in facts.mentees}
    who = ", ".join(names.get(voice.person_id, _("the mentee")) for voice in low)
    words = _("%(who)s said it does not go well.") % {"who": who}
    return Found(Says.HELP, words, {"feelings": [v.feeling for v in low]}, max(v.level for v in low))


def worse_voice(facts):
    """Somebody's latest answer is lower than the one before. Open only to those who may read answers."""
    by_voice = {}
    for voice in facts.voices:
        by_voice.setdefault((voice.person_id, voice.party), []).append(voice)
    lower = [two for two in by_voice.values() if len(two) > 1 and two[0].feeling < two[1].feeling]
    if not lower:
        return None
    level = max(voice.level for two in lower for voice in two[:2])
    return Found(Says.STEADY, _("Somebody's last answer was lower than the one before."), {"voices": len(lower)}, level)


RULES = (
    Rule("meets", 1, ("meetings-looked-at", "missed-to-watch"), meets),
    Rule("apart", 1, ("apart-open-days", "apart-open-days-monthly", "apart-intervals"), apart),
    Rule("together", 1, ("together-open-days", "together-to-watch", "together-to-help"), less_than_promised),
    Rule("low-feeling", 2, ("low-feeling",), low_feeling),
    Rule("worse-voice", 2, (), worse_voice),
)


def findings_of(facts):
    """What every rule that is switched on says about one match: {rule name: Found}."""
    found = {}
    for rule in RULES:
        if all(facts.limit(code) is not None for code in rule.limits):
            says = rule.look(facts)
            if says is not None:
                found[rule.name] = Found(says.says, says.sentence, says.facts, max(rule.level, says.level))
    return found


WORST_FIRST = (Says.HELP, Says.WATCH, Says.UNKNOWN, Says.STEADY, Says.THRIVING)


def worst(findings):
    """The one word for a pair made of these findings; without any it is unknown."""
    said_so = {finding.says for finding in findings}
    return next((says for says in WORST_FIRST if says in said_so), Says.UNKNOWN)


def said(meetings):
    """5 and 12 November, in the order of time."""
    days = sorted(m.on for m in meetings)
    return get_text_list([day_words(day) for day in days], _("and"))


def day_words(day):
    return date_format(day, "j F")
