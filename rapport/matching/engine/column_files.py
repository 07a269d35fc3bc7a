"""A million people as files: `head.json` and one .npy array a column, in a folder (mapped, not read) or in one .npz.

`read(path)` returns `arrays.Arrays`; `write(arrays, folder)` writes them. Nothing is ever unpickled. What is
wrong is said by `instance_rules.Wrong`, with file and row.
"""

import json
import zipfile
from pathlib import Path
from typing import Any

import numpy as np

from rapport.matching.engine import instance_rules as rules
from rapport.matching.engine.arrays import NONE, Arrays
from rapport.matching.engine.instance_rules import Wrong
from rapport.matching.engine.instances import object_of
from rapport.matching.engine.telling import folded, trait_of

MOST_PEOPLE, MOST_ROWS, MOST_WORDS, MOST_PLACES = 5_000_000, 100_000_000, 64, 20_000_000
MOST_PACKED = 1 << 30  # bytes an .npz may unpack to; more comes as a folder
TOLD = {"rapport_columns", "seed", "criteria", "floor", "mentees", "mentors", "traits"}
WIDTHS = {"apart": 2, "locked": 2, "wishes": 3, "pairs": 3}
HEAD = "head.json"


def read(path) -> Arrays:
    """The problem of this folder or .npz file."""
    path = Path(path)
    store = Folder(path) if path.is_dir() else Packed(path)
    head = head_of(store)
    keys = [keys_of(store, side, head) for side in ("mentee", "mentor")]
    sizes = {side: len(one) for side, one in zip(("mentee", "mentor"), keys, strict=True)}
    pairs = store.array("pairs", "iu")
    criteria = rules.check_criteria(head.get("criteria", []), HEAD)
    if pairs is not None and criteria:
        raise Wrong(HEAD, "pairs with a score and criteria exclude each other")
    answers = answers_of(head)
    traits = {side: traits_of(store, side, criteria, answers, sizes[side]) for side in sizes}
    for one in criteria:
        check_answers(one, answers, traits)
    floor = head.get("floor")
    floor = None if floor is None else rules.whole(floor, HEAD, "floor", least=-rules.MOST_POINTS)
    lists: Any = {name: listed(store, name, sizes) for name in WIDTHS}
    check_sums(lists["wishes"], sizes["mentor"])
    capacity = capacity_of(store, sizes)
    if len(np.unique(lists["locked"][:, 0])) < len(lists["locked"]):
        raise Wrong("locked.npy", "one mentee stands there twice")
    if pairs is None:
        lists["pairs"] = None
    elif len(np.unique(lists["pairs"][:, 0] * sizes["mentor"] + lists["pairs"][:, 1])) < len(pairs):
        raise Wrong("pairs.npy", "one pair stands there twice")
    seed = str(head.get("seed", path.stem))
    a, b = keys
    return Arrays(seed, criteria, a, b, capacity, traits["mentee"], traits["mentor"], answers, floor, **lists)


class Folder:
    """Arrays of a folder, mapped into memory."""

    def __init__(self, path):
        self.path = path

    def text(self):
        one = self.path / HEAD
        if not one.is_file() or one.stat().st_size > rules.MOST_BYTES:
            raise Wrong(f"{self.path.name}/{HEAD}", "there is no such file, or it is too large")
        return one.read_bytes()

    def array(self, name, kinds):
        one = self.path / f"{name}.npy"
        if not one.is_file():
            return None
        if not one.resolve().is_relative_to(self.path.resolve()):
            raise Wrong(one.name, "it lies outside its folder")
        try:
            return of_kind(np.load(one, mmap_mode="r", allow_pickle=False), name, kinds)
        except (ValueError, EOFError, OSError, SyntaxError) as wrong:
            raise wrong if isinstance(wrong, Wrong) else no_array(name, wrong) from wrong


