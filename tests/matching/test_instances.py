"""Problems as files: no database, the same by text and by columns, and wrong ones refused in a sentence."""

import json
import os
import random
import re
import subprocess
import sys
import zipfile
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from bench._peers import LISTS, asked_of
from rapport.core.cli import run
from rapport.matching import engine
from rapport.matching.engine import array_checker, arrays, column_files, instances, turning
from rapport.matching.engine.checker import NotProven
from rapport.matching.engine.instance_answers import solve_file
from rapport.matching.engine.instance_rules import Wrong
from rapport.matching.engine.lots import in_order
from tests.matching.test_engine import a_problem, by_a_linear_program, figures

DOCS = Path(__file__).parents[2] / "docs" / "matching-instances.md"
HEAD = {"rapport_instance": 1, "mentees": [{"key": "Ben"}], "mentors": [{"key": "Ama"}]}
PAIRS = {"rapport_instance": 1, "pairs": [["Ben", "Ama", 5], ["Leo", "Ama", 9], ["Leo", "Ida", 1]]}


def written(folder, **files):
    """The head of an instance, its files written out: text as it is, everything else as JSON."""
    for name, told in files.items():
        text = told if isinstance(told, str) else json.dumps(told)
        (folder / name.replace("__", ".")).write_text(text, encoding="utf-8")
    return folder / next(iter(files)).replace("__", ".")


def figures_of(report):
    return report["matched"], report["total"]


def test_the_example_of_the_docs_needs_no_database_and_no_install(tmp_path):
    for name, text in re.findall(r"`([a-z]+\.(?:toml|csv))`\n```[a-z]+\n(.*?)```", DOCS.read_text(), re.DOTALL):
        (tmp_path / name).write_text(text)
    empty = tmp_path / "empty"
    empty.mkdir()
    alone = {name: told for name, told in os.environ.items() if not name.startswith(("RAPPORT", "DATABASE"))}

    words = [sys.executable, "-m", "rapport", "match", "--instance", "../school.toml"]
    told = subprocess.run([*words, "--json"], cwd=empty, env=alone, capture_output=True, text=True, check=True)

    report = json.loads(told.stdout)
    assert {(one["mentee"], one["mentor"]) for one in report["pairs"]} >= {
        ("Leo", "Ama"),
        ("Mia", "Ida"),
        ("Ben", "Kim"),
    }
    assert figures_of(report) == (4, 50 + 40 + 100 + 50 + 50)
    assert report["certificate"]["worth"] == report["certificate"]["bound"]
    assert list(empty.iterdir()) == []


@pytest.mark.parametrize("seed", range(6))
def test_text_and_columns_say_the_same_as_the_engine(tmp_path, seed):
    problem = a_problem(random.Random(seed), 60, 50, floor=(None, 6)[seed % 2])
    problem["locked"] = [["m1", "t2"], ["m5", "t2"]] if seed % 3 else []
    answer = engine.run(problem)

    text = solve_file(instances.write(problem, tmp_path / "text"))
    columns = solve_file(column_files.write(turning.of_problem(problem), tmp_path / "columns"), threads=2)

    assert text["pairs"] == answer["pairs"]
    assert figures_of(text) == figures_of(columns) == figures(answer)
    assert len(columns["left_without"]) == len(text["left_without"]) == 60 - len(answer["pairs"])
    assert {said for said in text["warnings"] if "breaks" in said} == set(columns["warnings"])


def test_parts_that_know_nothing_of_each_other_are_solved_alone_and_proven_together(tmp_path):
    problem = a_problem(random.Random(4), 90, 70)
    for one in (*problem["mentees"], *problem["mentors"]):
        one["traits"]["site"] = one["traits"]["site"].strip() or "W"
    told = turning.of_problem(problem)

    found = arrays.solve(told, threads=2)

    assert found.parts == 3
    proven = array_checker.check(told, found)
    assert (proven["served"], proven["total"]) == figures(engine.run(problem))
    shuffled = np.random.Generator(np.random.Philox(1)).permutation(90)
    other = told._replace(
        mentee_keys=told.mentee_keys[shuffled],
        mentee={name: column[shuffled] for name, column in told.mentee.items()},
        apart=np.column_stack([np.argsort(shuffled)[told.apart[:, 0]], told.apart[:, 1]]),
        wishes=np.column_stack([np.argsort(shuffled)[told.wishes[:, 0]], told.wishes[:, 1:]]),
    )
    assert (arrays.solve(other).mentor_of == found.mentor_of[shuffled]).all()


