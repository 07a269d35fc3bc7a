"""What can be wrong with a program's file. Each problem names where in the file it lies, and says it in a sentence."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from difflib import get_close_matches
from typing import Any
from zoneinfo import available_timezones

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator, validate_slug
from django.utils.translation import gettext as _

from rapport.core.languages import known
from rapport.core.own_words import WORD
from rapport.matching.criteria.kinds import HEAVIEST, wrong_settings
from rapport.matching.criteria.vocabulary import wrong_list
from rapport.matching.models import PolicyRule
from rapport.matching.proposals.turns import wrong_turn
from rapport.matching.rounds import policy
from rapport.onboarding.interviews.reading import wrong_steps
from rapport.onboarding.models import ConsentText, Gate
from rapport.onboarding.wording import LONGEST_TEXT, asked_in
from rapport.portal.program_file.shape import FOR_CHILDREN, OWN, TABLES, TOP, key_of, name_of
from rapport.programs import profiles, sound, wording
from rapport.programs.actions import FOR_A_CHILD
from rapport.programs.models import Limit, Program, Promise

FILLED = {"name", "program"}  # what stands in braces in a consent text and is filled in
BRACES = re.compile(r"\{([^{}]*)\}|[{}]")


@dataclass
class Problem:
    """One mistake: where it may be shown, the nearest first, and what is wrong."""

    paths: list[tuple]
    words: str

    @property
    def path(self):
        return self.paths[0]


def at(path: tuple, words: str) -> Problem:
    return Problem([path], words)


def near(word: Any, among) -> str:
    """ "; did you mean 'silent'?", where one of these is like it."""
    found = get_close_matches(str(word), [str(one) for one in among], n=1, cutoff=0.65)
    return _("; did you mean %(word)r?") % {"word": found[0]} if found else ""


def shape(told: dict, of_a_profile=()) -> Iterator[Problem]:
    """Keys that nobody knows, and rows that are no rows."""
    allowed = [*TOP, *of_a_profile]
    for name, value in told.items():
        if name in TABLES:
            if not isinstance(value, list) or not all(isinstance(row, dict) for row in value):
                yield at((name,), _("%(table)s: write each one under its own [[%(table)s]]") % {"table": name})
        elif name not in allowed:
            yield at((name,), _("there is no key %(key)r") % {"key": name} + near(name, [*allowed, *TABLES]))
    if not isinstance(told.get("complete", True), bool):
        yield at(("complete",), _("complete: write true or false"))
    yield from (at(path, _("a sign in these words cannot be kept")) for path in odd_signs(told))


def odd_signs(value, path=()):
    """Paths of words with signs that no database takes."""
    if isinstance(value, str):
        if any(ord(sign) < 32 and sign not in "\n\r\t" for sign in value):
            yield path
        return
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, one in inside:
        yield from odd_signs(one, (*path, name))


def profile(told: dict) -> Iterator[Problem]:
    name, slugs = told.get("profile"), profiles.slugs()
    if name not in slugs:
        said = _("profile: name one of %(slugs)s") % {"slugs": ", ".join(slugs)}
        yield at(("profile",), said + (near(name, slugs) if isinstance(name, str) else ""))


def everything(words: dict, *, with_limits=True) -> Iterator[Problem]:
    """Everything wrong with the values of a complete file."""
    yield from own(words)
    for table in TABLES:
        yield from rows(table, words.get(table, []))
    yield from closed_sites(words)
    yield from texts(words)
    if with_limits:
        yield from limits(words)
    yield from together(words)


def own(words):
    fields = {field.name: field for field in Program._meta.concrete_fields if field.name in OWN}
    for name in ("languages", "words"):
        fields.pop(name)
    told = {name: words[name] for name in fields if name in words}
    for name, value in told.items():
        if wrong := wrong_value(fields[name], value):
            yield at((name,), f"{name}: {wrong}")
    if isinstance(zone := words.get("time_zone", "UTC"), str) and zone not in available_timezones():
        said = _("time_zone: there is no time zone %(zone)r") % {"zone": zone}
        yield at(("time_zone",), said + near(zone, available_timezones()))
    yield from languages(words.get("languages", ["en"]))
    yield from own_words(words.get("words", {}))
    if "using_since_on" in words and type(words["using_since_on"]) is not date:
        yield at(("using_since_on",), _("using_since_on: write a day without quotes, such as 2026-09-01"))


def languages(told):
    """A program speaks no language that the house does not."""
    if not isinstance(told, list) or not told or not all(isinstance(one, str) for one in told):
        yield at(("languages",), _('languages: write a list, such as ["en", "es"]'))
    elif unknown := [one for one in told if not known(one)]:
        said = {"unknown": ", ".join(unknown), "spoken": ", ".join(dict(settings.LANGUAGES))}
        yield at(("languages",), _("languages: the house does not speak %(unknown)s; it speaks %(spoken)s") % said)


def own_words(told, path=("words",)):
    """A word for each noun, or such pairs for each language."""
    if not isinstance(told, dict):
        yield at(path, _('words: write pairs, such as { match = "buddy" }'))
        return
    for noun, word in told.items():
        if len(path) == 1 and known(noun):
            yield from own_words(word, (*path, noun))
        elif noun not in wording.NOUNS:
            said = {"noun": noun, "nouns": ", ".join(wording.NOUNS)}
            yield at((*path, noun), _("words: %(noun)r is none of %(nouns)s") % said + near(noun, wording.NOUNS))
        elif not isinstance(word, str) or not word.strip():
            yield at((*path, noun), _('words: write pairs, such as { match = "buddy" }'))
        elif not WORD.fullmatch(word):
            words = _("words: %(word)r: use letters, digits, spaces and hyphens alone")
            yield at((*path, noun), words % {"word": word})
        elif len(word) > wording.LONGEST:
            yield at((*path, noun), _("words: %(n)d signs at most") % {"n": wording.LONGEST})


def rows(table, told):
    """What is wrong with the rows of one kind, one by one."""
    fields, seen = TABLES[table].fields, set()
    for number, row in enumerate(told):
        where, path = name_of(table, row) + ": ", (table, number)
        for name in row:
            if name not in fields:
                yield at((*path, name), where + _("there is no key %(key)r") % {"key": name} + near(name, fields))
        for name, field in fields.items():
            wrong = wrong_value(field, row[name]) if name in row else missing(field)
            if wrong:
                yield at((*path, name) if name in row else path, f"{where}{name}: {wrong}")
        if key_of(table, row) in seen:
            yield at(path, where + _("it stands there twice"))
        seen.add(key_of(table, row))
        for name, wrong in OF_ONE_ROW.get(table, lambda row: ())(row):
            yield at((*path, name), where + wrong)


def missing(field):
    """What is said where a row is silent on something it must say."""
    if field.name == "source":
        return _("say where this comes from")
    return "" if field.blank or field.has_default() or field.null or field.name == "ends_on" else _("say it")


def wrong_value(field, value):
    """What is wrong with one value, as a sentence; empty: nothing."""
    kind = field.get_internal_type()
    if kind == "BooleanField":
        return "" if isinstance(value, bool) else _("write true or false")
    if kind in ("CharField", "SlugField", "TextField"):
        return wrong_words(field, value)
    if kind in ("PositiveIntegerField", "PositiveSmallIntegerField"):
        return _("write a whole number") if type(value) is not int else wrong_number(field, value)
    if kind == "DateField":
        return "" if type(value) is date else _("write a day without quotes, such as 2026-12-24")
    if kind == "DecimalField":
        return wrong_hours(value)
    if kind == "ForeignKey":
        return "" if isinstance(value, str) else _("write words in quotes")
    return ""


def wrong_words(field, value):
    if not isinstance(value, str):
        return _("write words in quotes")
    if field.choices:
        allowed = [str(choice) for choice, _label in field.flatchoices if choice]
        if value in allowed or (not value and field.blank):
            return ""
        said = {"value": value, "allowed": ", ".join(allowed)}
        return _("%(value)r is none of %(allowed)s") % said + near(value, allowed)
    if not value.strip():
        return "" if field.blank else missing(field)
    most = field.max_length or LONGEST_TEXT
    if len(value) > most:
        return _("%(n)d signs are too many: %(most)d at most") % {"n": len(value), "most": most}
    return wrong_form(field, value)


def wrong_form(field, value):
    """Short names and addresses have a form of their own."""
    try:
        if field.get_internal_type() == "SlugField":
            validate_slug(value)
        elif field.name == "source_url":
            URLValidator(schemes=["http", "https"])(value)
    except ValidationError:
        if field.name == "source_url":
            return _("this is no address: it begins with https://")
        return _("use letters, digits and hyphens alone")
    return ""


def wrong_number(field, value):
    if field.name in sound.NUMBERS:
        return sound.beyond(value, 0 if field.name == "grace_days" else 1, sound.NUMBERS[field.name]) or ""
    most = HEAVIEST if field.name == "weight" else max(sound.MOST.values())
    return sound.beyond(value, 0, most) or ""


def wrong_hours(value):
    try:
        hours = Decimal(value if isinstance(value, str) else str(value))
    except (InvalidOperation, ValueError):
        hours = None
    if hours is None or isinstance(value, bool) or not hours.is_finite() or hours != round(hours, 2):
        return _('write hours, such as "4" or "1.5"')
    return sound.beyond(hours, 0, sound.HOURS_A_MONTH) or ""


def of_limit(row):
    value, unit = row.get("value"), row.get("unit")
    if type(value) is int and unit in Limit.Unit.values and 0 <= value <= max(sound.MOST.values()):
        wrong = sound.beyond(value, sound.least_of(unit), sound.MOST[Limit.Unit(unit)])
        if wrong:
            yield "value", f"value: {wrong}"


def of_gate(row):
    code = row.get("code")
    if isinstance(code, str) and code not in Gate.Code.values:
        yield "code", _("there is no gate %(code)r") % {"code": code} + near(code, Gate.Code.values)


def of_criterion(row):
    for wrong in wrong_settings(row):
        yield wrong.partition(":")[0], wrong


def of_policy(row):
    code, amount = row.get("code"), row.get("amount", 0)
    if code in PolicyRule.Code.values and type(amount) is int and (wrong := policy.wrong_amount(code, amount)):
        yield "amount", f"amount: {wrong}"


def of_promise(row):
    if "first_days" in row and (wrong := sound.wrong_days(row["first_days"])):
        yield "first_days", f"first_days: {wrong}"
    if ("every" in row) != ("unit" in row):
        yield "every" if "every" in row else "unit", _("every and unit belong together")
    if row.get("kind") in (Promise.Kind.CHECK_IN, Promise.Kind.TALK) and not row.get("party"):
        yield "kind", _("party: say whom it is owed to")
    says = any(name in row for name in ("every", "first_days", "hours_a_month", "minutes"))
    if not says and row.get("is_on", True) is True:
        yield "code", _("it promises nothing: say every and unit, or first_days")


def of_closed(row):
    first, last = row.get("starts_on"), row.get("ends_on", row.get("starts_on"))
    if type(first) is not date or type(last) is not date:
        return
    if last < first:
        yield "ends_on", _("ends_on: the last day comes before the first")
    elif (last - first).days > sound.LONGEST_CLOSED:
        yield "ends_on", _("ends_on: that is more than a year")


OF_ONE_ROW: dict = {
    "limit": of_limit, "gate": of_gate, "criterion": of_criterion, "policy": of_policy, "promise": of_promise,
    "closed": of_closed, "word-list": wrong_list, "interview": wrong_steps,
    "turn": wrong_turn,
}  # fmt: skip


def closed_sites(words):
    """Closed days name a site of the file."""
    names = [row.get("name") for row in words.get("site", [])]
    for number, row in enumerate(words.get("closed", [])):
        site = row.get("site", "")
        if isinstance(site, str) and site and site not in names:
            where = name_of("closed", row)
            said = _("%(where)s: there is no site %(site)r") % {"where": where, "site": site}
            yield at(("closed", number, "site"), said + near(site, names))


def of_consent(row):
    """A language the house speaks, and nothing in braces that stays standing there."""
    language = row.get("language")
    if isinstance(language, str) and language.strip() and not known(language):
        said = {"language": language, "spoken": ", ".join(dict(settings.LANGUAGES))}
        yield "language", _("language: the house does not speak %(language)s; it speaks %(spoken)s") % said
    for name in ("title", "words", "who_sees"):
        for found in BRACES.finditer(row[name]) if isinstance(row.get(name), str) else ():
            if found[1] not in FILLED:
                said = {"name": name, "found": found[0]}
                yield (
                    name,
                    _("%(name)s: %(found)r is not filled in; {name} and {program} are") % said
                    + near(found[1] or "", FILLED),
                )


OF_ONE_ROW["consent"] = of_consent


def texts(words):
    """A text in a language in which the program asks nobody, or for children where there are none."""
    languages = words.get("languages", ["en"])
    languages = languages if isinstance(languages, list) else []
    for number, row in enumerate(words.get("consent", [])):
        where = name_of("consent", row) + ": "
        language = row.get("language")
        if isinstance(language, str) and known(language) and language not in [*languages, settings.LANGUAGE_CODE]:
            said = _("nobody is asked in %(language)s: it is not among the program's languages")
            yield at(("consent", number, "language"), where + said % {"language": language})
        if not asked_in(row.get("voice"), row.get("purpose")):
            said = _("a guardian is not asked this of their own words")
            yield at(("consent", number, "purpose"), where + said)
        if row.get("voice") in (ConsentText.Voice.CHILD, ConsentText.Voice.ADULT) and words.get("adults_only") is True:
            said = _("nobody answers for a child, as the program is for adults only (adults_only)")
            yield at(("consent", number, "voice"), where + said)


def limits(words):
    """Limits the code reads that are missing, limits that nothing reads, and units that would mean something else."""
    is_for_adults = words.get("adults_only") is True
    needed = {row["code"] for row in profiles.read(profiles.PATTERN)["limit"]}
    units = {row["code"]: row["unit"] for slug in profiles.slugs() for row in profiles.read(slug)["limit"]}
    told = words.get("limit", [])
    for code in sorted(needed - {row.get("code") for row in told if isinstance(row.get("code"), str)}):
        if not (is_for_adults and code in FOR_CHILDREN):
            said = _("limit %(code)s is missing") % {"code": code}
            paths = [("complete",)] if words.get("complete") is True else [("adults_only",), ("profile",)]
            yield Problem(paths, said)
    for number, row in enumerate(told):
        code, where = row.get("code"), name_of("limit", row) + ": "
        if not isinstance(code, str):
            continue
        if code not in units:
            said = where + _("nothing reads a limit of this name") + near(code, units)
            yield at(("limit", number, "code"), said)
        elif row.get("unit") in Limit.Unit.values and row["unit"] != units[code]:
            yield at(("limit", number, "unit"), where + _("its unit is %(unit)r") % {"unit": units[code]})
        elif is_for_adults and code in FOR_CHILDREN:
            said = where + _("this limit is for children, and the program is for adults only (adults_only)")
            yield at(("limit", number), said)


def together(words):
    """Rules that are right alone and do not go together."""
    values = {
        row["code"]: row["value"] for row in words.get("limit", [])
        if isinstance(row.get("code"), str) and type(row.get("value")) is int and row["value"] > 0
    }  # fmt: skip
    yield from loosened(words)
    places = {row.get("code"): number for number, row in enumerate(words.get("limit", [])) if is_word(row.get("code"))}
    for number, row in enumerate(words.get("promise", [])):
        if any(True for _one in rows("promise", [row])):
            continue
        promise, where, path = Promise(**row), name_of("promise", row) + ": ", ("promise", number)
        if wrong := sound.long_grace(promise):
            yield Problem([(*path, "grace_days")], f"{where}grace_days: {wrong}")
        if wrong := sound.too_often(promise, values):
            limit = places.get(sound.MOST_ASKS[promise.party], -1)
            yield Problem([(*path, "every"), ("limit", limit, "value")], where + wrong)


def loosened(words):
    """Where children may be, no file loosens what the profile asks for their sake."""
    known_profile = words.get("profile") if words.get("profile") in profiles.slugs() else profiles.PATTERN
    theirs = {key_of("gate", row): row for row in profiles.read(known_profile)["gate"]}
    for number, row in enumerate(words.get("gate", []) if words.get("adults_only") is not True else []):
        is_hard = theirs.get(key_of("gate", row), {"weight": "off"}).get("weight", "hard") == "hard"
        if is_hard and row.get("code") in FOR_A_CHILD and row.get("weight", "hard") in ("soft", "off"):
            said = name_of("gate", row) + ": " + _("where children may take part this is always asked")
            yield at(("gate", number, "weight"), said)


def is_word(value):
    return isinstance(value, str)
