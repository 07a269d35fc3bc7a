"""The matching engine: people and criteria in, pairs and a proof out. It knows nothing of Django or of us.

It runs in a process of its own (`python -m rapport.matching.engine`), so NumPy and SciPy never load where pages are
served. Importing this package loads neither; calling `solve` or `run` does.
"""


def solve(scores, allowed, capacities):
    """Pair rows (mentees) with columns (mentors): as many as possible, and then the largest total.

    `scores`: a list of rows of whole numbers, none below 0. `allowed`: the same shape, true where the pair may be.
    `capacities`: how many rows each column may take. Returns a Solution (pairs, total, row_prices, column_prices), all
    whole numbers, already verified by the checker. Raises ValueError for bad input, checker.NotProven.
    """
    from rapport.matching.engine.solver import solve

    return solve(scores, allowed, capacities)


def run(problem):
    """Score everybody, pair them, prove it, and say why who is left without. See `running.run`."""
    from rapport.matching.engine.running import run

    return run(problem)
