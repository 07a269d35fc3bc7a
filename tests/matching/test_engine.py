"""The engine finds the best answer and proves it; the checker believes nothing."""

import itertools
import json
import os
import random
import subprocess
import sys
from types import SimpleNamespace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rapport.matching import engine
from rapport.matching.engine import checker, judging

FULL = bool(os.environ.get("RAPPORT_FULL"))
TWO_OF_EACH = ([[9, 8], [7, 0]], [[True, True], [True, False]], [1, 1])
CRITERIA = [
    {"code": "x", "kind": "same", "weight": 7, "is_hard": False, "settings": {"trait": "x"}},
    {"code": "y", "kind": "overlap", "weight": 9, "is_hard": True, "settings": {"trait": "y", "enough": 2}},
    {"code": "site", "kind": "same", "weight": 0, "is_hard": True, "settings": {"trait": "site"}},
]


def brute(scores, allowed, capacities):
    """The best (how many, total) by trying everything."""
    choices = [[None, *(j for j in range(len(capacities)) if allowed[i][j])] for i in range(len(scores))]
    best = (0, 0)
    for taken in itertools.product(*choices):
        if all(taken.count(j) <= most for j, most in enumerate(capacities)):
            served = [(i, j) for i, j in enumerate(taken) if j is not None]
            best = max(best, (len(served), sum(scores[i][j] for i, j in served)))
    return best


def by_a_linear_program(scores, allowed, capacities):
    """The best (how many, total), as HiGHS finds it."""
    import numpy as np
    from scipy.optimize import linprog
    from scipy.sparse import csr_matrix

    rows, columns = np.nonzero(np.array(allowed) & (np.array(capacities) > 0))
    bonus = 1 + len(scores) * max(map(max, scores))
    worth = np.array(scores)[rows, columns] + bonus
    ends, pairs = np.concatenate([rows, len(scores) + columns]), np.tile(np.arange(len(rows)), 2)
    limits = csr_matrix((np.ones(len(ends)), (ends, pairs)))
    most = np.concatenate([np.ones(len(scores)), capacities])[: limits.shape[0]]
    found = linprog(-worth.astype(float), A_ub=limits, b_ub=most, method="highs-ds")
    return divmod(round(-found.fun), bonus)


def proven(scores, allowed, capacities, pairs, total, row_prices, column_prices):
    """Whether the prices cover every pair that may be, and cost what the chosen ones are worth."""
    bonus = 1 + min(len(scores), sum(capacities)) * max((max(row, default=0) for row in scores), default=0)
    covered = all(
        row_prices[i] + column_prices[j] >= scores[i][j] + bonus
        for i, j in itertools.product(range(len(scores)), range(len(capacities)))
        if allowed[i][j] and capacities[j]
    )
    bound = sum(row_prices) + sum(n * price for n, price in zip(capacities, column_prices, strict=True))
    return covered and min([*row_prices, *column_prices], default=0) >= 0 and bound == total + bonus * len(pairs)


@st.composite
def small_tables(draw):
    rows, columns = draw(st.integers(0, 5)), draw(st.integers(0, 4))

    def table(cells):
        return draw(st.lists(st.lists(cells, min_size=columns, max_size=columns), min_size=rows, max_size=rows))

    capacities = draw(st.lists(st.integers(0, 3), min_size=columns, max_size=columns))
    return table(st.integers(0, 9)), table(st.booleans()), capacities


def people(dice, name, n):
    told = [
        {"x": dice.choice("ABC "), "y": dice.sample("pqrst", dice.randint(0, 3)), "site": dice.choice("NS ")}
        for _ in range(n)
    ]
    return [{"key": f"{name}{n}", "lot": f"{name}{n}", "traits": traits} for n, traits in enumerate(told)]