def test_the_lottery_of_columns_is_that_of_people():
    people = [{"key": f"m{n}", "lot": f"m{n}"} for n in range(50)]
    keys = np.array([one["key"] for one in people])

    assert keys[arrays.lottery(keys, "autumn")].tolist() == [one["key"] for one in in_order(people, "autumn")]


def test_the_checker_of_arrays_rejects_what_was_bent():
    told = turning.of_problem(a_problem(random.Random(8), 40, 30))
    found = arrays.solve(told)
    someone = int((found.mentor_of >= 0).nonzero()[0][0])
    bent = {
        "mentor_of": np.where(np.arange(40) == someone, -1, found.mentor_of),
        "mentee_prices": found.mentee_prices + (np.arange(40) == someone),
        "mentor_prices": found.mentor_prices - 1,
        "bonus": found.bonus + 1,
        "neutral": {code: n + 1 for code, n in found.neutral.items()},
    }

    for name, value in bent.items():
        with pytest.raises(NotProven):
            array_checker.check(told, found._replace(**{name: value}))


@pytest.mark.parametrize("near", [7, 2048])
def test_the_checker_of_arrays_finds_any_pair_that_is_worth_more_than_its_prices(near, monkeypatch):
    monkeypatch.setattr(array_checker, "NEAR", near)
    problem = a_problem(random.Random(3), 40, 30)
    for one in (*problem["mentees"], *problem["mentors"]):
        one["traits"]["site"] = one["traits"]["site"].strip() or "W"
    told = turning.of_problem(problem)
    found, heard = arrays.solve(told), [arrays.answers_of(one, told)[:2] for one in told.criteria]
    i, j = (side.ravel() for side in np.indices((40, 30)))
    scores, may_be = array_checker.of_pairs(told, heard, found.neutral, i, j)
    may_be &= (told.capacity[j] > 0) & (found.mentor_of[i] != j)
    enough = found.mentee_prices[i] + found.mentor_prices[j] - found.bonus - scores

    for n in range(0, len(i), 11):
        for more in (0, 1):
            other = told._replace(wishes=np.concatenate([told.wishes, [[i[n], j[n], enough[n] + more]]]))
            if more and may_be[n]:
                with pytest.raises(NotProven, match="the prices miss a pair"):
                    array_checker.check(other, found)
            elif found.mentor_of[i[n]] != j[n]:
                array_checker.check(other, found)


def test_a_scored_pair_the_engine_overlooks_is_found_by_the_checker(tmp_path, monkeypatch):
    told = turning.of_problem(instances.read(written(tmp_path, x__json=PAIRS)))
    every = arrays.may_be(told)
    last = every[0][-1], every[1][-1]

    monkeypatch.setattr(arrays, "may_be", lambda _: tuple(one[:-1] for one in every))

    assert (told.mentee_keys[last[0]], told.mentor_keys[last[1]]) == ("Leo", "Ida")
    with pytest.raises(NotProven, match="the prices miss a pair"):
        array_checker.check(told, arrays.solve(told))


def test_scored_pairs_need_no_criteria_and_nobody_else_is_paired(tmp_path):
    report = solve_file(written(tmp_path, x__json=PAIRS))

    assert [(one["mentee"], one["mentor"], one["score"]) for one in report["pairs"]] == [
        ("Ben", "Ama", 5),
        ("Leo", "Ida", 1),
    ]
    dice = random.Random(2)
    table = [[dice.randint(0, 50) for _ in range(40)] for _ in range(60)]
    may_be = [[dice.random() < 0.1 for _ in range(40)] for _ in range(60)]
    listed = [[f"m{i}", f"t{j}", table[i][j]] for i in range(60) for j in range(40) if may_be[i][j]]
    mentors = [{"key": f"t{j}", "capacity": 1 + j % 2} for j in range(40)]
    report = solve_file(written(tmp_path, y__json={"rapport_instance": 1, "mentors": mentors, "pairs": listed}))
    assert figures_of(report) == by_a_linear_program(table, may_be, [1 + j % 2 for j in range(40)])


CLUB = {
    "rapport_instance": 1, "mentees": [{"key": name, "likes": "chess"} for name in ("Ben", "Leo", "Mia")],
    "criteria": [{"code": "likes", "kind": "overlap", "weight": 100, "settings": {"trait": "likes"}}],
}  # fmt: skip


