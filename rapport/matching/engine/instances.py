"""Problems as files, without a database: a head in TOML or JSON, lists as CSV beside it (docs/matching-instances.md).

`read(path)` returns a problem as `running.run` takes it, or one with `pairs` (mentee, mentor, score) in place of
criteria; `write(problem, folder)` writes it back. Raises `Wrong` with one sentence that says where. For hundreds of
thousands of people there are columns (`column_files`). No file names another outside its own folder.
"""

import csv
import io
import json
import tomllib
from collections import Counter
from pathlib import Path
from typing import Any, NamedTuple

from rapport.matching.engine.instance_rules import (
    MOST_BYTES,
    MOST_CAPACITY,
    MOST_CELL,
    MOST_LISTED,
    MOST_PEOPLE,
    MOST_POINTS,
    STEPS,
    Wrong,
    check_criteria,
    check_policy,
    named,
    nearest,
    whole,
)
from rapport.matching.engine.telling import trait_of

LISTS = ("mentees", "mentors", "pairs", "apart", "locked", "wishes")
TOLD = {"rapport_instance", "seed", "floor", "policy", "criterion", "criteria", *LISTS}
NUMBER = {"pairs": "score", "wishes": "points"}
OURS = {"key", "lot", "capacity", "least"}


def read(path) -> dict:
    """The problem of this file. Its `seed` is the file's name unless it says another."""
    path = Path(path)
    head = head_of(path)
    for key in head:
        if key not in TOLD:
            raise Wrong(path.name, f"there is no key {key!r}" + nearest(key, TOLD))
    if head.get("rapport_instance") != 1:
        raise Wrong(path.name, "it must say rapport_instance = 1, the version of this format")
    criteria = head.get("criterion", head.get("criteria", []))
    problem = {"seed": str(head.get("seed", path.stem)), "criteria": check_criteria(criteria, path.name)}
    floor = head.get("floor")
    problem["floor"] = None if floor is None else whole(floor, path.name, "floor", least=-MOST_POINTS)
    problem |= {name: Listed(name, head.get(name, []), path).rows() for name in LISTS if name in head}
    return put_together(problem, check_policy(head.get("policy"), path.name), path.name)


def head_of(path):
    """The head as plain values; whatever is wrong with its spelling is said with line and column."""
    return object_of(text_of(path), path.name, tomllib.loads if path.suffix.lower() == ".toml" else of_json)


def of_json(text):
    return json.loads(text, parse_constant=no_number, object_pairs_hook=without_twice)


def object_of(text, file, spelled=of_json):
    """The object this text spells."""
    try:
        head = spelled(text)
    except json.JSONDecodeError as wrong:
        raise Wrong(file, f"this is no JSON: {wrong.msg}", line=wrong.lineno, column=wrong.colno) from wrong
    except RecursionError as wrong:
        raise Wrong(file, "it cannot be read: lists lie in lists too deeply") from wrong
    except ValueError as wrong:
        raise Wrong(file, f"it cannot be read: {str(wrong)[:200]}") from wrong
    if not isinstance(head, dict):
        raise Wrong(file, "the outermost value must be an object")
    return head


def text_of(path):
    if not path.is_file():
        raise Wrong(path.name, "there is no such file")
    if path.stat().st_size > MOST_BYTES:
        raise Wrong(path.name, f"it is larger than {MOST_BYTES >> 20} MB; write it as columns")
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as wrong:
        raise Wrong(path.name, f"byte {wrong.start} is no UTF-8; save it as UTF-8") from wrong


def no_number(name):
    raise ValueError(f"{name} is no number here")


def without_twice(pairs):
    if len({key for key, _ in pairs}) < len(pairs):
        raise ValueError("one key stands twice in an object")
    return dict(pairs)


