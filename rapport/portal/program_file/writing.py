"""Writing a program as the text of a file that makes the same program again, and that people can read."""

import json
from datetime import date
from decimal import Decimal

from rapport.portal.program_file.shape import OWN, RULES, SOURCE, TABLES, TEXTS, key_of, name_of
from rapport.programs import profiles
from rapport.programs.models import ClosedTime

HEAD = """\
# {name}, as it stands. `rapport program new SLUG --file FILE` makes the same again; so does the page "A new program".
# It holds settings alone and nobody's name. "Changed" and "not in" say where it differs from its profile.
"""
ABOUT = {
    "profile": "the kind of program it started from",
    "complete": "everything is said here; without this line the profile's rows are taken over, too",
    "time_zone": "days begin and end here",
    "languages": "the languages its participants are written to",
    "words": "own words, for all languages or for each",
    "contact_line": "how participants reach the program; it stands on every page of theirs",
    "adults_only": "true: no children take part, and no rule for children holds",
    "one_to_one": "true: pairs; false: groups alone",
    "quiet_start": "true: everything that goes out waits for release",
    "using_since_on": "nothing before this day is due, late or counted",
}


def write(program) -> str:
    """A program's settings as a file. What differs from its profile is marked."""
    profile = profiles.read(program.profile) if program.profile in profiles.slugs() else {}
    lines = [HEAD.format(name=comment(program.name))]
    for name in ["profile", "complete", *OWN, "using_since_on"]:
        value = True if name == "complete" else getattr(program, name)
        if value not in ("", {}):
            lines.append(f"{name} = {toml(value)}{of_own(name, value, profile)}")
    for table, about in TABLES.items():
        lines += ["", f"# {about.about}"]
        records = own_texts(program) if table == "consent" else rows_of_table(about, program)
        theirs = {key_of(table, row): row for row in profile.get(table, [])}
        for record in records:
            row = row_of(table, record)
            lines += ["", f"[[{table}]]", *changes(table, row, theirs, profile), *map(line, row.items())]
        lines += [f"# Left out of the profile: {comment(name_of(table, row))}" for row in theirs.values()]
    return "\n".join(lines) + "\n"


def rows_of_table(about, program):
    rows = about.model.objects.filter(program=program).order_by(*about.order)
    return rows.select_related("site") if about.model is ClosedTime else rows


def own_texts(program):
    """The newest version of each text that the program says in its own words; Rapport's are no setting."""
    newest = {}
    for text in program.consent_texts.order_by(*TEXTS["consent"].order, "version"):
        newest[text.purpose, text.voice, text.language] = text
    return [text for text in newest.values() if text.is_own]


def of_own(name, value, profile):
    about = f"  # {ABOUT[name]}" if name in ABOUT else ""
    if name in ("adults_only", "one_to_one") and profile and profile.get(name) != value:
        return f"{about}. Changed: the profile says {toml(profile.get(name))}"
    return about


def line(item):
    return f"{item[0]} = {toml(item[1])}"


def row_of(table, record):
    """The fields of one row that say something else than silence would; where it comes from stands last."""
    row = {}
    for name, field in sorted(TABLES[table].fields.items(), key=lambda item: item[0] in SOURCE):
        value = getattr(record, name) if name == "site" else getattr(record, field.attname)
        if value is not None and value != field.get_default():
            row[name] = value.name if name == "site" else value
    return row


def changes(table, row, theirs, profile):
    """What a row says differently from the profile's, as comments. The profile's row is crossed off."""
    if table not in RULES or not profile:
        return
    other = theirs.pop(key_of(table, row), None)
    if other is None:
        yield "# Not in the profile."
        return
    other = row_of(table, TABLES[table].model(**other))
    for name in [*row, *(name for name in other if name not in row)]:
        if toml(in_order(row.get(name))) != toml(in_order(other.get(name))):
            yield f"# Changed: the profile says {said(table, name, other)}"


def in_order(value):
    """Keys by name: PostgreSQL keeps those of a setting in an order of its own."""
    return {key: in_order(value[key]) for key in sorted(value)} if isinstance(value, dict) else value


def said(table, name, other):
    field = TABLES[table].fields[name]
    return f"{name} = {toml(other[name])}" if name in other else f"{name} = {toml(field.get_default())}"


def comment(words):
    """Words that can stand in a comment: on one line, without signs that TOML does not take."""
    return "".join(sign if sign.isprintable() else " " for sign in words)


def toml(value) -> str:
    """A plain value as TOML."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list | tuple):
        return "[" + ", ".join(toml(one) for one in value) + "]"
    if isinstance(value, dict):
        inside = ", ".join(f"{json.dumps(str(key))} = {toml(one)}" for key, one in value.items())
        return f"{{ {inside} }}" if inside else "{}"
    text = format(value.normalize(), "f") if isinstance(value, Decimal) else str(value)
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