@pytest.mark.parametrize(
    ("capacity", "least", "groups"),
    [(3, 3, {"Ama": 3}), (3, "", {"Ama": 3}), (2, 2, {"Ama": 2}), (5, 4, {}), (2, 3, {})],
)
def test_a_file_may_ask_for_a_group_of_at_least_so_many_or_none(tmp_path, capacity, least, groups):
    mentors = [{"key": "Ama", "likes": "chess", "capacity": capacity, "least": least}]
    head = {name: told for name, told in CLUB.items() if name != "mentees"} | {"mentees": "mentees.csv"}
    children = "key,likes\nBen,chess\nLeo,chess\nMia,chess\n"

    report = solve_file(written(tmp_path, club__json=head | {"mentors": mentors}, mentees__csv=children))

    assert Counter(one["mentor"] for one in report["pairs"]) == groups
    assert len(report["left_without"]) == 3 - sum(groups.values())
    for one in report["left_without"]:
        assert ("Closed, as too few would be together: the group of Ama." in one["reason"]) is (not groups)
    back = instances.read(instances.write(instances.read(tmp_path / "club.json"), tmp_path / "again"))
    assert back["mentors"] == instances.read(tmp_path / "club.json")["mentors"]


@pytest.mark.parametrize(
    ("head", "said"),
    [
        (CLUB | {"mentors": [{"key": "Ama", "least": -1, "likes": "tea"}]}, "mentors[0], column least: '-1' is no"),
        (
            CLUB | {"mentors": [{"key": "Ama", "least": "few", "likes": "tea"}]},
            "column least: 'few' is no whole number",
        ),
        (PAIRS | {"mentors": [{"key": "Ama", "least": 2}, {"key": "Ida"}]}, "least is taken with mentees, mentors and"),
        (
            CLUB | {"mentors": [{"key": "Ama", "capacity": 3, "least": 2, "likes": "tea"}], "policy": {"stability": 9}},
            "stability cannot be asked for together with groups",
        ),
    ],
)
def test_a_least_size_that_cannot_be_is_said_in_a_sentence(tmp_path, head, said):
    with pytest.raises(Wrong, match=re.escape(said)):
        solve_file(written(tmp_path, club__json=head))


def test_no_column_forgets_a_group_of_a_least_size(tmp_path):
    mentors = [{"key": "Ama", "capacity": 3, "least": 2, "likes": "chess"}]
    problem = instances.read(written(tmp_path, club__json=CLUB | {"mentors": mentors}))

    with pytest.raises(ValueError, match="columns hold no groups of a least size"):
        turning.of_problem(problem)


def test_the_civil_services_lists_in_any_order_are_one_plan_that_serves_as_many_as_its_own_program_does(
    tmp_path, capsys
):
    plans = []
    for seed in (1, 2, 3):
        head = instances.write(asked_of(LISTS, seed), tmp_path / str(seed))
        assert run(["match", "--instance", str(head), "--json"]) == 0
        told = json.loads(capsys.readouterr().out)
        assert told["certificate"]["worth"] == told["certificate"]["bound"]
        plans.append(sorted((one["mentee"], one["mentor"], one["score"]) for one in told["pairs"]))

    assert plans[0] == plans[1] == plans[2]
    assert len(plans[0]) == 35  # as many as mentor-match 7.0.1 on these lists and rules: `bin/bench matching`