class Listed:
    """One list of a head: rows written there, or the name of a CSV file beside it."""

    def __init__(self, name, told, path):
        self.name, self.told, self.path = name, told, path
        self.file = path.name
        self.where: Any = lambda n: {"row": f"{name}[{n}]"}

    def rows(self):
        """Rows as dicts or lists, each with where it stands."""
        rows = self.of_file() if isinstance(self.told, str) else self.told
        if not isinstance(rows, list):
            raise Wrong(self.file, f"{self.name} is a list, or the name of a CSV file")
        most = MOST_PEOPLE if self.name in ("mentees", "mentors") else MOST_LISTED
        if len(rows) > most:
            raise Wrong(self.file, f"{self.name} has more than {most} rows; write them as columns")
        of = self.person if self.name in ("mentees", "mentors") else self.two
        return [of(row, self.where(n)) for n, row in enumerate(rows)]

    def of_file(self):
        beside = self.path.parent / self.told
        if not beside.resolve().is_relative_to(self.path.parent.resolve()):
            raise Wrong(self.file, f"{self.name} names a file outside its own folder")
        self.file = self.told
        reader, found, at = csv.reader(io.StringIO(text_of(beside), newline=""), strict=True), [], []
        try:
            header = [name.strip() for name in next(reader, [])]
            if len(set(header)) < len(header) or not all(header):
                raise Wrong(self.file, "a column has no name, or two have one", line=1)
            for row in reader:
                if not any(cell.strip() for cell in row):
                    continue
                if len(row) != len(header):
                    raise Wrong(self.file, f"{len(row)} cells under {len(header)} columns", line=reader.line_num)
                found.append(dict(zip(header, row, strict=True)))
                at.append(reader.line_num)
        except csv.Error as wrong:
            raise Wrong(self.file, f"this is no CSV: {wrong}", line=reader.line_num) from wrong
        self.has(set(header))
        self.where = lambda n: {"line": at[n]}
        return found

    def has(self, header):
        """Columns that must be there."""
        people = self.name in ("mentees", "mentors")
        needed = ("key",) if people else ("mentee", "mentor", *([NUMBER[self.name]] if self.name in NUMBER else []))
        for name in needed:
            if name not in header:
                raise Wrong(self.file, f"the column {name} is missing" + nearest(name, header), line=1)

    def person(self, row, where):
        if not isinstance(row, dict):
            raise Wrong(self.file, "one person is an object with a key", **where)
        key = named(row.get("key"), self.file, "key", where)
        lot = named(row.get("lot") or key, self.file, "lot", where)
        traits = row.get("traits", {name: told for name, told in row.items() if name not in OURS})
        one = {"key": key, "lot": lot, "traits": traits_of(traits, self.file, where), "where": where}
        if self.name == "mentors":
            capacity = 1 if row.get("capacity") in (None, "") else row["capacity"]
            one["capacity"] = whole(capacity, self.file, "capacity", most=MOST_CAPACITY, **where)
            if row.get("least") not in (None, ""):  # a group of so many, or none
                one["least"] = whole(row["least"], self.file, "least", most=MOST_CAPACITY, **where)
        return one

    def two(self, row, where):
        """[mentee, mentor], with a number where one belongs to it."""
        names = ("mentee", "mentor", *([NUMBER[self.name]] if self.name in NUMBER else []))
        if isinstance(row, dict):
            row = [row.get(name) for name in names]
        if not isinstance(row, list) or len(row) != len(names):
            raise Wrong(self.file, f"one row of {self.name} is {', '.join(names)}", **where)
        who = [named(told, self.file, name, where) for name, told in zip(names[:2], row[:2], strict=True)]
        least = 0 if self.name == "pairs" else -MOST_POINTS
        return [*who, *(whole(n, self.file, names[2], least=least, **where) for n in row[2:]), Where(self.file, where)]


class Where(NamedTuple):
    """Where a row stands: kept beside it until names are known."""

    file: str
    where: dict


def traits_of(told, file, where):
    """Answers: text, or a list of texts. Whole numbers are taken as the text they are."""
    if not isinstance(told, dict):
        raise Wrong(file, "traits is an object", **where)
    return {str(name): answer(given, file, name, where) for name, given in told.items()}


def answer(given, file, name, where):
    if isinstance(given, list):
        return [answer(one, file, name, where) for one in given if not isinstance(one, list | dict)]
    if given is None or type(given) in (int, bool):
        return "" if given is None else str(given)
    if not isinstance(given, str):
        raise Wrong(file, "an answer is a text, a whole number or a list of them", column=name, **where)
    if len(given) > MOST_CELL:
        raise Wrong(file, f"it is longer than {MOST_CELL} characters", column=name, **where)
    return given


