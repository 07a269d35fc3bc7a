"""On which line of a TOML text each key stands. The text itself is read by Python's tomllib, which does not say."""

import re
import tomllib

PIECE = re.compile(
    r'(?P<words>"""(?:\\.|[^\\])*?"{3,5}|'
    r"'''.*?'{3,5}|"
    r'"(?:\\.|[^"\\\n])*"|'
    r"'[^'\n]*')|(?P<comment>\#[^\n]*)|(?P<open>[\[{])|(?P<close>[\]}])|(?P<equals>=)|(?P<end>\n)|.",
    re.DOTALL,
)


def lines_of(text: str) -> dict[tuple, int]:
    """{path: line} of a text that tomllib reads. The third [[limit]] is ("limit", 2), its value ("limit", 2, "value").

    What stands inside of a value has the line of its key: `line_at` goes up to it.
    """
    found: dict[tuple, int] = {}
    counts: dict[tuple, int] = {}
    table: tuple = ()
    for line, words, key in statements(text):
        if words.startswith("["):
            table = header(words, counts)
            for length in range(1, len(table) + 1):
                found.setdefault(table[:length], line)
            continue
        path = table
        for part in parts_of(key):
            path += (part,)
            found.setdefault(path, line)
    return found


def line_at(found: dict[tuple, int], path: tuple) -> int:
    """The line of a path, or of the nearest thing around it; 0 where nothing of it stands in the file."""
    while path and path not in found:
        path = path[:-1]
    return found.get(path, 0)


def statements(text):
    """Each header, and each key with its value, as (line, words, what stands before the "=")."""
    start, depth, equals, line, begun_on = 0, 0, None, 1, 1
    for piece in PIECE.finditer(text + "\n"):
        kind = piece.lastgroup
        if kind == "open":
            depth += 1
        elif kind == "close":
            depth -= 1
        elif kind == "equals" and equals is None:
            equals = piece.start()
        elif kind == "comment" and not text[start : piece.start()].strip():
            start = piece.end()
        elif kind == "end" and depth == 0:
            words = text[start : piece.start()].strip()
            if words:
                yield begun_on, words, text[start:equals].strip()
            start, equals, begun_on = piece.end(), None, line + 1
        line += piece[0].count("\n")


def header(words, counts):
    """The path of a table whose header this is; a [[header]] begins its next one."""
    is_one_more = words.startswith("[[")
    inside = re.match(r"\[\[?((?:\"(?:\\.|[^\"\\])*\"|'[^']*'|[^\]\"'])*)\]", words)
    parts = parts_of(inside[1]) if inside else []
    path: tuple = ()
    for number, part in enumerate(parts):
        path += (part,)
        if is_one_more and number == len(parts) - 1:
            counts[path] = counts.get(path, -1) + 1
        if path in counts:
            path += (counts[path],)
    return path


def parts_of(key):
    """A key, dotted or in quotes, as its parts."""
    told, parts = tomllib.loads(f"{key} = 0"), []
    while isinstance(told, dict):
        [(part, told)] = told.items()
        parts.append(part)
    return parts