def a_problem(dice, mentees=5, mentors=4, **more):
    """People who answered at random, some kept apart, some wishes for and against."""
    sides = people(dice, "m", mentees), [one | {"capacity": dice.randint(0, 2)} for one in people(dice, "t", mentors)]
    some = (
        [(dice.choice(sides[0])["key"], dice.choice(sides[1])["key"]) for _ in range(4)] if mentees and mentors else []
    )
    wishes = [[*pair, dice.choice([-6, 4, 11])] for pair in some[:3]]
    rest = {"criteria": CRITERIA, "apart": [list(some[3])] if some else [], "wishes": wishes}
    return {"seed": "riverside", "mentees": sides[0], "mentors": sides[1], **rest, **more}


def as_table(problem):
    """Scores, which pairs may be, and capacities, judged in plain Python from what people told."""
    sides = problem["mentees"], problem["mentors"]
    neutral = {one["code"]: judging.neutral_of(one, *sides) for one in problem["criteria"]}
    seen = checker.Seen(problem, {"pairs": [], "certificate": {"neutral": neutral}})
    cells = [[seen.score(a["key"], b["key"]) for b in problem["mentors"]] for a in problem["mentees"]]
    scores, allowed = ([[cell[part] for cell in row] for row in cells] for part in (0, 2))
    return scores, allowed, [one["capacity"] for one in problem["mentors"]]


def figures(answer):
    return answer["certificate"]["served"], answer["certificate"]["total"]


def test_one_more_match_counts_more_than_better_matches():
    pairs, total, _, _ = engine.solve(*TWO_OF_EACH)

    assert pairs == [(0, 1), (1, 0)]
    assert total == 15


@given(small_tables())
def test_of_any_table_the_answer_is_the_best_there_is_and_proven(table):
    answer = engine.solve(*table)

    assert (len(answer[0]), answer[1]) == brute(*table)
    assert proven(*table, *answer)


@settings(max_examples=400 if FULL else 40)
@given(st.randoms(use_true_random=False), st.sampled_from([None, 5, 9]))
def test_of_any_people_the_answer_is_the_best_there_is(dice, floor):
    problem = a_problem(dice, dice.randint(0, 5), dice.randint(0, 4), floor=floor)

    assert figures(engine.run(problem)) == brute(*as_table(problem))


@pytest.mark.parametrize("seed", range(12 if FULL else 3))
def test_prices_find_what_was_never_listed_and_earlier_prices_stay_true(monkeypatch, seed):
    from rapport.matching.engine import listing, standing

    monkeypatch.setattr(listing, "FIRST", 1)
    monkeypatch.setattr(listing, "MORE", 1)
    monkeypatch.setattr(standing, "WARM", (0.0, 0.3, 1.0)[seed % 3])
    problem = a_problem(random.Random(seed), 90, 60)

    answer = engine.run(problem)

    assert answer["certificate"]["rounds"] > 2
    assert figures(answer) == by_a_linear_program(*as_table(problem))


def test_two_threads_and_other_orders_find_the_same_pairs(monkeypatch):
    from rapport.matching.engine import listing, running

    monkeypatch.setattr(listing, "CHUNK", 7)
    dice = random.Random(5)
    problem = a_problem(dice, 60, 50)
    first = engine.run(problem)
    for side in ("mentees", "mentors", "apart", "wishes"):
        dice.shuffle(problem[side])

    assert engine.run(problem) == first
    assert running.run(problem, threads=2) == first


def test_nobody_writes_into_what_was_heard_and_an_answer_more_is_another_input():
    from rapport.matching.engine import hearing

    problem = a_problem(random.Random(5), 20, 20)
    heard, first = hearing.hear(problem), engine.run(problem)["certificate"]["input"]
    problem["mentees"][0]["traits"]["x"] = f" {problem['mentees'][0]['traits']['x'].lower()} "

    arrays = [array for one in heard.rules for array in one[:2]] + [heard.wishes, heard.apart]
    assert [array.flags.writeable for array in arrays] == [False] * 8
    assert engine.run(problem)["certificate"]["input"] == first
    problem["mentees"][0]["traits"]["x"] = "another"
    assert engine.run(problem)["certificate"]["input"] != first


