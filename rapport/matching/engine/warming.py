"""Compiles the kernels ahead, by solving a problem that needs all of them."""

import numpy as np

from rapport.matching.engine import graphs, pricing, solver
from rapport.matching.engine.boards import Board
from rapport.matching.engine.running import run

CRITERIA = [
    {"code": "a", "kind": "same", "weight": 2, "is_hard": True, "settings": {"trait": "a"}},
    {"code": "b", "kind": "overlap", "weight": 3, "is_hard": False, "settings": {"trait": "b"}},
]


def warm():
    """Solve a hundred for thirty of whom many want the same few. Returns how many are served."""
    none = np.zeros(0, np.int64)
    mentees = [
        {"key": f"a{n}", "lot": f"a{n}", "traits": {"a": "x", "b": [str(n % 3), f"own {n}"]}} for n in range(100)
    ]
    mentors = [
        {
            "key": f"b{n}",
            "lot": f"b{n}",
            "traits": {"a": "xy"[n > 25], "b": [str(n % 7)][: n % 2]},
            "capacity": 1 + n % 2,
        }
        for n in range(30)
    ]
    problem = {"seed": "", "mentees": mentees, "mentors": mentors, "criteria": CRITERIA, "apart": [["a0", "b0"]]}
    board = Board(problem)
    board.top("a0")
    board.rematch([{"mentee": "a1", "mentor": "b2", "movable": True}], "a0")
    pricing.worths_of(0, none, none, solver.first_asked(board.ready.problem).aims, none)
    policy = {"maximin": True, "bands": [2, 4], "stability": 1, "waiting": {"a1": 2}, "needs": {"a2": 1}}
    run({**problem, "floor": 1})
    graphs.let_go(np.zeros(1, np.int64), np.array([0, 1]), np.ones(1, np.int64), 0, 0)
    run({**problem, "policy": {"maximin": True}})
    return len(run({**problem, "wishes": [["a1", "b1", 5]], "policy": policy})["pairs"])
