"""A problem in files, solved: what `rapport match --instance FILE` prints. No database, no settings."""

from collections import Counter
from pathlib import Path

from rapport.matching.engine import instances
from rapport.matching.engine.instance_rules import Wrong

MOST_PRICES = 20_000  # people whose prices are printed; all of them are in the arrays of `out`


def solve_file(path, *, threads=1, out=None) -> dict:
    """The report of one problem: pairs, figures, certificate, policy, why who is left, warnings.

    `out`: a folder for the answer as arrays (columns and scored pairs only). Raises Wrong, NotProven.
    """
    path = Path(path)
    if path.is_dir() and not (path / "head.json").is_file():
        raise Wrong(path.name, "this folder holds no head.json of columns; name a file of the text form instead")
    if path.is_dir() or path.suffix.lower() == ".npz":
        from rapport.matching.engine import column_files

        return of_arrays(column_files.read(path), path, "columns", threads, out)
    problem = instances.read(path)
    if "pairs" not in problem:
        return of_text(problem, path)
    if problem.get("policy"):
        raise Wrong(path.name, "a policy is taken with mentees, mentors and criteria only")
    from rapport.matching.engine import turning

    return of_arrays(turning.of_problem(problem), path, "pairs", threads, out)


def of_text(problem, path):
    """People as dicts, by the engine that programs use."""
    from rapport.matching.engine import run

    try:
        answer = run(problem)
    except ValueError as wrong:
        raise Wrong(path.name, str(wrong)) from wrong
    report = {"instance": path.name, "form": "text", **figures(answer["certificate"])}
    report |= {"certificate": answer["certificate"]}
    report |= {"policy": answer["policy"]} if "policy" in answer else {}
    shut = shut_groups(answer["certificate"])
    left = [{**one, "reason": reason(one, len(problem["mentors"])) + shut} for one in answer["left"]]
    taken = {one["mentor"] for one in answer["pairs"]}
    idle = [one["key"] for one in problem["mentors"] if one["key"] not in taken]
    warnings = [*warned(answer["pairs"]), *over(problem)]
    return {**report, "pairs": answer["pairs"], "left_without": left, "mentors_left": idle, "warnings": warnings}


def figures(proof):
    return {name: proof[name] for name in ("mentees", "mentors", "places")} | {
        "matched": proof["served"],
        "total": proof["total"],
    }


def warned(pairs):
    """Settled pairs that break a rule are kept, and said."""
    for one in pairs:
        if one.get("breaks"):
            rules = ", ".join(one["breaks"])
            yield f"The settled pair {one['mentee']} and {one['mentor']} is kept though it breaks: {rules}."


def over(problem):
    """Mentors with more settled pairs than places."""
    settled = Counter(b for _, b in problem.get("locked", ()))
    for one in problem["mentors"]:
        if settled[one["key"]] > one["capacity"]:
            yield f"{one['key']} has {settled[one['key']]} settled pairs and {one['capacity']} places."


def reason(left, mentors):
    """Why nobody was found, in one sentence."""
    if not left["free"]:
        return "No mentor has a free place."
    if left["allowed"]:
        return f"Mentors who could be theirs: {left['allowed']}; all are needed by others in the plan that serves most."
    alone = sorted(left.get("alone", {}).items(), key=lambda one: (-one[1], one[0]))
    barring = sorted(left.get("barring", {}).items(), key=lambda one: (-one[1], one[0]))
    ruled = "; ".join(f"{code} rules out {n} of {left['free']}" for code, n in barring)
    opened = "; ".join(f"without {code} there would be {n}" for code, n in alone if n)
    return (
        ". ".join(filter(None, [f"Of {mentors} mentors none may be theirs: {ruled or 'no pair is listed'}", opened]))
        + "."
    )


def shut_groups(certificate):
    """Whose groups were closed, in a sentence: their places were there for more people than would have come."""
    closed = certificate.get("groups", {}).get("closed", [])
    told = ", ".join(closed[:5]) + (f" and {len(closed) - 5} more" if len(closed) > 5 else "")
    return f" Closed, as too few would be together: the group of {told}." if closed else ""