def test_a_settled_pair_stays_though_it_breaks_a_rule_and_takes_a_place():
    problem = a_problem(random.Random(3), 12, 10)
    problem["apart"] = [["m0", "t0"]]
    problem["mentors"][0]["capacity"] = 1

    answer = engine.run({**problem, "locked": [["m0", "t0"]]})

    (kept,) = [pair for pair in answer["pairs"] if pair["mentor"] == "t0"]
    assert (kept["mentee"], kept["locked"], kept["breaks"][-1]) == ("m0", True, "apart")
    rest = {**problem, "mentees": problem["mentees"][1:], "mentors": problem["mentors"][1:]}
    seen = checker.Seen(rest, {"pairs": [], "certificate": answer["certificate"]})
    table = [[seen.score(a["key"], b["key"]) for b in rest["mentors"]] for a in rest["mentees"]]
    scores, allowed = ([[cell[part] for cell in row] for row in table] for part in (0, 2))
    served, total = by_a_linear_program(scores, allowed, [one["capacity"] for one in rest["mentors"]])
    assert figures(answer) == (served + 1, total + kept["score"])


def bent(answer, problem):
    """Answers in which one thing is wrong, by what was done to them."""
    for name in ("total", "served", "bonus", "worth", "bound"):
        for by in (1, -1):
            yield (
                f"{name} {by}",
                lambda a, name=name, by=by: a["certificate"].update({name: a["certificate"][name] + by}),
            )
    for side in ("mentee_prices", "mentor_prices"):
        places = {one["key"]: one.get("capacity", 1) for one in [*problem["mentees"], *problem["mentors"]]}
        for key in [key for key in answer["certificate"][side] if places[key]][:4]:
            for by in (1, -1, 0.0):
                yield (
                    f"{side} {key} {by}",
                    lambda a, s=side, k=key, by=by: a["certificate"][s].update({k: a["certificate"][s][k] + by}),
                )
            yield f"{side} {key} gone", lambda a, s=side, k=key: a["certificate"][s].pop(k)
    for n in range(len(answer["pairs"])):
        yield f"pair {n} gone", lambda a, n=n: a["pairs"].pop(n)
        yield f"pair {n} twice", lambda a, n=n: a["pairs"].append(a["pairs"][n])
        yield f"pair {n} scores more", lambda a, n=n: a["pairs"][n].update(score=a["pairs"][n]["score"] + 1)
        yield f"pair {n} has other parts", lambda a, n=n: a["pairs"][n]["parts"][0].update(points=99)
        yield f"pair {n} is of a stranger", lambda a, n=n: a["pairs"][n].update(mentor="omar")
        yield f"pair {n} is of its neighbour", lambda a, n=n: a["pairs"][n].update(mentee=a["pairs"][n - 1]["mentee"])
    yield "another mean", lambda a: a["certificate"]["neutral"].update(x=a["certificate"]["neutral"]["x"] + 1)


@pytest.mark.parametrize("plain", [1 << 20, 0])
def test_the_checker_rejects_whatever_was_bent(plain, monkeypatch):
    monkeypatch.setattr(checker, "PLAIN", plain)
    problem = a_problem(random.Random(8), 14, 12)
    answer = engine.run(problem)
    assert checker.check(problem, answer, checker.FULL) == 14
    believed = []

    for name, bend in bent(answer, problem):
        other = json.loads(json.dumps(answer))  # no two pairs are told the same part by one and the same
        bend(other)
        try:
            checker.check(problem, other, checker.FULL)
        except checker.NotProven:
            continue
        believed.append(name)

    assert len(answer["pairs"]) > 5
    assert believed == []


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"apart": True}, "may not be"),
        ({"capacity": 0}, "more than they can take"),
        ({"locked": True}, "settled pair is not kept"),
        ({"floor": 1000}, "may not be"),
    ],
)
def test_the_checker_rejects_an_answer_to_another_question(change, said):
    problem = a_problem(random.Random(8), 14, 12)
    answer = engine.run(problem)
    first = answer["pairs"][0]
    left = answer["left"][0]["mentee"] if answer["left"] else None
    if "apart" in change:
        problem["apart"].append([first["mentee"], first["mentor"]])
    if "capacity" in change:
        next(one for one in problem["mentors"] if one["key"] == first["mentor"])["capacity"] = 0
    if "locked" in change:
        problem["locked"] = [[left, first["mentor"]]]
    problem["floor"] = change.get("floor")

    with pytest.raises(checker.NotProven, match=said):
        checker.check(problem, answer)


