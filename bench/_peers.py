"""Other programs on the same people, each in a folder of its own outside the repository and in its own process.

As a command (with that folder on PYTHONPATH): `python -m bench._peers scipy|ortools|mentor-match|civil-service FOLDER`
prints JSON. `mentor-match` and `matching` share one import name and would overwrite each other.
"""

import csv
import json
import random
import subprocess
import sys
import time
from pathlib import Path

WANTED = {"mentor-match": "mentor-match==7.0.1", "ortools": "ortools==9.15.6755"}
NEEDS = {"scipy": None, "ortools": "ortools", "mentor-match": "mentor-match", "civil-service": "mentor-match"}
LISTS = Path(__file__).parents[1] / "tests" / "samples" / "uk-civil-service-50"
GRADES = ["AA", "AO", "EO", "HEO", "SEO", "Grade 7", "Grade 6", "SCS1", "SCS2", "SCS3", "SCS4"]
WEIGHTS = {"grade": {1: 1000, 2: 700}, "profession": 800, "identity": 400}


def install(folder: Path) -> dict[str, str]:
    """Bring each peer into a folder of its own. Returns why one could not be had, by name."""
    missing = {}
    for name, wanted in WANTED.items():
        target = folder / name
        if target.is_dir() and any(target.iterdir()):
            continue
        words = [sys.executable, "-m", "pip", "install", "--quiet", "--target", str(target), wanted]
        done = subprocess.run(words, capture_output=True, text=True)
        if done.returncode:
            missing[name] = (done.stderr.strip().splitlines() or ["pip failed"])[-1]
    return missing


def edges(folder):
    import numpy as np

    return {name: np.load(f"{folder}/edge.{name}.npy") for name in ("rows", "cols", "scores", "places", "bonus")}


def scipy(folder):
    """Sparse, a column for each place, and a column of their own for whoever stays out."""
    import numpy as np
    from scipy.sparse import csr_matrix
    from scipy.sparse.csgraph import min_weight_full_bipartite_matching

    e = edges(folder)
    mentees = int(e["rows"].max()) + 1
    begun = time.perf_counter()
    first = np.concatenate([[0], np.cumsum(e["places"])])
    times = e["places"][e["cols"]]
    each = np.repeat(np.arange(len(times)), times)
    at = np.arange(len(each)) - np.repeat(np.cumsum(times) - times, times)
    rows, cols, top = e["rows"][each], first[e["cols"][each]] + at, int(e["scores"].max()) + 1
    costs = np.concatenate([top - e["scores"][each], np.full(mentees, top + int(e["bonus"][0]))]).astype(float)
    out = np.arange(mentees)
    where = np.concatenate([rows, out]), np.concatenate([cols, first[-1] + out])
    graph = csr_matrix((costs, where), shape=(mentees, first[-1] + mentees))
    i, j = min_weight_full_bipartite_matching(graph)
    seconds = time.perf_counter() - begun
    got = j < first[-1]
    scores = csr_matrix((e["scores"][each] + 1, (rows, cols)), shape=(mentees, first[-1]))
    total = int(scores[i[got], j[got]].sum()) - int(got.sum())
    return {"seconds": seconds, "served": int(got.sum()), "total": total, "edges": len(e["rows"])}


def ortools(folder):
    """Min-cost flow, places native."""
    import numpy as np
    from ortools.graph.python import min_cost_flow

    e = edges(folder)
    mentees, mentors = int(e["rows"].max()) + 1, len(e["places"])
    begun = time.perf_counter()
    flow, sink = min_cost_flow.SimpleMinCostFlow(), mentees + mentors
    top, n = int(e["scores"].max()), len(e["rows"])
    tails = np.concatenate([e["rows"], mentees + np.arange(mentors), np.arange(mentees)]).astype(np.int32)
    heads = np.concatenate([mentees + e["cols"], np.full(mentors, sink), np.full(mentees, sink)]).astype(np.int32)
    room = np.concatenate([np.ones(n), e["places"], np.ones(mentees)]).astype(np.int64)
    costs = np.concatenate([top - e["scores"], np.zeros(mentors), np.full(mentees, top + int(e["bonus"][0]))])
    arcs = flow.add_arcs_with_capacity_and_unit_cost(tails, heads, room, costs.astype(np.int64))
    supply = np.concatenate([np.ones(mentees), [-mentees]]).astype(np.int64)
    flow.set_nodes_supplies(np.concatenate([np.arange(mentees), [sink]]).astype(np.int32), supply)
    assert flow.solve() == flow.OPTIMAL
    seconds = time.perf_counter() - begun
    got = flow.flows(arcs)[:n] > 0
    return {"seconds": seconds, "served": int(got.sum()), "total": int(e["scores"][got].sum()), "edges": n}