CSV = "key,capacity\nAma,1\n"
WRONG = {
    "no version": ({"x__json": {}}, "rapport_instance = 1"),
    "unknown key": ({"x__json": HEAD | {"menters": []}}, "x.json: there is no key 'menters'; is 'mentors' meant?"),
    "no JSON": ({"x__json": '{"rapport_instance": 1,\n "seed" 2}'}, "x.json, line 2, column 9: this is no JSON"),
    "no TOML": ({"x__toml": "rapport_instance = 1\nmentees = ["}, "x.toml: it cannot be read"),
    "NaN": ({"x__json": '{"rapport_instance": 1, "floor": NaN}'}, "NaN is no number here"),
    "inf": ({"x__toml": "rapport_instance = 1\nfloor = inf\n"}, "x.toml, column floor: 'inf' is no whole number"),
    "deep": ({"x__json": "[" * 100_000}, "x.json: it cannot be read: lists lie in lists too deeply"),
    "a key twice": ({"x__json": '{"rapport_instance": 1, "seed": 1, "seed": 2}'}, "one key stands twice"),
    "huge": ({"x__json": HEAD | {"wishes": [["Ben", "Ama", 1 << 70]]}}, "x.json, wishes[0], column points: '1180"),
    "negative": (
        {"x__json": HEAD | {"mentors": "m.csv"}, "m__csv": "key,capacity\nAma,-1\n"},
        "m.csv, line 2, column capacity: '-1' is no whole number from 0 to 10000.",
    ),
    "half": (
        {"x__json": HEAD | {"mentors": "m.csv"}, "m__csv": "key,capacity\nAma,1.5\n"},
        "line 2, column capacity: '1.5'",
    ),
    "strange digits": (
        {"x__json": HEAD | {"mentors": "m.csv"}, "m__csv": "key,capacity\nAma,²\n"},
        "column capacity: '²'",
    ),
    "twice": (
        {"x__json": HEAD | {"mentors": "m.csv"}, "m__csv": CSV + "Ama,2\n"},
        "line 3: two mentors are called 'Ama'",
    ),
    "no column": (
        {"x__json": HEAD | {"mentors": "m.csv"}, "m__csv": "keys\nAma\n"},
        "m.csv, line 1: the column key is missing",
    ),
    "column twice": (
        {"x__json": HEAD | {"mentors": "m.csv"}, "m__csv": "key,key\n1,1\n"},
        "line 1: a column has no name, or two",
    ),
    "short row": (
        {"x__json": HEAD | {"mentors": "m.csv"}, "m__csv": CSV + "Ida\n"},
        "m.csv, line 3: 1 cells under 2 columns",
    ),
    "quotes": ({"x__json": HEAD | {"mentors": "m.csv"}, "m__csv": 'key\n"Ama\n'}, "m.csv, line 2: this is no CSV"),
    "no file": ({"x__json": HEAD | {"mentors": "gone.csv"}}, "gone.csv: there is no such file"),
    "outside": ({"x__json": HEAD | {"mentors": "/etc/passwd"}}, "names a file outside its own folder"),
    "unknown name": (
        {"x__json": HEAD | {"apart": "a.csv"}, "a__csv": "mentee,mentor\nBne,Ama\n"},
        "a.csv, line 2, column mentee: nobody is called 'Bne'; is 'Ben' meant?",
    ),
    "a terminal's signs": (
        {"x__json": HEAD | {"mentees": [{"key": "\x1b[2J"}]}},
        "characters, all of which can be printed",
    ),
    "no name": (
        {"x__json": HEAD | {"mentees": [{"key": " "}]}},
        "x.json, mentees[0], column key: somebody has no name",
    ),
    "long": ({"x__json": HEAD | {"mentees": [{"key": "a" * 201}]}}, "a name has at most 200"),
    "settled twice": (
        {"x__json": HEAD | {"locked": [["Ben", "Ama"], ["Ben", "Ama"]]}},
        "x.json: locked holds one mentee twice.",
    ),
    "no trait": (
        {"x__json": HEAD | {"criteria": [{"code": "s", "kind": "same", "weight": 1, "settings": {"trait": "site"}}]}},
        "the criterion 's' looks at 'site', which no mentee has",
    ),
    "kind": ({"x__json": HEAD | {"criteria": [{"code": "s", "kind": "magic"}]}}, "criterion 1: a kind is one of"),
    "code": ({"x__json": HEAD | {"criteria": [{"code": "floor", "kind": "same"}]}}, "take another code"),
    "weight": (
        {"x__json": HEAD | {"criteria": [{"code": "s", "kind": "same", "weight": -1, "settings": {"trait": "s"}}]}},
        "criterion 1, column weight: '-1' is no whole number",
    ),
    "policy": ({"x__json": HEAD | {"policy": {"magic": 1}}}, "policy has no key 'magic'"),
    "bands": ({"x__json": HEAD | {"policy": {"bands": [1, 2, 3, 4, 5]}}}, "bands are at most 4 scores"),
    "a stranger waits": ({"x__json": HEAD | {"policy": {"waiting": {"Bne": 1}}}}, "nobody who waits is called 'Bne'"),
    "wishes": (
        {"x__json": HEAD | {"wishes": [["Ben", "Ama", 1 << 22]] * 2}},
        "x.json: the wishes for one pair are more",
    ),
    "a pair twice": ({"x__json": PAIRS | {"pairs": PAIRS["pairs"] * 2}}, "pairs holds one pair twice"),
    "score": ({"x__json": PAIRS | {"pairs": [["Ben", "Ama", -5]]}}, "x.json, pairs[0], column score: '-5'"),
}