@pytest.mark.parametrize(
    "wrong",
    [
        ([[1.5]], [[True]], [1]),
        ([[-1]], [[True]], [1]),
        ([[1 << 23]], [[True]], [1]),
        ([[1]], [[True]], [-1]),
        ([["a"]], [[True]], [1]),
        ([[1, 2]], [[True]], [1]),
        ([[1], [2, 3]], [[True], [True]], [1]),
    ],
)
def test_numbers_that_are_not_whole_are_refused(wrong):
    with pytest.raises(ValueError):  # noqa: PT011
        engine.solve(*wrong)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"criteria": [{**CRITERIA[0], "weight": 1 << 23}]}, "weights together"),
        ({"criteria": [{**CRITERIA[0], "weight": -1}]}, "none below 0"),
        ({"wishes": [["m0", "t0", 0.5]]}, "points of a wish"),
        ({"locked": [["m0", "t0"], ["m0", "t1"]]}, "settled twice"),
        ({"mentees": [{"key": "m0", "lot": "", "traits": {}}] * 2}, "one key"),
    ],
)
def test_a_problem_nobody_could_work_with_is_refused(change, said):
    with pytest.raises(ValueError, match=said):
        engine.run({**a_problem(random.Random(1)), **change})


def test_nobody_and_nothing():
    assert engine.solve([], [], []) == ([], 0, [], [])
    assert engine.solve([[], []], [[], []], []) == ([], 0, [0, 0], [])
    assert engine.solve([[5]], [[True]], [0])[0] == []
    assert figures(engine.run(a_problem(random.Random(1), 0, 0))) == (0, 0)


def test_three_hundred_with_many_ties_agree_with_a_linear_program():
    dice, n = random.Random(7), 300 if FULL else 100
    scores = [[dice.choice([0, 1]) for _ in range(n)] for _ in range(n)]
    allowed = [[dice.random() < 0.1 for _ in range(n)] for _ in range(n)]
    table = scores, allowed, [dice.choice([0, 1, 3]) for _ in range(n)]

    answer = engine.solve(*table)

    assert (len(answer[0]), answer[1]) == by_a_linear_program(*table)
    assert proven(*table, *answer)


def test_what_is_taken_in_and_given_out_is_json_in_a_process_of_its_own():
    interests = {"code": "interests", "kind": "overlap", "weight": 10, "is_hard": False}
    problem = {
        "seed": "riverside",
        "mentees": [{"key": "1", "lot": "ben", "traits": {"interests": ["Chess"]}}],
        "mentors": [{"key": "2", "lot": "ama", "traits": {"interests": ["chess", "football"]}, "capacity": 1}],
        "criteria": [{**interests, "settings": {"trait": "interests"}}],
        "apart": [],
    }

    told = subprocess.run(
        [sys.executable, "-m", "rapport.matching.engine"],
        input=json.dumps(problem),
        capture_output=True,
        text=True,
        check=True,
    )

    assert json.loads(told.stdout) == json.loads(json.dumps(engine.run(problem)))
    assert engine.run(problem)["pairs"] == [
        {
            "mentee": "1",
            "mentor": "2",
            "score": 10,
            "parts": [{"code": "interests", "points": 10, "known": True, "right": True}],
        }
    ]


