"""A program as a file people can read: checked, made from one, written to one.

A file says the same things as a profile. `profile` names the one it starts from: its rows are taken over, and a row of
the file with the same code replaces one. `complete = true` takes over nothing: the file says everything, as the files
do that `rapport program show` writes. Sites and the calendar are no part of it.
"""

import json
import tomllib
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import available_timezones

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from rapport.core.languages import known
from rapport.core.refused import Refused
from rapport.matching.criteria import wrong_settings
from rapport.matching.models import Criterion
from rapport.onboarding.models import Gate
from rapport.programs import profiles
from rapport.programs.models import GateRule, Limit, PointRule, Program, Promise

OWN = ["name", "time_zone", "languages", "words", "contact_line", "adults_only", "one_to_one", "quiet_start"]
TABLES: dict[str, tuple[Any, list[str]]] = {  # which rows, and by what one row is told from another
    "promise": (Promise, ["code"]),
    "gate": (GateRule, ["side", "code"]),
    "point": (PointRule, ["moment", "code"]),
    "criterion": (Criterion, ["code"]),
    "limit": (Limit, ["code"]),
}
FOR_CHILDREN = {"waiting-child", "waiting-child-again"}  # limits that a program of adults has no use for
SOURCE = ["source", "source_url", "mark"]
LARGEST = 1_000_000  # bytes


class FileWrong(Refused):
    """A program's file cannot be used; the sentence says where and why."""

    def __init__(self, name, problems):
        super().__init__(name, "\n".join(f"{name}: {problem}" for problem in problems))


def read(path: Path) -> dict:
    """A program's file as plain values, completed from the profile it names. Raises FileWrong, ProfileMissing."""
    try:
        if path.stat().st_size > LARGEST:
            raise FileWrong(path.name, [_("the file is too large for a program")])
        told = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except OSError:
        raise FileWrong(path.name, [_("there is no such file")]) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as wrong:
        raise FileWrong(path.name, [_("it cannot be read as TOML: %(why)s") % {"why": wrong}]) from None
    problems = [*shape_problems(told, allowed=["profile", "complete", "using_since_on", *OWN])]
    if told.get("profile") not in profiles.slugs():
        problems.append(_("profile: name one of %(slugs)s") % {"slugs": ", ".join(profiles.slugs())})
    if problems:
        raise FileWrong(path.name, problems)
    words = told if told.get("complete") is True else completed(told, profiles.read(told["profile"]))
    problems = problems_of(words)
    if problems:
        raise FileWrong(path.name, problems)
    return words


def completed(told: dict, profile: dict) -> dict:
    """What a file says, with the profile's rows where it is silent, in the profile's order."""
    words = {**profile, **{name: value for name, value in told.items() if name not in TABLES}}
    for table, (_model, keys) in TABLES.items():
        rows = {key_of(row, keys): row for row in profile.get(table, [])}
        rows.update((key_of(row, keys), row) for row in told.get(table, []))
        words[table] = list(rows.values())
    return words


def key_of(row, keys):
    return tuple(str(row.get(key)) for key in keys)


def shape_problems(words: dict, allowed: list[str]):
    """Keys that nobody knows, and rows that are no rows."""
    for name, value in words.items():
        if name in TABLES:
            if not isinstance(value, list) or not all(isinstance(row, dict) for row in value):
                yield _("%(table)s: write each one under its own [[%(table)s]]") % {"table": name}
        elif name not in allowed:
            yield _("there is no key %(key)r") % {"key": name}


def problems_of(words: dict) -> list[str]:
    """Everything wrong with a complete file, each with its key."""
    return [
        *own_problems(words),
        *(problem for table in TABLES for problem in rows_problems(table, words.get(table, []))),
        *limit_problems(words.get("limit", []), adults_only=words.get("adults_only") is True),
    ]


def own_problems(words):
    own = {name: words[name] for name in OWN if name in words}
    yield from field_problems(Program, own, "")
    if str(words.get("time_zone", "UTC")) not in available_timezones():
        yield _("time_zone: there is no time zone %(zone)r") % {"zone": words["time_zone"]}
    languages, own_words = words.get("languages", []), words.get("words", {})
    yield from language_problems(languages)
    if not isinstance(own_words, dict) or not all(isinstance(one, str) for one in own_words.values()):
        yield _('words: write pairs, such as { match = "buddies" }')
    if "using_since_on" in words and type(words["using_since_on"]) is not date:
        yield _("using_since_on: write a day, such as 2026-09-01")


def language_problems(languages):
    """A program speaks no language that the house does not."""
    if not isinstance(languages, list) or not all(isinstance(one, str) for one in languages):
        yield _('languages: write a list, such as ["en", "es"]')
    elif unknown := [one for one in languages if not known(one)]:
        told = {"unknown": ", ".join(unknown), "spoken": ", ".join(dict(settings.LANGUAGES))}
        yield _("languages: the house does not speak %(unknown)s; it speaks %(spoken)s") % told