@pytest.mark.parametrize("case", WRONG)
def test_what_is_wrong_in_a_text_is_one_sentence_that_says_where(tmp_path, capsys, case):
    files, said = WRONG[case]
    path = written(tmp_path, **files)

    assert run(["match", "--instance", str(path)]) == 1

    told = capsys.readouterr().err
    assert said in told
    assert told.count("\n") == 1
    assert len(told) < 400


def columns_of(folder, **changed):
    """A folder of columns with some of its arrays put in place of the right ones."""
    problem = a_problem(random.Random(3), 12, 10)
    told = column_files.write(turning.of_problem(problem), folder)
    for name, column in changed.items():
        np.save(told / f"{name.replace('__', '.')}.npy", column)
    return told


BENT = {
    "not a number": (
        {"mentor_capacity": np.full(10, np.nan)},
        "mentor_capacity.npy: it holds float64, not whole numbers",
    ),
    "negative": ({"mentor_capacity": np.arange(10) - 1}, "mentor_capacity.npy, row 0: -1 is no whole number from 0"),
    "too few": ({"mentor_capacity": np.ones(9, int)}, "its shape is (9,), not 10 people"),
    "a stranger": (
        {"apart": np.array([[12, 0]])},
        "apart.npy, row 0, column mentee: 12 is no whole number from 0 to 11",
    ),
    "twice": ({"mentee_key": np.zeros(12, int)}, "mentee_key.npy: two mentees are called '0'"),
    "unknown answer": ({"mentee__x": np.full(12, 9)}, "mentee.x.npy, row 0: 9 is no whole number from 0 to 3"),
    "bits": ({"mentee__y": np.zeros((12, 99), np.uint64)}, "several answers are one bit each"),
    "wishes": (
        {"wishes": np.array([[1, 1, 1 << 22]] * 600)},
        "wishes.npy: the wishes for one pair are more than 4194304",
    ),
    "settled twice": ({"locked": np.array([[1, 1], [1, 2]])}, "locked.npy: one mentee stands there twice"),
    "signs": ({"mentee_key": np.array([f"\x1b{n}" for n in range(12)])}, "mentee_key.npy, row 0: a name has at most"),
}


@pytest.mark.parametrize("case", BENT)
def test_what_is_wrong_in_a_column_is_one_sentence_that_says_where(tmp_path, case):
    changed, said = BENT[case]

    with pytest.raises(Wrong, match=re.escape(said)):
        solve_file(columns_of(tmp_path / "bent", **changed))


def test_nothing_is_unpickled_and_no_archive_grows_beyond_what_it_says(tmp_path):
    folder = columns_of(tmp_path / "right")
    packed = tmp_path / "packed.npz"
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as file:
        for one in folder.iterdir():
            file.write(one, one.name)
    assert figures_of(solve_file(packed)) == figures_of(solve_file(folder))

    np.save(folder / "mentor_capacity.npy", np.array([print] * 10, dtype=object), allow_pickle=True)
    with pytest.raises(Wrong, match="without pickled objects"):
        solve_file(folder)
    (folder / "mentor_capacity.npy").write_bytes(b"\x93NUMPY\x01\x00")
    with pytest.raises(Wrong, match="cannot be read as an array"):
        solve_file(folder)
    (folder / "mentor_capacity.npy").unlink()
    (folder / "mentor_capacity.npy").symlink_to("/dev/zero")
    assert solve_file(folder)["places"] == 10  # what is no file is not read
    head = (
        b"\x93NUMPY\x01\x00\x76\x00{'descr': '<i8', 'fortran_order': False, 'shape': (99999999999,), }".ljust(127)
        + b"\n"
    )
    bomb = tmp_path / "bomb.npz"
    with zipfile.ZipFile(bomb, "w") as file:
        file.writestr("head.json", json.dumps({"rapport_columns": 1, "mentors": 1}))
        file.writestr("mentee_key.npy", head)
    with pytest.raises(Wrong, match="its size is not what its head says"):
        solve_file(bomb)


@pytest.mark.parametrize(
    "words",
    [["x", "--instance", "y"], ["--instance", "y", "--accept"], ["--instance", "y", "--threads", "0"], ["--instance"]],
)
def test_wrong_usage_of_an_instance_ends_with_two(words):
    with pytest.raises(SystemExit) as ended:
        run(["match", *words])

    assert ended.value.code == 2