class Packed:
    """Arrays of one .npz file, none larger than it says and all together of a bounded size."""

    def __init__(self, path):
        if not path.is_file():
            raise Wrong(path.name, "there is no such file or folder")
        try:
            self.zip = zipfile.ZipFile(path)
        except zipfile.BadZipFile as wrong:
            raise Wrong(path.name, "this is no .npz file") from wrong
        self.members = {one.filename: one for one in self.zip.infolist()}
        if len(self.members) < len(self.zip.infolist()):
            raise Wrong(path.name, "one name stands in it twice")
        if sum(one.file_size for one in self.members.values()) > MOST_PACKED:
            raise Wrong(path.name, f"it unpacks to more than {MOST_PACKED >> 20} MB; unpack it into a folder")

    def text(self):
        if HEAD not in self.members or self.members[HEAD].file_size > rules.MOST_BYTES:
            raise Wrong(HEAD, "there is no such file in it, or it is too large")
        return self.opened(HEAD, lambda file: file.read())

    def array(self, name, kinds):
        if f"{name}.npy" not in self.members:
            return None
        return of_kind(self.opened(f"{name}.npy", lambda file: self.loaded(file, name)), name, kinds)

    def loaded(self, file, name):
        size = self.members[f"{name}.npy"].file_size
        shape, _, dtype = header_of(file)
        if dtype.hasobject or int(np.prod(shape, dtype=object)) * dtype.itemsize > size:
            raise ValueError("its size is not what its head says")
        file.seek(0)
        return np.lib.format.read_array(file, allow_pickle=False)

    def opened(self, name, use):
        try:
            with self.zip.open(self.members[name]) as file:
                return use(file)
        except (ValueError, EOFError, OSError, SyntaxError, zipfile.BadZipFile, NotImplementedError, RuntimeError) as e:
            raise no_array(name.removesuffix(".npy"), e) from e


def header_of(file):
    version = np.lib.format.read_magic(file)
    if version == (1, 0):
        return np.lib.format.read_array_header_1_0(file)
    return np.lib.format.read_array_header_2_0(file)


def no_array(name, wrong):
    return Wrong(f"{name}.npy", f"it cannot be read as an array without pickled objects ({str(wrong)[:120]})")


def of_kind(array, name, kinds):
    if array.dtype.kind not in kinds:
        wanted = "whole numbers" if kinds == "iu" else "whole numbers or text"
        raise Wrong(f"{name}.npy", f"it holds {array.dtype}, not {wanted}")
    return array


def head_of(store):
    head = object_of(store.text(), HEAD)
    if head.get("rapport_columns") != 1:
        raise Wrong(HEAD, 'it must say "rapport_columns": 1, the version of this format')
    for key in head:
        if key not in TOLD:
            raise Wrong(HEAD, f"there is no key {key!r}" + rules.nearest(key, TOLD))
    return head


def keys_of(store, side, head):
    """What each person is called: an array, or the numbers from 0 where only their number is told."""
    name = f"{side}_key"
    keys = store.array(name, "iuU")
    if keys is None:
        if f"{side}s" not in head:
            raise Wrong(HEAD, f"it says how many {side}s there are, or {name}.npy names them")
        return np.arange(rules.whole(head[f"{side}s"], HEAD, f"{side}s", most=MOST_PEOPLE))
    if keys.ndim != 1 or len(keys) > MOST_PEOPLE:
        raise Wrong(f"{name}.npy", f"it is one column of at most {MOST_PEOPLE} rows")
    if keys.dtype.kind == "U":
        for row, key in enumerate(keys.tolist()):
            rules.named(key, f"{name}.npy", None, {"row": f"row {row}"})
    kept, times = np.unique(keys, return_counts=True)
    if len(kept) < len(keys):
        raise Wrong(f"{name}.npy", f"two {side}s are called {str(kept[times > 1][0])!r}")
    return keys


def answers_of(head):
    """What numbers stand for, by trait."""
    traits = head.get("traits", {})
    if not isinstance(traits, dict):
        raise Wrong(HEAD, "traits says what the numbers of each trait stand for")
    for name, told in traits.items():
        if not isinstance(told, list) or not all(isinstance(one, str) and one.strip() for one in told):
            raise Wrong(HEAD, f"traits: {name} is a list of texts")
        if len({folded(one) for one in told}) < len(told):
            raise Wrong(HEAD, f"traits: {name} names one answer twice")
    return traits


def traits_of(store, side, criteria, answers, people):
    """{trait: its column} of what criteria look at."""
    kept: dict = {}
    for one in criteria:
        settings = one["settings"]
        wanted = {trait_of(one, side): one["kind"] == "overlap"}
        if side == "mentee" and "only_if" in settings:
            wanted.setdefault(settings["only_if"], False)
        for name, has_many in wanted.items():
            file = f"{side}.{name}"
            column = store.array(file, "iu") if "/" not in name and "\\" not in name else None
            if column is None:
                raise Wrong(f"{file}.npy", f"it is missing: the criterion {one['code']!r} looks at it")
            check_column(column, file, has_many, answers.get(name), people)
            kept[name] = column
    return kept


