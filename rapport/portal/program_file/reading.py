"""Reading a program's file. Everything wrong with it is said at once, each with its line."""

import re
import tomllib
from pathlib import Path
from typing import NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from rapport.core.refused import Refused
from rapport.portal.program_file import checking
from rapport.portal.program_file.lines import line_at, lines_of
from rapport.portal.program_file.shape import FOR_CHILDREN, RULES, TABLES, key_of
from rapport.programs import profiles

LARGEST = 1_000_000  # bytes
MOST_SAID = 60
TRIES = 20  # lines that cannot be read, looked past one after another
AT = re.compile(r"\s*\(at (?:line (\d+), column \d+|end of document)\)$")
IN_WORDS = [  # what tomllib says, for people
    ("Invalid value", gettext_lazy('this value cannot be read: words stand in quotes, such as name = "Riverside"')),
    ("Cannot overwrite a value", gettext_lazy("this key stands there twice")),
    ("Cannot declare", gettext_lazy("this table stands there twice, or is no list of tables above")),
    ("Expected '=' after", gettext_lazy('a key is followed by "=" and its value')),
    ("Expected newline or end", gettext_lazy("something is left over after the value: one key on each line")),
    ("Illegal character '\\n'", gettext_lazy("the quotes are not closed on this line")),
    ("Unterminated string", gettext_lazy("the quotes are not closed")),
    ("Unclosed array", gettext_lazy("the bracket is not closed, or a comma is missing")),
    ("Invalid initial character for a key", gettext_lazy("no key can begin like this")),
    ("Invalid date or datetime", gettext_lazy("there is no such day")),
    ("Invalid statement", gettext_lazy("this is no key with a value")),
]  # fmt: skip


class Mistake(NamedTuple):
    line: int  # 0: of the file as a whole
    words: str


class FileWrong(Refused):
    """A program's file cannot be used. `mistakes` says where and why, in the order of the lines."""

    def __init__(self, name, mistakes):
        self.name, self.mistakes = name, sorted(set(mistakes))
        super().__init__(name, "\n".join(self.sentences))

    @property
    def sentences(self):
        """Each mistake with its line; of very many the first ones."""
        said = [self.said(mistake) for mistake in self.mistakes[:MOST_SAID]]
        left = len(self.mistakes) - MOST_SAID
        if left > 0:
            said.append(ngettext("and %(n)d more", "and %(n)d more", left) % {"n": left})
        return said

    def said(self, mistake):
        told = {"file": self.name, "line": mistake.line, "words": mistake.words}
        return (_("%(file)s, line %(line)d: %(words)s") if mistake.line else _("%(file)s: %(words)s")) % told


def read(path: Path) -> dict:
    """A program's file as plain values, completed from the profile it names. Raises FileWrong."""
    try:
        with path.open("rb") as file:
            return read_bytes(file.read(LARGEST + 1), path.name)
    except OSError:
        raise FileWrong(path.name, [Mistake(0, _("there is no such file"))]) from None


def read_bytes(content: bytes, name: str) -> dict:
    """The same of a file that was sent. Raises FileWrong."""
    if len(content) > LARGEST:
        raise FileWrong(name, [Mistake(0, _("the file is too large for a program"))])
    try:
        text = content.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError:
        raise FileWrong(name, [Mistake(0, _("this is no text in UTF-8"))]) from None
    told, mistakes, text = parsed(text)
    if told is not None:
        words, found = looked_at(told, lines_of(text))
        mistakes += found
    if mistakes:
        raise FileWrong(name, mistakes)
    return words


def parsed(text):
    """(values, mistakes, text): a line that cannot be read is passed over, where that lets the others be read."""
    mistakes, left = [], text
    for _try in range(TRIES):
        try:
            return tomllib.loads(left), mistakes, left
        except tomllib.TOMLDecodeError as wrong:
            line = line_of(wrong, left)
            mistakes.append(Mistake(line, in_words(str(wrong))))
            lines = left.split("\n")
            if not lines[line - 1].strip():
                break
            lines[line - 1] = ""
            left = "\n".join(lines)
        except RecursionError:
            return None, [Mistake(0, _("brackets within brackets without end"))], text
    return None, mistakes[:1], text


def line_of(wrong, text):
    at = AT.search(str(wrong))
    return int(at[1]) if at and at[1] else text.rstrip("\n").count("\n") + 1


def in_words(why):
    said = AT.sub("", why)
    return next((str(words) for begin, words in IN_WORDS if said.startswith(begin)), said)


def looked_at(told, lines):
    """A file's values, completed from its profile, and everything wrong with them."""
    problems = [*checking.shape(told), *checking.profile(told)]
    tables = {name: rows for name, rows in told.items() if name in TABLES}
    clean = {name: value for name, value in told.items() if name not in tables}
    clean |= {name: [row for row in rows if isinstance(row, dict)] for name, rows in tables.items() if is_list(rows)}
    mistakes = [Mistake(line_at(lines, problem.path), problem.words) for problem in problems]
    known = clean.get("profile") if clean.get("profile") in profiles.slugs() else None
    words = clean
    if told.get("complete") is not True:
        words = completed(clean, profiles.read(known or profiles.PATTERN))
    places = told_at(told)
    for problem in checking.everything(words, with_limits=known is not None):
        mistakes.append(Mistake(line_of_problem(problem, words, places, lines), problem.words))
    return words, mistakes


def is_list(rows):
    return isinstance(rows, list)


def told_at(told):
    """{id of a row: its path in the file}."""
    return {
        id(row): (table, number)
        for table in TABLES
        if is_list(told.get(table))
        for number, row in enumerate(told[table])
    }


def line_of_problem(problem, words, places, lines):
    """A row's place in the file is another than among all rows; one taken from the profile has none there."""
    for path in problem.paths:
        if path[0] in TABLES and len(path) > 1:
            path = (*places.get(id(words[path[0]][path[1]]), ()), *path[2:]) if path[1] >= 0 else ()
            if not path or not isinstance(path[0], str) or path[0] not in TABLES:
                continue
        if line := line_at(lines, path):
            return line
    return 0


def completed(told: dict, profile: dict) -> dict:
    """What a file says, with the profile's rows where it is silent, in the profile's order."""
    words = {**profile, **{name: value for name, value in told.items() if name not in RULES}}
    of_children = FOR_CHILDREN if words.get("adults_only") is True else set()
    for table in RULES:
        theirs = [row for row in profile.get(table, []) if table != "limit" or row["code"] not in of_children]
        own: dict[tuple, list] = {}
        for row in told.get(table, []):
            own.setdefault(key_of(table, row), []).append(row)
        placed = [row for one in theirs for row in own.pop(key_of(table, one), [one])]
        words[table] = placed + [row for rows in own.values() for row in rows]
    return words