def put_together(problem, policy, file):
    """Names are held against each other; answers to many-valued questions are cut at their semicolons."""
    pairs = problem.get("pairs")
    if pairs is not None and problem["criteria"]:
        raise Wrong(file, "pairs with a score and criteria exclude each other")
    if pairs is None and not (problem.get("mentees") is not None and problem.get("mentors") is not None):
        raise Wrong(file, "it names mentees and mentors, or pairs")
    for n, side in enumerate(("mentees", "mentors")):
        if side not in problem:
            keys = dict.fromkeys(row[n] for row in pairs)
            more = {"capacity": 1} if side == "mentors" else {}
            problem[side] = [{"key": key, "lot": key, "traits": {}, **more} for key in keys]
        once_each(problem[side], side, file)
    if pairs is not None and any(one.get("least") for one in problem["mentors"]):
        raise Wrong(file, "least is taken with mentees, mentors and criteria only")
    known = [{one["key"] for one in problem[side]} for side in ("mentees", "mentors")]
    for name in LISTS[2:]:
        problem[name] = [known_row(row, known) for row in problem.get(name, [])]
    if pairs is None:
        del problem["pairs"]
    only_once(problem, file)
    bounded(problem, policy, file)
    cut_answers(problem, file)
    return {**problem, **({"policy": policy} if policy else {})}


def once_each(people, side, file):
    seen: set[str] = set()
    for one in people:
        where = one.pop("where", {})
        if one["key"] in seen:
            raise Wrong(file, f"two {side} are called {one['key']!r}", **where)
        seen.add(one["key"])


def known_row(row, known):
    *row, at = row
    for key, keys, name in zip(row, known, ("mentee", "mentor"), strict=False):
        if key not in keys:
            raise Wrong(at.file, f"nobody is called {key!r}" + nearest(key, keys), column=name, **at.where)
    return row


def bounded(problem, policy, file):
    """What is wished for one pair stays a number the engine holds, and only mentees wait."""
    sums = Counter[tuple]()
    for a, b, n in problem["wishes"]:
        sums[a, b] += n
    if any(abs(n) > MOST_POINTS for n in sums.values()):
        raise Wrong(file, f"the wishes for one pair are more than {MOST_POINTS} points together")
    ahead = {key for name in STEPS for key in (policy or {}).get(name, ())}
    strangers = ahead - {one["key"] for one in problem["mentees"]}
    if strangers:
        raise Wrong(file, f"policy: nobody who waits is called {min(strangers)[:40]!r}")


def only_once(problem, file):
    if len({a for a, _ in problem["locked"]}) < len(problem["locked"]):
        raise Wrong(file, "locked holds one mentee twice")
    if len({(a, b) for a, b, _ in problem.get("pairs", [])}) < len(problem.get("pairs", [])):
        raise Wrong(file, "pairs holds one pair twice")


def cut_answers(problem, file):
    """Every trait a criterion looks at must be a column of its side; several answers stand apart by semicolons."""
    for side, people in (("mentee", problem["mentees"]), ("mentor", problem["mentors"])):
        told = {name for one in people for name in one["traits"]}
        for criterion in problem["criteria"]:
            trait, condition = trait_of(criterion, side), criterion["settings"].get("only_if")
            for name in filter(None, (trait, condition if side == "mentee" else None)):
                if people and name not in told:
                    words = f"the criterion {criterion['code']!r} looks at {name!r}, which no {side} has"
                    raise Wrong(file, words + nearest(name, told))
            if criterion["kind"] == "overlap":
                split(people, trait)


def split(people, trait):
    for one in people:
        given = one["traits"].get(trait)
        if isinstance(given, str):
            one["traits"][trait] = [part.strip() for part in given.split(";") if part.strip()]


def write(problem, folder) -> Path:
    """A problem as a folder: instance.json with criteria and policy, and a CSV file for each list. Returns the head."""
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    head = {"rapport_instance": 1, "seed": problem["seed"], "criteria": problem["criteria"]}
    head |= {name: problem[name] for name in ("floor", "policy") if problem.get(name) is not None}
    for name in LISTS:
        if not problem.get(name):
            continue
        people = name in ("mentees", "mentors")
        rows = [flat(one) for one in problem[name]] if people else problem[name]
        put(folder / f"{name}.csv", rows, None if people else ["mentee", "mentor", NUMBER.get(name)])
        head[name] = f"{name}.csv"
    told = folder / "instance.json"
    told.write_text(json.dumps(head, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    return told


def flat(one):
    traits = {
        name: "; ".join(map(str, told)) if isinstance(told, list) else told for name, told in one["traits"].items()
    }
    return {**{name: one[name] for name in ("key", "lot", "capacity", "least") if name in one}, **traits}


def put(path, rows, header):
    with path.open("w", newline="", encoding="utf-8") as file:
        if header is None:
            names = list(dict.fromkeys(name for row in rows for name in row))
            csv.writer(file).writerows([names, *([row.get(name, "") for name in names] for row in rows)])
        else:
            csv.writer(file).writerows([[name for name in header if name], *rows])