def rows_problems(table, rows):
    """What is wrong with the rows of one kind: unknown keys, values that do not fit, the same row twice."""
    model, keys = TABLES[table]
    fields = {field.name for field in model._meta.concrete_fields} - {"id", "program"}
    seen = set()
    for row in rows:
        name = " ".join(str(row.get(key, "?")) for key in keys)
        where = f"{table} {name}: "
        unknown = sorted(set(row) - fields)
        if unknown:
            yield where + _("there is no key %(key)r") % {"key": unknown[0]}
            continue
        if key_of(row, keys) in seen:
            yield where + _("it stands there twice")
        seen.add(key_of(row, keys))
        yield from field_problems(model, {**dict.fromkeys(needed(model), ""), **row}, where)
        yield from own_rules(table, row, where)


def field_problems(model, told, where):
    """What the model's own fields say to these values, without asking the database."""
    blank = [field.name for field in model._meta.concrete_fields if field.name not in told]
    for field in model._meta.concrete_fields:
        kind, words = KINDS.get(field.get_internal_type(), (object, ""))
        if (field.name in told and not isinstance(told[field.name], kind)) or is_odd_number(told.get(field.name), kind):
            yield f"{where}{field.name}: {words}"
            return
    try:
        model(**told).clean_fields(exclude=blank)
    except ValidationError as wrong:
        for field, sentences in wrong.message_dict.items():
            yield f"{where}{field}: {sentences[0]}"


def is_odd_number(value, kind):
    return kind is int and isinstance(value, bool)  # to Python, true is a whole number


KINDS = {
    "CharField": (str, gettext_lazy("write words in quotes")),
    "SlugField": (str, gettext_lazy("write words in quotes")),
    "BooleanField": (bool, gettext_lazy("write true or false")),
    "PositiveIntegerField": (int, gettext_lazy("write a whole number")),
    "PositiveSmallIntegerField": (int, gettext_lazy("write a whole number")),
}


def own_rules(table, row, where):
    """What a field alone cannot know."""
    if table == "gate" and row.get("code") not in Gate.Code.values:
        yield where + _("there is no gate %(code)r") % {"code": row.get("code")}
    if table == "criterion":
        yield from (where + problem for problem in wrong_settings(row))
    if table == "promise":
        pairs = row.get("first_days", [])
        if not (isinstance(pairs, list) and all(is_pair(pair) for pair in pairs)):
            yield where + _("first_days: write pairs of days, due and late, such as [[7, 10], [21, 25]]")
        if ("every" in row) != ("unit" in row):
            yield where + _("every and unit belong together")


def needed(model):
    """The words every row must say, so that a missing one is named."""
    fields = model._meta.concrete_fields
    return [
        field.name for field in fields if not field.blank and not field.has_default() and field.empty_strings_allowed
    ]


def is_pair(pair):
    return (
        isinstance(pair, list) and len(pair) == 2 and all(type(day) is int for day in pair) and 0 <= pair[0] <= pair[1]
    )


def limit_problems(rows, *, adults_only):
    """Limits the code reads that are missing, limits that nothing reads, and units that would mean something else."""
    of_children = FOR_CHILDREN if adults_only else set()
    needed = {row["code"] for row in profiles.read(profiles.PATTERN)["limit"]}
    known = {row["code"]: row["unit"] for slug in profiles.slugs() for row in profiles.read(slug)["limit"]}
    told = {str(row.get("code")): row.get("unit") for row in rows}
    for code in sorted(needed - set(told) - of_children):
        yield _("limit %(code)s is missing") % {"code": code}
    for code, unit in told.items():
        if code not in known:
            yield _("limit %(code)s: nothing reads a limit of this name") % {"code": code}
        elif unit != known[code]:
            yield _("limit %(code)s: its unit is %(unit)r") % {"code": code, "unit": known[code]}


def write(program) -> str:
    """A program as the text of a file that makes the same program again."""
    lines = [f"# {program.slug}, as it stands. `rapport program new SLUG --file FILE` makes the same again.", ""]
    lines += [f"profile = {toml(program.profile)}", "complete = true"]
    lines += [f"{name} = {toml(getattr(program, name))}" for name in OWN if getattr(program, name) != ""]
    lines += [f"using_since_on = {program.using_since_on.isoformat()}", ""]
    for table, (model, _keys) in TABLES.items():
        for record in model.objects.filter(program=program).order_by("pk"):
            lines += [f"[[{table}]]", *row_lines(record), ""]
    return "\n".join(lines)


def row_lines(record):
    """The fields of one row that say something else than silence would; where it comes from stands last."""
    for field in sorted(record._meta.concrete_fields, key=lambda field: field.name in SOURCE):
        value = getattr(record, field.attname)
        if field.name not in {"id", "program"} and value is not None and value != field.get_default():
            yield f"{field.name} = {toml(value)}"


def toml(value) -> str:
    """A plain value as TOML."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, list | tuple):
        return "[" + ", ".join(toml(one) for one in value) + "]"
    if isinstance(value, dict):
        inside = ", ".join(f"{json.dumps(str(key))} = {toml(one)}" for key, one in value.items())
        return f"{{ {inside} }}" if inside else "{}"
    text = str(value.normalize()) if isinstance(value, Decimal) else str(value)
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
