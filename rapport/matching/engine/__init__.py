"""The matching engine: people and criteria in, pairs and a proof out. It knows nothing of Django or of us.

It runs in a process of its own (`python -m rapport.matching.engine`), so NumPy and Numba never load where pages are
served. Importing this package loads neither; calling `solve` or `run` does.
"""


def solve(scores, allowed, capacities):
    """Pair rows (mentees) with columns (mentors): as many as possible, and then the largest total.

    `scores`: a list of rows of whole numbers, none below 0. `allowed`: the same shape, true where the pair may be.
    `capacities`: how many rows each column may take. Returns (pairs, total, row_prices, column_prices), all whole
    numbers: see `solver.Solution` for what the prices prove. Raises ValueError for bad input.
    """
    from rapport.matching.engine.tables import solve_table

    return solve_table(scores, allowed, capacities)


def run(problem):
    """Score everybody, pair them, prove it, and say why who is left without. See `running.run`."""
    from rapport.matching.engine.running import run

    return run(problem)


def preview(problem, changed, mentees, most):
    """What other criteria would change, on the same people. See `previewing.preview`."""
    from rapport.matching.engine.previewing import preview

    return preview(problem, changed, mentees, most)


def positions(problem, points):
    """What so many points for pairs that nobody would leave cost and remove. See `previewing.positions`."""
    from rapport.matching.engine.previewing import positions

    return positions(problem, points)


def best(problem, mentees, most):
    """Whom each of these mentees gets the most points with: {key: [[mentor key, points]]}, at most so many."""
    from rapport.matching.engine.plain import People
    from rapport.matching.engine.previewing import best_of

    return best_of(People(problem), mentees, most)


def top(problem, mentee_key, n=20, everybody=False):
    """The best mentors for one mentee, and why. See `ranking.top`."""
    from rapport.matching.engine.ranking import top

    return top(problem, mentee_key, n, everybody)


def rematch(problem, standing, mentee_key, most_moves=2):
    """Where one mentee can go now, moving nobody, or one or two who are not active yet. See `rematching.rematch`."""
    from rapport.matching.engine.rematching import rematch

    return rematch(problem, standing, mentee_key, most_moves)


def why_not(problem, answer, mentee_key, mentor_key):
    """Why one mentee is not with one mentor in a plan. See `contrasting.why_not`."""
    from rapport.matching.engine.contrasting import why_not

    return why_not(problem, answer, mentee_key, mentor_key)


def recruit(problem, answer, most=3):
    """What a further mentor must have to help most. See `recruiting.recruit`."""
    from rapport.matching.engine.recruiting import recruit

    return recruit(problem, answer, most)


QUESTIONS = {
    "run": run,
    "preview": preview,
    "positions": positions,
    "best": best,
    "top": top,
    "rematch": rematch,
    "why-not": why_not,
    "recruit": recruit,
}


def answer(asked):
    """The answer to one question, as the process of its own is asked it; a problem alone is asked to be run."""
    if "question" not in asked:
        return run(asked)
    more = {name: value for name, value in asked.items() if name != "question"}
    return QUESTIONS[asked["question"]](**more)


def warm():
    """Compile everything once, so that nobody waits for it in their first round."""
    from rapport.matching.engine.warming import warm

    return warm()