def test_importing_the_engine_loads_no_numbers():
    said = "import sys, rapport.matching.engine; print({'numpy', 'numba', 'scipy', 'django'} & set(sys.modules))"

    assert subprocess.run([sys.executable, "-c", said], capture_output=True, text=True, check=True).stdout == "set()\n"


def test_warming_compiles_every_kernel():
    said = (
        "from rapport.matching.engine import bids, board_kernels, checking_kernels, graphs, kernels, numbering, paths"
        ", pricing, raising, reach_kernels, stable, warm;"
        " print(warm(), [n for m in (bids, board_kernels, checking_kernels, graphs, kernels, numbering, paths, pricing,"
        " raising, reach_kernels, stable)"
        " for n, f in vars(m).items() if n in m.ENTRIES and not f.signatures])"
    )

    told = subprocess.run([sys.executable, "-c", said], capture_output=True, text=True, check=True).stdout

    assert told.split(" ", 1)[1] == "[]\n"


def test_no_choice_of_a_round_compiles_what_warming_has_not():
    said = (
        "from rapport.matching.engine import bids, checking_kernels, kernels, paths, policy, pricing, raising, stable"
        ", running, warming;"
        "made = lambda: sorted((n, len(f.signatures)) for m in (bids, checking_kernels, kernels, paths, pricing,"
        " raising, stable) for n, f in vars(m).items() if n in m.ENTRIES); warming.warm(); before = made();"
        "someone = lambda key, n: {'key': key, 'lot': key, 'traits': {'a': 'x', 'b': [str(n % 5)]}};"
        "problem = {'seed': '', 'criteria': warming.CRITERIA, 'apart': [],"
        " 'mentees': [someone(f'a{n}', n) for n in range(60)],"
        " 'mentors': [{**someone(f'b{n}', n * 2), 'capacity': 1} for n in range(50)]};"
        "asked = {'maximin': True, 'bands': [1, 3], 'stability': 2, 'waiting': {'a1': 3}, 'needs': {'a2': 1}};"
        "running.run({**problem, 'policy': asked}); policy.LIMIT = 1 << 20;"  # as of many more people: one by one
        "running.run({**problem, 'policy': asked});"
        "print(sorted(set(made()) - set(before)))"
    )

    told = subprocess.run([sys.executable, "-c", said], capture_output=True, text=True, check=True).stdout

    assert told == "[]\n"


def test_without_a_place_to_keep_them_kernels_are_compiled_in_memory(monkeypatch):
    from rapport.matching.engine import compiling

    kept = compiling.numba.njit

    def nowhere(*, cache=False, **options):
        def refuse(function):
            raise RuntimeError("cannot cache function: no locator available")

        return refuse if cache else kept(**options)

    monkeypatch.setattr(compiling, "numba", SimpleNamespace(njit=nowhere))

    assert compiling.compiled(lambda n: n + 1)(2) == 3


@pytest.mark.parametrize(
    "told", [[], [""], ["a", "b", "a"], ["a b", "A  B", "a\nb", "a", "b"], ["é", "\ud800", " É"], [1, "1", None, True]]
)
def test_answers_are_one_where_they_fold_to_one(told):
    from rapport.matching.engine.numbering import numbered
    from rapport.matching.engine.telling import folded

    for some in (told, [*told, *(str(n % 700) for n in range(2000))]):
        which, names = numbered(some)
        assert [names[n] for n in which] == list(map(folded, some))


