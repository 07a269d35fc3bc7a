"""Matching: is it right, how fast is it, and beside whom. Every gate holds before any time counts.

bin/bench matching [--size 1000] [--cap 1|3] [--sites 1] [--seed 1] [--regime balanced] [--stage all]... [--threads 1]
                   [--repeats 5] [--peers FOLDER] [--install-peers] [--goals small|all] [--pin] [--json FILE]

Each stage runs in a process of its own, started from this small one, which reads its memory when it ends. Importing and
compiling are told apart. Peers run between our own runs, in the same minute; those that cannot be had are named with
the reason. `--goals small` runs the cases up to 10 000, `all` those up to 1 000 000; the table of goals ends each run.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median
from typing import Any, NamedTuple

from bench import _goals, _peers
from bench._table import say

STAGES = ("score", "cand", "solve", "certify", "people", "fair", "stable", "top", "rematch", "explain")
MOST = {"people": 10_000, "fair": 20_000, "stable": 20_000, "top": 100_000, "rematch": 100_000, "explain": 100_000}
SOLVED_TO, MENTOR_MATCH_TO = 100_000, 1_000  # mentees up to which peers are asked
ONCE_FROM = 50_000  # mentees from which a stage runs once only
GATES_TO = 100_000


class Case(NamedTuple):
    """One made-up program."""

    size: int
    cap: int = 1
    sites: int = 1
    seed: int = 1
    regime: str = "balanced"

    def __str__(self):
        return f"{self.size} mentees, places 1 to {self.cap}, {self.sites} sites, seed {self.seed}, {self.regime}"


GOALS = {
    "small": [Case(100), Case(1000), Case(1000, 3), Case(5000, 3), Case(10_000)],
    "all": [Case(100), Case(1000), Case(1000, 3), Case(5000, 3), Case(10_000), Case(50_000, 1, 25),
            Case(100_000, 3, 50), Case(1_000_000, 3, 500)],
}  # fmt: skip


def main() -> None:
    told = line().parse_args()
    del sys.argv[1:]  # the tables are for people; programs read the file
    kept = Path(told.peers or Path(tempfile.gettempdir()) / "rapport-peers")
    missing = peers_of(kept, told.install_peers)
    for name, why in missing.items():
        print(f"  without {name}: {why}")
    cases = GOALS[told.goals] if told.goals else [Case(told.size, told.cap, told.sites, told.seed, told.regime)]
    stages = STAGES if "all" in (told.stage or ["all"]) else tuple(told.stage)
    report: dict[str, Any] = {"lists": lists_beside(kept, missing), "cases": []}
    for case in cases:
        report["cases"].append(one_case(case, stages, told, kept, missing))
        report["goals"] = _goals.table(report["cases"])
        if told.json:
            Path(told.json).write_text(json.dumps(report, indent=1))
    say("goals", report["goals"])
    results = report["cases"]
    sys.exit(any(gate["holds"] is False for one in results for gate in one["gates"]))


def line():
    words = argparse.ArgumentParser(prog="bin/bench matching", description=__doc__.split("\n\n")[0])
    words.add_argument("--size", type=int, default=1000)
    words.add_argument("--cap", type=int, choices=(1, 3), default=1)
    words.add_argument("--sites", type=int, default=1)
    words.add_argument("--seed", type=int, default=1)
    words.add_argument("--regime", default="balanced")
    words.add_argument("--stage", choices=(*STAGES, "all"), action="append", help="one of them; may be said again")
    words.add_argument("--threads", type=int, default=1)
    words.add_argument("--repeats", type=int, default=5)
    words.add_argument("--peers", help="a folder outside the repository, one folder in it for each peer")
    words.add_argument("--install-peers", action="store_true", help="bring the peers there with pip")
    words.add_argument("--goals", choices=tuple(GOALS), help="all the cases the goals ask for")
    words.add_argument("--pin", action="store_true", help="keep stages of one thread on one core")
    words.add_argument("--json", metavar="FILE")
    return words


def peers_of(folder, wanted):
    """Why each peer that is not there cannot be asked."""
    if wanted:
        folder.mkdir(parents=True, exist_ok=True)
        return _peers.install(folder)
    return {name: "not installed; --install-peers brings it" for name in _peers.WANTED if not (folder / name).is_dir()}


def run(words, *, peers=None, pin=False) -> dict[str, Any]:
    """What a fresh process of these words prints, and the most memory it had, in MB."""
    env = {**os.environ, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    env |= {"PYTHONPATH": str(peers)} if peers else {}
    before = (lambda: os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})) if pin else None
    with tempfile.TemporaryFile("w+") as out:
        begun = subprocess.Popen([sys.executable, "-m", *map(str, words)], stdout=out, env=env, preexec_fn=before)
        _, status, used = os.wait4(begun.pid, 0)
        begun.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0)
        if begun.returncode:
            return {"failed": begun.returncode}
        return {**json.loads(out.read().splitlines()[-1]), "mb": used.ru_maxrss // 1024}


def one_case(case, stages, told, kept, missing):
    """Everything about one made-up program: what it is, its gates, its stages, its peers."""
    folder = tempfile.mkdtemp(prefix="rapport-matching-")
    try:
        made = run(["bench._instances", folder, *case])
        gates = run(["bench._gates", folder]) if case.size <= GATES_TO else {"gates": []}
        rows = gates.get("gates") or [{"gate": "all", "holds": None, "said": "not asked: too large, or it failed"}]
        if "failed" in gates:
            rows = [{"gate": "all", "holds": False, "said": f"the gates ended with {gates['failed']}"}]
        result = {"case": case._asdict(), "made": made, "gates": rows, "stages": {}, "peers": {}}
        say(f"{case}: gates ({made['hash'][:12]})", rows)
        if any(row["holds"] is False for row in rows):
            print("  no time counts: a gate does not hold")
            return result
        measure(result, case, stages, told, folder, kept, missing)
        say(f"{case}: stages", [shown(name, one) for name, one in {**result["stages"], **result["peers"]}.items()])
        return result
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def measure(result, case, stages, told, folder, kept, missing):
    times = 1 if case.size >= ONCE_FROM else told.repeats
    result["stages"]["calibrate"] = several("calibrate", folder, told, times)
    for stage in stages:
        if case.regime == "chain" and stage not in ("certify",):
            continue
        if case.size > MOST.get(stage, case.size):
            continue
        if stage == "solve" and case.size > SOLVED_TO:
            continue
        peers = peers_beside(stage, case, missing)
        if stage == "solve":
            run(["bench._stages", "edges", folder])
        result["stages"][stage], beside = interleaved(stage, folder, told, times, peers, kept)
        result["peers"] |= beside
        agree(result, stage, beside)


def peers_beside(stage, case, missing):
    """Which peers run between our own runs of a stage."""
    wanted = {"solve": ("scipy", "ortools"), "people": ("mentor-match",)}.get(stage, ())
    able = [name for name in wanted if _peers.NEEDS[name] not in missing]
    return able if stage != "people" or case.size <= MENTOR_MATCH_TO else []


def several(stage, folder, told, times):
    return interleaved(stage, folder, told, times, [], None)[0]


def interleaved(stage, folder, told, times, peers, kept):
    """Ours, each peer, ours, each peer, ...: the middle of each, its least and most."""
    ours, beside = [], {name: [] for name in peers}
    for n in range(times):
        print(f"  {stage}, {n + 1} of {times}", file=sys.stderr, flush=True)
        pin = told.pin and told.threads == 1
        ours.append(run(["bench._stages", stage, folder, told.threads], pin=pin))
        for name, seen in beside.items():
            if name != "mentor-match" or n == 0 or seen[0].get("seconds", 99) < 5:
                needs = _peers.NEEDS[name]
                seen.append(run(["bench._peers", name, folder], peers=needs and kept / needs, pin=pin))
    return together(ours), {name: together(seen) for name, seen in beside.items()}


def together(seen):
    """The middle of every figure; of seconds and memory the least and the most besides."""
    good = [one for one in seen if "failed" not in one]
    if not good:
        return {"failed": seen[0]["failed"] if seen else "not run"}
    told = {name: median(one[name] for one in good) for name in good[0]}
    seconds = [one["seconds"] for one in good if "seconds" in one]
    told |= {"least": min(seconds), "most": max(seconds)} if seconds else {}
    return {**told, "mb": max(one["mb"] for one in good), "runs": len(good)}


def agree(result, stage, beside):
    """Peers that solve the same edges find the same."""
    ours = result["stages"][stage]
    for name, seen in beside.items():
        if stage == "solve" and "failed" not in seen and "failed" not in ours:
            same = (seen["served"], seen["total"]) == (ours["served"], ours["total"])
            said = f"{name} on {ours['edges']:.0f} edges: {seen['served']:.0f} served, total {seen['total']:.0f}"
            result["gates"].append({"gate": name, "holds": same, "said": said})


def shown(name, seen):
    """One row of the table of stages."""
    plain = ("seconds", "least", "most", "mb", "ready_s", "runs")
    more = {key: value for key, value in seen.items() if key not in (*plain, "import_s")}
    said = ", ".join(
        f"{key} {value:.4g}" if isinstance(value, float) else f"{key} {value}" for key, value in more.items()
    )
    return {"stage": name, **{key: seen.get(key, "") for key in plain}, "more": said}


def lists_beside(kept, missing):
    """The civil service's lists by a peer, rows shuffled three times: how many it serves each time."""
    if "mentor-match" in missing:
        return {"not measured": missing["mentor-match"]}
    seen = run(["bench._peers", "civil-service", "-"], peers=kept / "mentor-match")
    ours = run(["bench._stages", "civil-service", "-"])
    say("the civil service's lists, shuffled three times", [
        {"who": "ours", "served": str(ours.get("served")), "same pairs": ours.get("same")},
        {"who": "mentor-match", "served": str(seen.get("served")), "same pairs": ""},
    ])  # fmt: skip
    return {"ours": ours, "mentor-match": seen}


if __name__ == "__main__":
    main()