def mentor_match(folder):
    """Five simple rules of ours, in its own words: one site, no family, a slot and a language in common, character."""
    from matching import process
    from matching.rules import rule

    from rapport.matching.engine import column_files

    problem = column_files.read(folder)
    names = ("site", "family", "slots", "languages", "character")
    kinds = process.Mentee, process.Mentor
    sides = [
        [
            somebody(kind, f"{kind.__name__}{n}", {name: columns[name][n].tolist() for name in names})
            for n in range(size)
        ]
        for kind, columns, size in (
            (kinds[0], problem.mentee, len(problem.mentee_keys)),
            (kinds[1], problem.mentor, len(problem.mentor_keys)),
        )
    ]
    rules = [
        rule.Disqualify(lambda m: m.mentor.told["site"] != m.mentee.told["site"]),
        rule.Disqualify(lambda m: m.mentor.told["family"] == m.mentee.told["family"]),
        rule.Disqualify(lambda m: not m.mentor.told["slots"][0] & m.mentee.told["slots"][0]),
        rule.Disqualify(lambda m: not m.mentor.told["languages"][0] & m.mentee.told["languages"][0]),
        rule.Generic({True: 10, False: 3}, lambda m: abs(m.mentor.told["character"] - m.mentee.told["character"]) < 3),
    ]
    begun = time.perf_counter()
    matrix = process.generate_match_matrix(sides[1], sides[0], rules)
    scoring = time.perf_counter() - begun
    process.match_and_assign_participants(matrix)
    seconds = time.perf_counter() - begun
    pairs = len(sides[0]) * len(sides[1])
    served = sum(bool(one.mentors) for one in sides[0])
    return {"seconds": seconds, "scoring_s": scoring, "ns_per_pair": scoring / pairs * 1e9, "served": served}


def somebody(kind, email, told):
    one = kind(grade=1, email=email)
    one.told = told
    return one


def civil_service(folder):
    """The lists of a civil service by the same rules, three times with rows shuffled: how many it serves."""
    from matching import process
    from matching.rules import rule

    served = []
    for seed in (1, 2, 3):
        sides = [rows_of(what, kind, seed) for what, kind in (("mentees", process.Mentee), ("mentors", process.Mentor))]
        rules = [
            rule.Disqualify(lambda m: m.mentor.grade - m.mentee.grade not in (1, 2)),
            rule.Disqualify(lambda m: m.mentor.organisation == m.mentee.organisation),
            *(rule.Grade(step, int.__eq__, {True: n, False: 0}) for step, n in WEIGHTS["grade"].items()),
            rule.Equivalent("profession", {True: WEIGHTS["profession"], False: 0}),
            rule.Generic({True: WEIGHTS["identity"], False: 0}, alike),
        ]
        _, mentees = process.process_data(sides[1], sides[0], [rules])
        served.append(sum(bool(one.mentors) for one in mentees))
    return {"served": served}


def asked_of(lists, seed):
    """The same lists and rules as the engine takes them, rows shuffled the same."""
    import tomllib

    file = Path(__file__).parents[1] / "rapport" / "programs" / "examples" / "civil-service.toml"
    told = [one for one in tomllib.loads(file.read_text())["criterion"] if one.get("is_on", True)]
    criteria = [{"is_hard": False, **{n: one[n] for n in KEPT if n in one}} for one in told]
    sides = [[told_by(row) for row in shuffled(lists, what, seed)] for what in ("mentees", "mentors")]
    mentors = [{**one, "capacity": 1} for one in sides[1]]
    return {"seed": "civil-service", "mentees": sides[0], "mentors": mentors, "criteria": criteria, "apart": []}


KEPT = ("code", "kind", "weight", "is_hard", "settings")


def told_by(row):
    key = row["email address"]
    return {"key": key, "lot": key, "traits": {name.replace(" ", "_"): told for name, told in row.items()}}


def shuffled(lists, what, seed):
    with (lists / f"{what}.csv").open(encoding="utf-8-sig") as file:
        rows = list(csv.DictReader(file))
    random.Random(f"{seed} {what}").shuffle(rows)
    return rows


def alike(match):
    wanted = match.mentee.told["identity to match"]
    asked = match.mentee.told["match with similar identity"].strip().casefold() == "yes"
    return bool(asked and wanted and wanted == match.mentor.told["characteristics"])


def rows_of(what, kind, seed):
    people = []
    for row in shuffled(LISTS, what, seed):
        told = {"organisation": row["organisation"], "profession": row["profession"], "email": row["email address"]}
        one = kind(grade=GRADES.index(row["grade"]), **told)
        one.told = row
        people.append(one)
    return people


PEERS = {"scipy": scipy, "ortools": ortools, "mentor-match": mentor_match, "civil-service": civil_service}

if __name__ == "__main__":
    print(json.dumps(PEERS[sys.argv[1]](sys.argv[2])))