ORDER = {"order": ["a", "b", "c"], "points": {"0": 100, "1": 30, "-2": 55}, "least": -1, "most": 1}
JUDGED = {
    "same": ("same", {"trait": "x"}),
    "different": ("different", {"mentee": "x", "mentor": "y"}),
    "common": ("overlap", {"mentee": "x", "mentor": "y"}),
    "seven": ("overlap", {"trait": "y", "enough": 7}),
    "asked": ("overlap", {"trait": "y", "enough": 3, "only_if": "x"}),
    "gap": ("ordered-gap", {"trait": "x", **ORDER}),
}
SAID = [None, "", " ", "a", "A ", "b", "c", "yes", 1, "1", True, "true", 2.0, ["a", "B", "b"], [], [1, "1", [True]]]


@pytest.mark.parametrize("case", JUDGED)
def test_many_pairs_are_judged_as_one_is_whatever_anybody_told(case):
    import numpy as np

    from rapport.matching.engine import hearing, judging_many

    kind, settings = JUDGED[case]
    one = {"code": case, "kind": kind, "weight": 37, "is_hard": False, "settings": settings}
    long = [[f"w{n}" for n in range(size)] for size in (1, 6, 70, 300)]
    people = [
        {"traits": {"x": x, "y": y}} for x, y in zip([*SAID, *long], [*reversed(SAID), *reversed(long)], strict=True)
    ]
    a, b, _ = hearing.heard(one, *[[who["traits"] for who in people]] * 2)

    seen = judging_many.judged(one, a[:, None], b[None])

    points, known, right = (np.broadcast_to(part, (len(people),) * 2).tolist() for part in seen)
    for i, j in itertools.product(range(len(people)), repeat=2):
        part = judging.judge(one, people[i], people[j], 0)
        assert (points[i][j] * known[i][j], known[i][j], right[i][j] and known[i][j]) == tuple(part)


@pytest.mark.parametrize("is_hard", [False, True])
@pytest.mark.parametrize("case", JUDGED)
def test_the_checkers_loops_over_many_pairs_say_what_plain_python_says_of_each(case, is_hard):
    import numpy as np

    from rapport.matching.engine import checking_kernels, checking_rules, hearing, many_checker

    kind, settings = JUDGED[case]
    one = {"code": case, "kind": kind, "weight": 37, "is_hard": is_hard, "settings": settings}
    told = [*zip(SAID, reversed(SAID), strict=True), *([[f"w{n}" for n in range(size)]] * 2 for size in (1, 6, 70))]
    people = [{"traits": {"x": x, "y": y}} for x, y in told]
    sides = [[who | {"key": f"{side}{n}", "capacity": n % 3} for n, who in enumerate(people)] for side in "mt"]
    problem = {
        "mentees": sides[0],
        "mentors": sides[1],
        "criteria": [one, {**CRITERIA[0], "is_hard": True}],
        "floor": -2,
    }
    problem["wishes"] = [["m1", "t2", 5], ["m1", "t2", 6], ["m3", "t4", -40], ["m3", "omar", 1]]
    problem["apart"] = [["m1", "t2"], ["m5", "t5"], ["ben", "t2"]]
    proof = {"neutral": {each["code"]: judging.neutral_of(each, *sides) for each in problem["criteria"]}}
    seen, heard = checker.Seen(problem, {"pairs": [], "certificate": proof}), hearing.hear(problem)
    names = list(itertools.product(seen.mentees, seen.mentors))

    many, is_open = many_checker.Many(seen, heard), np.array(list(seen.places.values())) > 0
    said = checking_rules.said_of(heard.wishes, heard.apart, is_open, len(people), problem["floor"], many.rules.never)
    scores = np.empty((len(sides[0]), len(sides[1])), np.int32)
    checking_kernels.look_at(np.arange(len(sides[0])), many.rules, said, scores)

    assert many.scored(names) == seen.scored(names)
    for (_, b), found, (score, _, may_be) in zip(names, scores.ravel().tolist(), seen.scored(names), strict=True):
        assert (found if found >= said.floor else None) == (score if may_be and seen.places[b] else None)
    for k, each in enumerate(problem["criteria"]):
        assert checking_rules.mean_of(each, heard.rules[k], many.rules, k) == proof["neutral"][each["code"]]