def check_column(column, file, has_many, answers, people):
    file = f"{file}.npy"
    if len(column.shape) != 1 + has_many or column.shape[0] != people:
        raise Wrong(file, f"its shape is {column.shape}, not {people} people" + " by words of bits" * has_many)
    if has_many and (column.dtype != np.uint64 or not 0 < column.shape[1] <= MOST_WORDS):
        raise Wrong(file, f"several answers are one bit each, in 1 to {MOST_WORDS} words of uint64")
    if not has_many:
        within(column, file, 0, len(answers) if answers is not None else 1 << 24)


def within(column, file, least, most, name=""):
    """Every number lies between these, or the first row that does not is said."""
    outside = np.flatnonzero((column < least) | (column > most))
    if len(outside):
        words = f"{int(column[outside[0]])} is no whole number from {least} to {most}"
        raise Wrong(file, words, row=f"row {int(outside[0])}", column=name)


def check_answers(criterion, answers, traits):
    """Both sides count in one way, and steps have a place in their order."""
    settings = criterion["settings"]
    names = [trait_of(criterion, side) for side in ("mentee", "mentor")]
    if "only_if" in settings and settings["only_if"] not in answers:
        raise Wrong(HEAD, f"traits must say what the numbers of {settings['only_if']!r} stand for")
    if criterion["kind"] == "ordered-gap":
        for side, name in zip(("mentee", "mentor"), names, strict=True):
            if name not in answers:
                within(traits[side][name], f"{side}.{name}.npy", 0, len(settings["order"]))
    elif answers.get(names[0]) != answers.get(names[1]):
        raise Wrong(HEAD, f"traits: {names[0]} and {names[1]} are held against each other and list other answers")


def capacity_of(store, sizes):
    file = "mentor_capacity.npy"
    capacity = store.array("mentor_capacity", "iu")
    if capacity is None:
        return np.ones(sizes["mentor"], dtype=np.int64)
    if capacity.shape != (sizes["mentor"],):
        raise Wrong(file, f"its shape is {capacity.shape}, not {sizes['mentor']} people")
    within(capacity, file, 0, rules.MOST_CAPACITY)
    capacity = np.minimum(np.asarray(capacity, dtype=np.int64), max(1, sizes["mentee"]))
    if capacity.sum() > MOST_PLACES:
        raise Wrong(file, f"more than {MOST_PLACES} places together")
    return capacity


def listed(store, name, sizes):
    """Rows of two people by their places, and a number where one belongs to them."""
    width, file = WIDTHS[name], f"{name}.npy"
    rows = store.array(name, "iu")
    if rows is None:
        return NONE[:, :width]
    if rows.ndim != 2 or rows.shape[1] != width or len(rows) > MOST_ROWS:
        raise Wrong(file, f"its shape is {rows.shape}, not rows of {width}")
    for column, side in enumerate(("mentee", "mentor")):
        within(rows[:, column], file, 0, sizes[side] - 1, side)
    if width == 3:
        within(rows[:, 2], file, 0 if name == "pairs" else -rules.MOST_POINTS, rules.MOST_POINTS, "points")
    return np.asarray(rows, dtype=np.int64)


def check_sums(wishes, mentors):
    """What is wished for one pair stays a number the engine holds."""
    kept, which = np.unique(wishes[:, 0] * max(1, mentors) + wishes[:, 1], return_inverse=True)
    sums = np.bincount(which, weights=wishes[:, 2], minlength=len(kept))
    if np.abs(sums).max(initial=0) > rules.MOST_POINTS:
        raise Wrong("wishes.npy", f"the wishes for one pair are more than {rules.MOST_POINTS} points together")


def write(arrays: Arrays, folder) -> Path:
    """A problem as a folder of arrays. Returns the folder."""
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    head = {"rapport_columns": 1, "seed": arrays.seed, "criteria": arrays.criteria, "traits": arrays.answers}
    head |= {} if arrays.floor is None else {"floor": arrays.floor}
    (folder / HEAD).write_text(json.dumps(head, ensure_ascii=False, indent=1), encoding="utf-8")
    kept = {"mentee_key": arrays.mentee_keys, "mentor_key": arrays.mentor_keys, "mentor_capacity": arrays.capacity}
    kept |= {f"mentee.{name}": column for name, column in arrays.mentee.items()}
    kept |= {f"mentor.{name}": column for name, column in arrays.mentor.items()}
    kept |= {name: getattr(arrays, name) for name in WIDTHS if getattr(arrays, name) is not None}
    for name, column in kept.items():
        np.save(folder / f"{name}.npy", column, allow_pickle=False)
    return folder