def of_arrays(problem, path, form, threads, out):
    """People as arrays, by the solver itself."""
    from rapport.matching.engine import array_checker, arrays

    found = arrays.solve(problem, threads)
    proven = array_checker.check(problem, found)
    scores = proven.pop("scores")
    if out is not None:
        write_answer(Path(out), found)
    pairs, warnings = pairs_of(problem, found, scores)
    return {
        "instance": path.name, "form": form, "mentees": len(problem.mentee_keys), "mentors": len(problem.mentor_keys),
        "places": int(problem.capacity.sum()), "matched": proven["served"], "total": proven["total"],
        "certificate": certificate_of(problem, found, proven), "pairs": pairs, "left_without": left_of(problem, found),
        "warnings": warnings,
    }  # fmt: skip


def certificate_of(problem, found, proven):
    """What was checked; the prices of everybody where they are few enough to be read."""
    told = {"checked": True, "bonus": found.bonus, "neutral": found.neutral, **proven}
    told |= {"rounds": found.rounds, "listed": found.listed, "parts": found.parts}
    if len(problem.mentee_keys) + len(problem.mentor_keys) <= MOST_PRICES:
        told |= {"mentee_prices": named(problem.mentee_keys, found.mentee_prices)}
        told |= {"mentor_prices": named(problem.mentor_keys, found.mentor_prices)}
    return told


def pairs_of(problem, found, scores):
    """The pairs with their scores, settled ones marked with the rules they break; and a warning for each of those."""
    rows = (found.mentor_of >= 0).nonzero()[0]
    heads = found.mentor_of[rows]
    names = problem.mentee_keys[rows].tolist(), problem.mentor_keys[heads].tolist()
    pairs = [{"mentee": a, "mentor": b, "score": n} for a, b, n in zip(*names, scores.tolist(), strict=True)]
    broken = dict(zip(problem.locked[:, 0].tolist(), breaks_of(problem, *problem.locked.T), strict=True))
    kept = [(pair, broken[row]) for pair, row in zip(pairs, rows.tolist(), strict=True) if row in broken]
    for pair, codes in kept:
        pair |= {"locked": True, "breaks": codes}
    return pairs, [*warned(pair for pair, _ in kept)]


def named(keys, prices):
    return dict(zip(map(str, keys.tolist()), prices.tolist(), strict=True))


def breaks_of(problem, rows, heads):
    """The codes of the rules that each of these settled pairs breaks."""
    if not len(rows):
        return []
    import numpy as np

    from rapport.matching.engine import array_checker, arrays

    n = max(1, len(problem.mentor_keys))
    keys = rows * n + heads
    rules = {}
    for criterion in (one for one in problem.criteria if one["is_hard"]):
        a, b, _ = arrays.answers_of(criterion, problem)
        _, known, right = array_checker.judged(criterion, a[rows], b[heads])
        rules[criterion["code"]] = known & ~right
    rules["apart"] = np.isin(keys, problem.apart[:, 0] * n + problem.apart[:, 1])
    if problem.pairs is not None:
        rules["not listed"] = ~np.isin(keys, problem.pairs[:, 0] * n + problem.pairs[:, 1])
    return [[code for code, broken in rules.items() if broken[k]] for k in range(len(keys))]


def left_of(problem, found):
    """Why who is left, by key: how many could be theirs, and what stands in the way of the others."""
    free = int((problem.capacity > 0).sum())
    codes = dict(enumerate([*(one["code"] for one in problem.criteria), "apart"])) | {-1: "floor"}
    rows = []
    for i in (found.mentor_of < 0).nonzero()[0].tolist():
        why = found.barring.get(i, {})
        one = {"mentee": problem.mentee_keys[i].item(), "free": free}
        one["allowed"] = why.get("allowed", int(found.allowed[i]))
        one |= {name: {codes[k]: n for k, n in why.get(name, {}).items()} for name in ("barring", "alone")}
        rows.append({**one, "reason": reason(one, len(problem.mentor_keys))})
    return rows


def write_answer(folder, found):
    """The answer as arrays: the row of each mentee's mentor (-1: nobody), and both sides' prices."""
    import numpy as np

    folder.mkdir(parents=True, exist_ok=True)
    for name in ("mentor_of", "mentee_prices", "mentor_prices"):
        np.save(folder / f"{name}.npy", getattr(found, name), allow_pickle=False)
